#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compatibility assistant of a user."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, binary, plugin_cases, sz

hive = Hive(r"\??\C:\Users\sales01\ntuser.dat")
base = r"Software\Microsoft\Windows NT\CurrentVersion\AppCompatFlags"
hive.key(r"Software\Microsoft\Windows", values={})
hive.key(base + r"\Compatibility Assistant\Store", "2026-04-10 10:42:00", {r"E:\tool\setup.exe": binary(bytes(48))})
hive.key(base + r"\Layers", "2026-04-01 00:00:00", {r"C:\x.exe": sz("RUNASADMIN")})
plugin_cases(__file__, hive, "/Users/sales01/NTUSER.DAT", "a program watched and one with a layer")
