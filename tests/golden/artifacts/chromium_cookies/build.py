#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Chromium's Cookies."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime  # noqa: E402
from sqlite_builder import ROWS, database  # noqa: E402

PATH = "/Users/suzuki.test/AppData/Local/Microsoft/Edge/User Data/Default/Network/Cookies"
SCHEMA = """CREATE TABLE cookies(creation_utc INTEGER NOT NULL,host_key TEXT NOT NULL,name TEXT NOT NULL,value TEXT NOT NULL,path TEXT NOT NULL,
 expires_utc INTEGER NOT NULL,is_secure INTEGER NOT NULL,last_access_utc INTEGER NOT NULL);"""


def webkit(text):
    return filetime(text) // 10


def fill(db):
    for i, (host, name, path, used) in enumerate([(".upload.example", "sid", "/", "2026-04-10 00:05:00"), ("b.example", "id", "/x", None), ("gone.example", "g", "/", "2026-04-11 00:00:00"), ("last.example", "l", "/", None)]):
        made = webkit("2026-04-10 00:00:00.25") + i
        db.execute("INSERT INTO cookies VALUES(?,?,?,'secret',?,?,1,?)", (made, host, name, path, webkit("2027-04-10 00:00:00") if i == 0 else 0, webkit(used) if used else made))
    db.commit()
    db.execute("DELETE FROM cookies WHERE name='g'")


case(__file__, "normal", database(SCHEMA, fill), path=PATH, expected_from=ROWS, covers="cookies used later and not, a row that is gone")
case(__file__, "damaged-header", b"SQLite format 3\0" + bytes(4000), path=PATH, expected_from="sqlite.org/fileformat2.html: no page size of 0", covers="a signature without a database")
