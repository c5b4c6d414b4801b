#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run_bench.py PROGRAM [--folder DIR] [--mib 2048] [--rounds 3] [--only NAME,...]: acquisition against its peers.

Makes a mix (40 % zeros, 30 % files, 30 % noise, in extents of 1 to 64 MiB) in DIR (default /dev/shm), then runs every
job once a round, one after another, so that load of neighbours hits all alike. Prints the medians of wall and CPU
seconds, peak memory and size, and the ratios of README.md. Peers that are missing are left out and named.
"""
import argparse
import hashlib
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def make_mix(path, mib):
    """Deterministic but for the files of this machine."""
    seeds = random.Random(20)
    files = subprocess.Popen(["tar", "-cf", "-", "/usr/bin", "/usr/lib", "/usr/share"], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL)
    left = mib
    with open(path, "wb") as out:
        while left > 0:
            count = min(left, seeds.randint(1, 64))
            kind = seeds.random()
            for _ in range(count):
                if kind < 0.4:
                    out.write(bytes(1 << 20))
                elif kind < 0.7:
                    out.write(files.stdout.read(1 << 20).ljust(1 << 20, b"\0"))
                else:
                    out.write(seeds.randbytes(1 << 20))
            left -= count
    files.kill()
    files.wait()


def measure(command):
    """(wall, CPU seconds of it and its children, peak MiB of the largest)."""
    with tempfile.TemporaryFile("w+") as errors:
        start = time.monotonic()
        child = subprocess.Popen(command, shell=isinstance(command, str), stdout=subprocess.DEVNULL, stderr=errors,
                                 stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            errors.seek(0)
            sys.exit(f"{command}: status {child.returncode}: {errors.read()[-500:]}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def jobs(program, mix, out):
    """Name → (command, file whose size counts)."""
    table = {
        "read": (f"cat {mix} > /dev/null", None),
        "triage zst": ([program, "image", mix, "-o", f"{out}/t.zst", "-q"], f"{out}/t.zst"),
        "triage zst md5,sha1": ([program, "image", mix, "-o", f"{out}/m.zst", "--hash", "md5,sha1", "-q"], f"{out}/m.zst"),
        "triage raw": ([program, "image", mix, "-o", f"{out}/t.raw", "--format", "raw", "-q"], None),
        "triage ewf": ([program, "image", mix, "-o", f"{out}/t", "--format", "ewf", "-q"], f"{out}/t.E01"),
        "triage verify zst": ([program, "verify", f"{out}/t.zst"], None),
        "triage verify zst whole": ([program, "verify", f"{out}/t.zst", "--whole"], None),
        "triage verify ewf": ([program, "verify", f"{out}/t.E01"], None),
        "zstd -1 -T2": (f"zstd -1 -T2 -q -f {mix} -o {out}/z.zst", f"{out}/z.zst"),
        "tee + openssl + zstd": (f"dd if={mix} bs=1M status=none | tee >(openssl dgst -sha256 >/dev/null) | "
                                 f"zstd -1 -T2 -q -f -o {out}/p.zst", f"{out}/p.zst"),
        "dc3dd sha256 raw": (f"dc3dd if={mix} of={out}/d.raw hash=sha256 log={out}/d.log", None),
        "ewfacquire fast": (f"ewfacquire -u -q -c fast -d sha256 -S 100GiB -t {out}/e {mix}", f"{out}/e.E01"),
        "ewfverify": (f"ewfverify -q {out}/e.E01", None),
    }
    for name, (command, size) in list(table.items()):
        if isinstance(command, str):
            missing = [word for word in ("dc3dd", "ewfacquire", "ewfverify", "zstd") if command.startswith(word)
                       and not shutil.which(word)]
            if missing:
                print(f"left out: {name} ({missing[0]} is not installed)")
                del table[name]
            else:
                table[name] = (["bash", "-c", command], size)
    return table


def clean(out, name):
    """Nothing is overwritten by the tools: what a job of the last round made goes."""
    made = {"triage zst": "t.zst*", "triage zst md5,sha1": "m.zst*", "triage raw": "t.raw*", "triage ewf": "t.E01 t.map t.log* t.json t.chunks",
            "zstd -1 -T2": "z.zst", "tee + openssl + zstd": "p.zst", "dc3dd sha256 raw": "d.*", "ewfacquire fast": "e.*"}
    for pattern in made.get(name, "").split():
        for path in pathlib.Path(out).glob(pattern):
            path.unlink()


def random_reads(program, image):
    """CPU microseconds of one cold 4 KiB read: `triage image` has none of its own, so the unit bench of the bridge."""
    bench = pathlib.Path(program).parent / "test_acquire"
    if not bench.exists():
        return None
    done = subprocess.run([str(bench), "--no-skip", "-tc=bench: *"], capture_output=True, text=True,
                          env={**os.environ, "TRIAGE_BENCH_IMAGE": image})
    for line in done.stdout.splitlines():
        if "us a read" in line:
            return line.strip()
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--folder", default="/dev/shm")
    parser.add_argument("--mib", type=int, default=2048)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    program = str(pathlib.Path(args.program).resolve())
    with tempfile.TemporaryDirectory(prefix="triage-bench-", dir=args.folder) as folder:
        mix = f"{folder}/mix"
        make_mix(mix, args.mib)
        table = jobs(program, mix, folder)
        wanted = [name for name in args.only.split(",") if name]
        table = {name: job for name, job in table.items() if not wanted or name in wanted}
        figures = {name: [] for name in table}
        sizes = {}
        for _ in range(args.rounds):
            for name, (command, size) in table.items():
                clean(folder, name)
                figures[name].append(measure(command))
                if size and os.path.exists(size):
                    sizes[name] = os.path.getsize(size)
        print(f"{'job':26} {'wall s':>8} {'CPU s':>8} {'MiB':>6} {'MB out':>8} {'MB/s':>7}")
        median = {}
        for name, rows in figures.items():
            wall, cpu, memory = (statistics.median(column) for column in zip(*rows))
            median[name] = (wall, cpu)
            print(f"{name:26} {wall:8.2f} {cpu:8.2f} {memory:6.0f} {sizes.get(name, 0) / 1e6:8.0f} "
                  f"{args.mib * 1.048576 / wall:7.0f}")
        for one, other in (("triage zst", "dc3dd sha256 raw"), ("triage zst", "ewfacquire fast"),
                           ("triage ewf", "ewfacquire fast"), ("triage verify ewf", "ewfverify")):
            if one in median and other in median:
                print(f"{one} / {other}: wall {median[one][0] / median[other][0]:.2f}, "
                      f"CPU {median[one][1] / median[other][1]:.2f}")
        if "triage zst" in sizes and "zstd -1 -T2" in sizes:
            print(f"size / zstd -1: {sizes['triage zst'] / sizes['zstd -1 -T2']:.4f}")
        if os.path.exists(f"{folder}/t.zst"):
            print(random_reads(program, f"{folder}/t.zst") or "random reads: test_acquire is not beside the program")
        digest = hashlib.sha256(pathlib.Path(mix).read_bytes()).hexdigest() if not wanted else ""
        print(json.dumps({"mix_sha256": digest, "mib": args.mib, "rounds": args.rounds}))


main()
