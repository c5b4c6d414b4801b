#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""unlock.py TRIAGE: an encrypted volume from the command line, end to end.

qemu-img writes the ext4 volume of Debian's sample into a LUKS1 image. Opened with its passphrase the image must list,
extract and run with the digests of the volume itself; custody says that a key was used and never what it was; without a
key and with a wrong one nothing of the volume is shown. Exit status 0, 1, or 77 where a program or the sample is missing.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

SAMPLE = "/usr/share/forensics-samples/fs.ext4.xz"
FIRST, COUNT = 2048, 100352  # sectors of its only partition, as mmls says
SECRET = "correct horse battery"


def run(*command):
    return subprocess.run(command, capture_output=True, check=False)


def allocated(triage, image, *flags):
    """{path: SHA-256} of the allocated files, and the exit status."""
    done = run(triage, "list", image, "--json", *flags)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {row["path"]: row["sha256"] for row in rows
            if row["schema"] == "triage.file.v1" and row["allocated"] and row["sha256"]}, done.returncode


def check(triage, folder, problems):
    def expect(what, fine):
        if not fine:
            problems.append(what)
    volume, locked, key, bad = (os.path.join(folder, name) for name in ("volume", "locked", "key", "bad"))
    with open(volume, "wb") as out, subprocess.Popen(["xz", "-dkc", SAMPLE], stdout=subprocess.PIPE) as packed:
        packed.stdout.read(FIRST * 512)
        out.write(packed.stdout.read(COUNT * 512))
        packed.stdout.read()
    for path, text in ((key, SECRET), (bad, "wrong")):
        with open(path, "w", encoding="ascii") as out:
            out.write(text)
    subprocess.run(["qemu-img", "convert", "-f", "raw", "-O", "luks", "--object", f"secret,id=s,file={key}",
                    "-o", "key-secret=s,iter-time=50", volume, locked], check=True)
    plain, _ = allocated(triage, volume)
    opened, status = allocated(triage, locked, "--unlock", f"*=passphrase:{key}")
    expect(f"list: {len(opened)} files as {len(plain)}, exit {status}", opened == plain and plain and status == 0)
    expect("without a key nothing is shown", allocated(triage, locked) == ({}, 1))
    wrong = run(triage, "list", locked, "--unlock", f"*=passphrase:{bad}")
    expect(f"a wrong key ends with {wrong.returncode}", wrong.returncode == 2 and b"no key given opens" in wrong.stderr)
    path, digest = sorted(plain.items())[-1]
    out = os.path.join(folder, "out")
    run(triage, "extract", locked, path, "--unlock", f"*=passphrase:{key}", "-o", out)
    got = run("sha256sum", out).stdout[:64].decode()
    expect(f"extract gives {got}", got == digest)
    case = os.path.join(folder, "case")
    done = run(triage, "run", locked, "--unlock", f"*=passphrase:{key}", "--case", case, "-q")
    with open(os.path.join(case, "custody.jsonl"), encoding="utf-8") as log:
        custody = log.read()
    expect(f"run ends with {done.returncode}", done.returncode == 0)
    expect("custody says that a key was used", '"kind":"unlocked"' in custody and "passphrase" in custody)
    expect("custody does not hold the key", SECRET not in custody)
    expect("the case verifies", run(triage, "verify", case).returncode == 0)
    return len(plain)


def main():
    missing = [tool for tool in ("qemu-img", "xz") if shutil.which(tool) is None]
    if missing or not os.path.exists(SAMPLE):
        print(f"skipped 1: missing {missing or SAMPLE}")
        return 77
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        files = check(os.path.abspath(sys.argv[1]), folder, problems)
    for problem in problems:
        print("FAIL: " + problem)
    print(f"unlock: {files} files of a LUKS volume, {len(problems)} faults")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
