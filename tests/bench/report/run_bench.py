#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run_bench.py BUILD [EVENTS]: the report of a case of EVENTS (default 1,000,000) events. Prints seconds and bytes and the
goals; exit status 1 where one is missed. What the machine lacks (chromium, weasyprint) is counted as skipped.

  report    triage report            goal: 20 s, HTML 15 MB
  open      headless chromium        goal: 3 s from file to drawn page
  pdf       triage report --pdf      goal: 60 s
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

GOALS = {"report": 20.0, "open": 3.0, "pdf": 60.0}
MOST_BYTES = 15_000_000


def timed(command, folder):
    begin = time.monotonic()
    done = subprocess.run([str(one) for one in command], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{command}: {done.returncode}\n{done.stderr}")
    return time.monotonic() - begin


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    events = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    maker = build / "tests/bench/report/make_report_case"
    maker = maker if maker.exists() else build / "bin/make_report_case"
    missed = skipped = 0
    with tempfile.TemporaryDirectory() as folder:
        print(f"case   {timed([maker, 'case', events], folder):8.2f} s  {events} events", flush=True)
        figures = {"report": timed([build / "bin/triage", "report", "--case", "case", "-q"], folder)}
        page = pathlib.Path(folder, "case/report.html")
        size = page.stat().st_size
        browser = shutil.which("chromium")
        if browser:
            options = ["--headless", "--disable-gpu", "--no-sandbox", "--hide-scrollbars", f"--user-data-dir={folder}/profile"]
            timed([browser, *options, "--dump-dom", "about:blank"], folder)  # a profile is made the first time
            empty = timed([browser, *options, "--dump-dom", "about:blank"], folder)
            figures["open"] = timed([browser, *options, "--screenshot=page.png", page], folder) - empty
        else:
            skipped += 1
        if shutil.which("weasyprint"):
            figures["pdf"] = timed([build / "bin/triage", "report", "--case", "case", "--pdf", "-q"], folder)
        else:
            skipped += 1
        for name, seconds in figures.items():
            good = seconds <= GOALS[name]
            missed += not good
            print(f"{name:6} {seconds:8.2f} s  goal {GOALS[name]:.0f} s  {'ok' if good else 'MISSED'}")
        good = size <= MOST_BYTES
        missed += not good
        print(f"html   {size:8} B  goal {MOST_BYTES} B  {'ok' if good else 'MISSED'}")
        if "pdf" in figures:
            print(f"pdf    {pathlib.Path(folder, 'case/report.pdf').stat().st_size:8} B")
    print(f"{skipped} measurements skipped")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
