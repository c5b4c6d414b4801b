#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Uninstall keys of a SOFTWARE hive."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, dword, plugin_cases, sz

hive = Hive("SOFTWARE")
hive.key(r"Microsoft\Windows NT\CurrentVersion", values={"ProductName": sz("Windows 10 Pro")})
base = r"Microsoft\Windows\CurrentVersion\Uninstall"
hive.key(base + r"\7-Zip", "2026-01-05 03:00:00", {"DisplayName": sz("7-Zip 22.01 (x64)"), "DisplayVersion": sz("22.01"),
         "Publisher": sz("Igor Pavlov"), "InstallLocation": sz("C:\\Program Files\\7-Zip\\"), "InstallDate": sz("20260105")})
hive.key(base + r"\{no name}", "2026-01-05 03:00:00", {"SystemComponent": dword(1)})
plugin_cases(__file__, hive, "/Windows/System32/config/SOFTWARE", "a program with its day, and an entry without a name left out")
