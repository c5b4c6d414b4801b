#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ntfs_names.py TRIAGE: deleted files on NTFS whose folder's record is gone, too.

Folders with files are made and deleted through ntfs-3g, entries that name the folders are put into the slack of the root
folder's index (as removed entries lie there: libfsntfs, "New Technologies File System" 9), and the folders' file records
are emptied: the files' own records name a folder that no record has any more. They must come back under their whole
path; without the entries they must come back all the same, as orphans. Leaves 77 where ntfs-3g cannot mount (root,
FUSE).
"""
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time

os.environ["PATH"] += ":/usr/sbin:/sbin"
PATHS = ("Plans/Offer 1", "Plans/Offer 2", "Alone")


def call(*command, check=True):
    return subprocess.run(command, check=check, capture_output=True, stdin=subprocess.DEVNULL)


def unmount(place):
    for _ in range(50):
        if call("umount", place, check=False).returncode == 0:
            break
        time.sleep(0.1)
    time.sleep(0.5)


def index_entry(file, parent, name):
    raw, stamp = name.encode("utf-16-le"), 133_600_000_000_000_000
    value = struct.pack("<QQQQQQQIIBB", parent, stamp, stamp, stamp, stamp, 0, 0, 0x10000000, 0, len(name), 1) + raw
    length = (16 + len(value) + 7) // 8 * 8
    return struct.pack("<QHHI", file, length, len(value), 0) + value.ljust(length - 16, b"\0")


def put_into_slack(image, entries):
    """Each entry in a sector of its own behind the last entry in use, clear of the sectors' check bytes."""
    data = image.seek(0) or image.read()
    at = data.find(b"INDX")
    while at >= 0 and "$MFTMirr".encode("utf-16-le") not in data[at:at + 4096]:
        at = data.find(b"INDX", at + 1)
    used = 0x18 + struct.unpack_from("<I", data, at + 0x1C)[0]
    sector = used // 512 + 1
    for i, entry in enumerate(entries):
        assert (sector + i) * 512 + 16 + len(entry) < 4096 and len(entry) < 480
        image.seek(at + (sector + i) * 512 + 16)
        image.write(entry)


def record_places(image):
    """Place of file record 0; the table of a fresh small volume lies in one run."""
    image.seek(0)
    boot = image.read(512)
    return struct.unpack_from("<Q", boot, 0x30)[0] * boot[13] * 512


def make(folder, with_names):
    image, place = f"{folder}/disk.img", f"{folder}/mount"
    os.makedirs(place, exist_ok=True)
    with open(image, "wb") as file:
        file.truncate(16 << 20)
    call("mkfs.ntfs", "-F", "-Q", "-q", "-c", "4096", image)
    call("ntfs-3g", image, place)
    dice, numbers, want = random.Random(3), {}, {}
    for path in PATHS:
        os.makedirs(f"{place}/{path}")
        for i in range(2):
            want[f"/{path}/File {i}.bin"] = data = dice.randbytes(5000 + i)
            with open(f"{place}/{path}/File {i}.bin", "wb") as file:
                file.write(data)
    for path in (*PATHS, "Plans"):
        numbers[path] = os.stat(f"{place}/{path}").st_ino
    for top in ("Plans", "Alone"):
        shutil.rmtree(f"{place}/{top}")
    unmount(place)
    with open(image, "rb") as file:
        table = record_places(file)
        references = {"": 5 | 5 << 48}
        for path, number in numbers.items():
            file.seek(table + 1024 * number + 0x10)
            references[path] = number | (int.from_bytes(file.read(2), "little") - 1) << 48
    with open(image, "r+b") as file:
        if with_names:
            put_into_slack(file, [index_entry(references[path], references[os.path.dirname(path)],
                                              os.path.basename(path)) for path in numbers])
        for number in numbers.values():
            file.seek(table + 1024 * number)
            file.write(bytes(1024))
    return image, want


def recovered(triage, image, out):
    done = call(triage, "recover", image, "-o", out, "-q", check=False)
    if done.returncode not in (0, 1):
        return {}, [f"exit status {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}"]
    found = {}
    with open(f"{out}/recovered.jsonl", encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            with open(f"{out}/{line['file']}", "rb") as file:
                found.setdefault(line["path"], []).append(file.read())
    return found, []


def main():
    triage, faults = os.path.abspath(sys.argv[1]), []
    for with_names in (True, False):
        with tempfile.TemporaryDirectory(prefix="triage-ntfs-names-") as folder:
            try:
                image, want = make(folder, with_names)
            except (OSError, subprocess.CalledProcessError) as error:
                call("umount", f"{folder}/mount", check=False)
                print(f"skipped: the volume cannot be made or mounted here: {error}")
                return 77
            found, wrong = recovered(triage, image, f"{folder}/out")
            faults += wrong
            for path, data in want.items():
                names = [name for name, contents in found.items() if data in contents]
                good = path in names if with_names else any(name.endswith(path[path.rfind("/"):]) for name in names)
                if not good:
                    faults.append(f"{'with' if with_names else 'without'} slack: {path} is {names or 'missing'}")
    for fault in faults[:10]:
        print("  " + fault)
    print(f"{'FAIL' if faults else 'ok'}: {len(PATHS) * 2} files of folders without a record, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
