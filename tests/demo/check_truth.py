#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_truth.py CASE_DB [TRUTH_CSV]: does the case show what was planted?

Each row of the truth counts the rows of one public view (DESIGN.md section 4) that meet an SQL
condition; the count must be within min and max (empty max = no limit).  Failures are printed.
Exit status: 0 all met, 1 some not, 2 usage or no readable case.
"""
import csv
import os
import sqlite3
import sys
import urllib.parse

VIEWS = {"evidence", "volumes", "files", "events", "findings", "damage"}


def check(database, row):
    """Returns None if the row is met, else what is wrong."""
    if row["view"] not in VIEWS:
        return f"unknown view {row['view']}"
    try:
        sql = f"SELECT count(*) FROM {row['view']} WHERE {row['where']}"
        count = database.execute(sql).fetchone()[0]
    except sqlite3.Error as error:
        return str(error)
    low, high = int(row["min"] or 0), int(row["max"]) if row["max"] else None
    if count < low or (high is not None and count > high):
        return f"found {count}, expected {low}..{'' if high is None else high}"
    return None


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    truth = sys.argv[2] if len(sys.argv) == 3 else os.path.join(os.path.dirname(
        os.path.abspath(__file__)), "truth.csv")
    try:
        path = urllib.parse.quote(os.path.abspath(sys.argv[1]))
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with open(truth, encoding="utf-8", newline="") as source:
            rows = list(csv.DictReader(source))
    except (OSError, sqlite3.Error) as error:
        print(f"check_truth: {sys.argv[1]}: {error}", file=sys.stderr)
        return 2
    failed = 0
    for row in rows:
        problem = check(database, row)
        if problem:
            failed += 1
            print(f"FAIL {row['id']}: {problem}\n     {row['view']} WHERE {row['where']}\n"
                  f"     {row['note']}")
    print(f"{len(rows) - failed} passed, {failed} failed")
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
