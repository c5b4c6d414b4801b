#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""demo.py TRIAGE [EVIDENCE_FOLDER]: the demo's evidence through the whole program.

One job and four jobs give the same exports byte for byte, the truth is met, the case is sound, a run killed at any
moment and resumed gives the same as one that was left alone, the commands that need no case agree with the case, and
the evidence is unchanged. Exit status 0, 1, or 77 where the evidence can't be built here (it needs root).
"""
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
DEMO = os.path.join(HERE, "..", "demo")
EXPORTS = ["timeline.jsonl.zst", "timeline.csv", "files.csv", "findings.jsonl", "damage.jsonl",
           "recovered/recovered.jsonl", "carved/recovered.jsonl", "recovered/recovered.dfxml", "carved/recovered.dfxml"]
IMAGES = ["laptop.img", "usb.img", "usb2.img"]
KILLED_CASES = 6
SEED = 20260410
COMPLETE = (0, 1)


def sha256(path):
    with open(path, "rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def tree(folder):
    """{path below: SHA-256} of a folder."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            found[os.path.relpath(path, folder)] = sha256(path)
    return found


class Demo:
    def __init__(self, triage, evidence, folder):
        self.triage, self.folder, self.failures, self.checks = triage, folder, 0, 0
        self.images = [os.path.join(evidence, name) for name in IMAGES]
        self.seconds = 0.0

    def check(self, good, words):
        self.checks += 1
        if not good:
            self.failures += 1
        print(f"{'ok' if good else 'FAIL'}: {words}", flush=True)

    def call(self, *arguments):
        done = subprocess.run([self.triage, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False)
        return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")

    def case(self, name):
        return os.path.join(self.folder, name)

    def run_arguments(self, case, *more):
        return ["run", *self.images, "--case", self.case(case), "--lang", "en", *more]

    def exports(self, case):
        folder = os.path.join(self.case(case), "3-investigation")
        return {name: sha256(os.path.join(folder, name)) for name in EXPORTS}

    def kept(self, case):
        folder = os.path.join(self.case(case), "3-investigation")
        return tree(os.path.join(folder, "recovered")), tree(os.path.join(folder, "carved"))

    def check_same(self, one, other, words):
        a, b = self.exports(one), self.exports(other)
        differing = [name for name in EXPORTS if a[name] != b[name]]
        self.check(not differing and self.kept(one) == self.kept(other), f"{words}{differing or ''}")

    def check_sound(self, case):
        status, out, _ = self.call("verify", self.case(case))
        lines = out.decode().splitlines()
        self.check(status == 0 and lines and lines[-1] == "OK", f"{case} verifies: exit {status}, {len(lines)} lines")

    def jobs(self):
        started = time.monotonic()
        one = self.call(*self.run_arguments("one", "--jobs", "1"))
        self.seconds = time.monotonic() - started
        four = self.call(*self.run_arguments("four", "--jobs", "4"))
        self.check(one[0] in COMPLETE and one[0] == four[0], f"runs end with {one[0]} and {four[0]}")
        self.check_same("one", "four", "--jobs 1 and --jobs 4 give the same exports and kept files")
        for case in ("one", "four"):
            self.check_sound(case)
        report = os.path.join(self.case("one"), "report.html")
        self.check(os.path.getsize(report) > 10000, f"report.html has {os.path.getsize(report)} bytes")

    def truth(self):
        database = os.path.join(self.case("one"), "3-investigation", "case.db")
        done = subprocess.run([sys.executable, os.path.join(DEMO, "check_truth.py"), database],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.check(done.returncode == 0, "truth: " + done.stdout.decode().strip())

    def again(self):
        before = self.exports("one")
        status, _, words = self.call(*self.run_arguments("one"))
        self.check(status in COMPLETE and words.count("already finished") == len(IMAGES) and
                   self.exports("one") == before, f"a second run says already finished, exit {status}")
        self.check_sound("one")

    def killed(self, number, dice):
        """Kills a run with all its processes, twice, then lets --resume end it."""
        case = f"killed{number}"
        arguments, moments, refused = self.run_arguments(case, "-q", "--jobs", "2"), [], None
        for kill in range(2):
            more = ["--resume"] if kill else []
            with subprocess.Popen([self.triage, *arguments, *more], start_new_session=True) as process:
                moment = dice.uniform(0.02, 1.0) * self.seconds * (0.6 if kill else 0.9)
                moments.append(f"{moment:.2f}")
                time.sleep(moment)
                try:
                    os.killpg(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass  # it had ended
            if kill == 0 and self.has_unfinished(case):
                refused = self.call(*arguments)[0]
        status, _, words = self.call(*arguments, "--resume")
        moments = " and ".join(moments)
        self.check(status in COMPLETE, f"killed after {moments} s, resumed: exit {status} {words[-300:]}")
        if refused is not None:
            self.check(refused == 2, f"without --resume: exit {refused}")
        self.check_same("one", case, f"killed after {moments} s and resumed gives the same ")
        self.check_sound(case)

    def interrupted(self):
        """Ctrl-C: status 130, and --resume goes on."""
        arguments = self.run_arguments("interrupted", "-q", "--jobs", "2")
        with subprocess.Popen([self.triage, *arguments], stderr=subprocess.DEVNULL) as process:
            time.sleep(0.4 * self.seconds)
            process.send_signal(signal.SIGINT)
            status = process.wait()
        self.check(status == -signal.SIGINT, f"an interrupted run ends by the signal: {status}")
        status = self.call(*arguments, "--resume")[0]
        self.check(status in COMPLETE, f"interrupted, resumed: exit {status}")
        self.check_same("one", "interrupted", "interrupted and resumed gives the same ")

    def watched(self):
        """Somebody queries case.db while the run writes it, and until after its end."""
        arguments = self.run_arguments("watched", "-q")
        path = os.path.join(self.case("watched"), "3-investigation", "case.db")
        with subprocess.Popen([self.triage, *arguments], stderr=subprocess.DEVNULL) as process:
            database = None
            while database is None and process.poll() is None:
                time.sleep(0.05)
                try:
                    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
                    database.execute("SELECT count(*) FROM evidence").fetchall()
                except sqlite3.Error:
                    database = None
            status, _, words = self.call("timeline", "--case", self.case("watched"), "--json")
            self.check(status == 0, f"the timeline of a running case: exit {status} {words}")
            self.check(process.wait() in COMPLETE, f"a run that is watched: exit {process.returncode}")
            if database:
                database.close()
        self.check_same("one", "watched", "watched gives the same ")
        self.check_sound("watched")

    def has_unfinished(self, case):
        path = os.path.join(self.case(case), "3-investigation", "case.db")
        try:
            database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
            count = database.execute("SELECT count(*) FROM evidence WHERE state <> 'finished' AND done_batches > 0")
            count = count.fetchone()[0]
            database.close()
        except sqlite3.Error:
            return False
        return count > 0

    def without_case(self):
        """list, extract, scan, carve, recover and timeline say the same as the case."""
        folder = os.path.join(self.case("one"), "3-investigation")
        database = sqlite3.connect(f"file:{folder}/case.db?mode=ro", uri=True)
        rows = database.execute("SELECT path, inode, allocated, kind, size, sha256, runs, type FROM files "
                                "WHERE method IS NOT 'carved'").fetchall()
        status, out, _ = self.call("list", "--json", "-q", *self.images)
        names = ("path", "inode", "allocated", "kind", "size", "sha256", "runs", "type")
        listed = [tuple(json.dumps(file[name]) if name == "runs" else file[name] for name in names)
                  for file in map(json.loads, out.splitlines())]
        rows = [(*row[:6], json.dumps(json.loads(row[6])), row[7]) for row in rows]
        self.check(status == 0 and sorted(listed, key=repr) == sorted(rows, key=repr),
                   f"list and the case have the same {len(rows)} files")
        self.extracted(database)
        database.close()
        for command in ("recover", "carve"):
            target = self.case(command)
            status, _, words = self.call(command, *self.images, "-o", target, "-q")
            kept = self.kept("one")[0 if command == "recover" else 1]
            kept.pop("recovered.jsonl"), kept.pop("recovered.dfxml")
            got = tree(target)
            got.pop("recovered.jsonl", None), got.pop("recovered.dfxml", None)
            # Without metadata carving finds deleted files, too, that the case holds as recovered ones.
            same = got == kept if command == "recover" else kept.items() <= got.items()
            self.check(status == 0 and same, f"{command} keeps the case's {len(kept)} files {words}")
            self.check(self.call(command, *self.images, "-o", target)[0] == 2, f"{command} overwrites nothing")
        self.printed(folder)

    def extracted(self, database):
        rows = database.execute("SELECT v.offset, f.path, f.sha256, e.name FROM files f JOIN volumes v USING (evidence, "
                                "volume) JOIN evidence e ON e.id = f.evidence WHERE f.allocated = 1 AND f.size > 0 AND "
                                "f.sha256 IS NOT NULL AND f.kind IN ('file', 'stream') AND f.path NOT LIKE '/$%' "
                                "ORDER BY f.sha256 LIMIT 12").fetchall()
        wrong = []
        for offset, path, digest, image in rows:
            status, out, _ = self.call("extract", image, f"v{offset}:{path}", "-q")
            if status != 0 or hashlib.sha256(out).hexdigest() != digest:
                wrong.append(path)
        self.check(rows and not wrong, f"extract gives the bytes of {len(rows)} files {wrong or ''}")

    def printed(self, folder):
        _, out, _ = self.call("timeline", "--case", self.case("one"), "--json")
        lines = subprocess.run(["zstd", "-dc", os.path.join(folder, "timeline.jsonl.zst")], stdout=subprocess.PIPE,
                               check=False).stdout
        self.check(out == lines, f"timeline --json prints timeline.jsonl.zst, {len(out)} bytes")
        _, out, _ = self.call("timeline", "--case", self.case("one"), "--format", "csv", "--tz", "UTC")
        with open(os.path.join(folder, "timeline.csv"), "rb") as csv:
            self.check(out == csv.read(), "timeline --format csv prints timeline.csv")
        status, out, _ = self.call("scan", "--json", "-q", *self.images)
        with open(os.path.join(folder, "findings.jsonl"), encoding="utf-8") as source:
            told = [json.loads(line) for line in source]
        scanned = [json.loads(line) for line in out.splitlines()]
        stored = [f for f in told if f["origin"] == "content"]
        place = [(f["rule"], f["path"], f["locator"].split("/")[1]) for f in scanned]
        same_keys = {tuple(f) for f in scanned} == {tuple(f) for f in stored}
        self.check(status == 0 and same_keys and sorted(place) == sorted(
            (f["rule"], f["path"], f["locator"].split("/")[1]) for f in stored),
            f"scan finds the case's {len(stored)} findings, with the same keys")
        self.check(self.call("scan", "-q", self.images[0], "--fail-on", "low")[0] == 10, "scan --fail-on ends with 10")
        status, out, _ = self.call("timeline", "--case", self.case("one"), "--findings", "--json")
        self.check([json.loads(line) for line in out.splitlines()] == told,
                   f"timeline --findings prints them and the {len(told) - len(stored)} drawn from events")


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        evidence = sys.argv[2] if len(sys.argv) == 3 else os.path.join(folder, "evidence")
        if len(sys.argv) == 2:
            if os.geteuid() != 0 or shutil.which("mkntfs") is None:
                print("skipped: the demo's evidence needs root and ntfs-3g")
                return 77
            subprocess.run([os.path.join(DEMO, "build_demo"), evidence], check=True, stdout=subprocess.DEVNULL)
        demo = Demo(os.path.abspath(sys.argv[1]), evidence, folder)
        before = [sha256(image) for image in demo.images]
        demo.jobs()
        demo.truth()
        demo.again()
        demo.without_case()
        dice = random.Random(SEED)
        for number in range(KILLED_CASES):
            demo.killed(number, dice)
        demo.interrupted()
        demo.watched()
        demo.check([sha256(image) for image in demo.images] == before, "the evidence is unchanged")
        print(f"{demo.checks - demo.failures} passed, {demo.failures} failed")
        return 1 if demo.failures else 0


if __name__ == "__main__":
    sys.exit(main())
