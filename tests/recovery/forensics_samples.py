#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""forensics_samples.py TRIAGE [fs.ntfs ...]: the deleted files of Debian's forensics-samples images.

Every folder whose name ends in 2 was deleted on each image; its files are shipped beside the images, and their SHA-256
is what must come back. One of the eighteen, pic2/d-debian.png, differs on every image from the file shipped, so 17 is
full marks. ext2 empties inodes and btrfs is not read: what carving finds counts there, too. Leaves 77 where no sample
is installed; samples that are missing are counted.
"""
import hashlib
import json
import lzma
import os
import shutil
import subprocess
import sys
import tempfile

FOLDER = "/usr/share/forensics-samples"
WANTED = {"fs.ntfs": (("recover",), 17), "fs.vfat": (("recover",), 17), "fs.exfat": (("recover",), 17),
          "fs.ext4": (("recover",), 17), "fs.ext2": (("recover", "carve"), 15), "fs.btrfs": (("carve",), 13)}


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def originals():
    """SHA-256 → path of the files that were deleted."""
    found = {}
    top = f"{FOLDER}/original-files"
    for folder in sorted(os.listdir(top)):
        if folder.endswith("2"):
            for name in sorted(os.listdir(f"{top}/{folder}")):
                found[sha256(f"{top}/{folder}/{name}")] = f"{folder}/{name}"
    return found


def kept(triage, command, image, out):
    """What a command kept, by the digest of the files themselves."""
    done = subprocess.run([triage, command, image, "-o", out, "-q"], check=False, capture_output=True)
    faults = []
    if done.returncode not in (0, 1):
        faults.append(f"triage {command} ends with {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}")
    lines = []
    with open(f"{out}/recovered.jsonl", encoding="utf-8") as index:
        lines = [json.loads(line) for line in index]
    for line in lines:
        if sha256(f"{out}/{line['file']}") != line["sha256"]:
            faults.append(f"{line['file']} is not what its line says")
    done = subprocess.run([triage, "verify", out, "--evidence", image], check=False, capture_output=True)
    if done.returncode != 0:
        faults.append(f"triage verify: {done.stdout.decode(errors='replace')[-300:]}")
    return lines, faults


def same_name(found, path):
    """FAT forgets the first letter of a short name."""
    last, wanted = found.rsplit("/", 1)[-1], path.rsplit("/", 1)[-1]
    return last == wanted or last[1:].lower() == wanted[1:].lower()


def check(triage, name, truth):
    commands, goal = WANTED[name]
    with tempfile.TemporaryDirectory(prefix="triage-samples-") as folder:
        image = f"{folder}/{name}"
        with lzma.open(f"{FOLDER}/{name}.xz") as packed, open(image, "wb") as out:
            shutil.copyfileobj(packed, out, 1 << 20)
        lines, faults = [], []
        for command in commands:
            more, wrong = kept(triage, command, image, f"{folder}/{command}")
            lines += more
            faults += wrong
    back = {line["sha256"] for line in lines} & truth.keys()
    if len(back) < goal:
        faults.append(f"{len(back)} of {len(truth)} deleted files are back, not {goal}; missing: " +
                      ", ".join(path for digest, path in truth.items() if digest not in back))
    if commands == ("recover",):
        named = [line for line in lines if line["sha256"] in back]
        wrong = [line["path"] for line in named if not same_name(line["path"], truth[line["sha256"]])]
        if wrong:
            faults.append(f"wrong names: {wrong[:3]}")
    print(f"{'FAIL' if faults else 'ok'}: {name}: {len(back)} of {len(truth)} by {' and '.join(commands)}, {len(lines)} files kept")
    for fault in faults[:10]:
        print("  " + fault)
    return not faults


def main():
    names = [name for name in WANTED if os.path.exists(f"{FOLDER}/{name}.xz")]
    if len(sys.argv) > 2:
        names = [name for name in names if name in sys.argv[2:]]
    if not names or not os.path.isdir(f"{FOLDER}/original-files"):
        print(f"skipped: 0 of {len(WANTED)} samples are installed (forensics-samples-all)")
        return 77
    truth = originals()
    results = [check(os.path.abspath(sys.argv[1]), name, truth) for name in names]
    print(f"{results.count(True)} of {len(results)} passed, {len(WANTED) - len(names)} skipped")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
