# SPDX-License-Identifier: Apache-2.0
"""Traps in HFS+ (TN1150) and APFS ("Apple File System Reference"), written by hand.

HFS+ blocks of 4096: 1 allocation bitmap, 2-3 catalog, 4-5 extents overflow, 6-7 attributes,
8.. content. B-tree nodes are 4096 bytes: node 0 header, node 1 the only leaf.
"""
from kit import KEEP, MIB, be, item, le, noise, patch

BLOCK = 4096
CATALOG, OVERFLOW, ATTRIBUTES, CONTENT = 2, 4, 6, 8
MAC_TIME = 1700000000 + 2082844800


def fork(size, first, count):
    return be("QII", size, 0, count) + be("II", first, count) + bytes(56)


def utf16(text):
    return be("H", len(text)) + text.encode("utf-16-be")


def node(records, kind=0xFF, height=1, forward=0):
    data = bytearray(BLOCK)
    patch(data, 0, be("IIbBHH", forward, 0, kind - 256 if kind > 127 else kind, height,
                      len(records), 0))
    at, ends = 14, []
    for row in records:
        ends.append(at)
        patch(data, at, row)
        at += len(row)
    ends.append(at)
    for index, end in enumerate(ends):
        patch(data, BLOCK - 2 * index - 2, be("H", end))
    return data


def tree_header(leaf_records, node_size=BLOCK, depth=1, root=1, first=1, total=2, key=516):
    header = be("HIIIIHHII", depth, root, leaf_records, first, first, node_size, key, total, 0)
    header += be("HIBBI", 0, BLOCK, 0, 0xCF, 6) + bytes(64)
    return node([header, bytes(128), b"\xC0" + bytes(3500)], kind=1, height=0)


def catalog_key(parent, name):
    body = be("I", parent) + utf16(name)
    return be("H", len(body)) + body


def folder_record(number, count):
    return be("HHII", 1, 0, count, number) + be("5I", *[MAC_TIME] * 5) + bytes(48)


def file_record(number, size, first, count, flags=0):
    return (be("HHII", 2, flags, 0, number) + be("5I", *[MAC_TIME] * 5)
            + be("IIBBH", 0, 0, flags, 0, 0o100644) + bytes(4) + bytes(32) + bytes(8)
            + fork(size, first, count) + fork(0, 0, 0))


def thread(kind, parent, name):
    return be("HHI", kind, 0, parent) + utf16(name)


def attribute_row(number, name, content, claimed=None):
    body = be("HII", 0, number, 0) + utf16(name)
    size = len(content) if claimed is None else claimed
    return be("H", len(body)) + body + be("I8xI", 0x10, size) + content + b"\0" * (len(content) % 2)


def hfs_plus(names=("keep.txt", "trap.bin"), trap=(1000, CONTENT + 4, 1), attributes=(), **tree):
    image = bytearray(2 * MIB)
    blocks = len(image) // BLOCK
    header = be("HHIIII", 0x482B, 4, 0x100, 0x31302E30, 0, MAC_TIME)
    header += be("IIIII", MAC_TIME, 0, MAC_TIME, 2, 0)
    header += be("IIIIIIIIQ", BLOCK, blocks, blocks - 20, 20, 65536, 65536, 20, 1, 1)
    header += bytes(32)
    for first, count in ((1, 1), (OVERFLOW, 2), (CATALOG, 2), (ATTRIBUTES, 2)):
        header += fork(BLOCK * count, first, count)
    header += fork(0, 0, 0)
    patch(image, 1024, header)
    patch(image, len(image) - 1024, header)
    rows = [(catalog_key(1, "Hostile"), folder_record(2, 2)),
            (catalog_key(2, ""), thread(3, 1, "Hostile")),
            (catalog_key(2, names[0]), file_record(16, len(KEEP), CONTENT, 1)),
            (catalog_key(2, names[1]), file_record(17, *trap, flags=0x20 if attributes else 0)),
            (catalog_key(16, ""), thread(4, 2, names[0])),
            (catalog_key(17, ""), thread(4, 2, names[1]))]
    patch(image, 1 * BLOCK, b"\xFF\xFF\xF0")
    patch(image, CATALOG * BLOCK, tree_header(len(rows), **tree.get("header", {})))
    patch(image, (CATALOG + 1) * BLOCK, node([key + value for key, value in rows],
                                             forward=tree.get("forward", 0)))
    patch(image, OVERFLOW * BLOCK, tree_header(0, depth=0, root=0, first=0, key=10))
    patch(image, ATTRIBUTES * BLOCK, tree_header(len(attributes), key=266))
    patch(image, (ATTRIBUTES + 1) * BLOCK, node(list(attributes)))
    patch(image, CONTENT * BLOCK, KEEP)
    patch(image, (CONTENT + 4) * BLOCK, noise(BLOCK))
    return image


@item("hfs-node-size-absurd", "The catalog's B-tree header says nodes of 1 byte.", exit=(0, 1),
      suffix=".img")
def node_size():
    return hfs_plus(header={"node_size": 1})


@item("hfs-node-size-zero", "The catalog's B-tree header says nodes of 0 bytes and depth 65535.",
      exit=(0, 1))
def node_zero():
    return hfs_plus(header={"node_size": 0, "depth": 0xFFFF})


@item("hfs-leaf-loop", "The catalog's only leaf names itself as its right neighbour: a walk by "
      "neighbours never ends.", exit=(1,), damage_min=1)
def leaf_loop():
    return hfs_plus(forward=1)


@item("hfs-root-is-index-loop", "The catalog's root is an index node whose child is itself.",
      exit=(0, 1))
def index_loop():
    image = hfs_plus(header={"depth": 8})
    rows = [catalog_key(1, "Hostile") + be("I", 1), catalog_key(2, "") + be("I", 1)]
    patch(image, (CATALOG + 1) * BLOCK, node(rows, kind=0, height=8))
    return image


@item("hfs-record-offsets-outside",
      "A leaf claims 65535 records whose offsets lie outside the node.",
      exit=(0, 1))
def record_offsets():
    image = hfs_plus()
    at = (CATALOG + 1) * BLOCK
    patch(image, at + 10, be("H", 0xFFFF))
    patch(image, at + BLOCK - 8, be("HH", 0xFFF0, 0x0002))
    return image


@item("hfs-header-absurd", "The volume header says blocks of 1 byte, 2^32-1 of them.", exit=(1,),
      damage_min=1)
def header_absurd():
    image = hfs_plus()
    for at in (1024, len(image) - 1024):
        patch(image, at + 40, be("II", 1, 0xFFFFFFFF))
    return image


def decmpfs(kind, size, tail=b"", claimed=None):
    return attribute_row(17, "com.apple.decmpfs", b"fpmc" + le("IQ", kind, size) + tail, claimed)


@item("hfs-decmpfs-inline-huge", "A compressed file's inline attribute says 2^40 bytes, its zlib "
      "data is one byte, its attribute size 2^32-1.", keep=True, ref="CVE-2026-120453 shape")
def decmpfs_inline():
    return hfs_plus(trap=(0, 0, 0), attributes=[decmpfs(3, 1 << 40, b"\x78", 0xFFFFFFFF)])


@item("hfs-decmpfs-inline-empty", "The decmpfs attribute ends with its header: no byte of data, "
      "16 MiB claimed.", keep=True, ref="CVE-2026-120453 shape")
def decmpfs_empty():
    return hfs_plus(trap=(0, 0, 0), attributes=[decmpfs(3, 16 * MIB)])


@item("hfs-decmpfs-short", "The decmpfs attribute is 3 bytes, shorter than its own header.",
      keep=True, ref="CVE-2026-120453 shape")
def decmpfs_short():
    return hfs_plus(trap=(0, 0, 0),
                    attributes=[attribute_row(17, "com.apple.decmpfs", b"fpm")])


@item("hfs-name-traversal", "A file is named ../../zevil (HFS+ allows the slash).", keep=True,
      ref="CVE-2026-40024 class")
def hfs_traversal():
    return hfs_plus(names=("keep.txt", "z/../../zevil"))


@item("hfs-extent-past-end", "A file of 2^62 bytes has an extent of 2^32-1 blocks past the volume.",
      keep=True, seconds=180)
def extent_past():
    return hfs_plus(trap=(1 << 62, 0xFFFFFF00, 0xFFFFFFFF))


def fletcher64(data):
    """The checksum of an APFS object, over everything after its first 8 bytes."""
    low = high = 0
    for at in range(8, len(data), 4):
        low = (low + int.from_bytes(data[at:at + 4], "little")) % 0xFFFFFFFF
        high = (high + low) % 0xFFFFFFFF
    first = 0xFFFFFFFF - (low + high) % 0xFFFFFFFF
    return le("II", first, 0xFFFFFFFF - (low + first) % 0xFFFFFFFF)


def apfs_object(oid, kind, body):
    block = bytearray(BLOCK)
    patch(block, 8, le("QQII", oid, 1, kind, 0) + body)
    patch(block, 0, fletcher64(block))
    return block


def container(**absurd):
    count = {"blocks": 512, "descriptors": 8, "data": 8, "file_systems": 1, "omap": 20,
             "block_size": BLOCK, **absurd}
    body = b"NXSB" + le("IQ", count["block_size"], count["blocks"]) + bytes(24)
    body += bytes(range(16)) + le("QQ", 1024, 2)
    body += le("IIQQ", count["descriptors"], count["data"], 1, 9)
    body += le("IIIIII", 2, 2, 0, 2, 0, 2)
    body += le("QQQ", 1024, count["omap"], 0)
    body += le("III", 0, count["file_systems"], 1026) + le("Q", 1026) * 99
    image = bytearray(512 * BLOCK)
    for number in (0, 1, 2):
        patch(image, number * BLOCK, apfs_object(1, 0x80000001, body))
    return image


@item("apfs-counts-absurd",
      "A container superblock with right checksum and 2^31 descriptor blocks, "
      "2^32-1 file systems, 2^63 blocks.", exit=(1,), damage_min=1)
def apfs_counts():
    return container(blocks=1 << 63, descriptors=0x7FFFFFFF, data=0x7FFFFFFF,
                     file_systems=0xFFFFFFFF)


@item("apfs-block-size-0", "A container superblock with blocks of 0 bytes.", exit=(1,),
      damage_min=1)
def apfs_block_size():
    return container(block_size=0)


@item("apfs-omap-loop", "The object map's tree root is an index node whose only child is itself.",
      exit=(1,), damage_min=1, ref="OSS-Fuzz class: APFS B-tree recursion")
def apfs_omap_loop():
    image = container()
    patch(image, 20 * BLOCK, apfs_object(20, 0x4000000B, le("IIIIQQ", 0, 0, 0x40000002, 0x40000002,
                                                           21, 0)))
    tree = bytearray(BLOCK - 32)
    patch(tree, 0, le("HHIHHHHHHHH", 5, 9, 1, 0, 64, 64, 3000, 0xFFFF, 0, 0xFFFF, 0))
    patch(tree, 24, le("HH", 0, 8))
    patch(tree, 24 + 64, le("QQ", 1026, 1))
    patch(tree, len(tree) - 40 - 8, le("Q", 21))
    patch(tree, len(tree) - 40, le("IIIIIIQQ", 0, BLOCK, 16, 16, 16, 16, 1, 1))
    patch(image, 21 * BLOCK, apfs_object(21, 0x40000002, bytes(tree)))
    return image
