# SPDX-License-Identifier: Apache-2.0
"""Traps for the Windows artifact parsers: $I, LNK, Prefetch. FAT volumes, Windows-like paths."""
from fat import FatVolume
from kit import FILETIME, KEEP, item, le, noise, patch

BIN = "/$Recycle.Bin/S-1-5-21-1-2-3-1001/"
RECENT = "/Users/u/AppData/Roaming/Microsoft/Windows/Recent/"
DAMAGED = {"exit": (1,), "keep": True, "damage_min": 1,
           "damage_kind_any": ["range", "truncated", "limit", "bad_magic", "version", "checksum",
                               "crash", "timeout"]}
TRAPPED = {"exit": (0, 1), "keep": True}


def profile(files):
    volume = FatVolume(8 << 20)
    volume.add("/keep.txt", KEEP)
    for path, data in files.items():
        volume.add(path, data)
    return volume.image()


def deleted_v2(name_length, name):
    return le("QQQI", 2, 1234, FILETIME, name_length) + name.encode("utf-16-le", "surrogatepass")


GOOD_NAME = "C:\\Users\\u\\Documents\\plan.docx\0"


@item("recycle-lengths", "$I version 2 whose name length is 2^31, 2^32-1, 65,535 with 30 there, 0.",
      **DAMAGED)
def recycle_lengths():
    lengths = (1 << 31, 0xFFFFFFFF, 0xFFFF, 0, 0x80000001, 1)
    return profile({f"{BIN}$I{'ABCDEF'[number] * 6}.txt": deleted_v2(length, GOOD_NAME)
                    for number, length in enumerate(lengths)})


@item("recycle-long-name", "$I version 2 with a name of 65,535 characters that is really there, of "
      "dots and script.", **TRAPPED)
def recycle_long():
    text = ("C:\\..\\<script>alert(1)</script>=cmd()\u202E" * 2000)[:65_534] + "\0"
    return profile({BIN + "$IAAAAAA.txt": deleted_v2(len(text), text)})


@item("recycle-torn", "$I files of 0, 7, 24 and 27 bytes, version 2^63, times at both ends of "
      "FILETIME, a version 1 without end of name.", **DAMAGED)
def recycle_torn():
    good = deleted_v2(len(GOOD_NAME), GOOD_NAME)
    return profile({
        BIN + "$IAAAAA0.txt": b"", BIN + "$IAAAAA1.txt": good[:7], BIN + "$IAAAAA2.txt": good[:24],
        BIN + "$IAAAAA3.txt": good[:27], BIN + "$IAAAAA4.txt": le("Q", 1 << 63) + good[8:],
        BIN + "$IAAAAA5.txt": le("QQQI", 2, (1 << 64) - 1, (1 << 64) - 1, 3) + b"a\0b\0\0\0",
        BIN + "$IAAAAA6.txt": le("QQQ", 1, 1, 0) + b"A\0" * 260,
        BIN + "$IAAAAA7.txt": le("QQQ", 1, 1, FILETIME) + b"A\0" * 100})


CLSID = bytes.fromhex("0114020000000000C000000000000046")


def link_header(flags):
    return (le("I", 0x4C) + CLSID + le("IIQQQIIIH", flags, 0x20, FILETIME, FILETIME, FILETIME, 100,
                                       0, 1, 0)).ljust(76, b"\0")


def id_list(items, size=None):
    return le("H", len(items) if size is None else size) + items


@item("lnk-id-list",
      "LNK whose item id list has items of size 1 and 0 that are not the end, a list "
      "of 65,535 bytes that is not there.", **DAMAGED)
def lnk_id_list():
    return profile({
        RECENT + "one.lnk": link_header(1) + id_list(b"\x01\x00" * 400, 800),
        RECENT + "zero.lnk": link_header(1) + id_list(b"\x00\x00" * 400 + noise(64, 7), 864),
        RECENT + "huge.lnk": link_header(1) + id_list(b"\x14\x00\x1F\x50" + noise(16, 8), 0xFFFF),
        RECENT + "past.lnk": link_header(1) + id_list(b"\xFF\xFF" + noise(20, 9), 22)})


@item("lnk-link-info",
      "LNK whose LinkInfo is 2^32-1 bytes, whose offsets point at themselves, behind "
      "the end and into the header.", **DAMAGED)
def lnk_info():
    files = {}
    for number, fields in enumerate((
            (0xFFFFFFFF, 28, 3, 28, 28, 28, 28), (28, 28, 3, 0, 0, 0, 0),
            (64, 0xFFFFFFFF, 1, 0xFFFFFFF0, 0x7FFFFFFF, 0x80000000, 63),
            (3, 28, 1, 28, 28, 28, 28), (100, 36, 3, 0xFFFFFFE0, 36, 36, 36))):
        files[f"{RECENT}info{number}.lnk"] = link_header(2) + le("7I", *fields) + noise(40, number)
    return profile(files)


@item("lnk-strings",
      "LNK with five strings of 65,535 characters: there, cut short, and one made of "
      "script, formula and escapes.", **DAMAGED)
def lnk_strings():
    flags = 0x80 | 0x04 | 0x08 | 0x10 | 0x20 | 0x40
    evil = "<script>alert(1)</script>=cmd()\x1B[2J\u202E..\\..\\zevil"
    full = (evil * 2000)[:65_535].encode("utf-16-le")
    return profile({
        RECENT + "long.lnk": link_header(flags) + (le("H", 65_535) + full) * 5 + bytes(4),
        RECENT + "cut.lnk": link_header(flags) + le("H", 65_535) + full[:100],
        RECENT + "none.lnk": link_header(flags)})


@item("lnk-extra-blocks", "LNK with extra data blocks of size 1, 4, 2^31 and 100,000 of 8 bytes.",
      **TRAPPED)
def lnk_extra():
    return profile({
        RECENT + "size1.lnk": link_header(0) + le("II", 1, 0xA0000003) * 50,
        RECENT + "size4.lnk": link_header(0) + le("I", 4) * 500,
        RECENT + "huge.lnk": link_header(0) + le("II", 1 << 31, 0xA0000003) + noise(88, 4),
        RECENT + "many.lnk": link_header(0) + le("II", 8, 0xA0000009) * 100_000,
        RECENT + "store.lnk": link_header(0) + le("II", 200, 0xA0000009) + le("II", 0xFFFFFFFF,
                                                                             0x53505331) * 24,
        RECENT + "torn.lnk": link_header(0xFFFFFFFF)[:40]})


def prefetch(version, sections, size=None):
    head = le("I4sII", version, b"SCCA", 0x11, 0 if size is None else size)
    head += "X.EXE".encode("utf-16-le").ljust(60, b"\0") + le("II", 0x11111111, 0)
    data = bytearray((head + le("9I", *sections)).ljust(4096, b"\0"))
    patch(data, 128, le("Q", FILETIME) * 8)
    patch(data, 200, le("I", 3))
    patch(data, 304, noise(1024, 3))
    return bytes(data)


PREFETCH = "/Windows/Prefetch/"


@item("prefetch-sections",
      "Prefetch files whose section offsets and counts are 2^32-1, overlap the "
      "header and name themselves.", **DAMAGED)
def prefetch_sections():
    top, files = 0xFFFFFFFF, {}
    for number, (version, sections) in enumerate((
            (30, (top,) * 9), (26, (304, top, 304, top, 304, top, 304, top, top)),
            (23, (84, 1 << 27, 84, 1 << 28, 84, 1 << 31, 84, 1 << 26, 1)),
            (17, (4095, 1000, 4095, 1000, 4095, 1000, 4095, 1000, 1000)),
            (30, (304, 10, 400, 10, 500, 0x7FFFFFFF, 600, 0xFFFF, 0)),
            (31, (0, 0, 0, 0, 0, 0, 0, 0, 0)))):
        files[f"{PREFETCH}X{number}.EXE-1111111{number}.pf"] = prefetch(version, sections, top)
    files[PREFETCH + "TORN.EXE-22222222.pf"] = prefetch(30, (304, 1, 400, 1, 500, 20, 600, 1, 96))[
        :100]
    files[PREFETCH + "VERSION.EXE-33333333.pf"] = prefetch(99, (304, 1, 400, 1, 500, 20, 600, 1,
                                                                    96))
    return profile(files)


@item("prefetch-mam", "MAM files that claim 4 GiB, 0 bytes, and whose Huffman table is noise, zero "
      "and a single code.", **DAMAGED)
def prefetch_mam():
    tables = {"NOISE": noise(4096, 11), "ZERO": bytes(600), "ONE": b"\x01" + bytes(255) + noise(64),
              "FULL": b"\xFF" * 1000, "EMPTY": b"", "COPY": b"\x11" * 256 + b"\xFF" * 500}
    files = {}
    for number, (name, body) in enumerate(tables.items()):
        size = (0xFFFFFFFF, 0x40000000, 0, 0xFFFFFFFF, 100, 65536)[number]
        files[f"{PREFETCH}{name}.EXE-4444444{number}.pf"] = b"MAM\x04" + le("I", size) + body
    return profile(files)
