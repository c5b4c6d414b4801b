#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tasks with DynamicInfo of 28 and 36 bytes."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import filetime
from regf_builder import Hive, binary, plugin_cases, sz

hive = Hive("SOFTWARE")
base = r"Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tasks"
hive.key(base + r"\{22222222-0000-0000-0000-000000000001}", "2026-04-10 03:00:00",
         {"Path": sz(r"\nightly copy"), "Author": sz(r"SALES-PC7\sales01"), "DynamicInfo": binary(struct.pack(
             "<IQQIIQ", 3, filetime("2026-04-01 00:00:00"), filetime("2026-04-10 03:00:00"), 0, 0x80070005, filetime("2026-04-10 03:00:09")))})
hive.key(base + r"\{22222222-0000-0000-0000-000000000002}", "2026-01-05 00:00:00",
         {"Path": sz(r"\old"), "DynamicInfo": binary(struct.pack("<IQQII", 3, filetime("2026-01-05 00:00:00"), 0, 0, 0))})
bad = Hive("SOFTWARE")
bad.key(base + r"\{22222222-0000-0000-0000-000000000001}", "2026-04-10 03:00:00", {"Path": sz(r"\x"), "DynamicInfo": binary(bytes(12))})
plugin_cases(__file__, hive, "/Windows/System32/config/SOFTWARE", "a task that ran and one that did not", bad)
