#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Services of a SYSTEM hive."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, dword, expand_sz, plugin_cases, sz

hive = Hive("SYSTEM")
hive.key("Select", values={"Current": dword(1)})
base = r"ControlSet001\Services"
hive.key(base + r"\Dhcp", "2026-01-05 00:00:00", {"Type": dword(0x20), "Start": dword(2), "ImagePath": expand_sz(r"%SystemRoot%\system32\svchost.exe -k x"),
         "ObjectName": sz(r"NT Authority\LocalService"), "DisplayName": sz("DHCP")})
hive.key(base + r"\Dhcp\Parameters", "2026-01-05 00:00:00", {"ServiceDll": expand_sz(r"%SystemRoot%\system32\dhcpcore.dll")})
hive.key(base + r"\disk", "2026-01-05 00:00:00", {"Type": dword(1), "Start": dword(0)})
hive.key(base + r"\Empty", "2026-01-05 00:00:00")
plugin_cases(__file__, hive, "/Windows/System32/config/SYSTEM", "a shared process with its library and a driver")
