#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""NetworkList of a SOFTWARE hive; SYSTEMTIME is local time."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, binary, dword, plugin_cases, sz

def systemtime(*parts):
    return binary(struct.pack("<8H", *parts))


hive = Hive("SOFTWARE")
base = r"Microsoft\Windows NT\CurrentVersion\NetworkList"
hive.key(base + r"\Profiles\{AAAAAAAA-0000-0000-0000-000000000001}", "2026-04-10 09:00:00",
         {"ProfileName": sz("iPhone"), "Description": sz("iPhone"), "NameType": dword(0x47),
          "DateCreated": systemtime(2026, 4, 3, 1, 18, 5, 6, 700), "DateLastConnected": systemtime(2026, 4, 5, 10, 18, 0, 0, 1)})
hive.key(base + r"\Signatures\Unmanaged\0103", "2026-04-10 09:00:00",
         {"ProfileGuid": sz("{AAAAAAAA-0000-0000-0000-000000000001}"), "DefaultGatewayMac": binary(bytes.fromhex("020304050607")),
          "DnsSuffix": sz("<none>")})
bad = Hive("SOFTWARE")
bad.key(base + r"\Profiles\{AAAAAAAA-0000-0000-0000-000000000001}", "2026-04-10 09:00:00", {"DateCreated": binary(b"\1\2\3\4\5")})
plugin_cases(__file__, hive, "/Windows/System32/config/SOFTWARE", "a mobile hot spot: first and last connection", bad)
