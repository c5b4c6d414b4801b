#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""AmCache hives in the old and the new layout."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import filetime
from regf_builder import Hive, dword, plugin_cases, qword, sz

hive = Hive("Amcache.hve", root="{11517B7C-E79D-4e20-961B-75A811715ADD}")
file = r"Root\File\{12345678-0000-0000-0000-000000000001}\20000abcd"
hive.key(file, "2026-04-10 10:39:02",
         {"15": sz(r"E:\tool\sdelete.exe"), "101": sz("0000" + "ab" * 20), "11": qword(filetime("2025-12-01 02:03:04")), "17": qword(filetime("2025-12-01 02:03:05")),
          "12": qword(filetime("2025-11-01 00:00:00")), "f": dword(1500000000), "6": dword(141312), "0": sz("Sysinternals Sdelete")})
hive.key(r"Root\Programs\0000f519feec486de87ed73cb92d3cac802400000000", "2026-01-05 00:00:00",
         {"0": sz("7-Zip"), "1": sz("22.01"), "2": sz("Igor Pavlov"), "a": dword(1767571200)})
hive.key(r"Root\InventoryApplicationFile\rclone.exe|1a2b3c", "2026-04-10 10:39:03",
         {"LowerCaseLongPath": sz(r"c:\users\sales01\rclone.exe"), "FileId": sz("0000" + "cd" * 20), "Size": qword(50000000),
          "LinkDate": sz("03/04/2026 05:06:07"), "Publisher": sz(""), "Version": sz("1.66.0")})
hive.key(r"Root\InventoryApplication\0000aaaa", "2026-04-01 00:00:00",
         {"Name": sz("WinSCP 6.3"), "Version": sz("6.3"), "InstallDate": sz("04/01/2026 00:00:00"), "RootDirPath": sz(r"C:\Program Files\WinSCP")})
hive.key(r"Root\InventoryDriverBinary\c:/windows/system32/drivers/x.sys", "2026-01-05 00:00:00",
         {"DriverId": sz("0000" + "ef" * 20), "DriverTimeStamp": dword(1600000000), "Service": sz("x")})
hive.key(r"Root\InventoryDevicePnp\usbstor/disk&ven_sandisk", "2026-04-10 10:50:00", {"Description": sz("Disk drive")})
plugin_cases(__file__, hive, "/Windows/AppCompat/Programs/Amcache.hve", "files, programs, drivers and devices")
