#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""MountedDevices: an MBR partition, a GPT partition and a stick."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, binary, dword, plugin_cases

hive = Hive("SYSTEM")
hive.key("Select", values={"Current": dword(1)})
hive.key("MountedDevices", "2026-04-10 10:31:08", {
    r"\DosDevices\C:": binary(struct.pack("<IQ", 0xA1B2C3D4, 1048576)),
    r"\DosDevices\D:": binary(b"DMIO:ID:" + bytes(range(16))),
    r"\DosDevices\E:": binary(r"_??_USBSTOR#Disk&Ven_SanDisk&Prod_Ultra&Rev_1.00#4C530001230509117203&0#".encode("utf-16-le"))})
bad = Hive("SYSTEM")
bad.key("Select", values={"Current": dword(1)})
bad.key("MountedDevices", "2026-04-10 10:31:08", {r"\DosDevices\C:": binary(b"\1\2\3")})
plugin_cases(__file__, hive, "/Windows/System32/config/SYSTEM", "three kinds of data behind drive letters", bad)
