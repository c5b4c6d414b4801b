#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Chromium's Extension Activity."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime  # noqa: E402
from sqlite_builder import ROWS, database  # noqa: E402

PATH = "/Users/suzuki.test/AppData/Local/Google/Chrome/User Data/Default/Extension Activity"
SCHEMA = """CREATE TABLE string_ids(id INTEGER PRIMARY KEY,value TEXT NOT NULL);
CREATE TABLE url_ids(id INTEGER PRIMARY KEY,value TEXT NOT NULL);
CREATE TABLE activitylog_compressed(count INTEGER NOT NULL DEFAULT 1,extension_id_x INTEGER NOT NULL,time INTEGER,action_type INTEGER,
 api_name_x INTEGER,args_x INTEGER,page_url_x INTEGER,page_title_x INTEGER,arg_url_x INTEGER,other_x INTEGER);"""


def fill(db):
    db.execute("INSERT INTO string_ids VALUES(1,'knipolnnllmklapflnccelgolnpehhpl'),(2,'tabs.executeScript')")
    db.execute("INSERT INTO url_ids VALUES(1,'https://mail.example/inbox'),(2,'https://collect.example/x')")
    when = filetime("2026-04-10 00:00:00.25") // 10
    for row in [(5, 1, when, 0, 2, None, None, None, None, None), (1, 1, when + 1, 6, None, None, 1, None, 2, None), (1, 9, when + 2, 77, None, None, None, None, None, None)]:
        db.execute("INSERT INTO activitylog_compressed VALUES(?,?,?,?,?,?,?,?,?,?)", row)


case(__file__, "normal", database(SCHEMA, fill), path=PATH, expected_from=ROWS, covers="a call, a web request with both addresses, an extension without a name")
case(__file__, "damaged-header", b"SQLite format 3\0" + bytes(4000), path=PATH, expected_from="sqlite.org/fileformat2.html: no page size of 0", covers="a signature without a database")
