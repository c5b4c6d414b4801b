#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Accounts of a SAM hive; F and V from libyal/winreg-kb, "Security Account Manager"."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import filetime
from regf_builder import Hive, binary, plugin_cases

def f_value(logon, password, failed, rid, flags, failures, logons):
    out = bytearray(80)
    struct.pack_into("<HH", out, 0, 3, 1)
    struct.pack_into("<Q", out, 0x08, filetime(logon) if logon else 0)
    struct.pack_into("<Q", out, 0x18, filetime(password))
    struct.pack_into("<Q", out, 0x20, 0x7FFFFFFFFFFFFFFF)
    struct.pack_into("<Q", out, 0x28, filetime(failed) if failed else 0)
    struct.pack_into("<I", out, 0x30, rid)
    struct.pack_into("<H", out, 0x38, flags)
    struct.pack_into("<HH", out, 0x40, failures, logons)
    return binary(out)


def v_value(name, full, comment):
    head, body = b"", b""
    for text in ["", name, full, comment] + [""] * 13:
        raw = text.encode("utf-16-le")
        head += struct.pack("<III", len(body), len(raw), 0)
        body += raw
    return binary(head + body)


hive = Hive(r"\SystemRoot\System32\Config\SAM")
users = r"SAM\Domains\Account\Users"
hive.key(users + r"\000003E9", "2026-04-10 01:00:00",
         {"F": f_value("2026-04-10 00:58:12.3", "2026-01-05 02:00:00", "2026-04-09 23:59:59", 1001, 0x0214, 0, 42),
          "V": v_value("sales01", "営業 一郎", "営業部")})
hive.key(users + r"\000001F4", "2026-01-05 01:00:00",
         {"F": f_value(None, "2026-01-05 01:00:00", None, 500, 0x0211, 0, 0), "V": v_value("Administrator", "", "")})
hive.key(users + r"\Names\sales01", "2026-01-05 02:00:00")
bad = Hive(r"\SystemRoot\System32\Config\SAM")
bad.key(users + r"\000003E9", "2026-04-10 01:00:00", {"F": binary(bytes(20))})
plugin_cases(__file__, hive, "/Windows/System32/config/SAM", "an account in use and one that never logged on", bad)
