#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Firefox places.sqlite made by the sqlite3 module: visits, a download in annotations, search words."""
import pathlib
import sqlite3
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime  # noqa: E402

SCHEMA = """
CREATE TABLE moz_places(id INTEGER PRIMARY KEY,url LONGVARCHAR,title LONGVARCHAR,rev_host LONGVARCHAR,visit_count INTEGER,
 hidden INTEGER,typed INTEGER,last_visit_date INTEGER);
CREATE TABLE moz_historyvisits(id INTEGER PRIMARY KEY,from_visit INTEGER,place_id INTEGER,visit_date INTEGER,
 visit_type INTEGER,session INTEGER);
CREATE TABLE moz_anno_attributes(id INTEGER PRIMARY KEY,name VARCHAR(32));
CREATE TABLE moz_annos(id INTEGER PRIMARY KEY,place_id INTEGER,anno_attribute_id INTEGER,content LONGVARCHAR,
 dateAdded INTEGER);
CREATE TABLE moz_places_metadata(id INTEGER PRIMARY KEY,place_id INTEGER,search_query_id INTEGER,created_at INTEGER);
CREATE TABLE moz_places_metadata_search_queries(id INTEGER PRIMARY KEY,terms TEXT);
"""
PATH = "/home/suzuki.test/.mozilla/firefox/abcd1234.default-release/places.sqlite"


def micros(text):
    return filetime(text) // 10 - 11644473600000000


def fill(db):
    when = micros("2026-04-09 03:31:05.25")
    db.execute("INSERT INTO moz_places VALUES(1,'https://news.example/today','きょうのニュース','x',2,0,1,?)", (when,))
    db.execute("INSERT INTO moz_places VALUES(2,'https://files.example/a.zip',NULL,'x',1,0,0,?)", (when,))
    for i, (place, kind, source) in enumerate([(1, 2, 0), (2, 7, 1), (77, 1, 0), (1, 42, 0)], 1):
        db.execute("INSERT INTO moz_historyvisits VALUES(?,?,?,?,?,0)", (i, source, place, when + i, kind))
    db.execute("INSERT INTO moz_anno_attributes VALUES(1,'downloads/destinationFileURI'),(2,'downloads/metaData'),(3,'other')")
    db.execute("INSERT INTO moz_annos VALUES(10,2,1,'file:///home/suzuki.test/a.zip',?)", (micros("2026-04-09 03:40:00.125"),))
    db.execute("INSERT INTO moz_annos VALUES(11,2,2,?,?)", ('{"state":1,"endTime":%d,"fileSize":2048}'
               % (micros("2026-04-09 03:40:03.5") // 1000), micros("2026-04-09 03:40:04")))
    db.execute("INSERT INTO moz_annos VALUES(12,1,3,'x',0)")
    db.execute("INSERT INTO moz_places_metadata_search_queries VALUES(5,'usb 履歴 消す')")
    db.execute("INSERT INTO moz_places_metadata VALUES(9,1,5,?)", (micros("2026-04-09 03:50:00.5") // 1000,))


def old(db):
    db.execute("INSERT INTO moz_downloads VALUES(3,'a.zip','http://old.example/a.zip','file:///home/suzuki.test/a.zip',?,?,1,"
               "'http://old.example/',99,100,'application/zip')", (micros("2012-03-04 05:06:07"), micros("2012-03-04 05:06:09")))


def many(db):
    for i in range(1, 400):
        db.execute("INSERT INTO moz_places VALUES(?,?,?,'x',1,0,0,0)", (i, f"https://many.example/{i:0200}", "t"))
        db.execute("INSERT INTO moz_historyvisits VALUES(?,0,?,?,1,0)", (i, i, micros("2026-01-01 00:00:00") + i))


def database(schema, filler):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "places.sqlite")
        db = sqlite3.connect(path)
        db.execute("PRAGMA page_size=1024")
        db.executescript(schema)
        filler(db)
        db.commit()
        db.close()
        return path.read_bytes()


def gone(db):
    db.execute("PRAGMA secure_delete=OFF")
    for i in range(1, 40):
        when = micros("2026-03-04 05:06:07") + i
        db.execute("INSERT INTO moz_places VALUES(?,?,?,'x',1,0,0,?)", (i, f"https://gone.example/{i:060}", f"title {i}", when))
        db.execute("INSERT INTO moz_historyvisits VALUES(?,0,?,?,1,0)", (i, i, when))
    db.commit()
    db.execute("DELETE FROM moz_places WHERE id BETWEEN 15 AND 39")
    db.execute("DELETE FROM moz_historyvisits WHERE id IN (2,20,21)")


OLD_SCHEMA = """CREATE TABLE moz_downloads(id INTEGER PRIMARY KEY,name TEXT,source TEXT,target TEXT,startTime INTEGER,
 endTime INTEGER,state INTEGER,referrer TEXT,currBytes INTEGER,maxBytes INTEGER,mimeType TEXT);"""
ROWS = "the rows that build.py put in, times by its own arithmetic"
case(__file__, "places", database(SCHEMA, fill), path=PATH, expected_from=ROWS,
     covers="visits of known and unknown kinds, a visit without address, a download, search words")
case(__file__, "old-downloads", database(OLD_SCHEMA, old), path="/Documents and Settings/suzuki.test/Application Data/Mozilla/"
     "Firefox/Profiles/abcd1234.default/downloads.sqlite", expected_from=ROWS, covers="downloads.sqlite of the first versions")
broken = bytearray(database(SCHEMA, many))
for at in range(len(broken) - 4096, len(broken) - 2048):
    broken[at] = 0xA5
case(__file__, "damaged-page", bytes(broken), path=PATH, expected_from=ROWS, covers="corrupt pages end a table early")
case(__file__, "damaged-header", b"SQLite format 3\0" + bytes(4000), path=PATH,
     expected_from="sqlite.org/fileformat2.html: no page size of 0", covers="a signature without a database")
case(__file__, "rows-gone", database(SCHEMA, gone), path=PATH, expected_from=ROWS,
     covers="deleted addresses and visits on free pages and in free blocks")
