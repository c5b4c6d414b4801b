#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A $LogFile, record by record from libfsntfs' documentation and the operations of Linux' fslog.c."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case
from ntfs_builder import LogFile, entry, file_name, name_value, record, reference, stamps, standard

HAND = "the values given to build.py; layout from libfsntfs' NTFS documentation, section 13, and Linux fs/ntfs3/fslog.c"
PATH = "/$LogFile"
BEGIN, ADD_ROOT, DEL_ROOT, ADD, DELETE, FORGET, BITS = 0x02, 0x0c, 0x0d, 0x0e, 0x0f, 0x1b, 0x15
BORN = stamps("2026-04-10 10:00:00.1234567")
MOVED = stamps("2026-04-10 10:00:00.1234567", changed="2026-04-10 10:05:00.5")
FOLDER, BIN = (64, 2), (90, 1)


def plain(number, *attributes, **more):
    """A file record as the log holds it: true bytes, as far as used."""
    raw = bytearray(record(number, attributes, **more))
    used = int.from_bytes(raw[24:28], "little")
    for sector in (1, 2):
        raw[sector * 512 - 2:sector * 512] = raw[0x30 + 2 * sector:0x32 + 2 * sector]
    return bytes(raw[:used])


def named(name, parent, times, number=70, sequence=3, **more):
    return entry(name_value(name, parent, times, **more), reference(number, sequence))


def story(log):
    log.operation(BEGIN, 0, plain(70, standard(BORN), file_name("顧客名簿.zip", FOLDER, BORN), sequence=3), transaction=0x18)
    log.operation(ADD, DELETE, named("顧客名簿.zip", FOLDER, BORN), transaction=0x18)
    log.operation(FORGET, 0, transaction=0x18)
    log.operation(BITS, BITS, bytes(8), bytes(8), transaction=0x40)
    # Renamed and moved within one transaction: out of one folder, into the other.
    log.operation(DELETE, ADD, b"", named("顧客名簿.zip", FOLDER, BORN), transaction=0x18)
    log.operation(ADD_ROOT, DEL_ROOT, named("holiday.zip", BIN, MOVED), transaction=0x18)
    log.operation(FORGET, 0, transaction=0x18)
    for i in range(40):  # fills pages, so that records run over their ends
        log.operation(BITS, BITS, bytes([i]) * 200, bytes(56), transaction=0x58)
    log.operation(FORGET, 0, transaction=0x58)
    log.operation(DEL_ROOT, ADD_ROOT, b"", named("holiday.zip", BIN, MOVED), transaction=0x18)
    log.operation(FORGET, 0, transaction=0x18)
    log.operation(ADD, DELETE, named("second-link.txt", FOLDER, stamps("2026-04-11 00:00:00.0"), 71, 1), transaction=0x18)
    return log


GOOD = story(LogFile()).bytes()
case(__file__, "version-1", GOOD, path=PATH, expected_from=HAND,
     covers="Created, renamed into another folder, deleted, a further name; records that run over the end of a page.")
case(__file__, "version-2", story(LogFile(pages=48, major=2)).bytes(), path=PATH, expected_from=HAND,
     covers="The ring of version 2.0 begins behind 32 tail copies.")
case(__file__, "empty", b"\xff" * 0 + LogFile().bytes(), path=PATH, expected_from=HAND, covers="Restart pages and nothing else.")
torn = bytearray(GOOD)
torn[4 * 4096 + 1022] ^= 0xff
case(__file__, "damaged-page", bytes(torn), path=PATH, expected_from=HAND,
     covers="The first record page is torn: what it held is lost, the deletion in a later page is told.")
case(__file__, "damaged-restart", b"RSTR" + bytes(8188) + GOOD[8192:], path=PATH, expected_from=HAND,
     covers="No restart page holds: the log is read with the usual values.")
case(__file__, "damaged-cut", GOOD[:5 * 4096 + 100], path=PATH, expected_from=HAND, covers="The log ends within its second page.")
