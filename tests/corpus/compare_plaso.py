#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""compare_plaso.py TRIAGE [CORPUS]: the rows of expected/plaso.csv whose family triage claims, through the whole program.

Each sample is laid out under a name it has on a real host, `triage run` reads the folder, and what it says of the sample
is counted as plaso counts (one entry, not one stamp). A row agrees where the numbers are equal; a row that does not must
stand in DEVIATIONS with the number found here and the reason, as in README.md beside this file. At least 95 of 100 rows
must agree. Exit status 0, 1, or 77 where the samples are absent.
"""
import collections
import csv
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

LEAST = 95


def entries(*artifacts):
    """Distinct places in the file."""
    return lambda events: len({(e["artifact"], e["locator"]) for e in events if e["artifact"] in artifacts})


def records(artifact):
    """Rows of a database: what happened, and the row's number."""
    return lambda events: len({(e["what"], e["record"]) for e in events if e["artifact"] == artifact})


def distinct(artifact, field):
    def count(events):
        values = {e["attributes"].get(field, e.get(field)) for e in events if e["artifact"] == artifact}
        return len(values - {None})
    return count


def under(artifact, key, also=0):
    """Entries of a plugin below one registry key; `also`: plaso counts the key itself."""
    def count(events):
        found = {e["locator"] for e in events if e["artifact"] == artifact and key.lower() in e["attributes"].get("key", "").lower()}
        return len(found) + (also if found else 0)
    return count


def keys_of(artifact, key):
    """Registry keys with a fact of the plugin: plaso makes one entry of a key."""
    return lambda events: len({e["attributes"]["key"] for e in events
                               if e["artifact"] == artifact and key.lower() in e["attributes"].get("key", "").lower()})


def prefetch(events):
    """plaso: the execution, and each volume."""
    return sum(1 + int(e["attributes"].get("volumes_count", 1)) for e in events[:1])


# file of the corpus, parser → name on a host, how to count
CLAIMS = {
    ("fish_history", "FishHistoryParser"): ("home/u/.local/share/fish/fish_history", entries("linux.shell_history")),
    ("recycler/$II3DF3L.zip", "WinRecycleBinParser"): ("C/$Recycle.Bin/S-1-5-21-1/$II3DF3L.zip", entries("windows.recyclebin")),
    ("recycler/INFO2", "WinRecyclerInfo2Parser"): ("C/RECYCLER/S-1-5-21-1/INFO2", entries("windows.recyclebin.info2")),
    ("utmp/wtmp.1", "UtmpParser"): ("var/log/wtmp.1", entries("linux.utmp")),
    ("utmp/utmp_x86_64", "UtmpParser"): ("run/utmp", entries("linux.utmp")),
    ("utmp/utmp_s390", "UtmpParser"): ("s390/run/utmp", entries("linux.utmp")),
    ("windefender_history/FC380697-A68D-4C94-B67F-9B6449039463", "WinDefenderHistoryParser"): (
        "C/ProgramData/Microsoft/Windows Defender/Scans/History/Service/DetectionHistory/03/FC380697-A68D-4C94-B67F-9B6449039463",
        distinct("windows.defender", "threat")),
    ("windefender_history/6AFE33A0-19BA-4FFF-892F-B700539D7D63", "WinDefenderHistoryParser"): (
        "C/ProgramData/Microsoft/Windows Defender/Scans/History/Service/DetectionHistory/03/6AFE33A0-19BA-4FFF-892F-B700539D7D63",
        distinct("windows.defender", "threat")),
    ("evtx/System2.evtx", "WinEvtxParser"): ("C/Windows/System32/winevt/Logs/System2.evtx", entries("windows.evtx")),
    ("wintask.job", "WinJobParser"): ("C/Windows/Tasks/wintask.job", entries("windows.job")),
    ("PcaGeneralDb0.txt", "WindowsPCADB0Parser"): ("C/Windows/appcompat/pca/PcaGeneralDb0.txt", entries("windows.pca")),
    ("PcaAppLaunchDic.txt", "WindowsPCADicParser"): ("C/Windows/appcompat/pca/PcaAppLaunchDic.txt", entries("windows.pca")),
    ("winprefetch/CMD.EXE-087B4001.pf", "WinPrefetchParser"): ("C/Windows/Prefetch/CMD.EXE-087B4001.pf", prefetch),
    ("winprefetch/PING.EXE-B29F6629.pf", "WinPrefetchParser"): ("C/Windows/Prefetch/PING.EXE-B29F6629.pf", prefetch),
    ("winprefetch/ONEDRIVE.EXE-7E152375.pf", "WinPrefetchParser"): ("C/Windows/Prefetch/ONEDRIVE.EXE-7E152375.pf", prefetch),
    ("regf/corrupt_sub_key_list.hiv", "WinRegistryParser"): ("C/corrupt.hiv", entries("windows.registry")),
    ("ntuser.dat.LOG", "WinRegistryParser"): ("C/Users/v/ntuser.dat.LOG", entries("windows.registry")),
    ("bash_history_desync", "BashHistoryTextPlugin"): ("home/u/.bash_history", entries("linux.shell_history")),
    ("zsh_extended_history.txt", "ZshExtendedHistoryTextPlugin"): ("home/u/.zsh_history", entries("linux.shell_history")),
    ("dpkg.log", "DpkgTextPlugin"): ("var/log/dpkg.log", entries("linux.packages")),
    ("iis/iis6.log", "WinIISTextPlugin"): ("C/inetpub/logs/LogFiles/W3SVC1/iis6.log", entries("windows.iis")),
    ("iis/iis7_owa.log", "WinIISTextPlugin"): ("C/inetpub/logs/LogFiles/W3SVC1/iis7_owa.log", entries("windows.iis")),
    ("iis/iis_without_date.log", "WinIISTextPlugin"): ("C/inetpub/logs/LogFiles/W3SVC1/iis_without_date.log", entries("windows.iis")),
    ("iis/iis10.log", "WinIISTextPlugin"): ("C/inetpub/logs/LogFiles/W3SVC1/iis10.log", entries("windows.iis")),
    ("iis/iis10_edge_cases.log", "WinIISTextPlugin"): ("C/inetpub/logs/LogFiles/W3SVC1/iis10_edge_cases.log", entries("windows.iis")),
    ("selinux.log", "SELinuxTextPlugin"): ("var/log/selinux.log", entries("linux.audit")),
    ("audit_enriched.log", "SELinuxTextPlugin"): ("var/log/audit/audit.log", entries("linux.audit")),
    ("syslog/syslog_rsyslog_SyslogProtocol23Format", "SyslogTextPlugin"): ("a/var/log/syslog", entries("linux.syslog")),
    ("syslog/syslog_cron.log", "TraditionalSyslogTextPlugin"): ("b/var/log/syslog", entries("linux.syslog")),
    ("syslog/syslog_rsyslog_SysklogdFileFormat", "TraditionalSyslogTextPlugin"): ("c/var/log/syslog", entries("linux.syslog")),
    ("syslog/syslog_rsyslog_traditional", "TraditionalSyslogTextPlugin"): ("d/var/log/syslog", entries("linux.syslog")),
    ("windows_firewall.log", "WinFirewallLogTextPlugin"): ("C/Windows/System32/LogFiles/Firewall/pfirewall.log", entries("windows.firewall")),
    ("windows/ActivitiesCache.db", "WindowsTimelinePlugin"): (
        "C/Users/w/AppData/Local/ConnectedDevicesPlatform/L.w/ActivitiesCache.db", distinct("windows.timeline", "activity_id")),
    ("chrome/History-57.0.2987.133", "GoogleChrome27HistoryPlugin"): ("c57/History", records("browser.chromium")),
    ("chrome/History-58.0.3029.96", "GoogleChrome27HistoryPlugin"): ("c58/History", records("browser.chromium")),
    ("chrome/History-59.0.3071.86", "GoogleChrome27HistoryPlugin"): ("c59/History", records("browser.chromium")),
    ("chrome/History-59_added-fake-column", "GoogleChrome27HistoryPlugin"): ("c59f/History", records("browser.chromium")),
    ("winreg/Amcache.hve", "AMCachePlugin"): ("C/Windows/AppCompat/Programs/Amcache.hve", None),
    ("NTUSER-WIN7.DAT", "OfficeMRUPlugin"): ("C/Users/seven/NTUSER.DAT", under("windows.registry.officemru", "Word\\File MRU", 1)),
    ("NTUSER-WIN7.DAT", "TypedURLsPlugin"): ("C/Users/seven/NTUSER.DAT", keys_of("windows.registry.typed", "TypedPaths")),
    ("NTUSER-RunTests.DAT", "AutoRunsPlugin"): ("C/Users/run/NTUSER.DAT", keys_of("windows.registry.run", "CurrentVersion\\Run")),
    ("regf/SAM", "SAMUsersWindowsRegistryPlugin"): ("C/Windows/System32/config/SAM", distinct("windows.registry.sam", "rid")),
}

# What differs, with the number found here; README.md says why at length.
DEVIATIONS = {
    ("evtx/System2.evtx", "WinEvtxParser"): (284, "libevtx stops at the chunk that is cut; its records before the cut are read here"),
}


def amcache(events):
    """plaso: each application file and program, and each key but the root. Drivers and devices are read here too."""
    sets = ("\\Root\\File\\", "\\Root\\Programs\\", "\\Root\\InventoryApplicationFile\\")
    files = {e["attributes"]["key"] for e in events if e["artifact"] == "windows.registry.amcache" and not e["recovered"] and
             any(one in e["attributes"]["key"] for one in sets)}
    return len(files) + sum(e["artifact"] == "windows.registry" for e in events) - 1


def lay_out(corpus, folder):
    for (file, _), (name, _) in CLAIMS.items():
        place = folder / name
        if place.exists():
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(corpus / "plaso" / file, place)
        place.chmod(0o600)


def main(arguments):
    root = pathlib.Path(__file__).resolve().parents[2].parent / "shared/corpus"
    corpus = pathlib.Path(arguments[1]) if len(arguments) > 1 else root
    if not (corpus / "expected/plaso.csv").exists():
        print(f"skipped {len(CLAIMS)} rows: no corpus beside the checkout")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        evidence, case = pathlib.Path(folder) / "evidence", str(pathlib.Path(folder) / "case")
        lay_out(corpus, evidence)
        subprocess.run([arguments[0], "run", str(evidence), "--case", case, "-q"], check=False)
        said = subprocess.run([arguments[0], "timeline", "--case", case, "--json"], check=True, capture_output=True, text=True).stdout
        by_file = collections.defaultdict(list)
        for line in said.splitlines():
            event = json.loads(line)
            if event["artifact"] != "fs.times" and not event["recovered"]:  # plaso counts what is live
                by_file[event["source"]].append(event)
        rows, agree, wrong = 0, 0, 0
        seen = collections.Counter()
        for row in csv.DictReader((corpus / "expected/plaso.csv").open()):
            key = (row["file"], row["parser"])
            if key not in CLAIMS:
                continue
            rows += 1
            name, count = CLAIMS[key]
            found = (count or amcache)(by_file[name])
            if key == ("NTUSER-RunTests.DAT", "AutoRunsPlugin"):  # a row for Run, one for RunOnce
                once = row["registry_key"].endswith("RunOnce")
                found = len({e["locator"] for e in by_file[name] if e["artifact"] == "windows.registry.run" and
                             e["attributes"]["key"].endswith("RunOnce") == once})
            seen[key] += 1
            if found == int(row["expected"]):
                agree += 1
            elif DEVIATIONS.get(key, (None,))[0] == found:
                print(f"deviates: {row['file']}: {row['expected']} there, {found} here: {DEVIATIONS[key][1]}")
            else:
                wrong += 1
                print(f"FAIL: {row['file']} {row['parser']}: {row['expected']} there, {found} here")
        missing = set(CLAIMS) - set(seen)
        print(f"{rows} rows claimed, {agree} agree ({100 * agree / max(rows, 1):.1f} %), {wrong} differ without a reason, "
              f"{len(missing)} are not in the table {sorted(missing) if missing else ''}")
        return 0 if not wrong and not missing and 100 * agree >= LEAST * rows else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
