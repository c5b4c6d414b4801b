# SPDX-License-Identifier: Apache-2.0
"""File names that attack whoever prints them, in ext4 and in FAT."""
import hashlib

from ext import ExtVolume
from fat import FatVolume
from kit import KEEP, item, le, patch

EVIL = [
    b"\x1B]0;owned\x07\x1B[2J\x1B[31mred",
    b"\x1BP+q544e\x1B\\\x9B5i\x90",
    b"<script>alert(1)</script>.html",
    b"<img src=x onerror=alert(1)>",
    b"\"'><svg onload=alert(1)>&lt;",
    b"=cmd()|' /C calc'!A0",
    b"=HYPERLINK(\"http://example.invalid\",\"x\")",
    b"+1+cmd|' /C calc'!A0",
    b"-2+3+cmd|' /C calc'!A0",
    b"@SUM(1+9)*cmd|' /C calc'!A0",
    b"\t=cmd()",
    b"\r=cmd()",
    "\uFF1Dcmd()".encode(),
    "invoice\u202Efdp.exe".encode(),
    "\u2066isolate\u2069\u200B\u00AD".encode(),
    b"bad\xFF\xFE\xC0\xAF\xED\xA0\x80utf8",
    b"new\nline\n{\"schema\":\"forged\"}",
    b"nul-like\\x00\\u0000",
    b"a,b;c\"d\"\"e",
    b"..\\..\\zevil",
    b"-rf",
    b"`touch zevil`$(touch zevil);|&",
    b"%s%n%x{0}{}",
    b"CON", b"...", b" ", b"trailing. ",
    b"W" * 255,
    "\u0430\u0440\u0440\u04CF\u0435.txt".encode(),
    "e\u0301" .encode() * 60,
]


@item("ext4-evil-names", "Names with terminal escapes, script tags, spreadsheet formulas, bidi "
      "controls, broken UTF-8, line feeds, 255 bytes, shell and format marks.", keep=True,
      files_min=len(EVIL))
def evil_names():
    files = {"/keep.txt": KEEP}
    places = []
    for number, name in enumerate(EVIL):
        places.append(b"%c" % (65 + number % 26) + b"%03d" % number + b"x" * 251)
        places[-1] = places[-1][:max(len(name), 4)]
        files["/" + places[-1].decode()] = b"content of evil name %d\n" % number
    volume = ExtVolume(files, kind="ext4", size_kib=2048, block=4096,
                       features="^metadata_csum,^dir_index,^resize_inode,^64bit,^has_journal")
    for place, name in zip(places, EVIL):
        volume.set_dirent("/", place, new_name=name)
    return volume.bytes


@item("ext4-evil-folders", "Folders with such names, five deep, an ordinary file inside.",
      keep=True, files_min=6)
def evil_folders():
    chain, path = [], ""
    for number in range(5):
        path += f"/D{number:03d}" + "y" * 40
        chain.append(path)
    files = {"/keep.txt": KEEP, **{folder: None for folder in chain}}
    files[chain[-1] + "/inside.txt"] = b"deep\n"
    volume = ExtVolume(files)
    evil = [b"<script>alert(1)", b"=cmd()", "\u202Ereversed".encode(), b"\x1B[2J", b"..\n.."]
    for folder, name in zip(reversed(chain), evil):
        parent, _, place = folder.rpartition("/")
        volume.set_dirent(parent or "/", place.encode(), new_name=name)
    return volume.bytes


@item("fat-evil-names", "Long names with the same attacks, lone surrogates and a volume label of "
      "script.", keep=True, files_min=8)
def fat_names():
    volume = FatVolume()
    volume.add("/keep.txt", KEEP)
    for name in ("<script>alert(1)<", "=cmd()|' C calc'!A0", "\u202Efdp.exe", "\x1B[2J\x07",
                 "\uD800lone\uDC00", "line\nfeed", "W" * 255, "@SUM(1+1)", "zevil..\\..\\x"):
        volume.add_entry(name, volume.store(name.encode("utf-16-le", "surrogatepass")),
                         2 * len(name))
    image = volume.image()
    image[43:54] = b"<script>a()"
    return image


BOTTOM = b"At the bottom of six hundred folders.\n"
DEPTH = 600


@item("ext2-deep-tree",
      "600 folders inside each other: the file at the bottom is found or its loss "
      "is said.", keep=True, files_min=100,
      sha256_or_damage=[hashlib.sha256(BOTTOM).hexdigest()])
def deep_tree():
    folders = {f"/d{number}": None for number in range(DEPTH)}
    volume = ExtVolume({"/keep.txt": KEEP, "/bottom.txt": BOTTOM} | folders, size_kib=2048,
                       inodes=1024)
    parent = 2
    for number in range(DEPTH):
        own = volume.inode_numbers[f"/d{number}"]
        child = volume.inode_numbers.get(f"/d{number + 1}", volume.inode_numbers["/bottom.txt"])
        rows = le("IHBB4s", own, 12, 1, 2, b".") + le("IHBB4s", parent, 12, 2, 2, b"..")
        rows += le("IHBB8s", child, 1000, 8, 2 if number + 1 < DEPTH else 1, b"%08d" % number)
        patch(volume.bytes, volume.first_block(own) * volume.block, rows)
        parent = own
    for name in [b"bottom.txt"] + [f"d{number}".encode() for number in range(1, DEPTH)]:
        drop_root_entry(volume, name)
    return volume.bytes


def drop_root_entry(volume, name):
    """Takes a root entry's inode number away, in whichever of the root's blocks it lies."""
    for block in volume.block_map(2)[:12]:
        for kind in (b"\x01", b"\x02"):
            at = volume.bytes.find(bytes([len(name)]) + kind + name, block * volume.block,
                                   (block + 1) * volume.block)
            if block and at >= 0:
                patch(volume.bytes, at - 6, bytes(4))
                return
    raise ValueError(f"no root entry {name}")
