#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""IPP messages as CUPS keeps them."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

HAND = "packed by struct in build.py from RFC 8010"


def attribute(tag, name, value):
    return struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(value)) + value


def number(tag, name, value):
    return attribute(tag, name, struct.pack(">I", value))


JOB = (struct.pack(">BBHI", 2, 0, 5, 11) + b"\x01" + attribute(0x47, b"attributes-charset", b"utf-8") + attribute(0x45, b"printer-uri", b"ipp://localhost:631/printers/Office")
       + b"\x02" + attribute(0x42, b"job-originating-user-name", b"suzuki") + attribute(0x42, b"job-name", "顧客名簿.xlsx".encode()) + attribute(0x44, b"", b"more")
       + attribute(0x49, b"document-format", b"application/pdf") + number(0x21, b"copies", 3) + number(0x21, b"job-id", 42) + number(0x23, b"job-state", 9)
       + attribute(0x42, b"job-originating-host-name", b"pc-0042") + number(0x21, b"time-at-creation", 1775779867) + number(0x21, b"time-at-processing", 1775779868)
       + number(0x21, b"time-at-completed", 1775779890) + number(0x21, b"job-media-sheets-completed", 12) + b"\x03")
PATH = "/var/spool/cups/c00042"
case(__file__, "done", JOB, path=PATH, expected_from=HAND, covers="a job that is done: three times, a name in Japanese, a second value")
case(__file__, "no-times", JOB[:JOB.index(b"time-at-creation") - 3] + b"\x03", path=PATH, expected_from=HAND, covers="a job without times")
case(__file__, "damaged-cut", JOB[:JOB.index(b"time-at-completed") + 5], path=PATH, expected_from=HAND, covers="cut inside a name")
