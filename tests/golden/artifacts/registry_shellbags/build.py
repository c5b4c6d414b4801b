#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""BagMRU of a UsrClass.dat: My Computer, E:, a folder, with shell items from libyal/libfwsi."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, binary, plugin_cases

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


hive = Hive(r"\Microsoft\Windows\UsrClass.dat", root="S-1-5-21-1-2-3-1001_Classes")
base = r"Local Settings\Software\Microsoft\Windows\Shell\BagMRU"
end = b"\0\0"
hive.key(base, "2026-04-10 10:32:00", {"0": binary(root() + end), "MRUListEx": numbers(0)})
hive.key(base + r"\0", "2026-04-10 10:32:01", {"0": binary(volume("E:\\") + end), "1": binary(volume("C:\\") + end), "MRUListEx": numbers(0, 1)})
hive.key(base + r"\0\0", "2026-04-10 10:32:02", {"0": binary(entry("KOKYAK~1", "顧客名簿") + end), "MRUListEx": numbers(0)})
bad = Hive(r"\Microsoft\Windows\UsrClass.dat", root="S-1-5-21-1-2-3-1001_Classes")
bad.key(base, "2026-04-10 10:32:00", {"0": binary(b"\x40\0\x31"), "1": binary(root() + end), "MRUListEx": numbers(0, 1)})
plugin_cases(__file__, hive, "/Users/sales01/AppData/Local/Microsoft/Windows/UsrClass.dat", "computer, two volumes, a folder on the first", bad)
