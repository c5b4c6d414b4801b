#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Remote desktop client lists."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, binary, plugin_cases, sz

hive = Hive(r"\??\C:\Users\sales01\ntuser.dat")
base = r"Software\Microsoft\Terminal Server Client"
hive.key(base + r"\Default", "2026-04-08 13:00:00", {"MRU0": sz("10.0.0.9"), "MRU1": sz("fs01.corp.example")})
hive.key(base + r"\Servers\10.0.0.9", "2026-04-08 13:00:01", {"UsernameHint": sz(r"CORP\admin"), "CertHash": binary(bytes(range(20)))})
plugin_cases(__file__, hive, "/Users/sales01/NTUSER.DAT", "two servers, one with the account's name")
