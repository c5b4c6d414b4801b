#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Firefox's cookies.sqlite."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime  # noqa: E402
from sqlite_builder import ROWS, database  # noqa: E402

PATH = "/home/suzuki.test/.mozilla/firefox/abcd1234.default-release/cookies.sqlite"
SCHEMA = """CREATE TABLE moz_cookies(id INTEGER PRIMARY KEY,originAttributes TEXT,name TEXT,value TEXT,host TEXT,path TEXT,expiry INTEGER,
 lastAccessed INTEGER,creationTime INTEGER);"""


def micros(text):
    return filetime(text) // 10 - 11644473600000000


def fill(db):
    for i, (host, name, used, expiry) in enumerate([(".upload.example", "sid", "2026-04-10 00:05:00", 1807315200), ("b.example", "id", None, 1807315200000), ("gone.example", "g", "2026-04-11 00:00:00", 0), ("last.example", "l", None, 0)]):
        made = micros("2026-04-10 00:00:00.25") + i
        db.execute("INSERT INTO moz_cookies VALUES(?,'',?,'secret',?,'/',?,?,?)", (i + 1, name, host, expiry, micros(used) if used else made, made))
    db.commit()
    db.execute("DELETE FROM moz_cookies WHERE name='g'")


case(__file__, "normal", database(SCHEMA, fill), path=PATH, expected_from=ROWS, covers="cookies used later and not, expiry in seconds and milliseconds, a row that is gone")
case(__file__, "damaged-header", b"SQLite format 3\0" + bytes(4000), path=PATH, expected_from="sqlite.org/fileformat2.html: no page size of 0", covers="a signature without a database")
