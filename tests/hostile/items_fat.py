# SPDX-License-Identifier: Apache-2.0
"""Traps in FAT16, FAT32 and exFAT volumes."""
import os
import struct
import tempfile

from fat import SECTOR, FatVolume, entry
from kit import KEEP, MIB, item, le, noise, patch, tool


@item("fat32-chain-loop-file",
      "The cluster chain of a 30 MiB and of a 3 GiB file runs in a circle of "
      "four clusters.",
      keep=True, files_min=2, ref="msuhanov/dfir_ntfs fat32_loop")
def chain_loop_file():
    volume = FatVolume(34 * MIB, bits=32)
    volume.add("/keep.txt", KEEP)
    first = volume.store(noise(4 * SECTOR))
    volume.set_fat(first + 3, first)
    volume.add_entry("loop.bin", first, 30 * MIB)
    volume.add_entry("huge.bin", first, 3 << 30)
    return volume.image()


@item("fat32-chain-loop-folder", "A folder's cluster chain returns to its own first cluster.",
      keep=True, ref="msuhanov/dfir_ntfs fat32_loop")
def chain_loop_folder():
    volume = FatVolume(34 * MIB, bits=32)
    volume.add("/keep.txt", KEEP)
    for number in range(40):
        volume.add(f"/folder/file number {number:02d}.txt", b"file %d\n" % number)
    image = volume.image()
    first = volume.first_cluster["/folder"]
    volume.set_fat(first + 2, first)
    return image


@item("fat16-folder-in-itself",
      "A folder holds an entry for its parent, one for itself and one for "
      "the root, each as an ordinary subfolder.", keep=True, ref="plaso#21")
def folder_in_itself():
    volume = FatVolume()
    volume.add("/keep.txt", KEEP)
    for name in ("self", "parent", "root"):
        volume.add(f"/outer/inner/{name}", b"x")
    image = volume.image()
    inner, outer = volume.first_cluster["/outer/inner"], volume.first_cluster["/outer"]
    at = volume.cluster_at(inner) + 64
    for number, target in enumerate((inner, outer, 0)):
        patch(image, at + 64 * number + 32, entry(b"LOOP%d      " % number, 0x10, target, 0))
    return image


@item("fat32-crosslink-storm",
      "2,000 entries of 30 MiB each share one chain of 64 KiB: 60 GB of claims.",
      keep=True, files_min=100)
def crosslink_storm():
    volume = FatVolume(34 * MIB, bits=32)
    volume.add("/keep.txt", KEEP)
    first = volume.store(noise(64 * 1024))
    for number in range(2000):
        volume.add_entry(f"copy{number:04d}.bin", first, 30 * MIB)
    return volume.image()


@item("fat16-long-name-absurd",
      "Long-name entries with ordinal 63 and no end, a short name full of "
      "control bytes, and a name that is ../../zevil.", keep=True)
def long_name_absurd():
    volume = FatVolume()
    volume.add("/keep.txt", KEEP)
    volume.add_entry("..\\..\\zevil", volume.store(b"dots\n"), 5)
    image = volume.image()
    at = volume.root_at + 32 * 4  # the slots of keep.txt and zevil come before
    for number in range(63, 0, -1):
        piece = b"\x2E\0\x2E\0\x2F\0\x41\0\x42\0"
        patch(image, at, le("B10sBBB12sH4s", number | 0x40, piece, 0x0F, 0, 0x55, b"\x2F\0" * 6, 0,
                            b"z\0e\0"))
        at += 32
    patch(image, at, entry(b"\x1B[2J\x07\x00/../", 0x20, 2, 100))
    return image


@item("fat32-deleted-start-out-of-range", "Deleted entries start in cluster 1 and in cluster "
      "0x0FFFFFFF and are 4 GiB long.", keep=True)
def deleted_out_of_range():
    volume = FatVolume(34 * MIB, bits=32)
    volume.add("/keep.txt", KEEP)
    image = volume.image()
    at = volume.cluster_at(volume.first_cluster["/"]) + 32 * 8
    for number, first in enumerate((1, 0x0FFFFFFF, 0xFFFFFFFF, volume.clusters + 5)):
        patch(image, at + 32 * number, entry(b"\xE5OST%d   BIN" % number, 0x20, first, 0xFFFFFFFF))
    return image


def bent_boot(bits, *fields):
    volume = FatVolume(34 * MIB if bits == 32 else 8 * MIB, bits=bits)
    volume.add("/keep.txt", KEEP)
    image = volume.image()
    for at, data in fields:
        patch(image, at, data)
        if bits == 32:
            patch(image, 6 * SECTOR + at, data)
    return image


@item("fat-sectors-per-cluster-0", "The boot sector says 0 sectors per cluster.", exit=(1,),
      damage_min=1)
def cluster_zero():
    return bent_boot(16, (13, b"\x00"))


@item("fat-sectors-per-cluster-255", "The boot sector says 255 sectors per cluster.", exit=(1,),
      damage_min=1)
def cluster_255():
    return bent_boot(32, (13, b"\xFF"))


@item("fat-bytes-per-sector-1", "The boot sector says 1 byte per sector.", exit=(1,), damage_min=1)
def sector_1():
    return bent_boot(16, (11, le("H", 1)))


@item("fat-size-huge", "FAT32 with tables of 2^32-1 sectors and 255 of them.", exit=(1,),
      damage_min=1)
def fat_huge():
    return bent_boot(32, (16, b"\xFF"), (36, le("I", 0xFFFFFFFF)))


@item("fat-total-sectors-huge", "A 34 MiB volume that says it has 2^32-1 sectors (2 TiB).",
      keep=False, exit=(1,), damage_min=1, seconds=180)
def total_huge():
    return bent_boot(32, (32, le("I", 0xFFFFFFFF)))


@item("fat-root-past-end", "The root folder of a FAT32 volume starts in cluster 0x0FFFFFF0.",
      exit=(1,), damage_min=1)
def root_past_end():
    return bent_boot(32, (44, le("I", 0x0FFFFFF0)))


class ExfatVolume:
    """mkfs.exfat's volume with its serial pinned; entries are added to the root folder."""

    def __init__(self, size=8 * MIB):
        with tempfile.TemporaryDirectory() as scratch:
            path = os.path.join(scratch, "image")
            with open(path, "wb") as out:
                out.truncate(size)
            tool("mkfs.exfat", "-c", "4K", path)
            with open(path, "rb") as stream:
                self.bytes = bytearray(stream.read())
        self.seal(serial=0x1234ABCD)
        fat, _, heap, self.clusters, root = struct.unpack_from("<IIIII", self.bytes, 80)
        self.fat_at, self.heap_at, self.root = fat * 512, heap * 512, root
        self.root_at = self.cluster_at(root)
        self.bitmap, = struct.unpack_from("<I", self.bytes, self.find_entry(0x81) + 20)

    def cluster_at(self, cluster):
        return self.heap_at + (cluster - 2) * 4096

    def find_entry(self, kind):
        for at in range(self.root_at, self.root_at + 4096, 32):
            if self.bytes[at] == kind:
                return at
        raise ValueError("entry missing")

    def seal(self, serial=None):
        """Sets the serial number and both boot regions' checksums."""
        for start in (0, 12 * 512):
            if serial is not None:
                patch(self.bytes, start + 100, le("I", serial))
            total = 0
            for index in range(11 * 512):
                if index not in (106, 107, 112):
                    total = ((total >> 1) | (total & 1) << 31) + self.bytes[start + index]
                    total &= 0xFFFFFFFF
            patch(self.bytes, start + 11 * 512, le("I", total) * 128)

    def bend_boot(self, at, data):
        patch(self.bytes, at, data)
        patch(self.bytes, 12 * 512 + at, data)
        self.seal()

    def add(self, name, first, size, flags=3, attributes=0x20, valid=None):
        """One file set (0x85, 0xC0, 0xC1…) in a free root slot; flags bit 1: no FAT chain."""
        units = name.encode("utf-16-le", "surrogatepass")
        pieces = [units[at:at + 30].ljust(30, b"\0") for at in range(0, len(units), 30)]
        stamp = ((2023 - 1980) << 9 | 11 << 5 | 14) << 16 | 22 << 11 | 13 << 5 | 10
        entries = bytearray(le("BBHHHIII10s2x", 0x85, 1 + len(pieces), 0, attributes, 0, stamp,
                               stamp, stamp, bytes(10)))[:32]
        digest = 0
        for unit in struct.unpack(f"<{len(units) // 2}H", name.upper().encode("utf-16-le")):
            for byte in le("H", unit):
                digest = ((digest << 15 | digest >> 1) + byte) & 0xFFFF
        entries += le("BBBBHHQIIQ", 0xC0, flags, 0, len(units) // 2, digest, 0,
                      size if valid is None else valid, 0, first, size)
        for piece in pieces:
            entries += b"\xC1\0" + piece
        total = 0
        for index, byte in enumerate(entries):
            if index not in (2, 3):
                total = ((total << 15 | total >> 1) + byte) & 0xFFFF
        patch(entries, 2, le("H", total))
        patch(self.bytes, self.find_entry(0x00), entries)

    def store(self, data):
        """Contiguous clusters from the tenth after the root, marked used, with a FAT chain."""
        first = getattr(self, "next_free", self.root + 10)
        count = (len(data) + 4095) // 4096
        patch(self.bytes, self.cluster_at(first), data)
        for cluster in range(first, first + count):
            at = self.cluster_at(self.bitmap) + (cluster - 2) // 8
            self.bytes[at] |= 1 << ((cluster - 2) % 8)
            self.set_fat(cluster, cluster + 1 if cluster + 1 < first + count else 0xFFFFFFFF)
        self.next_free = first + count
        return first

    def set_fat(self, cluster, value):
        patch(self.bytes, self.fat_at + 4 * cluster, le("I", value))


def exfat_with_keep():
    volume = ExfatVolume()
    volume.add("keep.txt", volume.store(KEEP), len(KEEP))
    return volume


@item("exfat-shifts-255",
      "exFAT with bytes-per-sector shift 255 and sectors-per-cluster shift 255.",
      exit=(1,), damage_min=1)
def shifts():
    volume = exfat_with_keep()
    volume.bend_boot(108, b"\xFF\xFF")
    return volume.bytes


@item("exfat-upcase-out-of-range", "The up-case table starts in cluster 0xFFFFFF00 and is 2^63 "
      "bytes long.", keep=True)
def upcase():
    volume = exfat_with_keep()
    at = volume.find_entry(0x82)
    patch(volume.bytes, at + 20, le("IQ", 0xFFFFFF00, 1 << 63))
    return volume.bytes


@item("exfat-counts-absurd", "exFAT with 2^32-1 clusters, a root past the end and 255 FATs.",
      exit=(1,), damage_min=1)
def counts():
    volume = exfat_with_keep()
    volume.bend_boot(92, le("II", 0xFFFFFFFF, 0xFFFFFFF0))
    volume.bend_boot(110, b"\xFF")
    return volume.bytes


@item("exfat-file-claims",
      "Files without FAT chain that claim 2^63-1 bytes, cluster loops, a folder "
      "that is the root, and a set that claims 255 secondary entries.", keep=True, files_min=3,
      seconds=180)
def claims():
    volume = exfat_with_keep()
    loop = volume.store(noise(8192))
    volume.add("huge.bin", loop, (1 << 63) - 1)
    volume.add("loop.bin", loop, 6 * MIB, flags=1)
    volume.set_fat(loop + 1, loop)
    volume.add("rootagain", volume.root, 4096, attributes=0x10)
    volume.add("folderhuge", volume.root, 1 << 62, attributes=0x10)
    patch(volume.bytes, volume.find_entry(0x00), b"\x85\xFF" + bytes(30))
    return volume.bytes
