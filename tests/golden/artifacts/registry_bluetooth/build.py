#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bluetooth devices of a SYSTEM hive."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import filetime
from regf_builder import Hive, binary, dword, plugin_cases, qword

hive = Hive("SYSTEM")
hive.key("Select", values={"Current": dword(1)})
base = r"ControlSet001\Services\BTHPORT\Parameters\Devices"
hive.key(base + r"\0123456789ab", "2026-04-10 00:00:00", {"Name": binary("電話\0".encode()), "LastSeen": qword(filetime("2026-04-10 00:00:00")),
         "LastConnected": qword(filetime("2026-04-09 23:00:00"))})
bad = Hive("SYSTEM")
bad.key("Select", values={"Current": dword(1)})
bad.key(base + r"\0123456789ab", "2026-04-10 00:00:00", {"LastSeen": binary(b"\1\2\3")})
plugin_cases(__file__, hive, "/Windows/System32/config/SYSTEM", "a phone seen and connected", bad)
