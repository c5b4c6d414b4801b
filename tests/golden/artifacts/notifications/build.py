#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""wpndatabase.db made with SQLite from the columns of Windows 10."""
import os
import pathlib
import sqlite3
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime

HAND = "the rows given to build.py"
PATH = "/Users/sales01/AppData/Local/Microsoft/Windows/Notifications/wpndatabase.db"


def database():
    name = os.path.join(tempfile.mkdtemp(), "a.db")
    db = sqlite3.connect(name)
    db.execute('CREATE TABLE Notification(Id INTEGER PRIMARY KEY, "Order" INT, HandlerId INT, Type TEXT, Payload BLOB, ArrivalTime INT64, ExpiryTime INT64)')
    db.execute("CREATE TABLE NotificationHandler(RecordId INTEGER PRIMARY KEY, PrimaryId TEXT)")
    db.execute("INSERT INTO NotificationHandler VALUES(5, 'Microsoft.Office.OUTLOOK.EXE.15')")
    toast = '<toast><visual><binding template="x"><text>山田 太郎</text><text>見積 &amp; 名簿</text></binding></visual></toast>'
    db.execute("INSERT INTO Notification VALUES(1, 1, 5, 'toast', ?, ?, ?)",
               (toast.encode(), filetime("2026-04-10 10:21:00.5"), filetime("2026-04-13 10:21:00")))
    db.execute("INSERT INTO Notification VALUES(2, 2, 9, 'badge', '<badge value=\"3\"/>', ?, 0)", (filetime("2026-04-10 10:22:00"),))
    db.commit()
    db.close()
    return pathlib.Path(name).read_bytes()


good = database()
case(__file__, "normal", good, path=PATH, expected_from=HAND, covers="a toast with its texts and a badge of an unknown program")
case(__file__, "damaged-cut", good[:4096], path=PATH, expected_from=HAND, covers="only the first page is there")
