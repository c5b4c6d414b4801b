#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""DetectionHistory item by item from libyal/dtformats."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime

HAND = "the values given to build.py; layout from libyal/dtformats"
PATH = "/ProgramData/Microsoft/Windows Defender/Scans/History/Service/DetectionHistory/0A/FC380697-A68D-4C94-B67F-9B6449039463"


def item(kind, value):
    return struct.pack("<II", len(value), kind) + value + bytes(-len(value) % 8)


def text(value):
    return item(0x15, (value + "\0").encode("utf-16-le"))


def number(value):
    return item(6, struct.pack("<I", value))


def name(value):
    raw = (value + "\0").encode("utf-16-le")
    return struct.pack("<I", len(raw)) + raw


def tracking(**parts):
    body = b""
    for key, value in parts.items():
        body += name("ThreatTracking" + key)
        body += struct.pack("<I", 6) + name(value) if isinstance(value, str) else struct.pack("<IQ", 4, value)
    return item(0x28, struct.pack("<IIIII", 1, 20, len(body), len(body) + 20, 0) + body)


def detection():
    out = item(8, struct.pack("<Q", 224688)) + item(0x1E, bytes(range(16))) + text("Magic.Version:1.2") + text("Virus:DOS/EICAR_Test_File")
    out += number(0) + number(1)
    out += text("Magic.Version:1.2") + text("file") + text(r"C:\Users\sales01\Downloads\顧客.exe") + number(0x10000001)
    out += tracking(Sha256="AB" * 32, Sha1="cd" * 20, MD5="ef" * 16, Size=1234, StartTime=filetime("2026-04-10 10:26:00.5"))
    out += text("Magic.Version:1.2") + text("webfile") + text("C:\\a.exe|https://dl.example/a.exe|pid:1") + number(0)
    out += item(0x0A, struct.pack("<Q", filetime("2026-04-10 10:26:01"))) + number(0)
    out += text(r"SALES-PC7\sales01") + number(3) + text(r"C:\Windows\explorer.exe") + number(3)
    return out


good = detection()
case(__file__, "two-resources", good, path=PATH, expected_from=HAND, covers="a file with digests and a download, user and process")
case(__file__, "other-file", b"something else entirely", path=PATH, expected_from=HAND, covers="another file in that folder")
case(__file__, "damaged-cut", good[:-141], path=PATH, expected_from=HAND, covers="user and process are cut off")
