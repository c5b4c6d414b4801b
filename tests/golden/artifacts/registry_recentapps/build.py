#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""RecentApps of Windows 10 1607."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import filetime
from regf_builder import Hive, dword, plugin_cases, qword, sz

hive = Hive(r"\??\C:\Users\sales01\ntuser.dat")
base = r"Software\Microsoft\Windows\CurrentVersion\Search\RecentApps\{33333333-0000-0000-0000-000000000001}"
hive.key(base, "2026-04-10 10:41:00", {"AppId": sz(r"C:\Program Files\Excel.exe"), "LastAccessedTime": qword(filetime("2026-04-10 10:40:59.1")), "LaunchCount": dword(5)})
hive.key(base + r"\RecentItems\{33333333-0000-0000-0000-000000000002}", "2026-04-10 10:41:00",
         {"Path": sz(r"E:\顧客名簿.xlsx"), "DisplayName": sz("顧客名簿.xlsx"), "LastAccessedTime": qword(filetime("2026-04-10 10:40:58"))})
plugin_cases(__file__, hive, "/Users/sales01/NTUSER.DAT", "a program and a file it opened")
