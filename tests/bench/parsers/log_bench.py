#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""log_bench.py PARSE_BENCH: event logs of the corpus and made text logs, in processor seconds.

EVTX: every file of the corpus beside the checkout, and the CAPI2 logs apart (inline XML, no templates); evtxexport is the
peer where it is installed (libevtx-utils). Text: 32 MB each of syslog (RFC 3164 and ISO), IIS, access log and dpkg, in
lines like those of real hosts. One line a run: bytes, seconds, MB/s, and the largest resident size.
"""
import datetime
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile

SIZE = 32 << 20
START = datetime.datetime(2026, 4, 1, tzinfo=datetime.timezone.utc)
TEXTS = ["pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)",
         "Started Session 4711 of User tanaka.", "DHCPACK of 192.0.2.44 from 192.0.2.1",
         "[UFW BLOCK] IN=eth0 OUT= MAC=00:00:5e:00:53:01 SRC=198.51.100.7 DST=192.0.2.44 LEN=40 TTL=244 PROTO=TCP SPT=4711 DPT=22",
         "Accepted publickey for suzuki from 192.0.2.9 port 50022 ssh2: ED25519 SHA256:abcdefghijklmnopqrstuvwxyz0123456789"]


def syslog(i, at):
    return f"{at:%b} {at.day:2} {at:%H:%M:%S} pc-0042 {('CRON', 'systemd', 'dhclient', 'kernel', 'sshd')[i % 5]}[{1000 + i % 9000}]: {TEXTS[i % 5]}"


def iso(i, at):
    return f"{at:%Y-%m-%dT%H:%M:%S}.{i % 1000000:06}+09:00 pc-0042 {('CRON', 'systemd', 'dhclient', 'kernel', 'sshd')[i % 5]}[{1000 + i % 9000}]: {TEXTS[i % 5]}"


def access(i, at):
    return (f'192.0.2.{i % 250} - - [{at:%d/%b/%Y:%H:%M:%S} +0900] "GET /files/{i}.zip?x={i % 7} HTTP/1.1" 200 {i * 37 % 100000} '
            '"https://intra.example/list" "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"')


def iis(i, at):
    return (f"{at:%Y-%m-%d %H:%M:%S} 192.0.2.5 GET /files/{i}.zip - 443 - 198.51.100.{i % 250} "
            "Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64) https://intra.example/list 200 0 0 15")


def dpkg(i, at):
    return f"{at:%Y-%m-%d %H:%M:%S} {('install', 'configure', 'upgrade', 'remove')[i % 4]} package{i % 999}:amd64 1.{i % 99}-1 1.{i % 99}-2"


LOGS = {"linux.syslog": [("var/log/syslog", syslog, ""), ("var/log/iso/syslog", iso, "")],
        "windows.iis": [("LogFiles/W3SVC1/u_ex260401.log", iis,
                         "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: 2026-04-01 00:00:00\n"
                         "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) "
                         "cs(Referer) sc-status sc-substatus sc-win32-status time-taken\n")],
        "web.access": [("var/log/apache2/access.log", access, "")],
        "linux.packages": [("var/log/dpkg.log", dpkg, "")]}


def run(program, artifact, *arguments):
    said = subprocess.run([program, artifact, *map(str, arguments)], check=True, capture_output=True, text=True).stdout
    return re.sub(r"^sum: ", "", said.strip().splitlines()[-1])


def event_logs(program):
    folder = pathlib.Path(__file__).resolve().parents[3].parent / "shared/corpus/evtx"
    files = sorted(folder.glob("*.evtx"))
    if not files:
        print("evtx: skipped, no corpus beside the checkout")
        return
    print("windows.evtx, all      ", run(program, "windows.evtx", *files, "--repeat", "5"))
    print("windows.evtx, CAPI2    ", run(program, "windows.evtx", *[f for f in files if "CAPI2" in f.name], "--repeat", "5"))
    if not shutil.which("evtxexport"):
        print("evtxexport             skipped 1 peer: not installed (libevtx-utils)")
        return
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for file in files:
        subprocess.run(["evtxexport", "-f", "xml", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    size = sum(f.stat().st_size for f in files)
    print(f"evtxexport -f xml       {size} bytes, {spent:.2f} s, {size / spent / 1e6:.1f} MB/s")


def text_logs(program):
    for artifact, logs in LOGS.items():
        for name, line, head in logs:
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "log"
                with path.open("w") as out:
                    size = out.write(head)
                    i = 0
                    while size < SIZE:
                        size += out.write(line(i, START + datetime.timedelta(seconds=i)) + "\n")
                        i += 1
                print(f"{artifact:<15} {name.rsplit('/', 1)[0]:<18}", run(program, artifact, path, "--as", "/" + name))


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    event_logs(arguments[0])
    text_logs(arguments[0])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
