#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""systemd journals written object by object after systemd's "Journal File Format", with the entry array that journalctl
needs, so that `journalctl --file` can be asked what is in them. Hashes are Jenkins lookup3 where journalctl checks none."""
import lzma
import pathlib
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from golden_builder import case  # noqa: E402

XZ, LZ4, KEYED, ZSTD, COMPACT = 1, 2, 4, 8, 16
BASE = 1775779867123456  # 2026-04-10T00:11:07.123456Z
HEADER = 272


def lz4_literals(data):
    """One sequence of literals only, and one with a match, by the block format's end rules."""
    out = bytearray()
    if len(data) < 15:
        out.append(len(data) << 4)
    else:
        out.append(0xf0)
        rest = len(data) - 15
        out += b"\xff" * (rest // 255) + bytes([rest % 255])
    return struct.pack("<Q", len(data)) + bytes(out) + data


def zstd(data):
    return subprocess.run(["zstd", "-q", "-c", f"--stream-size={len(data)}"], input=data, check=True, capture_output=True).stdout


class Journal:
    def __init__(self, flags):
        self.flags, self.data, self.places, self.entries, self.counts = flags, bytearray(HEADER), {}, [], [0] * 8
        self.tail = 0

    def object(self, kind, payload, flags=0):
        self.data += bytes(-len(self.data) % 8)
        at = self.tail = len(self.data)
        self.counts[kind] += 1
        self.data += struct.pack("<BB6xQ", kind, flags, 16 + len(payload)) + payload
        return at

    def field(self, text, pack=None):
        raw = text if isinstance(text, bytes) else text.encode()
        if raw in self.places:
            return self.places[raw]
        stored, flag = raw, 0
        if pack:
            stored, flag = {XZ: (lambda: (lzma.compress(raw), 1)), LZ4: (lambda: (lz4_literals(raw), 2)),
                            ZSTD: (lambda: (zstd(raw), 4))}[pack]()
        links = struct.pack("<6Q", len(self.places) + 1, 0, 0, 0, 0, 0) + (bytes(8) if self.flags & COMPACT else b"")
        self.places[raw] = self.object(1, links + stored, flag)
        return self.places[raw]

    def entry(self, number, micros, fields, pack=None):
        items = [self.field(text, pack if text.startswith("MESSAGE=") else None) for text in fields]
        tail = b"".join(struct.pack("<I", i) if self.flags & COMPACT else struct.pack("<QQ", i, 0) for i in items)
        head = struct.pack("<QQQ16sQ", number, BASE + micros, micros, bytes(range(16)), 0)
        self.entries.append((number, micros, self.object(3, head + tail)))

    def finish(self, spare=0, state=0):
        form = "<I" if self.flags & COMPACT else "<Q"
        array = self.object(6, struct.pack("<Q", 0) + b"".join(struct.pack(form, at) for _, _, at in self.entries))
        tables = []
        for kind in (4, 5):
            tables.append(self.object(kind, bytes(16 * 4)))
        self.data += bytes(-len(self.data) % 8)
        size = len(self.data)
        self.data += bytes(spare)
        first, last = self.entries[0], self.entries[-1]
        struct.pack_into("<8sIIB7x16s16s16s16sQQQQQQQQQQQQQQQQQQ", self.data, 0, b"LPKSHHRH", 0, self.flags, state, b"F" * 16,
                         b"\xab" * 16, bytes(range(16)), b"S" * 16, HEADER, size + spare - HEADER, tables[0] + 16, 64, tables[1] + 16, 64,
                         self.tail, sum(self.counts), len(self.entries), last[0], first[0], array, BASE + first[1], BASE + last[1],
                         last[1], self.counts[1], 0, 0)
        struct.pack_into("<Q", self.data, 232 - 8, self.counts[6])
        return bytes(self.data)


def common(program, message, **more):
    out = [f"MESSAGE={message}", "PRIORITY=6", f"SYSLOG_IDENTIFIER={program}", f"_COMM={program}", "_HOSTNAME=gw", "_UID=0",
           "_TRANSPORT=syslog", "_MACHINE_ID=" + "ab" * 16, "_BOOT_ID=000102030405060708090a0b0c0d0e0f"]
    return out + [f"{key}={value}" for key, value in more.items()]


LONG = "Accepted password for suzuki from 192.0.2.44 port 50412 ssh2" + " " * 600


def journal(flags, pack=None, **more):
    j = Journal(flags)
    j.entry(1, 0, common("kernel", "Linux version 6.1.0-18-amd64 (debian)", _TRANSPORT="kernel"))
    j.entry(2, 1500000, common("sshd", LONG if pack else LONG.strip(), _PID=812, _SYSTEMD_UNIT="ssh.service", _EXE="/usr/sbin/sshd",
                               _CMDLINE="sshd: suzuki [priv]"), pack)
    j.entry(3, 2500000, common("sudo", "  suzuki : TTY=pts/0 ; PWD=/srv ; USER=root ; COMMAND=/usr/bin/rsync -a /srv/ host2:", _PID=900,
                               _AUDIT_SESSION=3, _UID=1000))
    j.entry(4, 3500000, common("systemd", "Started 顧客.service - 試験.", MESSAGE_ID="39f53479d3a045ac8e11786248231fbf", UNIT="顧客.service",
                               JOB_TYPE="start", CODE_FILE="src/core/job.c"))
    j.entry(9, 4500000, common("app", "five numbers are missing before this", CUSTOM="a\"b\nc"))
    return j.finish(**more)


VALUES = "the values that build.py packed; journalctl 252 --file -o json gives the same entries"
for name, flags, pack in (("regular", 0, None), ("compact-keyed", COMPACT | KEYED | ZSTD, None), ("xz", XZ, XZ), ("lz4", LZ4 | KEYED, LZ4),
                          ("zstd", ZSTD | KEYED | COMPACT, ZSTD)):
    case(__file__, name, journal(flags, pack), path=f"/var/log/journal/ab/{name}.journal", expected_from=VALUES, covers=f"incompatible flags {flags}")
case(__file__, "online", journal(KEYED, spare=4096, state=1), path="/var/log/journal/ab/system.journal", expected_from=VALUES,
     covers="an open journal with room for more")
good = journal(KEYED | COMPACT)
case(__file__, "damaged-cut", good[:len(good) * 2 // 3 & ~7], path="/x.journal", expected_from=VALUES, covers="the last third is gone")
broken = bytearray(good)
at = good.index(b"_EXE=/usr/sbin/sshd") - 72
broken[at + 8:at + 16] = b"\xff" * 8
case(__file__, "damaged-object", bytes(broken), path="/x.journal", expected_from=VALUES, covers="an object of absurd size: the entries behind it are found")
packed = bytearray(journal(XZ, XZ))
at = packed.index(b"\xfd7zXZ")
packed[at + 30:at + 40] = b"\x55" * 10
case(__file__, "damaged-xz", bytes(packed), path="/x.journal", expected_from=VALUES, covers="a compressed field that does not unpack")
case(__file__, "damaged-flags", journal(64), path="/x.journal", expected_from="flag 64 is not known", covers="a version of the future")
case(__file__, "damaged-header", good[:150], path="/x.journal", expected_from="150 bytes", covers="not even the header")
