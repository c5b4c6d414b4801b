#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Chromium's Web Data and Login Data."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime  # noqa: E402
from sqlite_builder import ROWS, database  # noqa: E402

PATH = "/Users/suzuki.test/AppData/Local/Google/Chrome/User Data/Default/Web Data"
NEW = """CREATE TABLE autofill(name VARCHAR,value VARCHAR,value_lower VARCHAR,date_created INTEGER DEFAULT 0,date_last_used INTEGER DEFAULT 0,
 count INTEGER DEFAULT 1,PRIMARY KEY(name,value));
CREATE TABLE credit_cards(guid VARCHAR PRIMARY KEY,name_on_card VARCHAR,expiration_month INTEGER,date_modified INTEGER NOT NULL DEFAULT 0);"""
OLD = """CREATE TABLE autofill(name VARCHAR,value VARCHAR,value_lower VARCHAR,pair_id INTEGER PRIMARY KEY,count INTEGER DEFAULT 1);
CREATE TABLE autofill_dates(pair_id INTEGER DEFAULT 0,date_created INTEGER DEFAULT 0);"""
LOGINS = """CREATE TABLE logins(origin_url VARCHAR NOT NULL,action_url VARCHAR,username_element VARCHAR,username_value VARCHAR,password_value BLOB,
 date_created INTEGER NOT NULL,times_used INTEGER,date_last_used INTEGER NOT NULL DEFAULT 0);"""


def webkit(text):
    return filetime(text) // 10


def new(db):
    db.execute("INSERT INTO autofill VALUES('q','顧客名簿','顧客名簿',1775779867,1775783467,4)")
    db.execute("INSERT INTO autofill VALUES('email','x@example.net','x@example.net',1775779868,1775779868,1)")
    db.execute("INSERT INTO autofill VALUES('to','rival@example.org','rival@example.org',1775779869,1775779999,2)")
    db.execute("INSERT INTO autofill VALUES('cc','last@example.org','last@example.org',1775779870,1775779870,1)")
    db.execute("INSERT INTO credit_cards VALUES('g','T SUZUKI',3,1775770000)")
    db.commit()
    db.execute("DELETE FROM autofill WHERE name='to'")


def old(db):
    db.execute("INSERT INTO autofill VALUES('user','suzuki','suzuki',5,2)")
    db.execute("INSERT INTO autofill_dates VALUES(5,1330837567),(5,1330837999)")


def logins(db):
    for i, (url, name) in enumerate([("https://mail.example/login", "suzuki"), ("https://cloud.example/", "s.private"), ("https://c.example/", "")]):
        db.execute("INSERT INTO logins VALUES(?,'','',?,x'763130',?,?,?)", (url, name, webkit("2026-04-01 00:00:00.5") + i, 7 - i, webkit("2026-04-02 00:00:00") if i == 0 else 0))
    db.commit()
    db.execute("DELETE FROM logins WHERE username_value='s.private'")


case(__file__, "web-data", database(NEW, new), path=PATH, expected_from=ROWS, covers="form texts with one and two times, a card's name, a row that is gone")
case(__file__, "old-schema", database(OLD, old), path=PATH, expected_from=ROWS, covers="autofill_dates of the first versions")
case(__file__, "logins", database(LOGINS, logins), path=PATH.replace("Web Data", "Login Data"), expected_from=ROWS, covers="kept logins, a row that is gone; no password")
case(__file__, "damaged-cut", database(NEW, new)[:2048 + 100], path=PATH, expected_from=ROWS, covers="a database cut in its third page")
case(__file__, "damaged-other", database("CREATE TABLE a(b)"), path=PATH, expected_from="no autofill table", covers="another database of the same name")
