#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Office file and place lists, trust records and a reading position."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import filetime
from regf_builder import Hive, binary, dword, plugin_cases, sz

hive = Hive(r"\??\C:\Users\sales01\ntuser.dat")
office = r"Software\Microsoft\Office\16.0"
mark = f"[F00000000][T{filetime('2026-04-10 10:33:05.25'):016X}][O00000000]*"
hive.key(office + r"\Excel\File MRU", "2026-04-10 10:33:06", {"Max Display": dword(25), "Item 1": sz(mark + r"E:\顧客名簿.xlsx")})
hive.key(office + r"\Excel\User MRU\ADAL_0123\Place MRU", "2026-04-10 10:33:06", {"Item 1": sz(mark + "E:\\")})
hive.key(office + r"\Word\Security\Trusted Documents\TrustRecords", "2026-04-10 10:33:07",
         {"%USERPROFILE%/Downloads/x.docm": binary(struct.pack("<QqII", filetime("2026-04-01 00:00:00"), -324000000000, 223600000, 0x7FFFFFFF))})
hive.key(office + r"\Word\Reading Locations\Document 0", "2026-04-09 00:00:00",
         {"File Path": sz(r"C:\規程.docx"), "Datetime": sz("2026-04-09T09:00"), "Position": sz("120 4")})
bad = Hive(r"\??\C:\Users\sales01\ntuser.dat")
bad.key(office + r"\Word\Security\Trusted Documents\TrustRecords", "2026-04-10 10:33:07", {"x.docm": binary(bytes(9))})
plugin_cases(__file__, hive, "/Users/sales01/NTUSER.DAT", "a file, a place, a lifted protection, a reading position", bad)
