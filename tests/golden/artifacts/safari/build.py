#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Safari's History.db and property lists, made by sqlite3 and plistlib."""
import datetime
import pathlib
import plistlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402
from sqlite_builder import ROWS, database  # noqa: E402

HAND = "the values that build.py put in; plistlib writes the lists"
SCHEMA = """CREATE TABLE history_items(id INTEGER PRIMARY KEY AUTOINCREMENT,url TEXT NOT NULL UNIQUE,domain_expansion TEXT NULL,visit_count INTEGER NOT NULL);
CREATE TABLE history_visits(id INTEGER PRIMARY KEY AUTOINCREMENT,history_item INTEGER NOT NULL,visit_time REAL NOT NULL,title TEXT NULL,
 redirect_source INTEGER NULL);"""


def fill(db):
    for i, url in enumerate(["https://upload.example/", "https://portal.example/顧客", "https://gone.example/x", "https://last.example/"], 1):
        db.execute("INSERT INTO history_items VALUES(?,?,NULL,?)", (i, url, i))
    when = 797472000.25  # 2026-04-10 00:00:00.25 UTC
    for i, (item, title, source) in enumerate([(1, "Upload", None), (2, None, 1), (9, "lost", None)], 1):
        db.execute("INSERT INTO history_visits VALUES(?,?,?,?,?)", (i, item, when + i, title, source))
    db.commit()
    db.execute("DELETE FROM history_items WHERE id=3")


PAGES = {"WebHistoryFileVersion": 1, "WebHistoryDates": [{"": "http://old.example/", "title": "古い & new", "lastVisitedDate": "395010381.4", "visitCount": 2}, {"": "http://b.example/", "lastVisitedDate": "x"}]}
FILES = {"DownloadHistory": [{"DownloadEntryURL": "https://tools.example/t.zip", "DownloadEntryPath": "~/Downloads/t.zip.download/t.zip", "DownloadEntryPostPath": "/Users/suzuki/Downloads/t.zip",
                              "DownloadEntryDateAddedKey": datetime.datetime(2022, 12, 14, 19, 5, 26), "DownloadEntryDateFinishedKey": datetime.datetime(2022, 12, 14, 19, 5, 30),
                              "DownloadEntryProgressTotalToLoad": 826337, "DownloadEntryProgressBytesSoFar": 826337, "DownloadEntryBookmarkBlob": b"book" * 4}]}
HOME = "/Users/suzuki/Library/Safari/"
BINARY = plistlib.dumps(PAGES, fmt=plistlib.FMT_BINARY)
case(__file__, "database", database(SCHEMA, fill), path=HOME + "History.db", expected_from=ROWS, covers="visits, a redirect, a visit without address, an address that is gone")
case(__file__, "history-binary", BINARY, path=HOME + "History.plist", expected_from=HAND, covers="a binary list; a time that is none")
case(__file__, "downloads-xml", plistlib.dumps(FILES), path=HOME + "Downloads.plist", expected_from=HAND, covers="an XML list with dates, numbers and data")
case(__file__, "downloads-binary", plistlib.dumps(FILES, fmt=plistlib.FMT_BINARY), path=HOME + "Downloads.plist", expected_from=HAND, covers="the same as a binary list")
case(__file__, "damaged-xml", plistlib.dumps(FILES)[:-200], path=HOME + "Downloads.plist", expected_from=HAND, covers="an XML list cut inside an entry")
case(__file__, "damaged-binary", BINARY.replace(b"\x5f\x10\x11http://b", b"\xff\x10\x11http://b"), path=HOME + "History.plist", expected_from=HAND, covers="objects of an unknown kind")
