#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SRUDB.dat with each table the parser reads, from ese_builder.py."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from ese_builder import DATETIME, I32, I64, LONG_BINARY, U8, U32, ese
from golden_builder import case, filetime
from regf_builder import sid

HAND = "the values given to build.py; layout from libyal/libesedb and libyal/esedb-kb"
PATH = "/Windows/System32/sru/SRUDB.dat"
HEAD = [("AutoIncId", I32), ("TimeStamp", DATETIME), ("AppId", I32), ("UserId", I32)]


def ole(days, hours, minutes):
    """Days since 1899-12-30: 46122 is 2026-04-10."""
    return days + (hours * 60 + minutes) / 1440.0


def wide(text):
    return (text + "\0").encode("utf-16-le")


NAMES = ("SruDbIdMapTable", [("IdType", U8), ("IdIndex", I32), ("IdBlob", LONG_BINARY)], [
    {"IdType": 0, "IdIndex": 1, "IdBlob": wide(r"\device\harddiskvolume3\users\sales01\rclone.exe")},
    {"IdType": 3, "IdIndex": 2, "IdBlob": sid("S-1-5-21-1-2-3-1001")},
    {"IdType": 2, "IdIndex": 3, "IdBlob": ("lv", wide("Microsoft." + "Long" * 60 + "_8wekyb3d8bbwe"))}])
NETWORK = ("{973F5D5C-1D90-4944-BE8E-24B94231A174}", HEAD + [("InterfaceLuid", I64), ("L2ProfileId", U32), ("BytesSent", I64), ("BytesRecvd", I64)], [
    {"AutoIncId": 1, "TimeStamp": ole(46122, 10, 55), "AppId": 1, "UserId": 2, "InterfaceLuid": 71 << 48, "L2ProfileId": 268435457, "BytesSent": 734003200, "BytesRecvd": 1048576},
    {"AutoIncId": 2, "TimeStamp": ole(46122, 11, 55), "AppId": 3, "UserId": 2, "InterfaceLuid": 6 << 48, "BytesSent": 10, "BytesRecvd": 20}])
CONNECTION = ("{DD6636C4-8929-4683-974E-22C046A43763}", HEAD + [("InterfaceLuid", I64), ("ConnectedTime", U32), ("ConnectStartTime", I64)], [
    {"AutoIncId": 7, "TimeStamp": ole(46122, 10, 55), "AppId": 1, "UserId": 2, "InterfaceLuid": 71 << 48, "ConnectedTime": 3600, "ConnectStartTime": filetime("2026-04-10 09:54:15.6")}])
RESOURCES = ("{D10CA2FE-6FCF-4F6D-848E-B2E99266FA89}", HEAD + [("ForegroundCycleTime", I64), ("FaceTime", I64), ("ForegroundBytesRead", I64)], [
    {"AutoIncId": 9, "TimeStamp": ole(46122, 10, 55), "AppId": 1, "UserId": 2, "ForegroundCycleTime": 123456789, "FaceTime": 600000000, "ForegroundBytesRead": 734003200}])
TABLES = [NETWORK, NAMES, CONNECTION, RESOURCES]
case(__file__, "small-pages", ese(TABLES), path=PATH, expected_from=HAND, covers="four tables, a long value, 8 KiB pages")
case(__file__, "large-pages", ese(TABLES, 32768), path=PATH, expected_from=HAND, covers="the same in pages of 32 KiB")
gone = [{"AutoIncId": 88, "TimeStamp": ole(46100, 1, 0), "AppId": 1, "UserId": 2, "InterfaceLuid": 0, "BytesSent": 5, "BytesRecvd": 6}]
rows = NETWORK[2] + [{**gone[0], "AutoIncId": 89, "deleted": True}]
case(__file__, "recovered", ese([(NETWORK[0], NETWORK[1], rows)] + TABLES[1:], lost=gone, state=2), path=PATH, expected_from=HAND,
     covers="a dirty database: a record marked deleted and one on a page that nothing leads to")
case(__file__, "branch", ese(TABLES, split=True), path=PATH, expected_from=HAND, covers="a branch page over two leaves")
packed = (NAMES[0], NAMES[1], [{"IdType": 0, "IdIndex": 1, "IdBlob": ("xpress", wide(r"C:\rclone.exe"))}] + NAMES[2][1:])
case(__file__, "compressed", ese([NETWORK, packed]), path=PATH, expected_from=HAND, covers="a name packed with XPRESS")
data = ese(TABLES)
case(__file__, "damaged-header", bytes(8192) + data[8192:], path=PATH, expected_from=HAND, covers="the header is gone, its shadow is used")
case(__file__, "damaged-cut", data[:13 * 8192 + 100], path=PATH, expected_from=HAND, covers="tables at the end are missing")
spoilt = bytearray(ese(TABLES, split=True))
at = 11 * 8192 + 40 + 16
struct.pack_into("<I", spoilt, at + 6, 10)  # the first child is the root itself
case(__file__, "damaged-loop", bytes(spoilt), path=PATH, expected_from=HAND, covers="a branch that leads to itself: its leaf's rows come back as recovered")
