#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""reason.py TRIAGE CASE [EVENTS]: how long drawing findings takes over EVENTS events (default 1,000,000).

CASE is copied and its events are multiplied, each copy one minute later under ids of its own; then `triage rules apply`
draws findings, and exports and report are made again, as at the end of `triage run`. Prints seconds of CPU, peak
memory and the number of findings, and what the report alone takes.
"""
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

MINUTE = 60 * 10**9


def multiply(path, wanted):
    database = sqlite3.connect(path)
    columns = [row[1] for row in database.execute("PRAGMA table_info(t_event)") if row[1] != "seq"]
    have = database.execute("SELECT count(*) FROM t_event").fetchone()[0]
    copy = ", ".join("printf('%016x%016x', ?1, seq)" if name == "id" else "when_ns + ?2" if name == "when_ns" else name
                     for name in columns)
    last = database.execute("SELECT max(seq) FROM t_event").fetchone()[0]
    for number in range(1, wanted // max(have, 1)):
        database.execute(f"INSERT INTO t_event({', '.join(columns)}) SELECT {copy} FROM t_event WHERE seq <= {last}",
                         (number, number * MINUTE))
    database.commit()
    count = database.execute("SELECT count(*) FROM t_event").fetchone()[0]
    database.close()
    return count


def timed(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (time.monotonic() - started, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            after.ru_maxrss // 1024)


def main():
    if len(sys.argv) not in (3, 4):
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    triage, case = os.path.abspath(sys.argv[1]), sys.argv[2]
    wanted = int(sys.argv[3]) if len(sys.argv) == 4 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "case")
        shutil.copytree(case, copy)
        database = os.path.join(copy, "3-investigation", "case.db")
        count = multiply(database, wanted)
        wall, cpu, memory = timed([triage, "rules", "apply", "--case", copy, "-q"])
        plain = timed([triage, "report", "--case", copy, "-q"])
        found = sqlite3.connect(database).execute("SELECT count(*) FROM findings WHERE origin = 'reason'").fetchone()[0]
        print(f"{count} events, {found} findings: rules, exports and report {cpu:.1f} s CPU, {wall:.1f} s, {memory} MiB; "
              f"report alone {plain[1]:.1f} s CPU")
    return 0


if __name__ == "__main__":
    sys.exit(main())
