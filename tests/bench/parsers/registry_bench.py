#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""registry_bench.py PARSE_BENCH [HIVE…]: windows.registry with all plugins against hivexml, in processor seconds.

PARSE_BENCH is the program of that name from an -O3 build. Without hives those of the corpus beside the checkout are
unpacked (xz); hivexml is left out where it is not installed. One run each; a line a program: bytes, seconds, MB/s.
"""
import lzma
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile


def corpus_hives(folder):
    out = []
    root = pathlib.Path(__file__).resolve().parents[3].parent / "shared/corpus/registry"
    for packed in sorted(root.glob("*.xz")):
        if ".log" in packed.name.lower():
            continue
        path = pathlib.Path(folder) / packed.stem
        path.write_bytes(lzma.decompress(packed.read_bytes()))
        out.append(path)
    return out


def children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        hives = [pathlib.Path(a) for a in arguments[1:]] or corpus_hives(folder)
        if not hives:
            print("registry_bench: skipped, no hives beside the checkout")
            return 0
        size = sum(h.stat().st_size for h in hives)
        said = subprocess.run([arguments[0], "windows.registry", *map(str, hives)], check=True, capture_output=True, text=True)
        print(f"triage   {len(hives)} hives  " + re.sub(r"^sum: ", "", said.stdout.strip().splitlines()[-1]))
        if not shutil.which("hivexml"):
            print("hivexml  skipped 1 peer: not installed (libhivex-bin)")
            return 0
        before, read = children(), 0
        for hive in hives:
            done = subprocess.run(["hivexml", str(hive)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            read += done.returncode == 0
        spent = children() - before
        print(f"hivexml  {read} of {len(hives)} hives read  {size} bytes, {spent:.2f} s, {size / spent / 1e6:.1f} MB/s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
