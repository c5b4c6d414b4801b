#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Browser histories with the real tables: Chromium `History`, and Firefox `places.sqlite` whose last
visits are only in the write-ahead log.  Both are made by SQLite itself from fixed rows."""
import os
import shutil
import sqlite3
import struct

from traces import unix_ticks

WEBMAIL = "https://mail.example/inbox?folder=sent"
CHROME_SCHEMA = """
CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);
CREATE TABLE urls(id INTEGER PRIMARY KEY AUTOINCREMENT,url LONGVARCHAR,title LONGVARCHAR,
 visit_count INTEGER DEFAULT 0 NOT NULL,typed_count INTEGER DEFAULT 0 NOT NULL,
 last_visit_time INTEGER NOT NULL,hidden INTEGER DEFAULT 0 NOT NULL);
CREATE TABLE visits(id INTEGER PRIMARY KEY AUTOINCREMENT,url INTEGER NOT NULL,
 visit_time INTEGER NOT NULL,from_visit INTEGER,external_referrer_url TEXT,
 transition INTEGER DEFAULT 0 NOT NULL,segment_id INTEGER,
 visit_duration INTEGER DEFAULT 0 NOT NULL,incremented_omnibox_typed_score BOOLEAN DEFAULT FALSE
 NOT NULL,opener_visit INTEGER,originator_cache_guid TEXT,originator_visit_id INTEGER,
 originator_from_visit INTEGER,originator_opener_visit INTEGER,
 is_known_to_sync BOOLEAN DEFAULT FALSE NOT NULL,consider_for_ntp_most_visited BOOLEAN DEFAULT FALSE
 NOT NULL,visited_link_id INTEGER DEFAULT 0 NOT NULL,app_id TEXT);
CREATE TABLE visit_source(id INTEGER PRIMARY KEY,source INTEGER NOT NULL);
CREATE TABLE keyword_search_terms(keyword_id INTEGER NOT NULL,url_id INTEGER NOT NULL,
 term LONGVARCHAR NOT NULL,normalized_term LONGVARCHAR NOT NULL);
CREATE TABLE downloads(id INTEGER PRIMARY KEY,guid VARCHAR NOT NULL,
 current_path LONGVARCHAR NOT NULL,target_path LONGVARCHAR NOT NULL,start_time INTEGER NOT NULL,
 received_bytes INTEGER NOT NULL,total_bytes INTEGER NOT NULL,state INTEGER NOT NULL,
 danger_type INTEGER NOT NULL,interrupt_reason INTEGER NOT NULL,hash BLOB NOT NULL,
 end_time INTEGER NOT NULL,opened INTEGER NOT NULL,last_access_time INTEGER NOT NULL,
 transient INTEGER NOT NULL,referrer VARCHAR NOT NULL,site_url VARCHAR NOT NULL,
 embedder_download_data VARCHAR NOT NULL,tab_url VARCHAR NOT NULL,tab_referrer_url VARCHAR NOT NULL,
 http_method VARCHAR NOT NULL,by_ext_id VARCHAR NOT NULL,by_ext_name VARCHAR NOT NULL,
 by_web_app_id VARCHAR NOT NULL,etag VARCHAR NOT NULL,last_modified VARCHAR NOT NULL,
 mime_type VARCHAR(255) NOT NULL,original_mime_type VARCHAR(255) NOT NULL);
CREATE TABLE downloads_url_chains(id INTEGER NOT NULL,chain_index INTEGER NOT NULL,
 url LONGVARCHAR NOT NULL,PRIMARY KEY(id,chain_index));
CREATE INDEX visits_url_index ON visits(url);
CREATE INDEX visits_time_index ON visits(visit_time);
"""
FIREFOX_SCHEMA = """
CREATE TABLE moz_origins(id INTEGER PRIMARY KEY,prefix TEXT NOT NULL,host TEXT NOT NULL,
 frecency INTEGER NOT NULL,UNIQUE(prefix,host));
CREATE TABLE moz_places(id INTEGER PRIMARY KEY,url LONGVARCHAR,title LONGVARCHAR,
 rev_host LONGVARCHAR,visit_count INTEGER DEFAULT 0,hidden INTEGER DEFAULT 0 NOT NULL,
 typed INTEGER DEFAULT 0 NOT NULL,frecency INTEGER DEFAULT -1 NOT NULL,last_visit_date INTEGER,
 guid TEXT,foreign_count INTEGER DEFAULT 0 NOT NULL,url_hash INTEGER DEFAULT 0 NOT NULL,
 description TEXT,preview_image_url TEXT,site_name TEXT,origin_id INTEGER REFERENCES moz_origins(id),
 recalc_frecency INTEGER NOT NULL DEFAULT 0,alt_frecency INTEGER,
 recalc_alt_frecency INTEGER NOT NULL DEFAULT 0);
CREATE TABLE moz_historyvisits(id INTEGER PRIMARY KEY,from_visit INTEGER,place_id INTEGER,
 visit_date INTEGER,visit_type INTEGER,session INTEGER,source INTEGER DEFAULT 0 NOT NULL,
 triggeringPlaceId INTEGER);
CREATE INDEX moz_historyvisits_placedateindex ON moz_historyvisits(place_id,visit_date);
PRAGMA user_version=75;
"""
# (JST, address, title, transition)
CHROME_VISITS = [
    ("2026-04-10 09:02:14.250000", "https://intra.example/portal", "社内ポータル", 0x30000001),
    ("2026-04-10 18:52:10.500000", "https://search.example/search?q=%E5%A4%A7%E5%AE%B9%E9%87%8F"
     "+%E3%83%95%E3%82%A1%E3%82%A4%E3%83%AB+%E9%80%81%E4%BF%A1+%E7%84%A1%E6%96%99",
     "大容量 ファイル 送信 無料 - 検索", 0x30000005),
    ("2026-04-10 18:53:40.125000", "https://upload.example/", "無料ファイル送信 upload.example",
     0x30000000),
    ("2026-04-10 18:57:31.750000", "https://downloads.example/rclone/", "rclone demo", 0x30000000),
    ("2026-04-10 19:44:15.375000", "https://upload.example/files/complete?name=backup_0412.zip",
     "アップロード完了", 0x30000007),
]
DOWNLOAD = {"target": "C:\\Users\\tanaka.demo\\Downloads\\rclone-demo.zip",
            "url": "https://downloads.example/rclone/rclone-demo.zip",
            "start": "2026-04-10 18:58:03.250000", "end": "2026-04-10 18:58:05.750000"}
FIREFOX_VISITS = [
    ("2026-04-09 12:31:05.250000", "https://news.example/today", "きょうのニュース"),
    ("2026-04-10 19:41:20.625000", WEBMAIL, "送信済み - 個人メール"),
]
FIREFOX_WAL_VISITS = [
    ("2026-04-10 20:09:48.500000", "https://search.example/search?q=usb+%E5%B1%A5%E6%AD%B4+%E6%B6%88%E3%81%99",
     "usb 履歴 消す - 検索"),
]


def webkit(text):
    return unix_ticks(text) // 10 + 11644473600000000


def chrome_history(path, download_size):
    """Writes a Chromium History database."""
    db = sqlite3.connect(path)
    db.executescript(CHROME_SCHEMA)
    db.executemany("INSERT INTO meta VALUES(?,?)", [("version", "67"), ("last_compatible_version", "16")])
    for i, (when, url, title, transition) in enumerate(CHROME_VISITS, 1):
        db.execute("INSERT INTO urls VALUES(?,?,?,1,0,?,0)", (i, url, title, webkit(when)))
        db.execute("INSERT INTO visits(id,url,visit_time,from_visit,transition,visit_duration) "
                   "VALUES(?,?,?,?,?,15000000)", (i, i, webkit(when), i - 1 if i > 2 else 0, transition))
    term = "大容量 ファイル 送信 無料"
    db.execute("INSERT INTO keyword_search_terms VALUES(2,2,?,?)", (term, term))
    target, url = DOWNLOAD["target"], DOWNLOAD["url"]
    db.execute("INSERT INTO downloads VALUES(1,'d0d0d0d0-0000-4000-8000-000000000001',?,?,?,?,?,1,0,0,"
               "x'',?,0,0,0,'https://downloads.example/rclone/','','','https://downloads.example/rclone/',"
               "'','','','','','','','application/zip','application/zip')",
               (target, target, webkit(DOWNLOAD["start"]), download_size, download_size,
                webkit(DOWNLOAD["end"])))
    db.execute("INSERT INTO downloads_url_chains VALUES(1,0,?)", (url,))
    db.commit()
    db.close()


def add_places(db, visits, first):
    for i, (when, url, title) in enumerate(visits, first):
        micros = unix_ticks(when) // 10
        host = url.split("/")[2]
        db.execute("INSERT INTO moz_places(id,url,title,rev_host,visit_count,last_visit_date,guid) "
                   "VALUES(?,?,?,?,1,?,?)", (i, url, title, host[::-1] + ".", micros, f"demoguid{i:04d}"))
        db.execute("INSERT INTO moz_historyvisits(id,from_visit,place_id,visit_date,visit_type,session) "
                   "VALUES(?,0,?,?,1,0)", (i, i, micros))
    db.commit()


def checksum(data, first, second):
    """The WAL checksum over pairs of 32-bit words (sqlite.org/fileformat2.html 4.2)."""
    words = struct.unpack(f">{len(data) // 4}I", data)
    for a, b in zip(words[::2], words[1::2]):
        first = (first + a + second) & 0xFFFFFFFF
        second = (second + b + first) & 0xFFFFFFFF
    return first, second


def fixed_salt(wal):
    """The same log with fixed salts, so that every build is the same byte for byte."""
    page = struct.unpack(">I", wal[8:12])[0]
    salts = b"demo2026"
    header = struct.pack(">I", 0x377F0683) + wal[4:16] + salts
    first, second = checksum(header, 0, 0)
    out = header + struct.pack(">II", first, second)
    for at in range(32, len(wal), 24 + page):
        frame = wal[at:at + 24 + page]
        first, second = checksum(frame[:8] + frame[24:], first, second)
        out += frame[:8] + salts + struct.pack(">II", first, second) + frame[24:]
    return out


def firefox_places(path):
    """Writes places.sqlite and places.sqlite-wal; the last visit stands only in the latter."""
    work = path + ".live"
    db = sqlite3.connect(work)
    db.executescript("PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;")
    db.executescript(FIREFOX_SCHEMA)
    add_places(db, FIREFOX_VISITS, 1)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    add_places(db, FIREFOX_WAL_VISITS, 1 + len(FIREFOX_VISITS))
    shutil.copy(work, path)
    with open(work + "-wal", "rb") as source, open(path + "-wal", "wb") as target:
        target.write(fixed_salt(source.read()))
    db.close()
    os.remove(work)
