#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run_case.py [--accept] PROGRAM_FOLDER CASE.test ...: runs command-line cases and compares what they print.

A case is one text file:
    # what it shows
    $ triage parsers --jsn          a bash command line; runs in a new empty folder, `triage` is on the PATH
    exit: 2                         may be left out for 0
    stdout:                         may be left out when nothing is printed
    stderr:
    triage: error: ...              a line that ends in "..." is a beginning; "..." alone stands for any lines
More commands may follow in the same file and share the folder. Version, commit and durations are canonified.
$CASES is the folder of the case file. With --accept the file is rewritten with what was printed.
"""
import os
import re
import subprocess
import sys
import tempfile

CANON = [
    (re.compile(r"\btriage \d+\.\d+\.\d+ \((?:[0-9a-f]{12}(?:-dirty)?|unknown)\)"), "triage VERSION (COMMIT)"),
    (re.compile(r"\b\d+(?:\.\d+)? ?(?:s|ms)\b"), "DURATION"),
]
LIMIT = 120  # seconds a command may take


def canon(text):
    for pattern, word in CANON:
        text = pattern.sub(word, text)
    return text


def parse(path):
    """The head comment and the steps: [command, exit, stdout lines, stderr lines]."""
    head, steps, into = [], [], None
    with open(path, encoding="utf-8") as handle:
        for line in handle.read().splitlines():
            if line.startswith("$ "):
                steps.append([line[2:], 0, [], []])
                into = None
            elif not steps:
                head.append(line)
            elif into is None and line.startswith("exit: "):
                steps[-1][1] = int(line[6:])
            elif line in ("stdout:", "stderr:"):
                into = 2 if line == "stdout:" else 3
            elif into is not None:
                steps[-1][into].append(line)
            elif line:
                sys.exit(f"{path}: a line belongs to no section: {line}")
    for step in steps:
        for section in (2, 3):
            while step[section] and not step[section][-1]:
                step[section].pop()
    return head, steps


def matches(wanted, got):
    """Compares lines; "..." alone stands for any number of lines, at a line's end for the rest of it."""
    if not wanted:
        return not got
    if wanted[0] == "...":
        return any(matches(wanted[1:], got[skip:]) for skip in range(len(got) + 1))
    if not got:
        return False
    same = got[0].startswith(wanted[0][:-3]) if wanted[0].endswith("...") else got[0] == wanted[0]
    return same and matches(wanted[1:], got[1:])


def run(command, folder, programs, cases):
    environment = {
        "PATH": programs + ":/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": folder, "TZ": "UTC", "LC_ALL": "C",
        "TERM": "dumb", "CASES": cases, "COLUMNS": "80",
    }
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT)
    out, err = (canon(data.decode("utf-8", "backslashreplace")).splitlines() for data in (done.stdout, done.stderr))
    return done.returncode if done.returncode >= 0 else 128 - done.returncode, out, err


def show(title, lines):
    return "".join(f"    {title}| {line}\n" for line in lines) or f"    {title}| (nothing)\n"


def check(path, programs, accept):
    head, steps = parse(path)
    cases = os.path.dirname(os.path.abspath(path))
    failures, written = [], list(head)
    with tempfile.TemporaryDirectory() as folder:
        for command, status, out, err in steps:
            got_status, got_out, got_err = run(command, folder, programs, cases)
            same = (got_status == status, matches(out, got_out), matches(err, got_err))
            if not all(same):
                failures.append(f"  $ {command}\n    exit: wanted {status}, got {got_status}\n")
                if not same[1]:
                    failures.append(show("wanted stdout", out) + show("got stdout", got_out))
                if not same[2]:
                    failures.append(show("wanted stderr", err) + show("got stderr", got_err))
            written.append("$ " + command)
            written.extend([f"exit: {got_status}"] if got_status else [])
            written.extend(["stdout:", *(out if same[1] else got_out)] if got_out else [])
            written.extend(["stderr:", *(err if same[2] else got_err)] if got_err else [])
            written.append("")
    if accept:
        with open(path, "w", encoding="utf-8") as handle:
            handle.write("\n".join(written).rstrip("\n") + "\n")
        return True
    print(f"{'FAIL' if failures else 'ok'}: {os.path.basename(path)}, {len(steps)} commands")
    print("".join(failures), end="")
    return not failures and bool(steps)


def main(arguments):
    accept = arguments[:1] == ["--accept"]
    arguments = arguments[1:] if accept else arguments
    if len(arguments) < 2:
        sys.exit(__doc__)
    results = [check(path, os.path.abspath(arguments[0]), accept) for path in arguments[1:]]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
