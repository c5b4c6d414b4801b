#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ntfs_bench.py PARSE_BENCH [ENTRIES]: ntfs.mft and ntfs.usnjrnl over made tables and journals, in processor seconds.

The table has ENTRIES file records (100,000 unless told: 102 MB), a tenth of them folders up to six deep; the journal has
a record for each. fls, the peer, needs a whole volume: make one with tests/bench/make_many and time `fls -r -m`.
"""
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "golden"))
from ntfs_builder import data, file_name, record, reference, stamps, standard

BORN = stamps("2026-04-10 09:00:00.1234567", modified="2026-04-10 09:30:00.5", accessed="2026-04-11 00:00:00.25")
NAME_BORN = stamps("2026-04-10 09:00:00.1234567")


def table(entries, out):
    """File records in order; their folders lie before them."""
    parent_of = {5: 5}
    for number in range(entries):
        folder = number == 5 or (number > 63 and number % 10 == 0)
        if number in (0, 5):
            parent = 5
        else:
            up = number // 100 * 10
            parent = up if up > 63 and up != number else 5
        parent_of[number] = parent
        name = "." if number == 5 else f"entry with a name {number:08}" + ("" if folder else ".docx")
        out.write(record(number, [standard(BORN, 0x10 if folder else 0x20, 264, 4096),
                                  file_name(name, (parent, 5 if parent == 5 else 1), NAME_BORN), *([] if folder else [data(b"x" * 200)])],
                         sequence=5 if number == 5 else 1, directory=folder))


def journal(entries, out):
    for number in range(64, entries):
        text = f"entry with a name {number:08}.docx".encode("utf-16-le")
        length = (60 + len(text) + 7) // 8 * 8
        up = number // 100 * 10
        parent = reference(up, 1) if up > 63 else reference(5, 5)
        out.write((struct.pack("<IHHQQQQIIIIHH", length, 2, 0, reference(number, 1), parent, number * length,
                               134202906671234567 + number, 0x80000102, 0, 0, 0x10 if number % 10 == 0 else 0x20, len(text),
                               60) + text).ljust(length, b"\0"))


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    entries = int(arguments[1]) if len(arguments) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        for artifact, name, make in (("ntfs.mft", "$MFT", table), ("ntfs.usnjrnl", "$J", journal)):
            path = pathlib.Path(folder) / name
            with path.open("wb") as out:
                make(entries, out)
            said = subprocess.run([arguments[0], artifact, str(path)], check=True, capture_output=True, text=True).stdout
            lines = said.strip().splitlines()
            print(f"{artifact:<13} {entries} entries  " + re.sub(r" +", " ", lines[0].strip()).rsplit(" ", 1)[0])
            print(f"{'':<13} " + re.sub(r"^sum: ", "", lines[-1]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
