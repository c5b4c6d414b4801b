#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""RecentDocs of an NTUSER.DAT."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, binary, plugin_cases

def numbers(*order):
    return binary(struct.pack(f"<{len(order) + 1}I", *order, 0xFFFFFFFF))


def doc(name):
    return binary((name + "\0").encode("utf-16-le") + struct.pack("<H", 0))


hive = Hive(r"\??\C:\Users\sales01\ntuser.dat")
base = r"Software\Microsoft\Windows\CurrentVersion\Explorer\RecentDocs"
hive.key(base, "2026-04-10 10:33:00", {"0": doc("見積.xlsx"), "1": doc("顧客名簿.xlsx"), "MRUListEx": numbers(1, 0)})
hive.key(base + r"\.xlsx", "2026-04-10 10:33:00", {"0": doc("顧客名簿.xlsx"), "MRUListEx": numbers(0)})
hive.key(base + r"\Folder", "2026-04-09 00:00:00", {"0": doc("機密"), "MRUListEx": numbers(0)})
bad = Hive(r"\??\C:\Users\sales01\ntuser.dat")
bad.key(base, "2026-04-10 10:33:00", {"0": binary(bytes(8)), "MRUListEx": numbers(0)})
plugin_cases(__file__, hive, "/Users/sales01/NTUSER.DAT", "two documents in order, by extension, and a folder", bad)
