#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""File dialogs of XP and of Vista and later; shell items from libyal/libfwsi."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, binary, plugin_cases, sz

def fat(year, month, day, hour, minute, second):
    return struct.pack("<HH", (year - 1980) << 9 | month << 5 | day, hour << 11 | minute << 5 | second // 2)


def item(content):
    return struct.pack("<H", len(content) + 2) + content


def root():
    return item(bytes.fromhex("1f50e04fd020ea3a6910a2d808002b30309d"))


def volume(name):
    return item(b"\x2f" + name.encode() + bytes(22 - len(name)))


def entry(short, long, folder=True):
    head = (b"\x31" if folder else b"\x32") + b"\0" + struct.pack("<I", 0) + fat(2026, 4, 10, 10, 31, 8)
    head += struct.pack("<H", 0x10 if folder else 0x20) + short.encode() + b"\0" * (2 - len(short) % 2)
    block = struct.pack("<HI", 9, 0xBEEF0004) + fat(2026, 4, 1, 9, 0, 2) + fat(2026, 4, 9, 9, 0, 4)
    block += struct.pack("<HHQQHII", 0x2E, 0, 4711 | 3 << 48, 0, 0, 0, 0) + (long + "\0").encode("utf-16-le")
    block += struct.pack("<H", 2 + len(head))
    return item(head + struct.pack("<H", len(block) + 2) + block)


def numbers(*order):
    return binary(struct.pack(f"<{len(order) + 1}I", *order, 0xFFFFFFFF))


end = b"\0\0"
path = root() + volume("E:\\") + entry("KOKYAK~1.XLS", "顧客名簿.xlsx", folder=False) + end
hive = Hive(r"\??\C:\Users\sales01\ntuser.dat")
base = r"Software\Microsoft\Windows\CurrentVersion\Explorer\ComDlg32"
hive.key(base + r"\OpenSavePidlMRU\xlsx", "2026-04-10 10:34:00", {"0": binary(path), "1": binary(root() + volume("C:\\") + end), "MRUListEx": numbers(0, 1)})
hive.key(base + r"\LastVisitedPidlMRU", "2026-04-10 10:34:01",
         {"0": binary("chrome.exe\0".encode("utf-16-le") + root() + volume("E:\\") + end), "MRUListEx": numbers(0)})
hive.key(base + r"\OpenSaveMRU\doc", "2020-01-01 00:00:00", {"a": sz(r"C:\old.doc"), "MRUList": sz("a")})
hive.key(base + r"\CIDSizeMRU", "2026-04-10 10:34:02", {"0": binary("EXCEL.EXE\0".encode("utf-16-le") + bytes(32)), "MRUListEx": numbers(0)})
bad = Hive(r"\??\C:\Users\sales01\ntuser.dat")
bad.key(base + r"\OpenSavePidlMRU\xlsx", "2026-04-10 10:34:00", {"0": binary(b"\x30\0\x1f"), "MRUListEx": numbers(0)})
plugin_cases(__file__, hive, "/Users/sales01/NTUSER.DAT", "two opened files, a program with its folder, XP's text, a program", bad)
