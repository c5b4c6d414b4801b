# SPDX-License-Identifier: Apache-2.0
"""Traps in ext2/3/4 volumes."""
from ext import ExtVolume
from kit import KEEP, item, le, noise, patch

LOST = {"/keep.txt": KEEP}
SPENT = ["limit", "timeout", "range", "crash", "unreadable"]


@item("ext2-dirent-traversal", "A directory entry is named ../../zevil and another /tmp/zevil_abs.",
      keep=True, files_min=3, ref="CVE-2026-40024")
def dirent_traversal():
    volume = ExtVolume({**LOST, "/AAAAAAAAAAA": b"escaped by dots\n",
                        "/BBBBBBBBBBBBBB": b"escaped by root\n"})
    volume.set_dirent("/", b"A" * 11, new_name=b"../../zevil")
    volume.set_dirent("/", b"B" * 14, new_name=b"/tmp/zevil_abs")
    return volume.bytes


@item("ext2-directory-traversal", "A folder is named ../../zevil_dir and holds an ordinary file.",
      keep=True, ref="CVE-2026-40024")
def directory_traversal():
    volume = ExtVolume({**LOST, "/AAAAAAAAAAAAAAA": None, "/AAAAAAAAAAAAAAA/zevil": b"inside\n"})
    volume.set_dirent("/", b"A" * 15, new_name=b"../../zevil_dir")
    return volume.bytes


@item("ext2-symlink-then-folder", "A symbolic link to /tmp and a folder share one name, so a tree "
      "written by path would land in the link's target.", keep=True)
def symlink_then_folder():
    volume = ExtVolume({**LOST, "/outA": "/tmp", "/outB": None, "/outB/zevil": b"through\n"})
    volume.set_dirent("/", b"outB", new_name=b"outA")
    return volume.bytes


def self_pointing(level, size):
    volume = ExtVolume({**LOST, "/loop.bin": noise(2048)})
    number = volume.inode_numbers["/loop.bin"]
    block = volume.block_map(number)[0]
    patch(volume.bytes, block * 1024, le("I", block) * 256)
    blocks = [0] * 15
    blocks[level] = block
    volume.set_block_map(number, blocks)
    volume.set_size(number, size)
    return volume.bytes


@item("ext2-self-indirect", "The single-indirect block of a file points to itself 256 times.",
      keep=True, files_min=2)
def self_indirect():
    return self_pointing(12, 268 * 1024)


@item("ext2-self-triple-indirect", "The triple-indirect block points to itself; the file claims "
      "16 GiB on a 1 MiB volume.", exit=(1,), keep=True, damage_min=1, damage_kind_any=SPENT,
      ref="sleuthkit#2268")
def self_triple_indirect():
    return self_pointing(14, 16 << 30)


@item("ext2-size-huge", "A one-block file claims 2^62 bytes.", keep=True, exit=(0, 1))
def size_huge():
    volume = ExtVolume({**LOST, "/huge.bin": noise(1024)})
    volume.set_size(volume.inode_numbers["/huge.bin"], 1 << 62)
    return volume.bytes


@item("ext4-sparse-16tib", "A well-formed sparse file of 15 TiB with one block of content: hashing "
      "every zero would take hours.", keep=True, exit=(0, 1))
def sparse_huge():
    volume = ExtVolume({**LOST, "/sparse.bin": noise(4096)}, size_kib=4096, kind="ext4", block=4096,
                       features="^metadata_csum,^dir_index,^resize_inode,^64bit,^has_journal")
    volume.set_size(volume.inode_numbers["/sparse.bin"], 15 << 40)
    return volume.bytes


@item("ext2-directory-loop", "A folder three levels down holds an entry that is its ancestor, and "
      "another holds itself.", keep=True, files_min=4, ref="plaso#21")
def directory_loop():
    volume = ExtVolume({**LOST, "/a": None, "/a/b": None, "/a/b/c": None, "/a/b/c/up": b"x",
                        "/a/self": b"y", "/a/root": b"z"})
    volume.set_dirent("/a/b/c", b"up", inode=volume.inode_numbers["/a"], file_type=2)
    volume.set_dirent("/a", b"self", inode=volume.inode_numbers["/a"], file_type=2)
    volume.set_dirent("/a", b"root", inode=2, file_type=2)
    return volume.bytes


@item("ext2-dirent-length-zero", "A directory entry has record length 0, another runs past the "
      "block.", files_min=1)
def dirent_length_zero():
    volume = ExtVolume({**LOST, "/zero": b"a", "/d": None, "/d/long": b"b"})
    volume.set_dirent("/", b"zero", record=0)
    volume.set_dirent("/d", b"long", record=0xFFFC)
    return volume.bytes


@item("ext4-extent-loop", "An extent index node names its own block as its child, depth 65535.",
      keep=True)
def extent_loop():
    volume = ExtVolume({**LOST, "/tree.bin": noise(4096)}, kind="ext4", size_kib=2048,
                       features="^metadata_csum,^dir_index,^resize_inode,^64bit,^has_journal")
    number = volume.inode_numbers["/tree.bin"]
    at = volume.inode_at(number) + 40
    block = int.from_bytes(volume.bytes[at + 20:at + 24], "little")
    node = le("HHHHI", 0xF30A, 84, 84, 5, 0) + le("IIHH", 0, block, 0, 0) * 84
    patch(volume.bytes, block * 1024, node)
    patch(volume.bytes, at, le("HHHHI", 0xF30A, 4, 4, 6, 0) + le("IIHH", 0, block, 0, 0) * 4)
    volume.set_size(number, 1 << 40)
    return volume.bytes


@item("ext4-extent-absurd", "Extents claim 65535 entries and blocks past the end of the volume.",
      keep=True)
def extent_absurd():
    volume = ExtVolume({**LOST, "/tree.bin": noise(4096)}, kind="ext4", size_kib=2048,
                       features="^metadata_csum,^dir_index,^resize_inode,^64bit,^has_journal")
    at = volume.inode_at(volume.inode_numbers["/tree.bin"]) + 40
    patch(volume.bytes, at, le("HHHHI", 0xF30A, 0xFFFF, 0xFFFF, 0, 0)
          + le("IHHI", 0, 0x8000, 0xFFFF, 0xFFFFFFF0) * 4)
    return volume.bytes


def superblock(*fields):
    volume = ExtVolume(LOST)
    for at, data in fields:
        patch(volume.bytes, 1024 + at, data)
    return volume.bytes


@item("ext2-super-zero-groups", "The superblock says 0 blocks and 0 inodes per group.", exit=(1,),
      damage_min=1, ref="CVE-2007-4200 class")
def super_zero_groups():
    return superblock((32, le("III", 0, 0, 0)))


@item("ext2-super-absurd", "The superblock says 2^32-1 inodes and blocks of 1 KiB << 2^32-1.",
      exit=(1,), damage_min=1)
def super_absurd():
    return superblock((0, le("II", 0xFFFFFFFF, 0xFFFFFFFF)), (24, le("I", 0xFFFFFFFF)))


@item("ext2-super-many-inodes", "Counts are plausible in kind but claim 4 billion inodes on 1 MiB.",
      exit=(0, 1), seconds=180)
def super_many_inodes():
    return superblock((0, le("II", 0xFFFFFF00, 0x7FFFFFFF)), (40, le("I", 8192)))


@item("ext4-journal-absurd", "The journal's own superblock claims 2^32-1 blocks of size 1.",
      keep=True)
def journal_absurd():
    volume = ExtVolume(LOST, kind="ext4", size_kib=4096, features="^metadata_csum,^dir_index,"
                       "^resize_inode,^64bit,has_journal")
    at = volume.bytes.find(b"\xC0\x3B\x39\x98\x00\x00\x00\x04")
    if at < 0:
        raise ValueError("no journal superblock")
    patch(volume.bytes, at + 12, b"\x00\x00\x00\x01" + b"\xFF" * 12)
    return volume.bytes


@item("ext2-image-torn", "An ext2 image that ends in the middle of its inode table.", exit=(1, 3),
      damage_min=1)
def image_torn():
    volume = ExtVolume({**LOST, "/big.bin": noise(200_000)}, size_kib=16 * 1024)
    return volume.bytes[:9 * 1024 + 300]
