#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mutations.py TRIAGE [COUNT [SEED]]: small images with deleted files, bent at random places (default 240 mutations).

FAT12, FAT16, ext2, ext4 with a journal, exFAT and NTFS formatted twice are made by stock tools without mounting
anything; a mutation bends one to twelve places of what is not zero: bits, numbers put to extremes, blocks copied over
others, sectors emptied, "../" put over names. `triage recover` meets each one. It must end by itself within the limit
with status 0, 1 or 3, keep its memory, write nothing beside its folder, and describe in recovered.jsonl every file it
kept. A failing mutation is named by its image and number: the same COUNT and SEED make it again. Leaves 77 where no
image can be made; images that cannot be made are counted.
"""
import concurrent.futures
import hashlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

os.environ["PATH"] += ":/usr/sbin:/sbin"
SECONDS = 60
MEMORY = 1 << 30
SPAN = 512


def call(*command):
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def contents(seed, count):
    dice = random.Random(seed)
    for i in range(count):
        data = dice.randbytes(dice.choice((300, 5000, 30_000)))
        yield f"file{i}.bin", b"%PDF-1.4\n" + data + b"\n%%EOF\n" if i % 3 == 0 else data


def empty(path, size):
    with open(path, "wb") as file:
        file.truncate(size)


def store(folder, data):
    with open(f"{folder}/part", "wb") as file:
        file.write(data)
    return f"{folder}/part"


def fat(folder, bits, size):
    image = f"{folder}/fat{bits}.img"
    empty(image, size)
    call("mkfs.vfat", "-F", str(bits), "-s", "1", image)
    call("mmd", "-i", image, "::/deep", "::/deep/deeper")
    for i, (name, data) in enumerate(contents(bits, 12)):
        call("mcopy", "-i", image, store(folder, data), f"::/{('', 'deep/', 'deep/deeper/')[i % 3]}A long {name}")
    for i in range(0, 12, 2):
        call("mdel", "-i", image, f"::/{('', 'deep/', 'deep/deeper/')[i % 3]}A long file{i}.bin")
    call("mdeltree", "-i", image, "::/deep/deeper")
    return image


def ext(folder, kind, *options):
    image = f"{folder}/{kind}.img"
    empty(image, 4 << 20)
    call(f"mkfs.{kind}", "-q", "-F", "-b", "1024", *options, image)
    orders = ["mkdir deep", "mkdir deep/deeper"]
    for i, (name, data) in enumerate(contents(kind, 12)):
        with open(f"{folder}/{kind}{name}", "wb") as file:
            file.write(data)
        orders.append(f"write {folder}/{kind}{name} {('', 'deep/', 'deep/deeper/')[i % 3]}{name}")
    if kind == "ext4":
        run_orders(folder, image, orders)
        journal(image)
        orders = []
    orders += [f"rm {('', 'deep/', 'deep/deeper/')[i % 3]}file{i}.bin" for i in range(0, 12, 2)]
    run_orders(folder, image, orders)
    return image


def run_orders(folder, image, orders):
    with open(f"{folder}/orders", "w", encoding="utf-8") as file:
        file.write("\n".join(orders) + "\n")
    call("debugfs", "-w", "-f", f"{folder}/orders", image)


def journal(image):
    """One transaction by hand: the first blocks of the inode table and the root directory as they lie on the medium."""
    def told(order):
        done = subprocess.run(["debugfs", "-R", order, image], check=True, capture_output=True)
        return done.stdout.decode()
    ring = [int(told(f"bmap <8> {i}")) for i in range(1, 12)]
    root = int(told("bmap <2> 0"))
    table = int(re.search(r"located at block (\d+)", told("imap <2>"))[1])
    blocks = [table, table + 1, table + 2, table + 3, root]
    with open(image, "r+b") as file:
        head = b"\xc0\x3b\x39\x98" + (1).to_bytes(4, "big") * 2
        tags = b"".join(block.to_bytes(4, "big") + (2 | (8 if block is blocks[-1] else 0)).to_bytes(4, "big")
                        for block in blocks)
        copies = []
        for block in blocks:
            file.seek(block * 1024)
            copies.append(file.read(1024))
        for place, data in zip(ring, [head + tags] + copies):
            file.seek(place * 1024)
            file.write(data.ljust(1024, b"\0"))


def exfat(folder):
    image = f"{folder}/exfat.img"
    empty(image, 8 << 20)
    call("mkfs.exfat", image)
    return image


def ntfs(folder):
    image = f"{folder}/ntfs.img"
    empty(image, 4 << 20)
    call("mkfs.ntfs", "-F", "-Q", "-q", "-c", "4096", image)
    for name, data in contents("ntfs", 8):
        call("ntfscp", "-f", image, store(folder, data), name)
    call("mkfs.ntfs", "-F", "-Q", "-q", "-c", "4096", image)
    return image


def images(folder):
    makers = {"fat12": lambda: fat(folder, 12, 1 << 20), "fat16": lambda: fat(folder, 16, 5 << 20),
              "ext2": lambda: ext(folder, "ext2"),
              "ext4": lambda: ext(folder, "ext4", "-O", "^metadata_csum,^64bit", "-J", "size=1"),
              "exfat": lambda: exfat(folder), "ntfs": lambda: ntfs(folder)}
    made = {}
    for name, make in makers.items():
        try:
            path = make()
        except (OSError, subprocess.CalledProcessError, ValueError) as error:
            print(f"skipped: {name} cannot be made: {error}")
            continue
        with open(path, "rb") as file:
            made[name] = file.read()
    return made, len(makers)


def bend(data, dice):
    out = bytearray(data)
    places = [at for at in range(0, len(data), SPAN) if any(data[at:at + SPAN])]
    head = [at for at in places if at < 64 << 10] or places
    for _ in range(dice.randint(1, 12)):
        at = dice.choice(head if dice.random() < 0.5 else places) + dice.randrange(SPAN)
        width = dice.choice((1, 2, 4, 8))
        at = min(at // width * width, len(out) - 16)
        way = dice.randrange(6)
        if way == 0:
            out[at] ^= 1 << dice.randrange(8)
        elif way == 1:
            out[at:at + width] = dice.choice((b"\xff", b"\0", b"\x7f")) * width
        elif way == 2:
            out[at:at + width] = (int.from_bytes(out[at:at + width], "little") + dice.choice((-1, 1, 256)) &
                                  (1 << 8 * width) - 1).to_bytes(width, "little")
        elif way == 3:
            other = dice.choice(places)
            block = at // SPAN * SPAN
            out[block:block + SPAN] = data[other:other + SPAN]
        elif way == 4:
            block = at // SPAN * SPAN
            out[block:block + SPAN] = bytes(SPAN)
        else:
            text = dice.choice((b"../../x", b".\0.\0/\0.\0.\0/\0", b"/etc/pw", b"..\\..\\x"))
            out[at:at + len(text)] = text
    return bytes(out[:len(data)])


def limited():
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def meet(job):
    triage, folder, name, number, data = job
    place = tempfile.mkdtemp(prefix=f"{name}-{number}-", dir=folder)
    try:
        image, out = f"{place}/in/disk.img", f"{place}/a/b/out"
        os.makedirs(f"{place}/in")
        os.makedirs(f"{place}/a/b")
        with open(image, "wb") as file:
            file.write(data)
        process = subprocess.Popen([triage, "recover", image, "-o", out, "-q", "--jobs", "1"], cwd=f"{place}/a",
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   preexec_fn=limited)
        try:
            words = process.communicate(timeout=SECONDS)[1].decode(errors="replace")
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return f"{name} {number}: still running after {SECONDS} s"
        if process.returncode not in (0, 1, 3):
            return f"{name} {number}: exit status {process.returncode}: {words[-200:]}"
        return strangers(place, image, data, out, f"{name} {number}")
    finally:
        shutil.rmtree(place, ignore_errors=True)


def strangers(place, image, data, out, called):
    found = {os.path.join(top, one) for top, _, names in os.walk(place) for one in names} - {image}
    beside = [path for path in found if not path.startswith(out + "/")]
    if beside:
        return f"{called}: wrote {beside[0]}"
    with open(image, "rb") as file:
        if file.read() != data:
            return f"{called}: changed the image"
    if not os.path.exists(f"{out}/recovered.jsonl"):
        return None if not found else f"{called}: files without their index"
    with open(f"{out}/recovered.jsonl", encoding="utf-8") as index:
        for line in map(json.loads, index):
            with open(f"{out}/{line['file']}", "rb") as file:
                if hashlib.sha256(file.read()).hexdigest() != line["sha256"]:
                    return f"{called}: {line['file']} is not what its line says"
            found.discard(f"{out}/{line['file']}")
            if any(part in (".", "..") for part in line["path"].split("/")):
                return f"{called}: path {line['path']}"
    found = {path for path in found if os.path.dirname(path) != out}  # the indexes
    return f"{called}: {sorted(found)[0]} has no line" if found else None


def main():
    triage = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 240
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    with tempfile.TemporaryDirectory(prefix="triage-mutations-") as folder:
        made, wanted = images(folder)
        if not made:
            print("skipped: none of the images can be made")
            return 77

        def every():
            for number in range(count):
                name = sorted(made)[number % len(made)]
                data = bend(made[name], random.Random(f"{seed} {name} {number}")) if number >= len(made) else made[name]
                yield triage, folder, name, number, data
        faults = []
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            window = []
            for job in every():
                window.append(pool.submit(meet, job))
                if len(window) >= 32:
                    faults.append(window.pop(0).result())
            faults += [one.result() for one in window]
    faults = [fault for fault in faults if fault]
    for fault in faults[:20]:
        print("  " + fault)
    print(f"{'FAIL' if faults else 'ok'}: {count} mutations of {len(made)} images (seed {seed}), {len(faults)} faults, "
          f"{wanted - len(made)} images skipped")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
