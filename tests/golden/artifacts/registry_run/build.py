#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run and RunOnce keys of a user."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, plugin_cases, sz

hive = Hive(r"\??\C:\Users\sales01\ntuser.dat")
base = r"Software\Microsoft\Windows\CurrentVersion"
hive.key(base + r"\Run", "2026-04-08 00:00:00", {"OneDrive": sz(r'"C:\OneDrive.exe" /background'), "Sync": sz(r"C:\Users\sales01\sync.exe")})
hive.key(base + r"\RunOnce", "2026-04-10 12:00:00", {"wipe": sz(r"cmd /c del /q C:\work")})
hive.deleted(base + r"\RunOnceEx", "2026-04-01 00:00:00", {"x": sz("gone.exe")})
plugin_cases(__file__, hive, "/Users/sales01/NTUSER.DAT", "two programs of one key, one of RunOnce, one of a deleted key")
