# SPDX-License-Identifier: Apache-2.0
"""Things that are no image, and image containers that lie: E01, VMDK, VHD, AFF.

E01: signature, then sections (descriptor of 76 bytes with Adler-32). Spec: libyal/libewf,
"Expert Witness Compression Format (EWF)".
"""
import zlib

from fat import FatVolume
from kit import KEEP, MIB, be, item, le, noise, patch

CHUNK = 32768
CLEAR = "unsupported|unreadable|empty|damaged|truncated|corrupt|cannot|not .*(read|open|recogni)"


@item("empty-file", "A file of 0 bytes.", exit=(3,), suffix=".dd", stderr_re=r".", seconds=30)
def empty():
    return b""


@item("one-byte", "A file of one byte.", exit=(1, 3), suffix=".dd", seconds=30)
def one_byte():
    return b"\x00"


@item("text-file", "A text file: scanned and carved as one unparsed run.", exit=(1,), suffix=".txt",
      damage_min=1, damage_kind_any=["unparsed", "bad_magic"], seconds=60)
def text():
    return b"This is not an image.\n" * 500


@item("random-bytes", "One MiB of noise.", exit=(1,), suffix=".dd", damage_min=1, seconds=60,
      damage_kind_any=["unparsed", "encrypted", "bad_magic"])
def random_bytes():
    return noise(MIB)


@item("odd-length", "A volume followed by 77 bytes: not a multiple of the sector.", keep=True,
      suffix=".dd")
def odd_length():
    return bytes(fat_volume()) + b"\xAA" * 77


def fat_volume():
    volume = FatVolume(4 * MIB)
    volume.add("/keep.txt", KEEP)
    volume.add("/noise.bin", noise(2 * MIB))
    return volume.image()


def section(kind, at, size, following=None):
    head = kind.encode().ljust(16, b"\0") + le("QQ", at + size if following is None else following,
                                               size) + bytes(40)
    return head + le("I", zlib.adler32(head, 1))


def ewf(media, *, chunks=None, table_count=None, offsets=None, link=None):
    """An E01 of `media`. `link(kind)` may bend the next-section pointer of a section."""
    out = bytearray(b"EVF\x09\x0D\x0A\xFF\x00\x01\x01\x00\x00\x00")

    def add(kind, body):
        at = len(out)
        bent = link(kind, at) if link else None
        out.extend(section(kind, at, 76 + len(body), bent) + body)
        return at

    text = "1\nmain\nc\tn\ta\te\tt\tav\tov\tm\tu\tp\n1\tT1\thostile\tgenerator\tnone\t1\tLinux\t"
    add("header", zlib.compress((text + "2023 11 14 22 13 20\t2023 11 14 22 13 20\t0\n").encode()))
    count = (len(media) + CHUNK - 1) // CHUNK
    volume = bytearray(1048)
    patch(volume, 0, le("IIIIQ", 1, count if chunks is None else chunks, 64, 512,
                        len(media) // 512))
    patch(volume, 36, b"\x01")
    patch(volume, 56, le("I", 64))
    patch(volume, 52, b"\x01")
    patch(volume, 64, bytes(range(16)))
    add("volume", bytes(volume) + le("I", zlib.adler32(bytes(volume), 1)))
    packed, starts = bytearray(), []
    sectors_at = len(out) + 76
    for at in range(0, len(media), CHUNK):
        starts.append(sectors_at + len(packed))
        packed += zlib.compress(media[at:at + CHUNK], 1)
    add("sectors", bytes(packed))
    entries = b"".join(le("I", start | 0x80000000) for start in (offsets or starts))
    head = le("IIQI", count if table_count is None else table_count, 0, 0, 0)
    body = head + le("I", zlib.adler32(head, 1)) + entries + le("I", zlib.adler32(entries, 1))
    add("table", body)
    add("table2", body)
    at = len(out)
    out.extend(section("done", at, 76, at))
    return bytes(out)


def good_ewf():
    return ewf(bytes(fat_volume()))


@item("e01-truncated", "An E01 cut at 60 %.", exit=(1, 3), suffix=".E01", stderr_re=CLEAR)
def ewf_truncated():
    data = good_ewf()
    return data[:len(data) * 60 // 100]


@item("e01-flipped-sections", "An E01 with flipped bytes in its volume and table sections.",
      exit=(1, 3), suffix=".E01", stderr_re=CLEAR)
def ewf_flipped():
    data = bytearray(good_ewf())
    for kind, skip in ((b"volume\0\0", 76 + 8), (b"table\0\0\0", 76 + 4), (b"table2\0\0", 30)):
        at = data.find(kind) + skip
        data[at] ^= 0x5A
    return data


@item("e01-flipped-chunk", "An E01 with three flipped bytes in compressed chunks: the rest must be "
      "read.", exit=(1,), suffix=".E01", damage_min=1)
def ewf_chunk():
    data = bytearray(good_ewf())
    at = data.find(b"sectors\0") + 76
    for step in (400_000, 800_000, 1_200_000):
        data[at + step] ^= 0xFF
    return data


@item("e01-section-loop", "The sectors section of an E01 names the header as its successor.",
      exit=(1, 3), suffix=".E01", stderr_re=CLEAR)
def ewf_loop():
    return ewf(bytes(fat_volume()), link=lambda kind, at: 13 if kind == "sectors" else None)


@item("e01-table-absurd", "An E01 whose volume claims 2^32-1 chunks and whose table 2^31 entries.",
      exit=(1, 3), suffix=".E01", stderr_re=CLEAR)
def ewf_table():
    return ewf(bytes(fat_volume()), chunks=0xFFFFFFFF, table_count=0x7FFFFFFF)


@item("e01-chunk-bomb", "Every chunk of an E01 is the same stream of 64 MiB zeros.", exit=(1, 3),
      suffix=".E01", stderr_re=CLEAR)
def ewf_bomb():
    data = bytearray(ewf(noise(64 * CHUNK)))
    bomb = zlib.compress(bytes(64 * MIB), 9)
    at = data.find(b"sectors\0") + 76
    patch(data, at, bomb)
    table = data.find(b"table\0\0\0") + 76 + 24
    entries = le("I", at | 0x80000000) * 64
    for place in (table, data.find(b"table2\0\0") + 76 + 24):
        patch(data, place, entries + le("I", zlib.adler32(entries, 1)))
    return data


@item("vmdk-reads-elsewhere", "A VMDK descriptor whose extents are /etc/passwd and ../../secret: "
      "evidence must not make us read other files.", exit=(1, 3), suffix=".vmdk",
      case_absent=["root:x:0:0"])
def vmdk_elsewhere():
    return (b"# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\n"
            b'createType="monolithicFlat"\n\n# Extent description\n'
            b'RW 4 FLAT "/etc/passwd" 0\nRW 4 FLAT "../../../../../../etc/passwd" 0\n\n'
            b'ddb.virtualHWVersion = "4"\nddb.geometry.cylinders = "1"\n'
            b'ddb.geometry.heads = "16"\nddb.geometry.sectors = "63"\nddb.adapterType = "ide"\n')


@item("vmdk-grains-absurd",
      "A sparse VMDK with capacity 2^63, grain size 1 and a directory that is "
      "its own header.", exit=(1, 3), suffix=".vmdk")
def vmdk_sparse():
    head = b"KDMV" + le("IIQQQQIQQQB", 1, 3, (1 << 63) - 1, 1, 0, 0, 0xFFFFFFFF, 0, 0, 1, 0)
    return (head + b"\n \r\n").ljust(512, b"\0") + le("I", 0) * 4096


@item("vhd-table-absurd",
      "A dynamic VHD whose table has 2^32-1 entries and whose parent is itself.",
      exit=(1, 3), suffix=".vhd")
def vhd():
    foot = b"conectix" + be("IIQ", 2, 0x10000, 512) + be("I", 753000000) + b"tri " + be(
        "IIQQIII", 0x10000, 0, 1 << 62, 1 << 62, 0xFFFFFFFF, 4, 0)
    foot = bytearray(foot.ljust(512, b"\0"))
    patch(foot, 64, be("I", ~sum(foot) & 0xFFFFFFFF))
    head = bytearray((b"cxsparse" + be("QQIIII", (1 << 64) - 1, 1536, 0x10000, 0xFFFFFFFF, 0, 0)
                      ).ljust(1024, b"\0"))
    patch(head, 36, be("I", ~sum(head) & 0xFFFFFFFF))
    return bytes(foot) + bytes(head) + be("I", 0) * 256 + bytes(foot)


@item("aff-segment-absurd", "An AFF whose first segment says its name and data are 2^32-1 bytes.",
      exit=(1, 3), suffix=".aff")
def aff():
    return b"AFF10\r\n\0AFF\0" + be("III", 0xFFFFFFFF, 0xFFFFFFFF, 0) + noise(4096)


@item("qcow2-absurd", "A QCOW2 with cluster bits 63, an L1 table of 2^32-1 entries and a backing "
      "file /etc/passwd.", exit=(1, 3), suffix=".qcow2", case_absent=["root:x:0:0"])
def qcow2():
    head = b"QFI\xFB" + be("IQIIQIIQQIIQ", 3, 112, 11, 63, 1 << 62, 0, 0xFFFFFFFF, 112, 112,
                           0xFFFFFFFF, 0xFFFFFFFF, 112)
    return head.ljust(112, b"\0") + b"/etc/passwd" + noise(4096)


@item("zst-image-bomb", "A .zst evidence file that says 2^63 bytes of content and holds 2 GiB of "
      "zeros.", exit=(1, 3), suffix=".img.zst", seconds=240)
def zst_image():
    block = le("I", (128 * 1024) << 3 | 1 << 1)[:3] + b"\0"
    last = le("I", (128 * 1024) << 3 | 1 << 1 | 1)[:3] + b"\0"
    return b"\x28\xB5\x2F\xFD\xC0\x58" + le("Q", 1 << 63) + block * (2048 * 8 - 1) + last
