#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""System identity, laid out from the values that Windows writes."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, binary, dword, plugin_cases, stamp, sz

system = Hive("SYSTEM")
system.key(r"Select", values={"Current": dword(1)})
system.key(r"ControlSet001\Control\ComputerName\ComputerName", "2026-01-05 01:02:03", {"ComputerName": sz("SALES-PC7")})
system.key(r"ControlSet001\Control\TimeZoneInformation", "2026-01-05 01:02:04",
           {"ActiveTimeBias": dword(0xFFFFFDE4), "Bias": dword(0xFFFFFDE4), "TimeZoneKeyName": sz("Tokyo Standard Time")})
system.key(r"ControlSet001\Control\Windows", "2026-04-10 11:00:00", {"ShutdownTime": binary(stamp("2026-04-10 11:00:05.5"))})
plugin_cases(__file__, system, "/Windows/System32/config/SYSTEM", "name, zone and shutdown time")
