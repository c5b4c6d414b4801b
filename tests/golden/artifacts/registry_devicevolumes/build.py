#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Volume names of devices in a SOFTWARE hive."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import filetime
from regf_builder import Hive, dword, plugin_cases, qword, sz

hive = Hive("SOFTWARE")
hive.key(r"Microsoft\Windows NT\CurrentVersion", values={"ProductName": sz("Windows 10 Pro")})
hive.key(r"Microsoft\Windows Search\VolumeInfoCache\E:", "2026-04-10 10:31:10", {"VolumeLabel": sz("BACKUP"), "DriveType": dword(2)})
hive.key(r"Microsoft\Windows Portable Devices\Devices\SWD#WPDBUSENUM#_??_USBSTOR#DISK&VEN_SANDISK", "2026-03-01 09:00:03", {"FriendlyName": sz("BACKUP")})
hive.key(r"Microsoft\Windows NT\CurrentVersion\EMDMgmt\_??_USBSTOR#Disk&Ven_SanDisk#4C53&0#{53f56307-b6bf-11d0-94f2-00a0c91efb8b}BACKUP_2712847316",
         "2026-03-01 09:00:04", {"LastTestedTime": qword(filetime("2026-03-01 09:00:04"))})
plugin_cases(__file__, hive, "/Windows/System32/config/SOFTWARE", "label by letter, device by name, serial number in decimal")
