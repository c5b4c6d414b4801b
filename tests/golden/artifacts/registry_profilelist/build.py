#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ProfileList of a SOFTWARE hive."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import filetime
from regf_builder import Hive, dword, expand_sz, plugin_cases, sz

hive = Hive("SOFTWARE")
base = r"Microsoft\Windows NT\CurrentVersion\ProfileList"
load, unload = filetime("2026-04-10 00:58:12.3"), filetime("2026-04-10 09:30:00")
hive.key(base + r"\S-1-5-21-1-2-3-1001", "2026-04-10 09:30:00",
         {"ProfileImagePath": expand_sz(r"C:\Users\sales01"), "LocalProfileLoadTimeHigh": dword(load >> 32),
          "LocalProfileLoadTimeLow": dword(load & 0xFFFFFFFF), "LocalProfileUnloadTimeHigh": dword(unload >> 32),
          "LocalProfileUnloadTimeLow": dword(unload & 0xFFFFFFFF)})
hive.key(base + r"\S-1-5-18", "2026-01-05 00:00:00",
         {"ProfileImagePath": expand_sz(r"%systemroot%\system32\config\systemprofile")})
plugin_cases(__file__, hive, "/Windows/System32/config/SOFTWARE", "a user's profile with its load times and the system's")
