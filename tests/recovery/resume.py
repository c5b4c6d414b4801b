#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""resume.py TRIAGE: `kill -9` at twenty random moments, then --resume.

A small image with files in use, deleted files and files that only carving finds is run into a case without a break.
Then it is run again and again, killed with all its processes after a random time of the unbroken run's, and resumed:
recovered.jsonl of both folders, the other exports, the kept files and the rows of case.db must be the same, byte for
byte. `triage recover` and `triage carve` write anew after a kill: a second run into another folder must give what an
unbroken one gave, and what the killed one left must hold no file that its name does not describe. Leaves 77 without
mtools and dosfstools.
"""
import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zlib

os.environ["PATH"] += ":/usr/sbin:/sbin"
KILLS = 20
ROWS = {"files": "SELECT * FROM files ORDER BY 1, 2, stream, sequence, runs",
        "volumes": "SELECT * FROM volumes ORDER BY 1, 2",
        "events": "SELECT * FROM events ORDER BY id",
        "findings": "SELECT * FROM findings ORDER BY id",
        "damage": "SELECT * FROM damage ORDER BY 1, 2, 3, 4, 5, 6, 7"}
EXPORTS = ["timeline.jsonl.zst", "timeline.csv", "findings.jsonl", "damage.jsonl", "files.csv",
           "recovered/recovered.jsonl", "carved/recovered.jsonl"]


def call(*command, check=True):
    return subprocess.run(command, check=check, capture_output=True, stdin=subprocess.DEVNULL)


def png(dice, side):
    """A picture whose pixels are noise."""
    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
    head = side.to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    rows = b"".join(b"\0" + dice.randbytes(side) for _ in range(side))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def make_image(folder):
    image, part, dice = f"{folder}/disk.img", f"{folder}/part", random.Random(20)
    with open(image, "wb") as file:
        file.truncate(48 << 20)
    call("mkfs.vfat", "-F", "16", "-s", "8", "-i", "20240501", image)
    names = []
    for i in range(120):
        data = png(dice, 40 + i) if i % 3 == 0 else dice.randbytes(9000 + 101 * i)
        with open(part, "wb") as file:
            file.write(data)
        os.utime(part, (1_700_000_000 + 60 * i, 1_700_000_000 + 60 * i))
        names.append(f"File number {i}.{'png' if i % 3 == 0 else 'bin'}")
        call("mcopy", "-m", "-i", image, "-n", "-o", part, f"::/{names[-1]}")
    for name in names[::2]:
        call("mdel", "-i", image, f"::/{name}")
    with open(image, "r+b") as file:  # pictures that no directory ever named
        for i in range(8):
            file.seek((40 << 20) + i * (64 << 10))
            file.write(png(dice, 90 + i))
    return image


def tree(folder):
    out = {}
    for top, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(top, name)
            with open(path, "rb") as file:
                out[os.path.relpath(path, folder)] = hashlib.sha256(file.read()).hexdigest()
    return out


def rows(case):
    database = sqlite3.connect(f"file:{case}/3-investigation/case.db?mode=ro", uri=True)
    out = {name: database.execute(query).fetchall() for name, query in ROWS.items()}
    database.close()
    return out


def state_of(case):
    place = f"{case}/3-investigation"
    exports = {name: tree_of for name, tree_of in tree(place).items()
               if name in EXPORTS or name.startswith(("recovered/", "carved/"))}
    return exports, rows(case)


def killed(command, moment):
    """True where the kill met a living run."""
    with subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        time.sleep(moment)
        alive = process.poll() is None
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return alive


def check_run(triage, folder, image, dice):
    command = [triage, "run", image, "-q", "--jobs", "2", "--case"]
    started = time.monotonic()
    done = call(*command, f"{folder}/whole", check=False)
    seconds = time.monotonic() - started
    if done.returncode not in (0, 1):
        return [f"the unbroken run ends with {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}"], 0
    want, faults, met = state_of(f"{folder}/whole"), [], 0
    if not any(name.startswith("recovered/") for name in want[0]) or len(want[1]["files"]) < 120:
        faults.append("the image gives too little to compare")
    for i in range(3 * KILLS):
        if met >= KILLS:
            break
        # Some cases are killed again while they are resumed.
        again = i % 4 == 3
        if not again:
            case = f"{folder}/case{i}"
        moment = dice.uniform(0.01, 0.9) * seconds
        alive = killed([*command, case] + (["--resume"] if again else []), moment)
        met += alive
        if not alive:  # the machine is faster than it was
            seconds = max(0.1, 0.9 * seconds)
        if i % 4 == 2:
            continue
        done = call(*command, case, "--resume", check=False)
        if done.returncode not in (0, 1):
            faults.append(f"killed after {moment:.3f} s: --resume ends with {done.returncode}: "
                          f"{done.stderr.decode(errors='replace')[-300:]}")
            continue
        exports, tables = state_of(case)
        faults += [f"killed after {moment:.3f} s: {name} differs" for name in want[0].keys() | exports.keys()
                   if want[0].get(name) != exports.get(name)]
        faults += [f"killed after {moment:.3f} s: rows of {name} differ" for name in ROWS
                   if want[1][name] != tables[name]]
        if call(triage, "verify", case, "--evidence", image, check=False).returncode != 0:
            faults.append(f"killed after {moment:.3f} s: triage verify does not like the case")
        shutil.rmtree(case)
    return faults, met


def check_folder(triage, folder, image, command, dice):
    arguments = [triage, command, image, "-q", "-o"]
    started = time.monotonic()
    call(*arguments, f"{folder}/{command}", check=False)
    seconds = time.monotonic() - started
    def content_of(place):
        """The kept files and their index; the DFXML report names its own command line."""
        return {name: digest for name, digest in tree(place).items() if "/" in name or name == "recovered.jsonl"}
    want, faults = content_of(f"{folder}/{command}"), []
    for i in range(3):
        out = f"{folder}/{command}{i}"
        killed([*arguments, out], dice.uniform(0.1, 0.9) * seconds)
        for name, digest in (tree(out) if os.path.isdir(out) else {}).items():
            if not name.endswith(".part") and "/" in name and \
                    os.path.basename(name).split(".")[0] != digest[:32]:
                faults.append(f"{command}: a killed run left {name}, which is something else")
        call(*arguments, f"{out}-anew", check=False)
        if content_of(f"{out}-anew") != want:
            faults.append(f"{command}: a second run gives other files")
    return faults


def main():
    triage = os.path.abspath(sys.argv[1])
    if not shutil.which("mcopy") or not shutil.which("mkfs.vfat"):
        print("skipped: mtools or dosfstools is missing")
        return 77
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="triage-resume-") as folder:
        image = make_image(folder)
        faults, met = check_run(triage, folder, image, dice)
        for command in ("recover", "carve"):
            faults += check_folder(triage, folder, image, command, dice)
    for fault in faults[:20]:
        print("  " + fault)
    print(f"{'FAIL' if faults else 'ok'}: killed {met} times while it ran (seed {seed}); {len(faults)} faults")
    return 1 if faults or met < KILLS // 2 else 0


if __name__ == "__main__":
    sys.exit(main())
