#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ActivitiesCache.db made with SQLite from the columns of Windows 10 1809."""
import json
import os
import pathlib
import sqlite3
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case

HAND = "the rows given to build.py"
PATH = "/Users/sales01/AppData/Local/ConnectedDevicesPlatform/L.sales01/ActivitiesCache.db"


def database(rows):
    name = os.path.join(tempfile.mkdtemp(), "a.db")
    db = sqlite3.connect(name)
    db.execute("CREATE TABLE Activity(Id GUID PRIMARY KEY NOT NULL, AppId TEXT NOT NULL, ActivityType INT NOT NULL, LastModifiedTime DATETIME,"
               " Payload BLOB, PlatformDeviceId TEXT, StartTime DATETIME, EndTime DATETIME)")
    db.executemany("INSERT INTO Activity VALUES(?,?,?,?,?,?,?,?)", rows)
    db.commit()
    db.close()
    return pathlib.Path(name).read_bytes()


def app(name):
    return json.dumps([{"application": name, "platform": "windows_win32"}], separators=(",", ":"))


def payload(**parts):
    return json.dumps(parts, separators=(",", ":"), ensure_ascii=False).encode()


ROWS = [(bytes(range(16)), app("Microsoft.Office.EXCEL.EXE.15"), 5, 1775817187, payload(
            displayText="顧客名簿.xlsx", description="E:\\顧客名簿.xlsx", appDisplayName="Excel", contentUri="file:///E:/x.xlsx"), "dev1", 1775817187, 0),
        (bytes(range(1, 17)), app(r"{6D809377-6AF0-444B-8957-A3773F02200E}\7-Zip\7zFM.exe"), 6, 1775817500, payload(
            type="UserEngaged", activeDurationSeconds=42, userTimezone="Asia/Tokyo"), "dev1", 1775817400, 1775817500)]
good = database(ROWS)
case(__file__, "normal", good, path=PATH, expected_from=HAND, covers="a document opened and a program in focus")
case(__file__, "damaged-cut", good[:4096], path=PATH, expected_from=HAND, covers="only the first page is there")
