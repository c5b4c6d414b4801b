#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Firefox's formhistory.sqlite."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime  # noqa: E402
from sqlite_builder import ROWS, database  # noqa: E402

PATH = "/home/suzuki.test/.mozilla/firefox/abcd1234.default-release/formhistory.sqlite"
SCHEMA = """CREATE TABLE moz_formhistory(id INTEGER PRIMARY KEY,fieldname TEXT NOT NULL,value TEXT NOT NULL,timesUsed INTEGER,firstUsed INTEGER,
 lastUsed INTEGER,guid TEXT);
CREATE TABLE moz_deleted_formhistory(id INTEGER PRIMARY KEY,timeDeleted INTEGER,guid TEXT);"""


def micros(text):
    return filetime(text) // 10 - 11644473600000000


def fill(db):
    first = micros("2026-04-10 00:00:00.25")
    for i, (field, value, times, last) in enumerate([("searchbar-history", "顧客 名簿 送る", 2, first + 10**9), ("email", "x@example.net", 1, None), ("to", "rival@example.org", 3, first + 5), ("subject", "last", 1, None)]):
        db.execute("INSERT INTO moz_formhistory VALUES(?,?,?,?,?,?,?)", (i + 1, field, value, times, first + i, last or first + i, f"guid{i}"))
    db.execute("INSERT INTO moz_deleted_formhistory VALUES(1,?,'guid2')", (micros("2026-04-12 00:00:00"),))
    db.commit()
    db.execute("DELETE FROM moz_formhistory WHERE fieldname='to'")


case(__file__, "normal", database(SCHEMA, fill), path=PATH, expected_from=ROWS, covers="search bar, form texts, a deletion, the row that is gone")
case(__file__, "damaged-header", b"SQLite format 3\0" + bytes(4000), path=PATH, expected_from="sqlite.org/fileformat2.html: no page size of 0", covers="a signature without a database")
