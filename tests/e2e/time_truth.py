#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""time_truth.py TRIAGE: no stamp is shifted, in no output and no display zone.

Files with known stamps are made (FILETIME, FAT local, Unix, WebKit, syslog without year or zone, the Japanese calendar,
offsets across daylight saving), read by `triage run`, and every stamp of every output is compared with the value that
python's datetime and zoneinfo give: JSON Lines, CSV, body file and report, in UTC, Japan and New York.
Exit status 0, 1, or 77 where the machine has no zone database.
"""
import csv
import datetime
import html
import io
import json
import os
import pathlib
import re
import sqlite3
import struct
import subprocess
import sys
import tempfile
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "golden"))
from golden_builder import filetime
from ntfs_builder import file_name, record, stamps, standard

ZONES = ["UTC", "Asia/Tokyo", "America/New_York"]
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
DIGITS = {"1ns": 9, "100ns": 7, "1us": 6, "1ms": 3, "10ms": 2, "unknown": 9}
SECOND = 10**9


def ns(text, zone="UTC"):
    """Nanoseconds since 1970 of "2026-04-10 10:31:07.1234567" in `zone` (a name or an offset in hours)."""
    whole, _, fraction = text.partition(".")
    tz = zoneinfo.ZoneInfo(zone) if isinstance(zone, str) else datetime.timezone(datetime.timedelta(hours=zone))
    moment = datetime.datetime.strptime(whole, "%Y-%m-%d %H:%M:%S").replace(tzinfo=tz)
    return (moment - EPOCH) // datetime.timedelta(seconds=1) * SECOND + int((fraction + "0" * 9)[:9])


def civil(value, digits):
    """("2026-04-10", "10:31:07.12") of nanoseconds as if in UTC, cut to `digits`."""
    moment = EPOCH + datetime.timedelta(seconds=value // SECOND)
    fraction = f".{value % SECOND:09}"[:digits + 1] if digits else ""
    return f"{moment:%Y-%m-%d}", f"{moment:%H:%M:%S}{fraction}"


def offset_of(value, zone):
    at = EPOCH + datetime.timedelta(seconds=value // SECOND)
    return int(at.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset().total_seconds()) // 60


def sign(minutes):
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


class Truth:
    """What each file of the evidence says: {(artifact, source): [(nanoseconds, basis)]}."""

    def __init__(self, folder):
        self.folder, self.events, self.modified = pathlib.Path(folder), {}, {}

    def put(self, path, content, modified=None):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        if modified is not None:
            os.utime(file, ns=(modified, modified))
            self.modified[path] = os.stat(file).st_mtime_ns
        return file

    def says(self, artifact, path, basis, *moments):
        self.events.setdefault((artifact, path), []).extend((moment, basis) for moment in moments)


def windows_files(truth):
    # FILETIME: recycle bin, change journal, master file table.
    name = "秘密.xlsx\0".encode("utf-16-le")
    bin_path = "C/$Recycle.Bin/S-1-5-21-1-2-3-1001/$IA1B2C3.xlsx"
    truth.put(bin_path, struct.pack("<QQQI", 2, 4096, filetime("2026-03-08 06:59:59.9999999"), len(name) // 2) + name)
    truth.says("windows.recyclebin", bin_path, "utc", ns("2026-03-08 06:59:59.9999999"))
    text = "a.txt".encode("utf-16-le")
    truth.put("C/$Extend/$J", struct.pack("<IHHQQQQIIIIHH", 72, 2, 0, 70, 5, 0, filetime("2026-11-01 05:59:59.1234567"), 0x100,
                                          0, 0, 0x20, len(text), 60) + text + bytes(2))
    truth.says("ntfs.usnjrnl", "C/$Extend/$J", "utc", ns("2026-11-01 05:59:59.1234567"))
    own = ["1999-12-31 23:59:59.9999999", "2000-02-29 12:00:00.0", "2026-03-08 07:00:00.0", "2038-01-19 03:14:08.0000001"]
    names = ["1970-01-01 00:00:00.0000001", "2261-12-31 23:59:59.0"]
    table = record(0, [standard(stamps(*own)), file_name("$MFT", (5, 5), stamps(names[0], *[names[1]] * 3))])
    truth.put("C/$MFT", table)
    truth.says("ntfs.mft", "C/$MFT", "utc", *[ns(t) for t in own + names])


def browser_files(truth):
    # WebKit: microseconds since 1601; Firefox: microseconds since 1970.
    def database(path, script):
        with tempfile.TemporaryDirectory() as folder:
            made = os.path.join(folder, "made")
            with sqlite3.connect(made) as db:
                db.executescript(script)
            db.close()
            truth.put(path, pathlib.Path(made).read_bytes())

    since_1601 = 11644473600
    when = ns("2026-10-31 15:00:00.123456")
    webkit = when // 1000 + since_1601 * 10**6
    path = "C/Users/u/AppData/Local/Google/Chrome/User Data/Default/History"
    database(path, "CREATE TABLE urls(id INTEGER PRIMARY KEY,url LONGVARCHAR,title LONGVARCHAR,visit_count INTEGER,"
                   "typed_count INTEGER,last_visit_time INTEGER,hidden INTEGER);"
                   "CREATE TABLE visits(id INTEGER PRIMARY KEY,url INTEGER,visit_time INTEGER,from_visit INTEGER,"
                   "transition INTEGER,segment_id INTEGER,visit_duration INTEGER);"
                   f"INSERT INTO urls VALUES(1,'https://files.example/','f',1,0,{webkit},0);"
                   f"INSERT INTO visits VALUES(1,1,{webkit},0,805306368,0,0);")
    truth.says("browser.chromium", path, "utc", when)
    when = ns("2026-03-29 00:59:59.999999")
    path = "home/u/.mozilla/firefox/x.default/places.sqlite"
    database(path, "CREATE TABLE moz_places(id INTEGER PRIMARY KEY,url LONGVARCHAR,title LONGVARCHAR,rev_host LONGVARCHAR,"
                   "visit_count INTEGER,hidden INTEGER,typed INTEGER,last_visit_date INTEGER);"
                   "CREATE TABLE moz_historyvisits(id INTEGER PRIMARY KEY,from_visit INTEGER,place_id INTEGER,visit_date INTEGER,"
                   "visit_type INTEGER,session INTEGER);"
                   f"INSERT INTO moz_places VALUES(1,'https://a.example/','a','x',1,0,0,{when // 1000});"
                   f"INSERT INTO moz_historyvisits VALUES(1,0,1,{when // 1000},1,0);")
    truth.says("browser.firefox", path, "utc", when)


def linux_files(truth):
    # Unix seconds.
    path = "home/u/.bash_history"
    truth.put(path, b"#1772953199\nscp a b:\n#1772953200\nexit\n")
    truth.says("linux.shell_history", path, "utc", 1772953199 * SECOND, 1772953200 * SECOND)
    utmp = struct.pack("<hxxi32s4s32s256shhiii16s20x", 7, 4321, b"pts/0", b"ts/0", b"u", b"192.0.2.7", 0, 0, 0, 1793512800,
                       654321, b"")
    truth.put("var/log/wtmp", utmp)
    truth.says("linux.utmp", "var/log/wtmp", "utc", 1793512800 * SECOND + 654321000)
    # No year, no zone: the file was written last at the moment of its last line, in Japan; the year turns on the way.
    truth.put("jp/var/log/syslog", b"Dec 31 23:59:59 pc a: one\nJan  1 00:00:01 pc a: two\n",
              modified=ns("2026-01-01 00:00:01", "Asia/Tokyo"))
    truth.says("linux.syslog", "jp/var/log/syslog", "local-assumed", ns("2025-12-31 23:59:59", 9), ns("2026-01-01 00:00:01", 9))
    # Offsets across both changes of daylight saving, and an hour that comes twice.
    ny = [("2026-03-08 01:59:59.5", -5), ("2026-03-08 03:00:00.5", -4), ("2026-11-01 01:30:00.25", -4),
          ("2026-11-01 01:30:00.25", -5)]
    lines = [f"{t.replace(' ', 'T')}00000{sign(o * 60)} pc app: x" if len(t) == 21 else
             f"{t.replace(' ', 'T')}0000{sign(o * 60)} pc app: x" for t, o in ny]
    truth.put("ny/var/log/syslog", "".join(line + "\n" for line in lines).encode())
    truth.says("linux.syslog", "ny/var/log/syslog", "local-known", *[ns(t, o) for t, o in ny])
    # The Japanese calendar, zone by the file's own time.
    era = ["平成31年4月30日 23時59分59秒", "令和元年5月1日 0時00分01秒", "R8.4.10 19:31:07", "令和８年４月１０日 午後７時３１分０８秒"]
    truth.put("era/var/log/messages", "".join(f"{t} pc app: x\n" for t in era).encode(),
              modified=ns("2026-04-10 19:31:08", "Asia/Tokyo"))
    truth.says("linux.syslog", "era/var/log/messages", "local-assumed",
               *[ns(t, "Asia/Tokyo") for t in ("2019-04-30 23:59:59", "2019-05-01 00:00:01", "2026-04-10 19:31:07",
                                               "2026-04-10 19:31:08")])
    # Nothing says the zone: the reading stays as it is.
    truth.put("none/var/log/syslog", b"Apr 10 10:00:00 pc a: x\n", modified=ns("2026-04-10 23:17:41"))
    truth.says("linux.syslog", "none/var/log/syslog", "unknown", ns("2026-04-10 10:00:00"))
    path = "var/log/apache2/access.log"
    truth.put(path, b'192.0.2.1 - - [08/Mar/2026:03:00:00 -0400] "GET / HTTP/1.1" 200 1\n'
                    b'192.0.2.1 - - [08/Mar/2026:16:00:00 +0900] "GET / HTTP/1.1" 200 1\n')
    truth.says("web.access", path, "local-known", ns("2026-03-08 07:00:00"), ns("2026-03-08 07:00:00"))
    for number, moment in enumerate(["1969-12-31 23:59:59.5", "2026-03-08 06:59:59.999999999", "2026-11-01 06:00:00.000000001"]):
        truth.put(f"plain/{number}", b"x", modified=ns(moment))


def fat_image(path):
    """A floppy with one file: created 2026-03-08 02:30:01.99, written 02:30:02, read that day; local, whatever that is."""
    def date(y, m, d):
        return (y - 1980) << 9 | m << 5 | d

    def clock(h, m, s):
        return h << 11 | m << 5 | s // 2
    boot = b"\xeb\x3c\x90MSDOS5.0" + struct.pack("<HBHBHHBHHHII", 512, 1, 1, 2, 224, 2880, 0xf0, 9, 18, 2, 0, 0)
    boot += struct.pack("<BBBI11s8s", 0, 0, 0x29, 0x12345678, b"NO NAME    ", b"FAT12   ")
    image = bytearray(2880 * 512)
    image[:len(boot)] = boot
    image[510:512] = b"\x55\xaa"
    for fat in (1, 10):
        image[fat * 512:fat * 512 + 5] = b"\xf0\xff\xff\xff\x0f"
    day = date(2026, 3, 8)
    image[19 * 512:19 * 512 + 32] = struct.pack("<11sBBBHHHHHHHI", b"TRUTH   TXT", 0x20, 0, 199, clock(2, 30, 0), day, day, 0,
                                               clock(2, 30, 2), day, 2, 1)
    image[33 * 512] = 0x78
    pathlib.Path(path).write_bytes(image)
    return [ns("2026-03-08 02:30:01.99"), ns("2026-03-08 02:30:02"), ns("2026-03-08 00:00:00")]


class Check:
    def __init__(self, triage, folder):
        self.triage, self.case, self.failures, self.count = triage, os.path.join(folder, "case"), 0, 0

    def that(self, good, *words):
        self.count += 1
        if not good:
            self.failures += 1
            if self.failures <= 20:
                print("FAIL:", *words)

    def call(self, *arguments):
        done = subprocess.run([self.triage, *arguments, "--case", self.case, "--lang", "en"], check=False,
                              stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode not in (0, 1):
            sys.exit(f"FAIL: {arguments}: exit {done.returncode}: {done.stderr.decode()}")
        return done.stdout.decode("utf-8")

    def truth(self, events, wanted, fat):
        found = {}
        for event in events:
            found.setdefault((event["artifact"], event["source"]), []).append((event["when_ns"], event["when_basis"]))
        for key, moments in wanted.items():
            self.that(sorted(found.get(key, [])) == sorted(moments), key, sorted(found.get(key, [])), "wanted", sorted(moments))
        on_fat = found.get(("fs.times", "/TRUTH.TXT"), [])
        self.that(sorted(when for when, _ in on_fat) == sorted(fat), "FAT", on_fat, fat)
        self.that(all(basis in ("unknown", "local-assumed") for _, basis in on_fat), "FAT basis", on_fat)

    def text(self, value, basis, precision, zone):
        """What `when_local` must be."""
        digits = DIGITS.get(precision, 0)
        if basis == "unknown":
            return None
        minutes = offset_of(value, zone)
        day, clock = civil(value + minutes * 60 * SECOND, digits)
        return f"{day}T{clock}" + ("Z" if minutes == 0 else sign(minutes))

    def csv(self, events, zone):
        rows = {row["id"]: row for row in csv.DictReader(io.StringIO(self.call("timeline", "--format", "csv", "--tz", zone).lstrip("\ufeff")))}
        self.that(len(rows) == len(events), "rows of CSV", len(rows), len(events))
        for event in events:
            row, value = rows.get(event["id"], {}), event["when_ns"]
            if value is None:
                continue
            day, clock = civil(value, DIGITS.get(event["when_precision"], 0))
            self.that(event["when"] == f"{day}T{clock}Z" == row.get("when"), "when", event["when"], row.get("when"), day, clock)
            self.that(row.get("when_ns") == str(value), "when_ns", row.get("when_ns"), value)
            wanted = self.text(value, event["when_basis"], event["when_precision"], zone)
            if wanted is None:  # the reading as it stands
                shown = row.get("when_local", "")
                self.that(shown == f"{day}T{clock}", "reading", zone, shown, day, clock)
            else:
                self.that(row.get("when_local") == wanted, "when_local", zone, row.get("when_local"), wanted, event["artifact"])

    def report(self, events, zone, folder):
        path = os.path.join(folder, f"report-{zone.replace('/', '-')}.html")
        self.call("report", "--tz", zone, "-o", path, "-q")
        page = pathlib.Path(path).read_text()
        shown = {m[1]: html.unescape(m[2]) for m in re.finditer(r'<tr id="ev-([0-9a-f]+)"><td class="when"[^>]*><bdi>([^<]*)', page)}
        seen = 0
        for event in events:
            value, cell = event["when_ns"], shown.get(event["id"])
            if value is None or cell is None:
                continue
            seen += 1
            digits = min(3, DIGITS.get(event["when_precision"], 0))
            if event["when_basis"] == "unknown":
                day, clock = civil(value, digits)
                wanted = day if event["when_precision"] == "1day" else f"{day} {clock}"
                self.that(cell == f"{wanted} [zone not recorded]", "report reading", zone, cell, day, clock)
                continue
            minutes = offset_of(value, zone)
            day, clock = civil(value + minutes * 60 * SECOND, digits)
            utc_day, utc_clock = civil(value, 0)
            wanted = f"{day} {clock} {sign(minutes)} ({utc_clock if day == utc_day else utc_day + ' ' + utc_clock} UTC)"
            self.that(cell.startswith(wanted), "report", zone, cell, "wanted", wanted)
        self.that(seen >= 20, "rows of the report that could be compared", seen)

    def body(self, modified, fat):
        lines = {}
        for line in self.call("timeline", "--format", "bodyfile").splitlines():
            cells = line.split("|")
            lines[cells[1]] = [int(cell) for cell in cells[7:11]]  # accessed, modified, changed, created
        for path, value in modified.items():
            self.that(lines.get(path, [None, None])[1] == value // SECOND, "body file", path, lines.get(path), value // SECOND)
        created, written, read = (moment // SECOND for moment in fat)
        self.that(lines.get("/TRUTH.TXT") == [read, written, 0, created], "body file FAT", lines.get("/TRUTH.TXT"))


def main():
    try:
        zoneinfo.ZoneInfo("America/New_York")
    except zoneinfo.ZoneInfoNotFoundError:
        print("skipped: no zone database")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        truth = Truth(os.path.join(folder, "evidence"))
        for build in (windows_files, browser_files, linux_files):
            build(truth)
        floppy = os.path.join(folder, "floppy.img")
        fat = fat_image(floppy)
        check = Check(sys.argv[1], folder)
        check.call("run", str(truth.folder), floppy, "-q", "--tz", "America/New_York")
        events = [json.loads(line) for line in check.call("timeline", "--json").splitlines()]
        check.truth(events, truth.events, fat)
        for zone in ZONES:
            check.csv(events, zone)
            check.report(events, zone, folder)
            check.that([json.loads(line) for line in check.call("timeline", "--json", "--tz", zone).splitlines()] == events,
                       "JSON Lines do not depend on the zone", zone)
        check.body(truth.modified, fat)
        kinds = len(truth.events) + 1
        print(f"{check.count} comparisons over {len(events)} events, {kinds} kinds of stamps, {len(ZONES)} zones: "
              f"{check.failures} wrong")
        return 1 if check.failures else 0


if __name__ == "__main__":
    sys.exit(main())
