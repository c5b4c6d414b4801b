#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""AppCompatCache of Windows XP, 7 (32 and 64 bits), 8.1 and 10, laid out from libyal/winreg-kb."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import filetime
from regf_builder import Hive, binary, dword, plugin_cases

PATHS = [(r"C:\Windows\System32\cmd.exe", "2026-01-05 01:00:00"), (r"E:\tool\sdelete.exe", "2025-12-01 02:03:04.5")]


def hive_of(data, where="AppCompatCache"):
    hive = Hive("SYSTEM")
    hive.key("Select", values={"Current": dword(1)})
    hive.key(rf"ControlSet001\Control\Session Manager\{where}", "2026-04-10 11:00:00", {"AppCompatCache": binary(data)})
    return hive


def xp():
    out = struct.pack("<II", 0xDEADBEEF, len(PATHS)).ljust(400, b"\0")
    for path, when in PATHS:
        out += path.encode("utf-16-le").ljust(528, b"\0") + struct.pack("<QQQ", filetime(when), 1234, filetime(when))
    return out


def seven(wide):
    header = struct.pack("<II", 0xBADC0FEE, len(PATHS)).ljust(128, b"\0")
    place = 128 + len(PATHS) * (48 if wide else 32)
    rows, texts = b"", b""
    for i, (path, when) in enumerate(PATHS):
        raw = path.encode("utf-16-le")
        head = struct.pack("<HH", len(raw), len(raw) + 2)
        head += struct.pack("<IQ", 0, place + len(texts)) if wide else struct.pack("<I", place + len(texts))
        rows += head + struct.pack("<QII", filetime(when), 2 if i == 0 else 0, 0) + (bytes(16) if wide else bytes(8))
        texts += raw
    return header + rows + texts


def eight_one():
    out = struct.pack("<I", 128).ljust(128, b"\0")
    for path, when in PATHS:
        raw = path.encode("utf-16-le")
        body = struct.pack("<H", len(raw)) + raw + struct.pack("<HII", 0, 2, 0) + struct.pack("<QI", filetime(when), 0)
        out += b"10ts" + struct.pack("<II", 0, len(body)) + body
    return out


def ten():
    out = struct.pack("<I", 52).ljust(52, b"\0")
    for path, when in PATHS:
        raw = path.encode("utf-16-le")
        body = struct.pack("<H", len(raw)) + raw + struct.pack("<QI", filetime(when), 0)
        out += b"10ts" + struct.pack("<II", 0, len(body)) + body
    return out


plugin_cases(__file__, hive_of(ten()), "/Windows/System32/config/SYSTEM", "Windows 10", hive_of(ten()[:150]))
from golden_builder import case  # noqa: E402

for name, data, where in (("xp", xp(), "AppCompatibility"), ("seven-32", seven(False), "AppCompatCache"),
                          ("seven-64", seven(True), "AppCompatCache"), ("eight-one", eight_one(), "AppCompatCache")):
    case(__file__, name, hive_of(data, where).build(), path="/Windows/System32/config/SYSTEM",
         expected_from="the values given to build.py; layout from libyal/winreg-kb", covers=f"the layout of {name}")
