#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ConsentStore of a user."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import filetime
from regf_builder import Hive, plugin_cases, qword, sz

hive = Hive(r"\??\C:\Users\sales01\ntuser.dat")
base = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore"
hive.key(base + r"\webcam\NonPackaged\C:#Program Files#Zoom#Zoom.exe", "2026-04-10 05:00:00",
         {"LastUsedTimeStart": qword(filetime("2026-04-10 04:00:00.5")), "LastUsedTimeStop": qword(filetime("2026-04-10 05:00:00"))})
hive.key(base + r"\location\Microsoft.BingWeather_8wekyb3d8bbwe", "2026-04-10 05:00:00",
         {"Value": sz("Allow"), "LastUsedTimeStart": qword(filetime("2026-04-09 00:00:00")), "LastUsedTimeStop": qword(0)})
plugin_cases(__file__, hive, "/Users/sales01/NTUSER.DAT", "camera of a program, location of an app still in use")
