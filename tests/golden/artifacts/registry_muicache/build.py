#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""MuiCache of a UsrClass.dat."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, binary, plugin_cases, sz

hive = Hive(r"\Microsoft\Windows\UsrClass.dat", root="S-1-5-21-1-2-3-1001_Classes")
hive.key(r"Local Settings\Software\Microsoft\Windows\Shell\MuiCache", "2026-04-10 10:39:00",
         {"LangID": binary(b"\x11\x04"), r"E:\tool\sdelete.exe.FriendlyAppName": sz("Secure file delete"),
          r"E:\tool\sdelete.exe.ApplicationCompany": sz("Sysinternals")})
plugin_cases(__file__, hive, "/Users/sales01/AppData/Local/Microsoft/Windows/UsrClass.dat", "a program and its publisher")
