#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SQLite databases made by the sqlite3 module."""
import os
import pathlib
import sqlite3
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

GARBAGE = b"\xee" * 9000


def database(statements, page_size=1024):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.db")
        db = sqlite3.connect(path)
        db.execute(f"PRAGMA page_size={page_size}")
        for statement in statements:
            db.execute(statement)
            db.commit()
        db.close()
        data = bytearray(pathlib.Path(path).read_bytes())
    data[96:100] = (3040001).to_bytes(4, "big")  # the library's version is not ours to fix, so one is written in
    return bytes(data)


ROWS = ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<60) "
        "INSERT INTO t SELECT i, printf('row %d %.*c', i, i*3, 'x') FROM n")
GOOD = database(["CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)", "CREATE INDEX tb ON t(b)", ROWS])
LARGE = database(["PRAGMA auto_vacuum=1", "CREATE TABLE t(a INTEGER PRIMARY KEY, b BLOB)",
                  "INSERT INTO t VALUES(1, zeroblob(20000))"])
FREED = database(["CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)", ROWS, "CREATE TABLE u(a)", "DELETE FROM t"])
LENGTH = "the size of the file that SQLite wrote"
case(__file__, "index", GOOD + GARBAGE, covers="table and index of several pages", expected_from=LENGTH)
case(__file__, "overflow", LARGE + GARBAGE, covers="overflow pages and pointer maps", expected_from=LENGTH)
case(__file__, "freelist", FREED + GARBAGE, covers="pages of the freelist", expected_from=LENGTH)
stale = bytearray(GOOD)
stale[92:96] = b"\0\0\0\x63"
case(__file__, "stale-count", bytes(stale) + GARBAGE, covers="a page count that is not valid: the pages are walked",
     expected_from=LENGTH)
broken = bytearray(GOOD)
broken[2048:3072] = b"\xa5" * 1024
case(__file__, "damaged-page", bytes(broken) + GARBAGE, covers="a third page that cannot be one",
     expected_from="two pages of 1024 bytes hold")
case(__file__, "damaged-cut", GOOD[:3000], covers="a file that ends in its third page", expected_from="two whole pages")
