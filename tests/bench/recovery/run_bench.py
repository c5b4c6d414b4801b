#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run_bench.py TRIAGE TRUTH_DIR...: recovery by metadata over images whose truth is known.

Each TRUTH_DIR holds disk.img and truth.csv as the carving-truth generator writes them (columns sha256, size, type,
status, frags, gap, survive_pct, path, runs). Prints rows of a Markdown table for each: `triage recover`, the same
together with `triage carve`, and tsk_recover where it is installed. Intact files that came back whole (by SHA-256), under
their own path, what was called complete and is not, overwritten files called complete, wall and CPU seconds, peak
memory of the largest process. The times are the median of TRIAGE_BENCH_RUNS runs (default 3).
"""
import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time


def intact(rows):
    return {r["sha256"]: r for r in rows
            if r["status"] in ("deleted_contig", "deleted_frag") and r["type"] != "noise"}


class Spent:
    """Medians over the runs of one command."""

    def __init__(self, command, out):
        self.status, walls, cpus, peaks = 0, [], [], []
        for _ in range(int(os.environ.get("TRIAGE_BENCH_RUNS", "3"))):
            shutil.rmtree(out, ignore_errors=True)
            start = time.monotonic()
            with tempfile.TemporaryFile() as errors:
                process = subprocess.Popen([*command, out], stdout=subprocess.DEVNULL, stderr=errors)
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
                errors.seek(0)
                self.words = errors.read().decode(errors="replace")
            walls.append(time.monotonic() - start)
            cpus.append(usage.ru_utime + usage.ru_stime)
            peaks.append(usage.ru_maxrss // 1024)
            self.status = process.returncode
        self.text = " | ".join((f"{sorted(walls)[len(walls) // 2]:.2f} s", f"{sorted(cpus)[len(cpus) // 2]:.2f} s",
                                f"{max(peaks)} MiB"))


def share(part, whole):
    return f"{part}/{whole} ({100 * part / whole:.1f} %)" if whole else "0/0"


def lines_of(triage, command, image, out):
    spent = Spent([triage, command, image, "-q", "-o"], out)
    if spent.status not in (0, 1):
        sys.exit(f"triage {command}: {spent.status}: {spent.words}")
    with open(f"{out}/recovered.jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines], spent


def row(found, rows, times):
    want = intact(rows)
    known = {r["sha256"] for r in rows}
    gone = {r["path"] for r in rows if r["status"] == "deleted_overwritten"}
    back = {f["sha256"] for f in found}
    named = {f["sha256"] for f in found if f["sha256"] in want and f["path"] == "/" + want[f["sha256"]]["path"]}
    complete = [f for f in found if f["grade"] == "complete"]
    wrong = [f for f in complete if f["sha256"] not in known]
    false = [f for f in complete if f["path"].lstrip("/") in gone and f["sha256"] not in known]
    return (f"{share(len(back & want.keys()), len(want))} | {share(len(named), len(want))} | "
            f"{share(len(wrong), len(complete))} | {len(false)} of {len(gone)} | {times}")


def row_of_tsk(image, rows, out):
    spent = Spent(["tsk_recover", image], out)
    if spent.status != 0:
        return "– | – | – | – | – | – | –"
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
    return f"{share(len(back & want.keys()), len(want))} | – | {share(wrong, outputs)} | – | {spent.text}"


def main():
    triage = sys.argv[1]
    print("| image | tool | intact files back | with their path | “complete” that is not | overwritten called complete | "
          "wall | CPU | peak |")
    print("|---|---|---|---|---|---|---|---|---|")
    for truth in sys.argv[2:]:
        with open(f"{truth}/truth.csv", encoding="utf-8", newline="") as table:
            rows = list(csv.DictReader(table))
        work = tempfile.mkdtemp(prefix="triage-bench-")
        try:
            image, name = f"{truth}/disk.img", os.path.basename(os.path.normpath(truth))
            found, spent = lines_of(triage, "recover", image, work + "/recovered")
            print(f"| {name} | triage recover | {row(found, rows, spent.text)} |", flush=True)
            carved, spent = lines_of(triage, "carve", image, work + "/carved")
            print(f"| {name} | and triage carve | {row(found + carved, rows, spent.text)} |", flush=True)
            if shutil.which("tsk_recover"):
                print(f"| {name} | tsk_recover | {row_of_tsk(image, rows, work + '/theirs')} |", flush=True)
        finally:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
