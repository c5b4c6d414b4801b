#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""lastlog: records of 292 bytes by user id."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "packed by struct in build.py"
def record(seconds, line, host):
    return struct.pack("<I32s256s", seconds, line, host)
EMPTY = bytes(292)
WHOLE = record(1775779867, b"tty1", b"") + EMPTY * 3 + record(1775779900, b"pts/0", b"192.0.2.7") + EMPTY * 2
case(__file__, "normal", WHOLE, path="/var/log/lastlog", expected_from=HAND, covers="root at the console, uid 4 from elsewhere, accounts that never logged in")
case(__file__, "damaged-cut", WHOLE[:292 * 4 + 100], path="/var/log/lastlog", expected_from=HAND, covers="the second record is cut")
case(__file__, "damaged-record", record(1775779867, b"tty1", b"") + record(77, b"\x01\x02\x03", b"x") + record(1775779868, b"tty2", b""), path="/var/log/lastlog", expected_from=HAND, covers="a record with control bytes between two good ones")
