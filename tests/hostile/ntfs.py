# SPDX-License-Identifier: Apache-2.0
"""NTFS volumes by mkntfs and ntfscp with clock and serial pinned, then bent record by record.

Fix-ups are undone on reading a record and made again on writing it, so that a trap is met by the
code behind the fix-up check. Spec: Linux fs/ntfs3, libyal/libfsntfs documentation.
"""
import os
import struct
import tempfile
import time

from kit import FILETIME, MIB, le, patch, tool

SERIAL = 0x1122334455667788
FIRST_USER_RECORD = 64


class NtfsVolume:
    """`files`: list of (path, bytes) or (path, bytes, stream name)."""

    def __init__(self, files, size=4 * MIB):
        started = time.time()
        with tempfile.TemporaryDirectory() as scratch:
            image = os.path.join(scratch, "image")
            with open(image, "wb") as out:
                out.truncate(size)
            tool("mkntfs", "-q", "-F", "-Q", "-s", "512", "-p", "0", "-H", "0", "-S", "0", "-c",
                 "4096", image)
            for number, (path, data, *stream) in enumerate(files):
                source = os.path.join(scratch, f"f{number}")
                with open(source, "wb") as out:
                    out.write(data)
                options = ["-N", stream[0]] if stream else []
                tool("ntfscp", "-q", *options, image, source, path)
            with open(image, "rb") as stream:
                self.bytes = bytearray(stream.read())
        self._pin_clock(started, time.time())
        for at in (0, len(self.bytes) - 512):
            if self.bytes[at + 3:at + 7] == b"NTFS":
                patch(self.bytes, at + 0x48, le("Q", SERIAL))
        self.mft_at = struct.unpack_from("<Q", self.bytes, 0x30)[0] * 4096
        self._pin_tails()

    def _pin_clock(self, started, ended):
        """Sets every FILETIME of the build's own moment to FILETIME, behind fix-ups too."""
        low = int((started - 2 + 11644473600) * 10_000_000)
        high = int((ended + 2 + 11644473600) * 10_000_000)
        pin_times(self.bytes, low, high)
        for at in range(0, len(self.bytes), 4096):
            if self.bytes[at:at + 4] == b"INDX":
                block = undo_fixups(self.bytes[at:at + 4096])
                pin_times(block, low, high)
                patch(self.bytes, at, make_fixups(block))

    def _pin_tails(self):
        """Zeroes what mkntfs leaves behind the end of each record's attributes."""
        for number in range(FIRST_USER_RECORD + 16):
            at = self.mft_at + number * 1024
            if self.bytes[at:at + 4] == b"FILE":
                record = self.read_record(number)
                used, = struct.unpack_from("<I", record, 24)
                record[used:] = bytes(len(record) - used)
                self.write_record(number, record)

    def read_record(self, number):
        at = self.mft_at + number * 1024
        return undo_fixups(self.bytes[at:at + 1024])

    def write_record(self, number, record):
        data = make_fixups(record)
        patch(self.bytes, self.mft_at + number * 1024, data)
        mirror = struct.unpack_from("<Q", self.bytes, 0x38)[0] * 4096
        if number < 4:
            patch(self.bytes, mirror + number * 1024, data)

    def find_record(self, name):
        """The record whose $FILE_NAME is `name`."""
        wanted = name.encode("utf-16-le")
        for number in range(11, FIRST_USER_RECORD + 16):
            at = self.mft_at + number * 1024
            if self.bytes[at:at + 4] == b"FILE" and wanted in self.read_record(number):
                return number
        raise ValueError(f"no record for {name}")


def pin_times(data, low, high):
    """Replaces 64-bit numbers between `low` and `high`, at multiples of 4 ($Quota), in place."""
    prefix = le("Q", low)[6:]
    at = data.find(prefix)
    while at >= 0:
        if at >= 6 and at % 4 == 2 and low <= struct.unpack_from("<Q", data, at - 6)[0] <= high:
            patch(data, at - 6, le("Q", FILETIME))
        at = data.find(prefix, at + 1)


def undo_fixups(data):
    record = bytearray(data)
    where, count = struct.unpack_from("<HH", record, 4)
    for index in range(1, count):
        record[index * 512 - 2:index * 512] = record[where + 2 * index:where + 2 * index + 2]
    return record


def make_fixups(record):
    data = bytearray(record)
    where, count = struct.unpack_from("<HH", data, 4)
    mark = bytes(data[where:where + 2])
    for index in range(1, count):
        data[where + 2 * index:where + 2 * index + 2] = data[index * 512 - 2:index * 512]
        data[index * 512 - 2:index * 512] = mark
    return data


def attribute_at(record, kind):
    """Offset of the first attribute of type `kind` in an unfixed record."""
    at, = struct.unpack_from("<H", record, 20)
    while at + 8 <= len(record):
        found, length = struct.unpack_from("<II", record, at)
        if found == kind:
            return at
        if found == 0xFFFFFFFF or length == 0:
            break
        at += length
    raise ValueError(f"no attribute {kind:#x}")


def set_runs(record, at, runs, size=None):
    """Replaces the run list bytes of the non-resident attribute at `at`, within its length."""
    length, = struct.unpack_from("<I", record, at + 4)
    where, = struct.unpack_from("<H", record, at + 32)
    room = length - where
    if len(runs) > room:
        raise ValueError(f"{len(runs)} bytes of runs, room for {room}")
    patch(record, at + where, runs.ljust(room, b"\0"))
    if size is not None:
        patch(record, at + 24, le("Q", (size + 4095) // 4096 - 1))
        patch(record, at + 40, le("QQQ", (size + 4095) // 4096 * 4096, size, size))


def append_attribute(record, attribute):
    """Puts `attribute` before the end mark and corrects the used size."""
    used, = struct.unpack_from("<I", record, 24)
    end = used - 8
    patch(record, end, attribute + b"\xFF\xFF\xFF\xFF" + bytes(4))
    patch(record, 24, le("I", end + len(attribute) + 8))
