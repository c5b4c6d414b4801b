#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""samples.py TRIAGE [NAME ...]: the images of Debian's forensics-samples packages, from end to end.

Each image is listed and compared with fls and icat (compare_fls.py), then run into a case, which must be sound and
show the same files. btrfs must be said not to be read and still be carved. Exit status 0, 1, or 77 where no sample or
no Sleuth Kit is installed.
"""
import hashlib
import json
import lzma
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

import compare_fls

FOLDER = "/usr/share/forensics-samples"
WANTED = {"fs.multiple": ["btrfs", "ext4", "exfat", "ntfs"]}  # file systems in the order of the table


def unpack(source, target):
    with lzma.open(source) as packed, open(target, "wb") as image:
        shutil.copyfileobj(packed, image, 1 << 20)


def sha256(path):
    with open(path, "rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def check_case(triage, image, case, problems):
    """Runs the image into a case and compares its files with the list."""
    before = sha256(image)
    status = subprocess.run([triage, "run", image, "--case", case, "-q"], check=False).returncode
    if status not in (0, 1):
        problems.append(f"triage run ends with {status}")
        return status
    if sha256(image) != before:
        problems.append("the image changed")
    if subprocess.run([triage, "verify", case], stdout=subprocess.DEVNULL, check=False).returncode != 0:
        problems.append("triage verify does not like the case")
    listed = subprocess.run([triage, "list", "--json", "-q", image], stdout=subprocess.PIPE, check=False)
    ours = sorted((f["volume"], f["path"], f["inode"], f["allocated"], f["sha256"] or "", json.dumps(f["runs"]))
                  for f in map(json.loads, listed.stdout.splitlines()))
    database = sqlite3.connect(f"file:{case}/3-investigation/case.db?mode=ro", uri=True)
    rows = database.execute("SELECT volume, path, inode, allocated, coalesce(sha256, ''), runs FROM files "
                            "WHERE method IS NOT 'carved'").fetchall()
    rows = sorted((*row[:5], json.dumps(json.loads(row[5]))) for row in rows)
    database.close()
    if rows != ours:
        problems.append(f"the case has {len(rows)} files, the list {len(ours)}, and they differ")
    return status


def check_btrfs(triage, image, folder, volumes, status, run_status, problems):
    if [(v["file_system"], v["status"]) for v in volumes] != [("btrfs", "unparsed")]:
        problems.append(f"btrfs is not said to be unparsed: {volumes}")
    if (status, run_status) != (1, 1):
        problems.append(f"list ends with {status}, run with {run_status}, not with 1")
    carved = os.path.join(folder, "carved")
    subprocess.run([triage, "carve", image, "-o", carved, "-q"], check=False)
    with open(os.path.join(carved, "recovered.jsonl"), encoding="utf-8") as index:
        lines = index.read().splitlines()
    if not lines:
        problems.append("nothing was carved from btrfs")
    return len(lines)


def check_sample(triage, packed):
    name = os.path.basename(packed).removesuffix(".xz")
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, name)
        unpack(packed, image)
        problems, counted, volumes, status = compare_fls.compare(triage, image)
        run_status = check_case(triage, image, os.path.join(folder, "case"), problems)
        words = f"{sum(c['existing'] for c in counted.values())} existing, " \
                f"{sum(c['deleted'] for c in counted.values())} deleted, " \
                f"{sum(c['hashed'] for c in counted.values())} digests agree"
        if name == "fs.btrfs":
            words = f"{check_btrfs(triage, image, folder, volumes, status, run_status, problems)} files carved"
        elif "btrfs" not in [v["file_system"] for v in volumes] and (status, run_status) != (0, 0):
            problems.append(f"list ends with {status}, run with {run_status}, not with 0")
        if name in WANTED and [v["file_system"] for v in volumes] != WANTED[name]:
            problems.append(f"volumes are {[v['file_system'] for v in volumes]}, not {WANTED[name]}")
    print(f"{'FAIL' if problems else 'ok'}: {name}: list {status}, run {run_status}, {words}")
    for problem in problems[:20]:
        print("  " + problem)
    return not problems


def main():
    if len(sys.argv) < 2:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    missing = [tool for tool in ("mmls", "fsstat", "fls", "icat") if shutil.which(tool) is None]
    names = sorted(n for n in os.listdir(FOLDER) if n.startswith("fs.") and n.endswith(".xz")) \
        if os.path.isdir(FOLDER) else []
    wanted = sys.argv[2:]
    names = [n for n in names if not wanted or n.removesuffix(".xz") in wanted]
    if missing or not names:
        print(f"skipped: missing programs {missing}, {len(names)} samples")
        return 77
    results = [check_sample(os.path.abspath(sys.argv[1]), os.path.join(FOLDER, name)) for name in names]
    print(f"{results.count(True)} samples passed, {results.count(False)} failed, {7 - len(names)} of 7 not installed"
          if not wanted else f"{results.count(True)} of {len(results)} passed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
