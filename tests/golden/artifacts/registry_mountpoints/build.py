#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""MountPoints2, mapped drives and the dialog of an NTUSER.DAT."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, plugin_cases, sz

hive = Hive(r"\??\C:\Users\sales01\ntuser.dat")
explorer = r"Software\Microsoft\Windows\CurrentVersion\Explorer"
hive.key(explorer + r"\MountPoints2\##fs01#share", "2026-04-09 08:00:00", {"_LabelFromReg": sz("営業部")})
hive.key(explorer + r"\MountPoints2\{a1b2c3d4-0000-0000-0000-000000000001}", "2026-04-10 10:31:09")
hive.key(explorer + r"\Map Network Drive MRU", "2026-04-09 07:59:00",
         {"a": sz(r"\\fs01\old"), "b": sz(r"\\fs01\share"), "MRUList": sz("ba")})
hive.key(r"Network\Z", "2026-04-09 08:00:01", {"RemotePath": sz(r"\\fs01\share"), "UserName": sz(r"CORP\sales01")})
plugin_cases(__file__, hive, "/Users/sales01/NTUSER.DAT", "a share, a volume, a mapped drive, two shares of the dialog")
