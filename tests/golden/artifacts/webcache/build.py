#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""WebCacheV01.dat with history, cookies, cache and downloads, from ese_builder.py."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from ese_builder import I64, LONG_BINARY, LONG_TEXT, U32, ese
from golden_builder import case, filetime

HAND = "the values given to build.py; layout from libyal/esedb-kb \"WebCache database\""
PATH = "/Users/sales01/AppData/Local/Microsoft/Windows/WebCache/WebCacheV01.dat"
COLUMNS = [("EntryId", I64), ("ContainerId", I64), ("FileSize", I64), ("AccessCount", U32), ("CreationTime", I64), ("ExpiryTime", I64),
           ("ModifiedTime", I64), ("AccessedTime", I64), ("Url", LONG_TEXT), ("Filename", LONG_TEXT), ("ResponseHeaders", LONG_BINARY)]


def at(text):
    return filetime(text)


blob = bytes(0x148) + "".join(t + "\0" for t in ("https://dl.example/", "https://dl.example/a.zip", r"C:\Users\sales01\Downloads\a.zip")).encode("utf-16-le")
TABLES = [
    ("Containers", [("ContainerId", I64), ("Name", LONG_TEXT), ("Directory", LONG_TEXT)],
     [{"ContainerId": i, "Name": n, "Directory": r"C:\x"} for i, n in ((1, "History"), (2, "Cookies"), (3, "Content"), (4, "iedownload"), (9, "gone"))]),
    ("Container_1", COLUMNS, [
        {"EntryId": 1, "ContainerId": 1, "AccessCount": 4, "AccessedTime": at("2026-04-10 10:20:00.5"), "ModifiedTime": at("2026-04-10 10:20:00"),
         "CreationTime": 0, "Url": "Visited: sales01@https://mail.example/inbox"},
        {"EntryId": 2, "ContainerId": 1, "AccessCount": 1, "AccessedTime": at("2026-04-10 10:33:05"), "Url": "Visited: sales01@file:///E:/顧客名簿.xlsx"}]),
    ("Container_2", COLUMNS, [{"EntryId": 1, "AccessCount": 9, "CreationTime": at("2026-04-01 00:00:00"), "AccessedTime": at("2026-04-10 00:00:00"),
                               "Url": "Cookie:sales01@mail.example/", "Filename": "ABCD.txt"}]),
    ("Container_3", COLUMNS, [{"EntryId": 1, "FileSize": 1234, "AccessCount": 1, "CreationTime": at("2026-04-10 10:20:01"), "ModifiedTime": at("2026-03-01 00:00:00"),
                               "AccessedTime": at("2026-04-10 10:20:01"), "Url": "https://mail.example/logo.png", "Filename": "logo[1].png"}]),
    ("Container_4", COLUMNS, [{"EntryId": 1, "AccessCount": 0, "AccessedTime": at("2026-04-10 10:25:00"), "Url": "iedownload:{1}", "ResponseHeaders": ("lv", blob)}])]
case(__file__, "small-pages", ese(TABLES), path=PATH, expected_from=HAND, covers="visits, a file opened, a cookie, a cached image, a download")
case(__file__, "large-pages", ese(TABLES, 32768), path=PATH, expected_from=HAND, covers="the same in pages of 32 KiB, as Windows 10 writes them")
data = ese(TABLES)
case(__file__, "damaged-cut", data[:14 * 8192], path=PATH, expected_from=HAND, covers="the last containers are missing")
