# SPDX-License-Identifier: Apache-2.0
"""Traps in NTFS volumes."""
import struct

from kit import FILETIME, KEEP, item, le, noise, patch, patch_all
from ntfs import NtfsVolume, append_attribute, attribute_at, set_runs, undo_fixups, make_fixups

DATA, FILE_NAME, ATTRIBUTE_LIST, INDEX_ROOT, INDEX_ALLOCATION = 0x80, 0x30, 0x20, 0x90, 0xA0
BIG = ("/trap.bin", noise(40_000))
SMALL = ("/trap.txt", b"resident content\n")


def bent(file, bend):
    """A volume with keep.txt and `file`, whose record was handed to `bend(record, volume)`."""
    volume = NtfsVolume([("/keep.txt", KEEP), file])
    number = volume.find_record(file[0].strip("/"))
    record = volume.read_record(number)
    bend(record, volume, number)
    volume.write_record(number, record)
    return volume.bytes


@item("ntfs-run-past-end", "A file's run starts inside and ends 2^38 clusters behind the volume.",
      keep=True, files_min=2)
def run_past_end():
    def bend(record, volume, number):
        at = attribute_at(record, DATA)
        set_runs(record, at, b"\x15" + le("Q", 1 << 38)[:5] + b"\x40\x00", 1 << 50)
    return bent(BIG, bend)


@item("ntfs-run-negative", "A file's first run has the cluster number -100.",
      keep=True)
def run_negative():
    def bend(record, volume, number):
        set_runs(record, attribute_at(record, DATA), b"\x11\x05\x9C\x00")
    return bent(BIG, bend)


@item("ntfs-run-header-absurd", "A run header says 15 length bytes and 15 offset bytes.", keep=True)
def run_header():
    def bend(record, volume, number):
        set_runs(record, attribute_at(record, DATA), b"\xFF" + b"\xFF" * 7)
    return bent(BIG, bend)


@item("ntfs-run-offset-outside", "The run list of a file starts at byte 0xFFF0 of its attribute.",
      keep=True)
def run_offset():
    def bend(record, volume, number):
        patch(record, attribute_at(record, DATA) + 32, le("H", 0xFFF0))
    return bent(BIG, bend)


@item("ntfs-mft-run-zero", "$MFT's own $DATA run points at cluster 0, the boot sector.", exit=(1,),
      damage_min=1)
def mft_run_zero():
    volume = NtfsVolume([("/keep.txt", KEEP)])
    for number in (0,):
        record = volume.read_record(number)
        set_runs(record, attribute_at(record, DATA), b"\x11\x40\x00\x00")
        volume.write_record(number, record)
    return volume.bytes


@item("ntfs-mft-run-itself", "$MFT's run list repeats its own first cluster with a length of 2^31 "
      "records.", exit=(1,), damage_min=1, seconds=240)
def mft_run_itself():
    volume = NtfsVolume([("/keep.txt", KEEP)])
    record = volume.read_record(0)
    at = attribute_at(record, DATA)
    set_runs(record, at, b"\x11\x04" + bytes([volume.mft_at // 4096]) + b"\x11\x7F\x00",
             1024 << 31)
    volume.write_record(0, record)
    return volume.bytes


@item("ntfs-attribute-length-0", "The $DATA attribute of a file is 0 bytes long: a walk that adds "
      "the length stands still.", keep=True)
def attribute_length():
    def bend(record, volume, number):
        patch(record, attribute_at(record, DATA) + 4, le("I", 0))
    return bent(SMALL, bend)


@item("ntfs-attribute-length-huge",
      "The $DATA attribute of a file is 2^32-8 bytes long.", keep=True)
def attribute_huge():
    def bend(record, volume, number):
        patch(record, attribute_at(record, DATA) + 4, le("I", 0xFFFFFFF8))
    return bent(SMALL, bend)


@item("ntfs-resident-outside",
      "Resident content starts at 0xFFF0 of the attribute, 2^31 bytes long.",
      keep=True)
def resident_outside():
    def bend(record, volume, number):
        at = attribute_at(record, DATA)
        patch(record, at + 16, le("IH", 1 << 31, 0xFFF0))
    return bent(SMALL, bend)


@item("ntfs-name-outside", "The $FILE_NAME says 255 characters where its attribute holds 8.",
      keep=True)
def name_outside():
    def bend(record, volume, number):
        patch(record, attribute_at(record, FILE_NAME) + 24 + 64, b"\xFF")
    return bent(SMALL, bend)


def resident_attribute(kind, content):
    padded = (24 + len(content) + 7) // 8 * 8
    return (le("IIBBHHHIHH", kind, padded, 0, 0, 24, 0, 9, len(content), 24, 0)
            + content).ljust(padded, b"\0")


@item("ntfs-attribute-list-self",
      "An $ATTRIBUTE_LIST names its own record for everything, a length "
      "of 0 and itself as the next list.", keep=True)
def attribute_list_self():
    def bend(record, volume, number):
        sequence, = struct.unpack_from("<H", record, 16)
        reference = sequence << 48 | number
        rows = b"".join(le("IHBBQQH6x", kind, 32, 0, 26, 0, reference, 9)
                        for kind in (ATTRIBUTE_LIST, DATA, ATTRIBUTE_LIST, DATA))
        rows += le("IHBBQQH6x", DATA, 0, 255, 255, 1 << 60, 1 << 40, 9)
        append_attribute(record, resident_attribute(ATTRIBUTE_LIST, rows))
    return bent(SMALL, bend)


@item("ntfs-attribute-list-pair", "Two records' attribute lists name each other.", keep=True)
def attribute_list_pair():
    volume = NtfsVolume([("/keep.txt", KEEP), ("/one.txt", b"1"), ("/two.txt", b"2")])
    numbers = [volume.find_record("one.txt"), volume.find_record("two.txt")]
    records = [volume.read_record(number) for number in numbers]
    for record, other, target in zip(records, reversed(records), reversed(numbers)):
        sequence, = struct.unpack_from("<H", other, 16)
        row = le("IHBBQQH6x", ATTRIBUTE_LIST, 32, 0, 26, 0, sequence << 48 | target, 9)
        row += le("IHBBQQH6x", DATA, 32, 0, 26, 0, sequence << 48 | target, 9)
        append_attribute(record, resident_attribute(ATTRIBUTE_LIST, row))
    for number, record in zip(numbers, records):
        volume.write_record(number, record)
    return volume.bytes


@item("ntfs-parent-itself", "A deleted file's parent is the file itself, a live one's does not "
      "exist.", keep=True)
def parent_itself():
    volume = NtfsVolume([("/keep.txt", KEEP), ("/own.txt", b"1"), ("/lost.txt", b"2")])
    for name, parent, flags in (("own.txt", None, 0), ("lost.txt", 0x7FFFFFFFFFFF, 1)):
        number = volume.find_record(name)
        record = volume.read_record(number)
        sequence, = struct.unpack_from("<H", record, 16)
        target = number if parent is None else parent
        patch(record, attribute_at(record, FILE_NAME) + 24, le("Q", sequence << 48 | target))
        patch(record, 22, le("H", flags))
        volume.write_record(number, record)
    return volume.bytes


@item("ntfs-index-entry-length-0",
      "The root folder's index holds an entry of length 0 and one that "
      "names its own block as child.")
def index_entry_zero():
    volume = NtfsVolume([("/keep.txt", KEEP)])
    record = volume.read_record(5)
    at = attribute_at(record, INDEX_ALLOCATION)
    where, = struct.unpack_from("<H", record, at + 32)
    sizes = record[at + where]
    length = sizes & 15
    cluster = int.from_bytes(record[at + where + 1 + length:at + where + 1 + length + (sizes >> 4)],
                             "little")
    place = cluster * 4096
    block = undo_fixups(volume.bytes[place:place + 4096])
    first, = struct.unpack_from("<I", block, 24)
    entry = 24 + first
    second = entry + struct.unpack_from("<H", block, entry + 8)[0]
    patch(block, second + 8, le("H", 0))
    patch(block, entry + 12, le("H", 1))
    patch(volume.bytes, place, make_fixups(block))
    return volume.bytes


@item("ntfs-compressed-garbage", "A file says it is LZNT1 with 2^255 clusters per unit; its bytes "
      "are noise.", keep=True)
def compressed_garbage():
    def bend(record, volume, number):
        at = attribute_at(record, DATA)
        patch(record, at + 12, le("H", 1))
        patch(record, at + 34, le("H", 255))
    return bent(BIG, bend)


@item("ntfs-size-exabyte", "A file of ten clusters claims 2^62 bytes and as many valid ones.",
      keep=True, seconds=180)
def size_exabyte():
    def bend(record, volume, number):
        patch(record, attribute_at(record, DATA) + 40, le("QQQ", 1 << 62, 1 << 62, 1 << 62))
    return bent(BIG, bend)


@item("ntfs-fixup-count-huge", "A record claims 65,535 fix-ups, another has its sector ends torn.",
      keep=True)
def fixup_count():
    volume = NtfsVolume([("/keep.txt", KEEP), ("/one.txt", b"1"), ("/two.txt", b"2")])
    place = volume.mft_at + volume.find_record("one.txt") * 1024
    patch(volume.bytes, place + 4, le("HH", 0xFFF0, 0xFFFF))
    place = volume.mft_at + volume.find_record("two.txt") * 1024
    patch(volume.bytes, place + 510, b"\xDE\xAD")
    return volume.bytes


@item("ntfs-name-traversal", "A file's UTF-16 name is ../../zevil, another holds a lone surrogate "
      "and a NUL.", keep=True)
def name_traversal():
    volume = NtfsVolume([("/keep.txt", KEEP), ("/AAAAAAAAAAA", b"dots\n"),
                         ("/BBBBBBBB.txt", b"odd\n")])
    patch_all(volume.bytes, ("A" * 11).encode("utf-16-le"), "../../zevil".encode("utf-16-le"), 2)
    patch_all(volume.bytes, ("B" * 8).encode("utf-16-le"), le("8H", 0xD800, 0, 0x1B, 0x5B, 0x202E,
                                                             0xDC00, 0x2F, 0xFFFF), 2)
    return volume.bytes


def boot(*fields):
    volume = NtfsVolume([("/keep.txt", KEEP)])
    for at, data in fields:
        for copy in (0, len(volume.bytes) - 512):
            patch(volume.bytes, copy + at, data)
    return volume.bytes


@item("ntfs-boot-record-size", "The boot sector says records of 2^127 bytes.", exit=(1,),
      damage_min=1)
def boot_record_size():
    return boot((0x40, b"\x81"), (0x44, b"\x81"))


@item("ntfs-boot-mft-outside", "The boot sector puts $MFT at cluster 2^62 and claims 2^63 sectors.",
      exit=(1,), damage_min=1)
def boot_mft_outside():
    return boot((0x28, le("QQQ", (1 << 63) - 1, 1 << 62, 1 << 62)))


@item("ntfs-boot-cluster-0", "The boot sector says 0 sectors per cluster.", exit=(1,), damage_min=1)
def boot_cluster():
    return boot((0x0D, b"\0"))


def usn_record(name, number, length=None):
    text = name.encode("utf-16-le")
    size = (60 + len(text) + 7) // 8 * 8
    return (le("IHHQQQQIIIIHH", size if length is None else length, 2, 0, 1 << 48 | 64 + number,
               5 << 48 | 5, 4096 + number * 96, FILETIME, 0x100, 0, 0, 0x20, len(text), 60)
            + text).ljust(size, b"\0")


@item("ntfs-usnjrnl-lengths", "$UsnJrnl:$J with record lengths 0, 3, 2^31 and a name past its end, "
      "good records before and after.", keep=True)
def usnjrnl():
    pages = []
    for number, trap in enumerate((
            b"\0\0\0\0" + noise(92, 2), usn_record("len2to31.txt", 1, 1 << 31),
            usn_record("len3.txt", 2, 3), usn_record("len7.txt", 3, 0xFFFFFFFF),
            usn_record("name.txt", 4)[:56] + le("HH", 0xFFFF, 0xFFF0) + noise(40, 3))):
        pages.append((usn_record(f"good{number}.txt", number) + trap).ljust(4096, b"\0"))
    pages.append(usn_record("last-good.txt", 9) + usn_record("cut.txt", 10)[:40])
    journal = b"".join(pages)
    volume = NtfsVolume([("/keep.txt", KEEP), ("/$Extend/$UsnJrnl", b""),
                         ("/$Extend/$UsnJrnl", journal, "$J")])
    return volume.bytes
