#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""qmgr.db with jobs and files, blobs part by part from ANSSI's bits_parser and a hex dump of a real one."""
import pathlib
import struct
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from ese_builder import GUID, LONG_BINARY, ese
from golden_builder import case, filetime

HAND = "the values given to build.py; layout from ANSSI's bits_parser and a hex dump"
PATH = "/ProgramData/Microsoft/Network/Downloader/qmgr.db"
MARK = bytes.fromhex("36da56776f515a43acac44a248fff34d")
ONE, TWO = uuid.UUID(int=1).bytes_le, uuid.UUID(int=2).bytes_le


def text(value):
    return struct.pack("<I", len(value) + 1) + (value + "\0").encode("utf-16-le")


def file(target, address, size, done):
    return bytes(16) + text(target) + text(address) + text(target + ".tmp") + struct.pack("<QQB", size, done, 0) + text("C:\\")


def job(name, kind, state, sid, files, created, changed, error=0):
    out = bytes(16) + struct.pack("<IIII", kind, 2, state, 0) + bytes(range(16)) + text(name) + text("説明") + text("cmd.exe") + text("/c x")
    out += text(sid) + bytes(40) + MARK + struct.pack("<I", len(files)) + b"".join(files) + MARK + struct.pack("<IIII", error, 0, 60, 86400)
    return out + struct.pack("<QQ", filetime(created), filetime(changed)) + bytes(30)


FILES = ("Files", [("Id", GUID), ("Blob", LONG_BINARY)], [
    {"Id": ONE, "Blob": ("lv", file(r"C:\Users\sales01\tool.zip", "https://dl.example/tool.zip", 1234, 1234))},
    {"Id": TWO, "Blob": ("lv", file(r"C:\work\list.7z", "http://up.example/", 0xFFFFFFFFFFFFFFFF, 0))}])
JOBS = ("Jobs", [("Id", GUID), ("Blob", LONG_BINARY)], [
    {"Id": ONE, "Blob": ("lv", job("get", 0, 6, "S-1-5-21-1-2-3-1001", [ONE], "2026-04-10 10:00:00.5", "2026-04-10 10:01:00"))},
    {"Id": TWO, "Blob": job("send", 1, 4, "S-1-5-18", [TWO], "2026-04-10 10:02:00", "2026-04-10 10:02:00", error=1)}])
case(__file__, "two-jobs", ese([JOBS, FILES], 16384), path=PATH, expected_from=HAND, covers="a download that is done and an upload in error")
cut = ("Jobs", JOBS[1], [{"Id": ONE, "Blob": JOBS[2][1]["Blob"][:70]}, JOBS[2][0]])
case(__file__, "damaged-job", ese([cut, FILES], 16384), path=PATH, expected_from=HAND, covers="a job that is cut off beside a sound one")
case(__file__, "damaged-cut", ese([JOBS, FILES], 16384)[:12 * 16384], path=PATH, expected_from=HAND, covers="the files are missing")


# qmgr0.dat: jobs between marks, files inside them.
FILE_MARK = bytes.fromhex("13f72bc84099124a9f1a3aaebd894eea")
QUEUE = bytes.fromhex("47445f00a9bdba449851c47bb6c07ace")
JOB = bytes.fromhex("8c93ea64030f6840b46ff97fe51d4dcd")  # Windows 7
VOLUME = "\\\\?\\Volume{00000000-0000-0000-0000-000000000001}\\"


def held(target, address, size, done):
    return file(target, address, size, done)[16:] + text(VOLUME) + bytes(9)


def queue(jobs):
    body = FILE_MARK + QUEUE + struct.pack("<I", len(jobs)) + b"".join(JOB + one[16:] + JOB for one in jobs) + QUEUE + bytes(20) + FILE_MARK
    return body + bytes(-len(body) % 512)


OLD = [job("get", 0, 6, "S-1-5-21-1-2-3-1001", [held(r"C:\Users\sales01\tool.zip", "https://dl.example/tool.zip", 1234, 1234),
                                                held("\\\\srv\\share\\b.zip", "https://dl.example/b.zip", 99, 5)],
           "2014-04-10 10:00:00.5", "2014-04-10 10:01:00"),
       job("send", 1, 2, "S-1-5-18", [held(r"C:\work\list.7z", "http://up.example/", 0xFFFFFFFFFFFFFFFF, 0)], "2014-04-10 10:02:00", "2014-04-10 10:02:00")]
OLD_PATH = "/ProgramData/Microsoft/Network/Downloader/qmgr0.dat"
case(__file__, "queue-file", queue(OLD), path=OLD_PATH, expected_from=HAND, covers="qmgr0.dat of Windows 7: a job of two files, an upload")
case(__file__, "damaged-queue", queue(OLD)[:1000], path=OLD_PATH, expected_from=HAND, covers="qmgr0.dat cut inside the second job")
