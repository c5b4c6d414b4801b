#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Devices under Enum with their property stamps, in the layouts of Windows 7 and of 8 and later."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, binary, dword, plugin_cases, stamp, sz

def full_stamp(text):
    return 0xFFFF0010, stamp(text)


hive = Hive("SYSTEM")
hive.key("Select", values={"Current": dword(1)})
guid = "{83da6326-97a6-4088-9453-a1923f573b29}"
stick = r"ControlSet001\Enum\USBSTOR\Disk&Ven_SanDisk&Prod_Ultra&Rev_1.00\4C530001230509117203&0"
hive.key(stick, "2026-04-10 10:31:07.1234567",
         {"FriendlyName": sz("SanDisk Ultra USB Device"), "DeviceDesc": sz("@disk.inf,%disk_devdesc%;Disk drive"),
          "Service": sz("disk"), "ContainerID": sz("{1d0f1a3c-0000-0000-0000-000000000001}")})
for number, text in (("0064", "2026-03-01 09:00:00"), ("0065", "2026-03-01 09:00:01"), ("0066", "2026-04-10 10:31:05.25"),
                     ("0067", "2026-04-10 10:45:00")):
    hive.key(stick + rf"\Properties\{guid}\{number}", "2026-04-10 10:31:07", {"": full_stamp(text)})
seven = r"ControlSet001\Enum\USBSTOR\Disk&Ven_Generic&Prod_Flash&Rev_8.07\6&1a2b3c4d&0&_&0"
hive.key(seven, "2026-02-01 00:00:00", {"ParentIdPrefix": sz("7&326659cd&0")})
hive.key(seven + rf"\Properties\{guid}\00000066\00000000", "2026-02-01 00:00:00",
         {"Data": binary(stamp("2026-02-01 01:02:03")), "Type": dword(16)})
hive.key(r"ControlSet001\Enum\USB\VID_0781&PID_5581\4C530001230509117203", "2026-03-01 09:00:00", {"Service": sz("USBSTOR")})
hive.key(r"ControlSet001\Enum\SWD\WPDBUSENUM\_??_USBSTOR#Disk&Ven_SanDisk&Prod_Ultra&Rev_1.00#4C530001230509117203&0#",
         "2026-03-01 09:00:02", {"FriendlyName": sz("顧客バックアップ")})
bad = Hive("SYSTEM")
bad.key("Select", values={"Current": dword(1)})
bad.key(stick, "2026-04-10 10:31:07", {"Service": sz("disk")})
bad.key(stick + rf"\Properties\{guid}\0066", "2026-04-10 10:31:07", {"": (0xFFFF0010, b"\x01\x02")})
plugin_cases(__file__, hive, "/Windows/System32/config/SYSTEM",
             "a stick with serial number and four stamps, one without, the USB device and its label", bad)
