# SPDX-License-Identifier: Apache-2.0
"""Traps in partition tables: MBR, extended chains, GPT, Apple map, BSD label."""
import zlib

from fat import FatVolume
from kit import KEEP, MIB, be, item, le, noise, patch

SECTOR = 512
LINUX_GUID = bytes.fromhex("AF3DC60F838472478E793D69D8477DE4")


def fat_volume(size=4 * MIB):
    volume = FatVolume(size)
    volume.add("/keep.txt", KEEP)
    return volume.image()


def row(kind, first, count, active=0):
    return le("BBBBBBBBII", active, 0, 2, 0, kind, 0xFE, 0xFF, 0xFF, first, count)


def mbr(image, rows, at=0):
    patch(image, at + 446, b"".join(rows).ljust(64, b"\0") + b"\x55\xAA")


def disk(size=8 * MIB, at=2048):
    image = bytearray(size)
    patch(image, at * SECTOR, fat_volume())
    return image


@item("mbr-torn-table", "An image that ends 300 bytes into the partition table's sector.",
      exit=(1,), damage_min=1)
def torn_table():
    image = disk()
    mbr(image, [row(6, 2048, 8192)])
    return image[:470]


@item("mbr-torn-volume", "An image that ends in the middle of its only volume.", exit=(1,),
      damage_min=1, keep=True)
def torn_volume():
    image = disk()
    mbr(image, [row(6, 2048, 8192)])
    return image[:2048 * SECTOR + 2 * MIB + 77]


@item("mbr-extended-loop", "Extended boot records point at each other and at the first.", keep=True,
      files_min=1)
def extended_loop():
    image = disk()
    mbr(image, [row(6, 2048, 8192), row(5, 12288, 4096)])
    mbr(image, [row(0x83, 8, 8), row(5, 64, 64)], at=12288 * SECTOR)
    mbr(image, [row(0x83, 8, 8), row(5, 0, 4096)], at=(12288 + 64) * SECTOR)
    return image


@item("mbr-extended-itself", "An extended boot record names itself as the next, 4 GiB long.",
      keep=True, files_min=1)
def extended_itself():
    image = disk()
    mbr(image, [row(6, 2048, 8192), row(0x0F, 12288, 0xFFFFFFFF)])
    mbr(image, [row(5, 0, 0xFFFFFFFF)] * 4, at=12288 * SECTOR)
    return image


@item("mbr-overlap", "Three entries over the same sectors, one inside another, one the whole disk.",
      keep=True, files_min=1)
def overlap():
    image = disk()
    mbr(image, [row(6, 2048, 8192), row(6, 2048, 8192), row(0x83, 3000, 100), row(7, 0, 16384)])
    return image


@item("mbr-past-end", "Entries start at sector 2^32-1 and end 2 TiB behind the image.", exit=(0, 1))
def past_end():
    image = disk()
    mbr(image, [row(6, 2048, 0xFFFFFFFF), row(0x83, 0xFFFFFFFF, 0xFFFFFFFF)])
    return image


def gpt(count=128, size=128, crc=None, first=2, table=None, alternate=None):
    image = disk()
    sectors = len(image) // SECTOR
    mbr(image, [row(0xEE, 1, 0xFFFFFFFF)])
    rows = table if table is not None else (
        LINUX_GUID + bytes(range(16)) + le("QQQ", 2048, 2048 + 8191, 0)
        + "data".encode("utf-16-le").ljust(72, b"\0")).ljust(128 * 128, b"\0")
    header = bytearray(b"EFI PART" + le("IIIIQQQQ", 0x10000, 92, 0, 0, 1,
                                        sectors - 1 if alternate is None else alternate, 34,
                                        sectors - 34) + bytes(range(16))
                       + le("QIII", first, count, size, zlib.crc32(rows)))
    patch(header, 16, le("I", zlib.crc32(header) if crc is None else crc))
    patch(image, SECTOR, header)
    patch(image, 2 * SECTOR, rows)
    return image


@item("gpt-entries-4g-size-1", "GPT with 2^32-1 entries of 1 byte, header checksum right.",
      exit=(0, 1), seconds=180)
def gpt_size_1():
    return gpt(count=0xFFFFFFFF, size=1)


@item("gpt-entries-4g", "GPT with 2^32-1 entries of 128 bytes (512 GiB of table).", exit=(0, 1),
      seconds=180)
def gpt_many():
    return gpt(count=0xFFFFFFFF)


@item("gpt-entry-size-0", "GPT with entries of 0 bytes.", exit=(0, 1))
def gpt_size_0():
    return gpt(size=0)


@item("gpt-header-checksum", "GPT whose header checksum is wrong; no second header.", keep=True,
      exit=(0, 1))
def gpt_checksum():
    return gpt(crc=0xDEADBEEF)


@item("gpt-alternate-itself", "GPT whose second header is the first and whose table lies at sector "
      "2^63.", exit=(0, 1))
def gpt_alternate():
    return gpt(alternate=1, first=1 << 63)


@item("gpt-entries-absurd", "GPT entries that end before they start, end at 2^64-1, overlap.",
      keep=True, exit=(0, 1))
def gpt_absurd():
    rows = b""
    for first, last in ((2048, 10239), (9000, 3), (2048, (1 << 64) - 1), (1 << 63, 1 << 63),
                        (0, 16383)):
        rows += LINUX_GUID + bytes(range(16)) + le("QQQ", first, last, 0) + b"\x1B\0\x2E\x20" * 18
    return gpt(table=rows.ljust(128 * 128, b"\0"))


@item("apple-map-count", "An Apple partition map that says it has 2^32-1 entries.", exit=(1,),
      damage_min=1)
def apple_map():
    image = bytearray(2 * MIB)
    patch(image, 0, b"ER" + be("HI", 512, 4096))
    for number in range(1, 60):
        patch(image, number * SECTOR, be("2sHIII", b"PM", 0, 0xFFFFFFFF, 1, 0xFFFFFFFF)
              + b"map".ljust(32, b"\0") + b"Apple_HFS".ljust(32, b"\0"))
    return image


@item("bsd-label-count", "A BSD disk label in an MBR volume with 65,535 partitions that hold it.",
      exit=(0, 1))
def bsd_label():
    image = bytearray(4 * MIB)
    mbr(image, [row(0xA5, 64, 4096)])
    label = bytearray(SECTOR)
    patch(label, 0, le("I", 0x82564557))
    patch(label, 132, le("IHHII", 0x82564557, 0, 0xFFFF, 8192, 8192))
    for number in range(16):
        patch(label, 148 + 16 * number, le("IIIBBH", 0xFFFFFFFF, 64, 2048, 7, 8, 16))
    patch(image, 65 * SECTOR, label)
    return image


@item("luks-header-only", "A LUKS header with key material offsets outside, then noise.",
      exit=(1,), damage_min=1)
def luks():
    image = bytearray(b"LUKS\xBA\xBE" + be("H", 1) + b"aes".ljust(32, b"\0")
                      + b"xts-plain64".ljust(32, b"\0") + b"sha256".ljust(32, b"\0")
                      + be("II", 0xFFFFFFFF, 0xFFFFFFFF))
    return bytes(image.ljust(4096, b"\0")) + noise(MIB)
