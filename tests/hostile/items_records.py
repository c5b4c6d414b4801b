# SPDX-License-Identifier: Apache-2.0
"""Traps for the utmp parser and the browser-history readers."""
import os
import sqlite3
import struct
import tempfile

from ext import ExtVolume
from fat import FatVolume
from kit import EPOCH, KEEP, MIB, item, le, noise, patch

CHROME = "/Users/u/AppData/Local/Google/Chrome/User Data/Default/History"
EDGE = "/Users/u/AppData/Local/Microsoft/Edge/User Data/Default/History"
FIREFOX = "/Users/u/AppData/Roaming/Mozilla/Firefox/Profiles/a.default/places.sqlite"
EVIL_TITLE = "<script>alert(1)</script>\x1B[2J\u202E"
VISIT_TIME = (EPOCH + 11644473600) * 1_000_000


def utmp_record(kind, user, host, seconds, process=100):
    return le("h2xi32s4s32s256shhiii16s20s", kind, process, b"pts/0", b"ts/0", user, host, 0, 0, 1,
              seconds, 0, bytes(16), bytes(20))


@item("utmp-garbage",
      "wtmp, btmp and utmp of noise, of absurd types and times, with evil names and a "
      "torn last record.", keep=True, exit=(0, 1))
def utmp():
    good = utmp_record(7, b"operator", b"192.0.2.7", EPOCH)
    evil = [utmp_record(7, b"<script>alert(1)</script>\x1B[2J", b"=cmd()|' /C calc'!A0", EPOCH),
            utmp_record(7, b"\xFF" * 32, b"A" * 256, -1), utmp_record(-32768, b"", b"", 1 << 30),
            utmp_record(7, "\u202Eroot".encode(), b"../../zevil", 0, -1),
            utmp_record(2, b"reboot", b"~", 0x7FFFFFFF)]
    log = good + b"".join(evil) + noise(384 * 500) + good + good[:100]
    volume = ExtVolume({"/keep.txt": KEEP, "/var": None, "/var/log": None, "/var/log/wtmp": log,
                        "/var/log/btmp": noise(100_000), "/var/run": None,
                        "/var/run/utmp": b"\0" * 384 * 3 + evil[0] + b"\x07"})
    return volume.bytes


def database(*statements, page_size=4096):
    """The bytes of an SQLite file; parameters by (sql, values)."""
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "db")
        link = sqlite3.connect(path, isolation_level=None)
        link.execute(f"PRAGMA page_size={page_size}")
        link.execute("PRAGMA journal_mode=OFF")
        for statement in statements:
            link.execute(*statement) if isinstance(statement, tuple) else link.execute(statement)
        link.close()
        with open(path, "rb") as stream:
            data = bytearray(stream.read())
    patch(data, 96, struct.pack(">I", 3040001))  # the writer's version, so that bytes are stable
    return data


URLS = ("CREATE TABLE urls(id INTEGER PRIMARY KEY, url LONGVARCHAR, title LONGVARCHAR, visit_count "
        "INTEGER DEFAULT 0 NOT NULL, typed_count INTEGER DEFAULT 0 NOT NULL, last_visit_time "
        "INTEGER NOT NULL, hidden INTEGER DEFAULT 0 NOT NULL)")
VISITS = ("CREATE TABLE visits(id INTEGER PRIMARY KEY, url INTEGER NOT NULL, visit_time INTEGER "
          "NOT NULL, from_visit INTEGER, transition INTEGER DEFAULT 0 NOT NULL, segment_id INTEGER, "
          "visit_duration INTEGER DEFAULT 0 NOT NULL)")
META = "CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR)"


def chrome(rows=500):
    script = [META, "INSERT INTO meta VALUES('version','58')", URLS, VISITS]
    for number in range(1, rows + 1):
        script.append(("INSERT INTO urls VALUES(?,?,?,1,0,?,0)", (
            number, f"https://upload.example.invalid/{number}/" + "p" * 200, EVIL_TITLE,
            VISIT_TIME + number)))
        script.append(("INSERT INTO visits VALUES(?,?,?,0,1,0,0)", (number, number,
                                                                   VISIT_TIME + number)))
    return script


def profile(files, size=8 * MIB):
    volume = FatVolume(size)
    volume.add("/keep.txt", KEEP)
    for path, data in files.items():
        volume.add(path, bytes(data))
    return volume.image()


ENDLESS = ("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n AS id, "
           "'https://x/' || n AS url, 'x' AS title, 1 AS visit_count, 0 AS typed_count, n AS "
           "last_visit_time, 0 AS hidden FROM c")


@item("history-endless-view", "A browser history whose `urls` is a view over an endless recursive "
      "query, and places.sqlite likewise.", keep=True, exit=(1,), damage_min=1, seconds=180)
def endless_view():
    places = ("CREATE VIEW moz_places AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM "
              "c) SELECT n AS id, 'https://x' AS url, 'x' AS title, 1 AS visit_count, 0 AS hidden, n "
              "AS last_visit_date, 'x' AS guid, 1 AS rev_host FROM c")
    return profile({
        CHROME: database(META, VISITS, "INSERT INTO visits VALUES(1,1,1,0,1,0,0)",
                         "CREATE VIEW urls AS " + ENDLESS),
        FIREFOX: database("CREATE TABLE moz_historyvisits(id INTEGER PRIMARY KEY, from_visit INTEGER"
                          ", place_id INTEGER, visit_date INTEGER, visit_type INTEGER, session "
                          "INTEGER)", "INSERT INTO moz_historyvisits VALUES(1,0,1,1,1,0)", places)})


@item("history-memory-view", "`urls` is a view that builds a string of 2 GiB, calls load_extension "
      "and writefile.", keep=True, exit=(0, 1), seconds=180)
def memory_view():
    script = [META, VISITS, "INSERT INTO visits VALUES(1,1,1,0,1,0,0)",
              "CREATE VIEW urls AS SELECT 1 AS id, hex(zeroblob(1000000000)) AS url, 'x' AS title, 1 "
              "AS visit_count, 0 AS typed_count, 1 AS last_visit_time, 0 AS hidden"]
    edge = list(script)
    edge[-1] = ("CREATE VIEW urls AS SELECT 1 AS id, load_extension('zevil.so') AS url, "
                "writefile('zevil','x') AS title, 1 AS visit_count, 0 AS typed_count, 1 AS "
                "last_visit_time, 0 AS hidden")
    return profile({CHROME: database(*script), EDGE: database(*edge)})


@item("history-trigger", "A well-formed history with triggers that delete every row and a virtual "
      "column that never ends.", keep=True, exit=(0, 1))
def trigger():
    return profile({CHROME: database(
        *chrome(20), "CREATE TRIGGER bite AFTER INSERT ON urls BEGIN DELETE FROM urls; END",
        "CREATE TRIGGER bite2 AFTER UPDATE ON urls BEGIN DELETE FROM visits; END",
        "ALTER TABLE urls ADD COLUMN slow TEXT GENERATED ALWAYS AS (hex(zeroblob(100000000))) "
        "VIRTUAL")})


@item("history-torn-pages",
      "A history whose interior page names itself as child, one page of noise, "
      "the file cut in half.", keep=True, exit=(1,), damage_min=1)
def torn_pages():
    data = database(*chrome(), page_size=1024)
    looped = bytearray(data)
    root = find_interior(looped, 1024)
    patch(looped, root * 1024 + 8, struct.pack(">I", root + 1))
    first_pointer, = struct.unpack_from(">H", looped, root * 1024 + 12)
    patch(looped, root * 1024 + first_pointer, struct.pack(">I", root + 1))
    noisy = bytearray(data)
    patch(noisy, 30 * 1024, noise(8 * 1024, 12))
    return profile({CHROME: looped, EDGE: noisy,
                    CHROME.replace("Default", "Profile 1"): data[:len(data) // 2 + 100],
                    CHROME.replace("Default", "Profile 2"): data[:60]})


def find_interior(data, page_size):
    """Index of the first interior table page behind page 1."""
    for page in range(1, len(data) // page_size):
        if data[page * page_size] == 5:
            return page
    raise ValueError("no interior page")


@item("history-values", "Rows with 9-byte integers as time, blobs as URL, a title of 4 MiB, NULL "
      "everywhere, text that is no UTF-8.", keep=True, exit=(0, 1))
def values():
    script = [META, "CREATE TABLE urls(id INTEGER PRIMARY KEY, url, title, visit_count, typed_count,"
              " last_visit_time, hidden)", VISITS]
    for number, (url, title, when) in enumerate((
            (b"\xFF\x00\xFE", None, (1 << 63) - 1), ("x" * 4 * MIB, "y", -(1 << 63)),
            (None, None, None), ("javascript:alert(1)", EVIL_TITLE, 1e300),
            ("=cmd()|' /C calc'!A0", "@SUM(1)", "not a time"), ("", "", 0)), 1):
        script.append(("INSERT INTO urls VALUES(?,?,?,1,0,?,0)", (number, url, title, when)))
        script.append(("INSERT INTO visits VALUES(?,?,?,?,?,0,?)", (
            number, number, VISIT_TIME if number != 1 else (1 << 63) - 1, number, -1, 1 << 62)))
    script.append(("INSERT INTO urls VALUES(99,CAST(x'68747470FFC0AF' AS TEXT),'t',1,0,1,0)",))
    return profile({CHROME: database(*script)}, size=16 * MIB)


@item("history-schema",
      "A history whose schema table holds script and a root page of 2^31, a journal "
      "beside it that would change it.", keep=True, exit=(0, 1))
def schema():
    data = database(*chrome(20))
    old = b"CREATE TABLE urls("
    at = data.find(old)
    patch(data, at, b"CREATE TABLE <rls(")
    hot = b"\xD9\xD5\x05\xF9\x20\xA1\x63\xD7" + struct.pack(">IIIII", 0xFFFFFFFF, 1, 100, 512, 4096)
    return profile({CHROME: data, CHROME + "-journal": hot.ljust(512, b"\0") + noise(4104),
                    EDGE: database(*chrome(5)),
                    EDGE + "-wal": struct.pack(">IIIIIIII", 0x377F0682, 3007000, 1, 0xFFFFFFFF, 1,
                                               1, 0, 0) + noise(9000)})
