#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs triage over the hostile corpus: run_hostile.py TRIAGE_BINARY OUTDIR [--only NAME]...

OUTDIR is what build_hostile.py wrote. Every item runs in a fresh set of directories under a wall
limit; checks.py says what must hold afterwards. One line per item; exit status 1 on any failure.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import checks  # noqa: E402  (found beside this file)
import scenarios  # noqa: E402


class Place:
    """The directories of one run, all fresh, all below one scratch directory."""

    def __init__(self, scratch, evidence):
        self.root = pathlib.Path(scratch)
        self.case = self.root.joinpath(*checks.NEST, "case")
        self.case.parent.mkdir(parents=True)
        for name in ("cwd", "home", "tmp", "evidence"):
            (self.root / name).mkdir()
        self.evidence = self.root / "evidence" / evidence.name
        subprocess.run(["cp", "--sparse=always", str(evidence), str(self.evidence)], check=True)
        self.evidence.chmod(0o444)
        self.digest = checks.sha256(self.evidence)


def run_triage(binary, place, seconds):
    """(exit status, None at the wall limit; seconds, peak RSS in MiB, out, err, left)."""
    argv = [str(binary), "run", str(place.evidence), "--case", str(place.case), "-q",
            "--no-image-hash"]
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "en_US.UTF-8",
                   "HOME": str(place.root / "home"), "TMPDIR": str(place.root / "tmp"), "TZ": "UTC"}
    started = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen(argv, cwd=place.root / "cwd", env=environment, stdout=out,
                                 stderr=err, stdin=subprocess.DEVNULL, start_new_session=True)
        status, usage = wait(child.pid, started + seconds)
        child.returncode = 0 if status is None else status  # reaped here, not by Popen
        spent = time.monotonic() - started
        left = end_group(child.pid)
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read(4 << 20))
    peak = usage.ru_maxrss // 1024 if usage else 0
    return checks.Ran(status, spent, peak, texts[0], texts[1], left and status is not None)


def wait(pid, deadline):
    """Waits for `pid` until `deadline`, then kills its process group. Status None: killed by us."""
    while time.monotonic() < deadline:
        done, status, usage = os.wait4(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status), usage
        time.sleep(0.02)
    end_group(pid)
    _, _, usage = os.wait4(pid, 0)
    return None, usage


def end_group(pid):
    """Kills what is left of the session we started; true when something was still running."""
    time.sleep(0.05)
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def run_item(binary, outdir, entry, arguments):
    scratch = tempfile.mkdtemp(prefix="triage-hostile-")
    try:
        place = Place(scratch, outdir / entry["file"])
        scenario = entry["expect"].get("scenario")
        scenarios.prepare(scenario, place)
        disturber = scenarios.Disturber(scenario, place)
        if scenario in scenarios.DISTURBING:
            disturber.start()
        try:
            ran = run_triage(binary, place, entry["max_seconds"] * arguments.patience)
        finally:
            if disturber.is_alive():
                disturber.stop()
        faults = checks.all_faults(entry, place, ran)
    finally:
        if not arguments.keep:
            subprocess.run(["chmod", "-R", "u+rwX", scratch], check=False)
            shutil.rmtree(scratch, ignore_errors=True)
    verdict = "FAIL" if faults else "ok"
    status = "killed" if ran.status is None else str(ran.status)
    print(f"{verdict:4} {entry['name']:34} exit {status:6} {ran.seconds:6.1f} s "
          f"{ran.peak_mib:5} MiB"
          + "".join(f"\n       - {fault}" for fault in faults)
          + (f"\n       kept in {scratch}" if arguments.keep else ""), flush=True)
    return not faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("outdir", type=pathlib.Path)
    parser.add_argument("--only", action="append", metavar="NAME", help="regular expression")
    parser.add_argument("--patience", type=float, default=1.0,
                        help="multiplies every wall limit (sanitizer builds, busy machines)")
    parser.add_argument("--keep", action="store_true", help="leave the directories of each run")
    arguments = parser.parse_args()
    binary = arguments.binary.resolve()
    if not os.access(binary, os.X_OK):
        parser.error(f"{binary} is no program")
    with open(arguments.outdir / "manifest.json", encoding="utf-8") as stream:
        entries = json.load(stream)
    if arguments.only:
        entries = [entry for entry in entries
                   if any(re.fullmatch(pattern, entry["name"]) for pattern in arguments.only)]
    if not entries:
        parser.error("no item has such a name")
    passed = sum(run_item(binary, arguments.outdir, entry, arguments) for entry in entries)
    print(f"{passed} passed, {len(entries) - passed} failed")
    return 0 if passed == len(entries) else 1


if __name__ == "__main__":
    sys.exit(main())
