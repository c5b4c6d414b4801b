#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prefetch files of every version, from libscca's "Windows Prefetch File (PF) format"; XPRESS Huffman from MS-XCA."""
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case, filetime

HAND = "the values given to build.py; layout from libscca's format description"
SYSTEM = ("\\VOLUME{01d9aabbccddeeff-5e0d1a2b}", "2023-04-29 01:02:03.0000001", 0x5E0D1A2B)
STICK = ("\\VOLUME{0000000000000000-a1b2c3d4}", "2026-04-09 23:59:58.0", 0xA1B2C3D4)
OLD = ("\\DEVICE\\HARDDISKVOLUME1", "2009-07-14 04:53:00.5", 0x1234ABCD)


def volumes_section(version, volumes):
    entry = 40 if version == 17 else 104 if version < 30 else 96
    head, tail = b"", b""
    for device, created, serial in volumes:
        at = entry * len(volumes) + len(tail)
        tail += (device + "\0").encode("utf-16-le")
        tail += b"\0" * (-len(tail) % 8)
        head += struct.pack("<IIQIIIIII", at, len(device), filetime(created), serial,
                            0, 0, 0, 0, 0).ljust(entry, b"\0")
    return head + tail


def prefetch(version, executable, path_hash, run_count, runs, files, volumes, short_form=False):
    info_size = {17: 68, 23: 156, 26: 224, 30: 212 if short_form else 220, 31: 212}[version]
    metrics_at = 84 + info_size
    metric = 20 if version == 17 else 32
    names, metrics = b"", b""
    for index, name in enumerate(files):
        fields = [index, 1] + ([1] if metric == 32 else []) + [len(names), len(name), 0]
        metrics += struct.pack(f"<{len(fields)}I", *fields).ljust(metric, b"\0")
        names += (name + "\0").encode("utf-16-le")
    names_at = metrics_at + len(metrics)
    volumes_at = (names_at + len(names) + 7) // 8 * 8
    section = volumes_section(version, volumes)
    info = struct.pack("<9I", metrics_at, len(files), names_at, 0, names_at, len(names),
                       volumes_at, len(volumes), len(section))
    if version >= 23:
        info += b"\0" * 8
    slots = 8 if version >= 26 else 1
    info += b"".join(struct.pack("<Q", filetime(when)) for when in runs).ljust(8 * slots, b"\0")
    info += b"\0" * (8 if short_form or version == 31 else 16) + struct.pack("<I", run_count)
    header = struct.pack("<I4sII60sII", version, b"SCCA", 0x11, volumes_at + len(section),
                         executable.encode("utf-16-le"), path_hash, 0)
    fixed = (header + info).ljust(metrics_at, b"\0")
    return (fixed + metrics + names).ljust(volumes_at, b"\0") + section


def xpress_block(data):
    """One block of MS-XCA 2.1 with a 9-bit code for each of the 512 symbols; matches of 3 to 17 bytes."""
    bits, at, seen = "", 0, {}
    while at < len(data):
        length, found = 0, seen.get(data[at:at + 3])
        if found is not None:
            while length < 17 and at + length < len(data) and data[found + length] == data[at + length]:
                length += 1
        if length >= 3:
            offset = at - found
            size = offset.bit_length() - 1
            bits += format(256 + size * 16 + length - 3, "09b")
            bits += format(offset - (1 << size), f"0{size}b") if size else ""
        else:
            length = 1
            bits += format(data[at], "09b")
        for i in range(at, at + length):
            seen[data[i:i + 3]] = i
        at += length
    units = 2 + max(0, -(-(len(bits) - 16) // 16))  # what a reader two units ahead has taken
    bits = bits.ljust(units * 16, "0")
    return b"\x99" * 256 + b"".join(struct.pack("<H", int(bits[i:i + 16], 2)) for i in range(0, units * 16, 16))


def mam(plain):
    blocks = [plain[i:i + 65536] for i in range(0, len(plain), 65536)]
    return b"MAM\x04" + struct.pack("<I", len(plain)) + b"".join(xpress_block(block) for block in blocks)


def files_of(device, name, more=()):
    return [device + "\\WINDOWS\\SYSTEM32\\NTDLL.DLL", device + "\\PROGRAM FILES\\" + name, *more]


RUNS = [f"2026-04-10 10:{59 - i:02}:07.123456{i}" for i in range(8)]
V17 = prefetch(17, "CALC.EXE", 0x02CD573A, 3, ["2008-02-29 12:34:56.7654321"],
               files_of(OLD[0], "CALC.EXE"), [OLD])
V23 = prefetch(23, "WINWORD.EXE", 0xABCDEF01, 12, ["2014-01-02 03:04:05.0000001"],
               files_of(OLD[0], "WINWORD.EXE"), [OLD])
V26 = prefetch(26, "EXPLORER.EXE", 0x7A3328DA, 2, RUNS[:2], files_of(OLD[0], "EXPLORER.EXE"), [OLD])
LONG = "ARCHIVE-ALL-CUSTOMER-FILES-NOW.EXE"
V30 = prefetch(30, LONG[:29], 0x00C0FFEE, 9, RUNS,
               files_of(SYSTEM[0], LONG, [STICK[0] + "\\顧客名簿\\LIST.CSV"]), [SYSTEM, STICK])
V30S = prefetch(30, "7Z.EXE", 0x1, 4, RUNS[:4], files_of(SYSTEM[0], "7Z.EXE"), [SYSTEM], short_form=True)
V31 = prefetch(31, "RCLONE.EXE", 0xFEDCBA98, 1, RUNS[:1], files_of(SYSTEM[0], "RCLONE.EXE"), [SYSTEM])
BIG = prefetch(30, "EXCEL.EXE", 0x99AA55, 2, RUNS[:2],
               files_of(SYSTEM[0], "EXCEL.EXE", [f"{SYSTEM[0]}\\DATA\\SHEET{i:04}.XLSX" for i in range(700)]), [SYSTEM])
PACKED = mam(V30)


def put(name, data, file, covers):
    case(__file__, name, data, path="/Windows/Prefetch/" + file, expected_from=HAND, covers=covers)


put("v17", V17, "CALC.EXE-02CD573A.pf", "Windows XP: one run time, 20-byte metrics.")
put("v23", V23, "WINWORD.EXE-ABCDEF01.pf", "Windows 7: one run time.")
put("v26", V26, "EXPLORER.EXE-7A3328DA.pf", "Windows 8: two of eight run times are set.")
put("v30", V30, "ARCHIVE-ALL-CUSTOMER-FILES-NO-00C0FFEE.pf",
    "Windows 10: eight run times, a name cut at 29 characters, a file loaded from a second volume.")
put("v30-short", V30S, "7Z.EXE-00000001.pf", "Windows 10, second form: the run count lies eight bytes earlier.")
put("v31", V31, "RCLONE.EXE-FEDCBA98.pf", "Windows 11.")
put("mam", PACKED, "ARCHIVE-ALL-CUSTOMER-FILES-NO-00C0FFEE.pf", "Compressed; the same facts as v30.")
put("mam-blocks", mam(BIG), "EXCEL.EXE-0099AA55.pf", "Compressed in two blocks.")
put("damaged-strings", V30[:100] + struct.pack("<I", 0x7FFFFFF0) + V30[104:], "X.EXE-00C0FFEE.pf",
    "The file names lie outside the file: run times are kept, path and volumes are unknown.")
put("damaged-volumes", V26[:108] + struct.pack("<II", 1, 0xFFFFFFFF) + V26[116:], "EXPLORER.EXE-7A3328DA.pf",
    "The volumes are larger than the file.")
put("damaged-cut", V30[:200], "X.EXE-00C0FFEE.pf", "Cut before the run count.")
put("damaged-size", V17 + b"\0" * 40, "CALC.EXE-02CD573A.pf", "The file is longer than its header says.")
put("damaged-version", struct.pack("<I", 99) + V30[4:], "X.EXE-00C0FFEE.pf", "A version nobody has described.")
put("damaged-mam-cut", PACKED[:-40], "X.EXE-00C0FFEE.pf", "Compressed data ends early: the decoded start is used.")
put("damaged-mam-bomb", PACKED[:4] + b"\xff\xff\xff\xff" + PACKED[8:], "X.EXE-00C0FFEE.pf",
    "4 GiB are promised: nothing is decompressed.")
put("damaged-not-scca", mam(b"NOTSCCA!" * 40), "X.EXE-00C0FFEE.pf", "Compressed, but no prefetch inside.")
