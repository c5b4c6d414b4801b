#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Chromium History databases made by the sqlite3 module: visits, a download, search words; rows only in the log."""
import pathlib
import shutil
import sqlite3
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime  # noqa: E402

SCHEMA = """
CREATE TABLE urls(id INTEGER PRIMARY KEY,url LONGVARCHAR,title LONGVARCHAR,visit_count INTEGER,typed_count INTEGER,
 last_visit_time INTEGER,hidden INTEGER);
CREATE TABLE visits(id INTEGER PRIMARY KEY,url INTEGER,visit_time INTEGER,from_visit INTEGER,transition INTEGER,
 segment_id INTEGER,visit_duration INTEGER,originator_cache_guid TEXT);
CREATE TABLE visit_source(id INTEGER PRIMARY KEY,source INTEGER);
CREATE TABLE keyword_search_terms(keyword_id INTEGER,url_id INTEGER,term LONGVARCHAR,normalized_term LONGVARCHAR);
CREATE TABLE downloads(id INTEGER PRIMARY KEY,guid VARCHAR,current_path LONGVARCHAR,target_path LONGVARCHAR,
 start_time INTEGER,received_bytes INTEGER,total_bytes INTEGER,state INTEGER,danger_type INTEGER,hash BLOB,
 end_time INTEGER,opened INTEGER,referrer VARCHAR,tab_url VARCHAR,mime_type VARCHAR);
CREATE TABLE downloads_url_chains(id INTEGER,chain_index INTEGER,url LONGVARCHAR);
"""
OLD_SCHEMA = """
CREATE TABLE urls(id INTEGER PRIMARY KEY,url LONGVARCHAR,title LONGVARCHAR,visit_count INTEGER,typed_count INTEGER,
 last_visit_time INTEGER);
CREATE TABLE visits(id INTEGER PRIMARY KEY,url INTEGER,visit_time INTEGER,from_visit INTEGER,transition INTEGER);
CREATE TABLE downloads(id INTEGER PRIMARY KEY,full_path LONGVARCHAR,url LONGVARCHAR,start_time INTEGER,
 received_bytes INTEGER,total_bytes INTEGER,state INTEGER);
"""
PATH = "/Users/suzuki.test/AppData/Local/Google/Chrome/User Data/Default/History"


def webkit(text):
    return filetime(text) // 10


def fill(db):
    rows = [("https://portal.example/top", "社内ポータル", 3, 1, "2026-04-10 00:02:14.25"),
            ("https://search.example/q?s=usb", "usb - 検索", 1, 0, "2026-04-10 00:05:00.000001"),
            ("https://u:p@upload.example:8443/done", "", 1, 0, "2026-04-10 00:06:00"),
            ("file:///C:/secret.pdf", None, 1, 0, "2026-04-10 00:07:00")]
    for i, (url, title, count, typed, when) in enumerate(rows, 1):
        db.execute("INSERT INTO urls VALUES(?,?,?,?,?,?,0)", (i, url, title, count, typed, webkit(when)))
    visits = [(1, 1, "2026-04-10 00:02:14.25", 0, 0x30000001, 15000000, ""), (2, 2, "2026-04-10 00:05:00.000001", 1, 0x30000005, 0, ""),
              (3, 3, "2026-04-10 00:06:00", 2, -1610612736, 0, ""),  # server redirect, chain end, link; signed as stored
              (4, 4, "2026-04-10 00:07:00", 0, 0, 0, "guid-of-another-device"), (5, 99, "2026-04-10 00:08:00", 0, 8, 0, "")]
    for i, url, when, source, transition, duration, guid in visits:
        db.execute("INSERT INTO visits VALUES(?,?,?,?,?,0,?,?)", (i, url, webkit(when), source, transition, duration, guid))
    db.execute("INSERT INTO visit_source VALUES(4,0)")
    db.execute("INSERT INTO keyword_search_terms VALUES(2,2,'usb','usb')")
    target = "C:\\Users\\suzuki.test\\Downloads\\tool.zip"
    db.execute("INSERT INTO downloads VALUES(7,'g',?,?,?,1000,1000,1,4,?,?,1,'https://tools.example/','https://tools.example/x',"
               "'application/zip')", (target, target, webkit("2026-04-10 00:09:00.5"), bytes(range(32)),
                                      webkit("2026-04-10 00:09:02.75")))
    db.execute("INSERT INTO downloads_url_chains VALUES(7,0,'https://tools.example/tool')")
    db.execute("INSERT INTO downloads_url_chains VALUES(7,1,'https://cdn.example/tool.zip')")
    db.commit()


def database(schema, *fillers, wal=False):
    """The database's bytes, and its log's where `wal`: the last filler's rows stand in the log only."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "History")
        db = sqlite3.connect(path)
        db.execute("PRAGMA page_size=1024")
        if wal:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA wal_autocheckpoint=0")
        db.executescript(schema)
        for filler in fillers[:-1] if wal else fillers:
            filler(db)
        if wal:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            fillers[-1](db)
            shutil.copy(path, folder + "/copy")
            log = pathlib.Path(folder, "History-wal").read_bytes()
            db.close()
            return pathlib.Path(folder, "copy").read_bytes(), log
        db.close()
        return path.read_bytes()


def late_visit(db):
    db.execute("INSERT INTO visits VALUES(6,1,?,0,0,0,0,'')", (webkit("2026-04-10 01:00:00"),))
    db.commit()


def old(db):
    db.execute("INSERT INTO urls VALUES(1,'http://old.example/','old',1,0,?)", (webkit("2012-03-04 05:06:07"),))
    db.execute("INSERT INTO visits VALUES(1,1,?,0,2)", (webkit("2012-03-04 05:06:07"),))
    db.execute("INSERT INTO downloads VALUES(1,'/home/suzuki.test/a.tar','http://old.example/a.tar',1330837567,10,10,1)")
    db.commit()


def many(db):
    for i in range(1, 400):
        db.execute("INSERT INTO urls VALUES(?,?,?,1,0,?,0)", (i, f"https://many.example/{i:0200}", "t", webkit("2026-01-01 00:00:00")))
        db.execute("INSERT INTO visits VALUES(?,?,?,0,0,0,0,'')", (i, i, webkit("2026-01-01 00:00:00") + i))
    db.commit()


def gone(db):
    """Rows that are deleted again: two between others (free blocks), then so many that pages become free."""
    db.execute("PRAGMA secure_delete=OFF")
    for i in range(1, 61):
        when = webkit("2026-02-03 04:05:06") + i
        db.execute("INSERT INTO urls VALUES(?,?,?,1,0,?,0)", (i, f"https://gone.example/{i:040}", f"title {i}", when))
        db.execute("INSERT INTO visits VALUES(?,?,?,0,1,0,0,'')", (i, i, when))
    db.execute("INSERT INTO keyword_search_terms VALUES(2,3,'erase traces','erase traces')")
    db.execute("INSERT INTO keyword_search_terms VALUES(2,4,'kept','kept')")
    for i in (1, 2):
        db.execute("INSERT INTO downloads VALUES(?,'g','',?,?,5,5,1,0,NULL,0,0,'https://r.example/','https://r.example/x','text/plain')",
                   (i, f"C:\\Users\\suzuki.test\\Downloads\\{i}.txt", webkit("2026-02-03 05:00:00") + i))
    db.commit()
    db.execute("DELETE FROM urls WHERE id=3 OR id BETWEEN 20 AND 60")
    db.execute("DELETE FROM visits WHERE id=3 OR id=5")
    db.execute("DELETE FROM keyword_search_terms WHERE url_id=3")
    db.execute("DELETE FROM downloads WHERE id=2")
    db.commit()


ROWS = "the rows that build.py put in, times by its own arithmetic"
case(__file__, "rows-gone", database(SCHEMA, gone), path=PATH, expected_from=ROWS,
     covers="deleted addresses, visits, search words and a download on free pages and in free blocks")
MAIN, LOG = database(SCHEMA, gone, lambda db: (db.execute("DELETE FROM visits WHERE id>8"), db.commit()), wal=True)
case(__file__, "rows-gone-by-log", MAIN, path=PATH, companions={"-wal": LOG}, expected_from=ROWS,
     covers="visits that only the log deletes: they still stand on the pages it replaces")
case(__file__, "visits-and-download", database(SCHEMA, fill), path=PATH, expected_from=ROWS,
     covers="visits, transitions, a synced visit, a visit without address, a download, search words")
MAIN, LOG = database(SCHEMA, fill, late_visit, wal=True)
case(__file__, "log", MAIN, path="/home/suzuki.test/.config/BraveSoftware/Brave-Browser/Profile 1/History",
     companions={"-wal": LOG}, expected_from=ROWS, covers="a visit that stands only in the write-ahead log")
case(__file__, "old-schema", database(OLD_SCHEMA, old), path="/home/suzuki.test/.config/chromium/Default/History",
     expected_from=ROWS, covers="the schema before 2013: downloads with full_path and seconds since 1970")
case(__file__, "damaged-log", MAIN, path=PATH, companions={"-wal": LOG[:-300]}, expected_from=ROWS,
     covers="a log cut in its last frame: the visit in it is not given")
broken = bytearray(database(SCHEMA, many))
for at in range(len(broken) - 4096, len(broken) - 2048):
    broken[at] = 0xA5
case(__file__, "damaged-page", bytes(broken), path=PATH, expected_from=ROWS, covers="corrupt pages end a table early")
case(__file__, "damaged-other", database("CREATE TABLE visits(a)"), path=PATH, expected_from="no urls table: not a history",
     covers="a database of the same name that is something else")
