#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""FeatureUsage counts."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, dword, plugin_cases

hive = Hive(r"\??\C:\Users\sales01\ntuser.dat")
base = r"Software\Microsoft\Windows\CurrentVersion\Explorer\FeatureUsage"
hive.key(base + r"\AppSwitched", "2026-04-10 10:40:00", {r"C:\Program Files\7-Zip\7zFM.exe": dword(12)})
hive.key(base + r"\AppLaunch", "2026-04-10 10:40:00", {"Microsoft.Office.EXCEL.EXE.15": dword(3)})
plugin_cases(__file__, hive, "/Users/sales01/NTUSER.DAT", "switches and launches")
