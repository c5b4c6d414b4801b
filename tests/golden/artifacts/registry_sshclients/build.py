#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""WinSCP and PuTTY keys."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from regf_builder import Hive, dword, plugin_cases, sz

hive = Hive(r"\??\C:\Users\sales01\ntuser.dat")
win = r"Software\Martin Prikryl\WinSCP 2"
hive.key(win + r"\Sessions\home%20nas", "2026-04-07 22:00:00",
         {"HostName": sz("nas.example"), "UserName": sz("ichiro"), "PortNumber": dword(2222), "Password": sz("A35C"),
          "RemoteDirectory": sz("/backup"), "LocalDirectory": sz(r"C:\work")})
hive.key(win + r"\SshHostKeys", "2026-04-07 22:00:01", {"ssh-ed25519@2222:nas.example": sz("0x1,0x2")})
put = r"Software\SimonTatham\PuTTY"
hive.key(put + r"\Sessions\dev", "2026-03-01 00:00:00", {"HostName": sz("dev.example"), "PublicKeyFile": sz(r"C:\k.ppk")})
hive.key(put + r"\SshHostKeys", "2026-03-01 00:00:01", {"rsa2@22:a.example": sz("0x1"), "ssh-ed25519@22:dev.example": sz("0x1")})
bad = Hive(r"\??\C:\Users\sales01\ntuser.dat")
bad.key(put + r"\SshHostKeys", "2026-03-01 00:00:01", {"what": sz("0x1")})
plugin_cases(__file__, hive, "/Users/sales01/NTUSER.DAT", "sessions and host keys of both", bad)
