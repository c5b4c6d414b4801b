#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run_bench.py TRIAGE TRUTH_DIR...: recovery by metadata over images whose truth is known.

Each TRUTH_DIR holds disk.img and truth.csv as the carving-truth generator writes them (columns sha256, size, type,
status, frags, gap, survive_pct, path, runs). Prints one row of a Markdown table for each: what came back whole, under
its own path, what was called complete and is not, CPU seconds, peak memory; then tsk_recover's row where it is
installed.
"""
import csv
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time


def intact(rows):
    return {r["sha256"]: r for r in rows
            if r["status"] in ("deleted_contig", "deleted_frag") and r["type"] != "noise"}


def timed(command):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done, time.monotonic() - start, cpu


def share(part, whole):
    return f"{part}/{whole} ({100 * part / whole:.0f} %)" if whole else "0/0"


def row_of_triage(triage, image, rows, out):
    done, wall, cpu = timed([triage, "recover", image, "-o", out, "-q"])
    if done.returncode not in (0, 1):
        sys.exit(f"triage recover: {done.returncode}: {done.stderr.decode(errors='replace')}")
    with open(f"{out}/recovered.jsonl", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    want, known = intact(rows), {r["sha256"] for r in rows}
    back = {f["sha256"] for f in found}
    named = {f["sha256"] for f in found if f["sha256"] in want and f["path"] == "/" + want[f["sha256"]]["path"]}
    complete = [f for f in found if f["grade"] == "complete"]
    wrong = [f for f in complete if f["sha256"] not in known]
    return (f"{share(len(back & want.keys()), len(want))} | {share(len(named), len(want))} | "
            f"{share(len(wrong), len(complete))} | {wall:.1f} s | {cpu:.1f} s")


def row_of_tsk(image, rows, out):
    done, wall, cpu = timed(["tsk_recover", image, out])
    if done.returncode != 0:
        return "– | – | – | – | –"
    want, known, back, outputs, wrong = intact(rows), {r["sha256"] for r in rows}, set(), 0, 0
    for folder, _, names in os.walk(out):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
            if not data.strip(b"\0"):
                continue  # the generator's own fillers
            outputs += 1
            digest = hashlib.sha256(data).hexdigest()
            back.add(digest)
            wrong += digest not in known
    return (f"{share(len(back & want.keys()), len(want))} | – | {share(wrong, outputs)} | "
            f"{wall:.1f} s | {cpu:.1f} s")


def main():
    triage = sys.argv[1]
    print("| image | tool | intact files back | with their path | “complete” that is not | wall | CPU |")
    print("|---|---|---|---|---|---|---|")
    for truth in sys.argv[2:]:
        with open(f"{truth}/truth.csv", encoding="utf-8", newline="") as table:
            rows = list(csv.DictReader(table))
        work = tempfile.mkdtemp(prefix="triage-bench-")
        try:
            image, name = f"{truth}/disk.img", os.path.basename(os.path.normpath(truth))
            print(f"| {name} | triage recover | {row_of_triage(triage, image, rows, work + '/ours')} |", flush=True)
            if shutil.which("tsk_recover"):
                print(f"| {name} | tsk_recover | {row_of_tsk(image, rows, work + '/theirs')} |", flush=True)
        finally:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
