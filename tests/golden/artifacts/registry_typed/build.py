#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a user typed."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, binary, plugin_cases, stamp, sz

def numbers(*order):
    return binary(struct.pack(f"<{len(order) + 1}I", *order, 0xFFFFFFFF))


hive = Hive(r"\??\C:\Users\sales01\ntuser.dat")
explorer = r"Software\Microsoft\Windows\CurrentVersion\Explorer"
hive.key(explorer + r"\TypedPaths", "2026-04-10 10:35:00", {"url1": sz(r"\\fs01\secret"), "url2": sz("E:\\")})
hive.key(r"Software\Microsoft\Internet Explorer\TypedURLs", "2026-04-10 10:36:00", {"url1": sz("https://mega.example/"), "url2": sz("http://a.example/")})
hive.key(r"Software\Microsoft\Internet Explorer\TypedURLsTime", "2026-04-10 10:36:00",
         {"url1": binary(stamp("2026-04-10 10:35:59.5")), "url2": binary(stamp("2026-03-01 00:00:00"))})
hive.key(explorer + r"\RunMRU", "2026-04-10 10:37:00", {"a": sz(r"cmd\1"), "b": sz(r"\\fs01\secret\1"), "MRUList": sz("ba")})
hive.key(explorer + r"\WordWheelQuery", "2026-04-10 10:38:00",
         {"0": binary("機密\0".encode("utf-16-le")), "1": binary("顧客\0".encode("utf-16-le")),
          "2": binary(b"\0\0"), "MRUListEx": numbers(1, 2, 0)})
bad = Hive(r"\??\C:\Users\sales01\ntuser.dat")
bad.key(explorer + r"\WordWheelQuery", "2026-04-10 10:38:00", {"0": binary(b"\0\0\0\0\0\0"), "MRUListEx": numbers(0)})
plugin_cases(__file__, hive, "/Users/sales01/NTUSER.DAT", "paths, addresses with times, commands, search words", bad)
