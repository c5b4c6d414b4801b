#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""utmp records packed with struct after glibc's bits/utmp.h, in the 384-byte and the 400-byte layout."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

BASE = 1775779200  # 2026-04-10T00:00:00Z


def record(kind, pid, line, ident, user, host, seconds, micros=0, session=0, address=b"", leave=(0, 0), wide=False, order="<"):
    tail = "qqq" if wide else "iii"
    out = struct.pack(f"{order}hxxi32s4s32s256shh" + tail + "16s20x", kind, pid, line, ident,
                      user, host, *leave, session, seconds, micros, address)
    return out + bytes((400 if wide else 384) - len(out))


def logins(**layout):
    v4 = bytes([192, 0, 2, 44])
    v6 = bytes.fromhex("20010db8000000000000000000000007")
    return b"".join([
        record(2, 0, b"~", b"~~", b"reboot", b"6.1.0-18-amd64", BASE, 123456, **layout),
        record(1, 53, b"~", b"~~", b"runlevel", b"6.1.0-18-amd64", BASE + 5, 0, **layout),
        record(6, 600, b"tty1", b"1", b"LOGIN", b"", BASE + 6, 0, session=600, **layout),
        record(7, 812, b"pts/0", b"ts/0", b"suzuki.test", b"client.example", BASE + 60, 999999, session=7, address=v4, **layout),
        record(7, 813, b"pts/1", b"ts/1", "試験".encode(), b"", BASE + 61, 0, address=v6, **layout),
        record(4, 0, b"|", b"~~", b"date", b"", BASE + 100, 0, **layout),
        record(3, 0, b"{", b"~~", b"date", b"", BASE + 40, 0, **layout),
        record(8, 812, b"pts/0", b"", b"", b"", BASE + 3600, 5, leave=(0, 1), **layout),
        bytes(400 if layout.get("wide") else 384),
        record(1, 0, b"~", b"~~", b"shutdown", b"6.1.0-18-amd64", BASE + 7200, 0, **layout),
    ])


VALUES = "the values that build.py packed; utmp(5) for the meaning of each kind"
SMALL = logins()
case(__file__, "wtmp-x86", SMALL, path="/var/log/wtmp", expected_from=VALUES, covers="every kind of record, 384 bytes")
case(__file__, "wtmp-aarch64", logins(wide=True), path="/var/log/wtmp.1", expected_from=VALUES, covers="400 bytes, little-endian")
case(__file__, "utmp-s390x", logins(wide=True, order=">"), path="/run/utmp", expected_from=VALUES, covers="400 bytes, big-endian")
FAILED = (record(6, 900, b"ssh:notty", b"", b"root", b"198.51.100.9", BASE + 10, address=bytes([198, 51, 100, 9]))
          + record(7, 901, b"tty1", b"", b"P@ss typed as name", b"", BASE + 11))
case(__file__, "btmp", FAILED, path="/var/log/btmp", expected_from=VALUES, covers="failed logins")
case(__file__, "damaged-tail", SMALL[:384 * 4 + 1], path="/var/log/wtmp", expected_from=VALUES, covers="a byte after four records")
broken = bytearray(SMALL)
broken[384 * 3:384 * 3 + 2] = b"\x99\x99"
case(__file__, "damaged-record", bytes(broken), path="/var/log/wtmp", expected_from=VALUES, covers="a record of no known kind")
case(__file__, "damaged-text", b"Apr 10 00:00:00 this is a plain text log\n" * 40, path="/var/log/wtmp.txt",
     expected_from="no layout fits", covers="a text file of the same name")
