# SPDX-License-Identifier: Apache-2.0
"""Traps in ISO 9660 volumes with SUSP / Rock Ridge (ECMA-119, IEEE P1281, P1282), written by hand.

Sectors of 2048 bytes: 16 primary descriptor, 17 terminator, 18/19 path tables, 20 root folder,
21 continuation area, 22.. content.
"""
from kit import KEEP, be, item, le, noise, patch

SECTOR = 2048
ROOT, CONTINUATION, CONTENT = 20, 21, 22
STAMP = bytes((123, 11, 14, 22, 13, 20, 0))
SP = b"SP\x07\x01\xBE\xEF\x00"
ER = b"ER\x12\x01\x0A\x00\x00\x01RRIP_1991A"


def both(value, size):
    return value.to_bytes(size, "little") + value.to_bytes(size, "big")


def record(name, sector, size, folder=False, susp=b""):
    body = (b"\0" + both(sector, 4) + both(size, 4) + STAMP + (b"\x02" if folder else b"\x00")
            + b"\0\0" + both(1, 2) + bytes([len(name)]) + name)
    body += b"\0" * ((len(body) + 1) % 2)
    body += susp
    body += b"\0" * ((len(body) + 1) % 2)
    return bytes([len(body) + 1]) + body


def continuation(sector, at, size):
    return b"CE\x1C\x01" + both(sector, 4) + both(at, 4) + both(size, 4)


def name_entry(name):
    return b"NM" + bytes([5 + len(name), 1, 0]) + name


def mode_entry(mode):
    return b"PX\x24\x01" + both(mode, 4) + both(1, 4) + both(0, 4) + both(0, 4)


def volume(records, sectors=64, dot_susp=SP + ER, area=b"", root_size=SECTOR):
    image = bytearray(sectors * SECTOR)
    root = record(b"\0", ROOT, root_size, True)
    descriptor = bytearray(SECTOR)
    patch(descriptor, 0, b"\x01CD001\x01\0" + b"LINUX".ljust(32) + b"HOSTILE".ljust(32))
    patch(descriptor, 80, both(sectors, 4))
    patch(descriptor, 120, both(1, 2) + both(1, 2) + both(SECTOR, 2) + both(10, 4))
    patch(descriptor, 140, le("II", 18, 0) + be("II", 19, 0) + root)
    patch(descriptor, 190, b" " * 623)
    for at in (813, 830, 847, 864):
        patch(descriptor, at, b"2023111422132000\0")
    patch(descriptor, 881, b"\x01")
    patch(image, 16 * SECTOR, descriptor)
    patch(image, 17 * SECTOR, b"\xFFCD001\x01")
    patch(image, 18 * SECTOR, b"\x01\0" + le("IH", ROOT, 1) + b"\0\0")
    patch(image, 19 * SECTOR, b"\x01\0" + be("IH", ROOT, 1) + b"\0\0")
    folder = record(b"\0", ROOT, root_size, True, dot_susp) + record(b"\1", ROOT, root_size, True)
    folder += record(b"KEEP.TXT;1", CONTENT, len(KEEP), False, name_entry(b"keep.txt"))
    patch(image, ROOT * SECTOR, folder + b"".join(records))
    patch(image, CONTINUATION * SECTOR, area)
    patch(image, CONTENT * SECTOR, KEEP)
    patch(image, (CONTENT + 4) * SECTOR, noise(SECTOR))
    return image


def trap(susp, name=b"TRAP.BIN;1", **more):
    return volume([record(name, CONTENT + 4, 1000, False, susp)], **more)


@item("iso-susp-ce-loop", "A continuation entry points at a continuation area whose CE points at "
      "itself.", suffix=".iso", keep=True, files_min=2, ref="CVE-2026-40026")
def ce_loop():
    entry = continuation(CONTINUATION, 0, 28)
    return trap(name_entry(b"trap.bin") + entry, area=entry)


@item("iso-susp-ce-far", "Continuation entries point past the volume and claim 2^32-1 bytes.",
      suffix=".iso", keep=True, ref="CVE-2026-40026 class")
def ce_far():
    return trap(continuation(0xFFFFFFF0, 0xFFFFFFFF, 0xFFFFFFFF)
                + continuation(CONTINUATION, 2040, 0xFFFF))


@item("iso-susp-length-outside",
      "SUSP entries say 255 bytes where 8 are left, and ER lengths add up "
      "past their entry.", suffix=".iso", keep=True, ref="CVE-2026-40026")
def susp_outside():
    er = b"ER\x0A\x01\xFF\xFF\xFF\x01AB"
    return trap(b"NM\xFF\x01\x00abc", dot_susp=SP + er + b"PX\xFF\x01" + bytes(4))


@item("iso-susp-length-zero", "SUSP entries of length 0 and 3, NM shorter than its own header, SL "
      "whose component runs out.", suffix=".iso", keep=True, ref="CVE-2026-40026")
def susp_zero():
    return volume([record(b"ZERO.BIN;1", CONTENT + 4, 10, False, b"NM\x00\x01" + bytes(4)),
                   record(b"THREE.BIN;1", CONTENT + 4, 10, False, b"NM\x03\x01" + bytes(4)),
                   record(b"LINK.;1", CONTENT + 4, 0, False,
                          mode_entry(0o120777) + b"SL\x08\x01\x00\x00\xFFab")])


@item("iso-name-traversal", "Rock Ridge names are ../../zevil and /tmp/zevil_abs, a link points at "
      "/etc.", suffix=".iso", keep=True, ref="CVE-2026-40024 class")
def name_traversal():
    return volume([
        record(b"A.;1", CONTENT + 4, 10, False, name_entry(b"../../zevil")),
        record(b"B.;1", CONTENT + 4, 10, False, name_entry(b"/tmp/zevil_abs")),
        record(b"C.;1", CONTENT + 4, 0, False, mode_entry(0o120777) + name_entry(b"link")
               + b"SL\x0C\x01\x00\x08\x00\x00\x03etc"),
    ])


@item("iso-folder-loop", "A folder record is its own parent's extent, another is its own extent.",
      suffix=".iso", keep=True)
def folder_loop():
    return volume([record(b"LOOP", ROOT, SECTOR, True, name_entry(b"loop")),
                   record(b"AGAIN", ROOT, SECTOR, True, name_entry(b"again"))])


@item("iso-folder-huge", "The root folder claims 4 GiB, a file 4 GiB from sector 2^32-1.",
      suffix=".iso", seconds=180)
def folder_huge():
    return volume([record(b"FAR.BIN;1", 0xFFFFFFFF, 0xFFFFFFFF)], root_size=0xFFFFF800)


@item("iso-record-length", "A directory record says 33 bytes and a name of 255, the next says 1.",
      suffix=".iso", keep=True)
def record_length():
    short = bytearray(record(b"LONG.BIN;1", CONTENT + 4, 10))
    patch(short, 32, b"\xFF")
    return volume([bytes(short), b"\x01" + bytes(60)])


@item("iso-descriptor-absurd", "Block size 0, volume of 2^32-1 blocks, path table of 4 GiB.",
      suffix=".iso", exit=(1,), damage_min=1)
def descriptor():
    image = volume([])
    patch(image, 16 * SECTOR + 80, both(0xFFFFFFFF, 4))
    patch(image, 16 * SECTOR + 128, both(0, 2) + both(0xFFFFFFFF, 4))
    return image
