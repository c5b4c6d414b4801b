#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds the hostile corpus: build_hostile.py OUTDIR [--only NAME]... [--list]

Writes one evidence file per item and OUTDIR/manifest.json, which run_hostile.py reads.
Uses python3's standard library and, for some items, mke2fs, debugfs, mkntfs, ntfscp,
mkfs.exfat and zstd. The same tools give the same bytes on every run.
"""
import argparse
import importlib
import json
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import kit  # noqa: E402  (found beside this file)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("outdir", type=pathlib.Path, nargs="?")
    parser.add_argument("--only", action="append", metavar="NAME")
    parser.add_argument("--list", action="store_true", help="names and sentences, builds nothing")
    arguments = parser.parse_args()
    for module in sorted(HERE.glob("items_*.py")):
        importlib.import_module(module.stem)
    names = [entry["name"] for entry in kit.ITEMS]
    if len(set(names)) != len(names):
        sys.exit("two items share a name")
    if arguments.list:
        for entry in kit.ITEMS:
            print(f"{entry['name']:32} {entry['what']}")
        return
    if arguments.outdir is None:
        parser.error("OUTDIR is missing")
    unknown = set(arguments.only or []) - set(names)
    if unknown:
        parser.error(f"no such item: {', '.join(sorted(unknown))}")
    build(arguments.outdir, arguments.only)


def build(outdir, only):
    outdir.mkdir(parents=True, exist_ok=True)
    manifest = []
    for entry in kit.ITEMS:
        if only and entry["name"] not in only:
            continue
        started = time.monotonic()
        kit.write_sparse(outdir / entry["file"], entry["build"]())
        spent = time.monotonic() - started
        if spent > 2:
            print(f"{entry['name']}: {spent:.1f} s", file=sys.stderr)
        manifest.append({key: value for key, value in entry.items() if key != "build"})
    with open(outdir / "manifest.json", "w", encoding="utf-8") as out:
        json.dump(manifest, out, indent=1, ensure_ascii=True)
        out.write("\n")
    print(f"{len(manifest)} items in {outdir}")


if __name__ == "__main__":
    main()
