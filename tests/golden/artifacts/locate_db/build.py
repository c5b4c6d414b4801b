#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mlocate.db."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "packed by struct in build.py from mlocate.db(5)"
HEAD = b"\0mlocate" + struct.pack(">IBBH", 13, 0, 1, 0) + b"/\0" + b"prunefs\0AFS\0\0"


def folder(seconds, nanos, path, entries):
    return struct.pack(">QII", seconds, nanos, 0) + path + b"\0" + b"".join(bytes([kind]) + name + b"\0" for kind, name in entries) + b"\2"


BODY = folder(1775779867, 123456789, b"/srv", [(0, "顧客.zip".encode()), (1, b"old")]) + folder(1775779000, 0, b"/", [(1, b"srv")])
case(__file__, "normal", HEAD + BODY, path="/var/lib/mlocate/mlocate.db", expected_from=HAND, covers="two folders, files and folders in them")
case(__file__, "damaged-cut", (HEAD + BODY)[:-12], path="/var/lib/mlocate/mlocate.db", expected_from=HAND, covers="cut inside the second folder")
case(__file__, "damaged-version", HEAD[:12] + b"\7" + HEAD[13:] + BODY, path="/var/lib/mlocate/mlocate.db", expected_from=HAND, covers="a version that is not read")
