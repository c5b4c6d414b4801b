#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What Debian's own tools do with the corpus: probe_tsk.py OUTDIR [--seconds N]

Runs fls -r and tsk_recover -e over every item under a time limit and prints the rows of the
README's table. tsk_recover writes into a nest of scratch folders, so that what escapes is seen.
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import subprocess
import tempfile
import time


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))


def outcome(argv, seconds):
    """One word or two about how `argv` ended."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as out:
        try:
            done = subprocess.run(argv, stdout=out, stderr=subprocess.PIPE, timeout=seconds,
                                  preexec_fn=limit, check=False)
        except subprocess.TimeoutExpired:
            return f"**hang** (> {seconds} s)"
        size = out.tell() or os.fstat(out.fileno()).st_size
    spent = time.monotonic() - started
    slow = f" {spent:.0f} s" if spent > 2 else ""
    if done.returncode < 0:
        return f"**signal {-done.returncode}**{slow}"
    if done.returncode:
        return f"error{slow}"
    return ("ok" if size or argv[0] == "tsk_recover" else "ok, empty") + slow


def recover(image, seconds):
    """tsk_recover's outcome, what it wrote above its folder, how many files and bytes inside."""
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="probe-"))
    target = scratch / "a" / "b" / "c" / "out"
    target.mkdir(parents=True)
    try:
        word = outcome(["tsk_recover", "-e", str(image), str(target)], seconds)
        files = [path for path in target.rglob("*") if path.is_file()]
        outside = [path for path in scratch.rglob("*")
                   if path.is_file() and target not in path.parents]
        mib = sum(path.stat().st_size for path in files) >> 20
        if files:
            word += f", {len(files)} files" + (f" {mib} MiB" if mib else "")
        if outside:
            word += ", **escaped: " + " ".join(path.name for path in outside) + "**"
        return word
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("outdir", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--only", action="append", metavar="NAME")
    arguments = parser.parse_args()
    with open(arguments.outdir / "manifest.json", encoding="utf-8") as stream:
        entries = json.load(stream)
    print("| item | what it attacks | fls -r | tsk_recover -e | reference |\n|---|---|---|---|---|")
    for entry in entries:
        if arguments.only and entry["name"] not in arguments.only:
            continue
        image = arguments.outdir / entry["file"]
        listed = outcome(["fls", "-r", str(image)], arguments.seconds)
        if listed.startswith("error"):
            table = outcome(["mmls", str(image)], arguments.seconds)
            listed += f", mmls {table}" if not table.startswith("error") else ""
        written = recover(image, arguments.seconds)
        what = entry["what"].replace("|", "\\|").replace("<", "&lt;")
        print(f"| `{entry['name']}` | {what} | {listed} | {written} | {entry['ref']} |", flush=True)


if __name__ == "__main__":
    main()
