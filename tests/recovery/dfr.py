#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""dfr.py TRIAGE [CASE...]: the base cases DFR-01 to DFR-17 of NIST CFTT, "Active File Identification & Deleted File
Recovery Tool Specification" 1.1 (draft, 2009), over images made here. Expected content is what was written.

FAT needs mtools only; ntfs (ntfs-3g), exfat (exfat-fuse) and ext4 (loop device) need root and are counted as skipped
where they cannot be mounted. Leaves 77 where nothing could be tried, 1 where a case failed.
"""
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

os.environ["PATH"] += ":/usr/sbin:/sbin"
CLUSTER = 4096


def call(*command, check=True, **more):
    return subprocess.run(command, check=check, capture_output=True, **more)


def sha(content):
    return hashlib.sha256(content).hexdigest()


def content(size, seed):
    return random.Random(seed).randbytes(size)


class Fat:
    """A FAT volume through mtools: no mount, no root."""

    def __init__(self, folder, name):
        self.image, self.bits, self.part = f"{folder}/disk.img", name[3:], f"{folder}/part"
        size = {"12": 8, "16": 32, "32": 300}[self.bits] << 20
        with open(self.image, "wb") as image:
            image.truncate(size)
        call("mkfs.vfat", "-F", self.bits, "-s", str(CLUSTER // 512), self.image)

    def write(self, path, data, settled=True):
        del settled
        with open(self.part, "wb") as part:
            part.write(data)
        call("mcopy", "-i", self.image, "-n", "-o", self.part, f"::/{path}", stdin=subprocess.DEVNULL)

    def delete(self, path):
        call("mdel", "-i", self.image, f"::/{path}")

    def mkdir(self, path):
        call("mmd", "-i", self.image, f"::/{path}")

    def remove_tree(self, path):
        call("mdeltree", "-i", self.image, f"::/{path}")

    def free(self):
        import re
        listing = call("mdir", "-i", self.image, "::/").stdout.decode(errors="replace")
        return int(re.sub(r"\D", "", re.search(r"([\d ]+) bytes free", listing)[1]))

    def settle(self):
        pass

    close = settle


class Mounted:
    """ntfs, exfat or ext4 through the system."""

    COMMANDS = {"ntfs": (["mkfs.ntfs", "-F", "-Q", "-q", "-c", str(CLUSTER)], ["ntfs-3g"]),
                "exfat": (["mkfs.exfat"], ["mount.exfat-fuse"]),
                "ext2": (["mkfs.ext2", "-q", "-F", "-m", "0", "-b", str(CLUSTER)], ["mount", "-o", "loop", "-t", "ext2"]),
                "ext3": (["mkfs.ext3", "-q", "-F", "-m", "0", "-b", str(CLUSTER)], ["mount", "-o", "loop", "-t", "ext3"]),
                "ext4": (["mkfs.ext4", "-q", "-F", "-m", "0", "-b", str(CLUSTER)], ["mount", "-o", "loop", "-t", "ext4"])}

    def __init__(self, folder, name):
        self.image, self.place = f"{folder}/disk.img", f"{folder}/mount"
        make, mount = self.COMMANDS[name]
        with open(self.image, "wb") as image:
            image.truncate(64 << 20)
        os.mkdir(self.place)
        call(*make, self.image)
        call(*mount, self.image, self.place)

    def write(self, path, data, settled=True):
        with open(f"{self.place}/{path}", "wb") as file:
            file.write(data)
            if settled:
                file.flush()
                os.fsync(file.fileno())

    def delete(self, path):
        os.unlink(f"{self.place}/{path}")

    def mkdir(self, path):
        os.makedirs(f"{self.place}/{path}", exist_ok=True)

    def remove_tree(self, path):
        shutil.rmtree(f"{self.place}/{path}")

    def free(self):
        return os.statvfs(self.place).f_bavail * os.statvfs(self.place).f_frsize

    def settle(self):
        call("sync")

    def close(self):
        call("sync")
        for _ in range(50):
            if call("umount", self.place, check=False).returncode == 0:
                break
            time.sleep(0.1)
        time.sleep(0.5)


class Run:
    """One image of one case: what was deleted, and what came back."""

    def __init__(self, triage, system, folder):
        self.triage, self.folder, self.gone, self.faults = triage, folder, {}, []
        self.system = system
        self.volume = (Fat if system.startswith("fat") else Mounted)(folder, system)

    def put(self, path, size, seed=None, settled=True):
        data = content(size, path if seed is None else seed)
        self.volume.write(path, data, settled)
        return data

    def put_and_delete(self, path, size, settled=True):
        self.gone[path] = self.put(path, size, settled=settled)

    def put_in_holes(self, path, pieces, gap):
        """`path` in `pieces` fragments with kept files of `gap` clusters between: the volume is filled, then opened."""
        for i in range(pieces):
            self.put(f"hole{i}", 2 * CLUSTER)
            self.put(f"gap{i}", gap * CLUSTER)
        self.volume.settle()
        spare = 16 * CLUSTER + (self.volume.free() // 500 if self.system in ("ext2", "ext3") else 0)  # indirect blocks
        self.volume.write("filler", bytes(max(0, self.volume.free() - spare)))
        for i in range(pieces):
            self.volume.delete(f"hole{i}")
        self.volume.settle()
        self.gone[path] = self.put(path, 2 * CLUSTER * pieces - 100)
        self.volume.settle()

    def recovered(self):
        self.volume.close()
        out = f"{self.folder}/out"
        done = call(self.triage, "recover", self.volume.image, "-o", out, "-q", check=False)
        if done.returncode not in (0, 1):
            self.faults.append(f"exit status {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}")
            return []
        with open(f"{out}/recovered.jsonl", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def check(self, share=1.0, names=True, nameless=False):
        """`share` of the deleted files must be back whole; nothing may be called complete that is not. `nameless`: a
        file may come back without its name."""
        found = self.recovered()
        if self.system == "ext2":  # its inodes are emptied: what is told must be true, but little is told
            complete_is_whole(self, found)
            return found
        known = {sha(data): path for path, data in self.gone.items()}
        back = {line["sha256"] for line in found}
        whole = sum(digest in back for digest in known)
        if whole < share * len(known):
            missing = [path for digest, path in known.items() if digest not in back]
            self.faults.append(f"{whole} of {len(known)} back; missing {missing[:3]}")
        for line in found:
            path = known.get(line["sha256"])
            if nameless and line["path"].startswith("/$OrphanFiles/"):
                continue
            if names and path and not same_name(line["path"], path):
                self.faults.append(f"{path} is called {line['path']}")
        return found


def same_name(found, path):
    """FAT forgets the first letter of a short name; what no directory holds any more keeps its last part."""
    last, wanted = found.rsplit("/", 1)[-1], path.rsplit("/", 1)[-1]
    return last == wanted or last[1:].lower() == wanted[1:].lower()


def dfr_01(run):
    "one contiguous file"
    run.put_and_delete("One contiguous file.bin", 50_000)
    run.put("kept.bin", 9000)
    run.volume.delete("One contiguous file.bin")
    run.check()


def dfr_02(run):
    "one file in two fragments"
    run.put_in_holes("Two fragments.bin", 2, 3)
    run.volume.delete("Two fragments.bin")
    run.check()


def dfr_03(run):
    "one file in many fragments"
    run.put_in_holes("Many fragments.bin", 8, 1)
    run.volume.delete("Many fragments.bin")
    run.check()


def dfr_04(run):
    "names that are not ASCII"
    for name in ("削除したファイル.bin", "Résumé naïf.bin", "имя файла.bin", "هذا.bin"):
        run.put_and_delete(name, 12_345)
    for name in list(run.gone):
        run.volume.delete(name)
    for line in run.check():
        if not any(ord(c) > 127 for c in line["path"]):
            run.faults.append(f"{line['path']} lost its letters")


def dfr_05(run):
    "several fragmented files"
    run.put_in_holes("First of two.bin", 3, 2)
    run.volume.delete("First of two.bin")
    run.volume.settle()
    run.put("young", CLUSTER)
    run.volume.delete("young")
    run.check(share=0)


def dfr_06(run):
    "a large file"
    run.put_and_delete("Large file.bin", 5 << 20 if run.system == "fat12" else 20 << 20)
    run.volume.delete("Large file.bin")
    run.check()


def overwrite(run, name, size, times=1):
    for i in range(times):
        run.put_and_delete(f"{name}{i}.bin", size)
    run.volume.settle()
    run.volume.write("filler", bytes(max(0, run.volume.free() - 16 * CLUSTER)))
    for i in range(times):
        run.volume.delete(f"{name}{i}.bin")
    run.volume.settle()
    for i in range(times):
        run.put(f"over{i}.bin", size // 2, seed=f"over {i}")
    run.volume.settle()


def complete_is_whole(run, found):
    known = {sha(data) for data in run.gone.values()}
    for line in found:
        if line["grade"] == "complete" and line["sha256"] not in known:
            run.faults.append(f"{line['path']} is called complete and is not")


def dfr_07(run):
    "a file that another one overwrote"
    overwrite(run, "Overwritten file ", 60_000)
    complete_is_whole(run, run.check(share=0, names=False))  # FAT puts the new names over parts of the old


def dfr_08(run):
    "several files that others overwrote"
    overwrite(run, "Overwritten file ", 30_000, times=5)
    complete_is_whole(run, run.check(share=0, names=False))


def dfr_09(run):
    "a thousand files"
    count = 300 if run.system.startswith("fat") else 1000
    run.volume.mkdir("many")
    for i in range(count):
        run.put_and_delete(f"many/File number {i}.bin", 700 + 3 * i, settled=False)
    run.volume.settle()  # once, as copying does: a journal of 4 MiB does not hold a thousand transactions
    for name in list(run.gone):
        run.volume.delete(name)
    run.check()


def dfr_10(run):
    "many files, part of them overwritten"
    run.volume.mkdir("many")
    for i in range(100):
        run.put_and_delete(f"many/File number {i}.bin", 5000 + i)
    for name in list(run.gone):
        run.volume.delete(name)
    run.volume.settle()
    run.put("after.bin", 100_000)
    complete_is_whole(run, run.check(share=0.2 if not run.system.startswith("ext") else 0))


def dfr_11(run):
    "a directory with its files"
    run.volume.mkdir("Deleted directory")
    for i in range(5):
        run.put_and_delete(f"Deleted directory/Inside {i}.bin", 9000 + i)
    run.volume.settle()
    run.volume.remove_tree("Deleted directory")
    run.check()


def dfr_12(run):
    "directories in directories"
    path = "Outer directory"
    for depth in range(4):
        run.volume.mkdir(path)
        run.put_and_delete(f"{path}/Level {depth}.bin", 9000 + depth)
        path += f"/Inner {depth}"
    run.volume.settle()
    run.volume.remove_tree("Outer directory")
    run.check()


def dfr_13(run):
    "random activity: no false word about any file"
    dice = random.Random(13)
    alive = []
    for i in range(80):
        if alive and dice.random() < 0.4:
            run.volume.delete(alive.pop(dice.randrange(len(alive))))
        else:
            name = f"Random file {i}.bin"
            run.gone[name] = run.put(name, dice.randrange(1, 60_000))
            alive.append(name)
    run.volume.settle()
    complete_is_whole(run, run.check(share=0, nameless=True))


def dfr_14(run):
    "named streams and links"
    if run.system == "ntfs":
        run.put_and_delete("With stream.bin", 9000)
        stream = content(5000, "stream")
        os.setxattr(f"{run.volume.place}/With stream.bin", "user.side", stream)
        run.gone["With stream.bin:side"] = stream
    else:
        run.put_and_delete("Target of link.bin", 9000)
        os.symlink("Target of link.bin", f"{run.volume.place}/Link.bin")
        os.unlink(f"{run.volume.place}/Link.bin")
    run.volume.settle()
    run.volume.delete("With stream.bin" if run.system == "ntfs" else "Target of link.bin")
    run.check()


def listed(run):
    run.volume.close()
    done = call(run.triage, "list", run.volume.image, "--json", check=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def dfr_15(run):
    "every object is listed"
    run.volume.mkdir("Directory kept")
    run.put("Directory kept/File kept.bin", 9000)
    run.put("File gone.bin", 9000)
    run.volume.settle()
    run.volume.delete("File gone.bin")
    rows = listed(run)
    # Linux wipes the name of a deleted file; without a journal only its inode says that there was one.
    gone = "/$OrphanFiles/OrphanFile-" if run.system == "ext2" else "/File gone.bin"
    if run.system == "ext2":
        rows = [{**row, "path": gone} if row["path"].startswith(gone) else row for row in rows]
    for name, allocated in (("/Directory kept", 1), ("/Directory kept/File kept.bin", 1), (gone, 0)):
        if not any(same_name(row["path"], name) and row["allocated"] == allocated for row in rows):
            run.faults.append(f"{name} is not listed")


def dfr_16(run):
    "many objects are listed"
    run.volume.mkdir("many")
    for i in range(200):
        run.put(f"many/Listed file {i}.bin", 100)
    names = {row["path"] for row in listed(run)}
    missing = [i for i in range(200) if f"/many/Listed file {i}.bin" not in names]
    if missing:
        run.faults.append(f"{len(missing)} of 200 are not listed")


def dfr_17(run):
    "deep paths are listed"
    path = ""
    for depth in range(12):
        path += ("/" if path else "") + f"Directory at depth {depth}"
        run.volume.mkdir(path)
    run.put(f"{path}/Deep file.bin", 5000)
    if not any(row["path"] == f"/{path}/Deep file.bin" for row in listed(run)):
        run.faults.append("the deep file is not listed")


SYSTEMS = ("fat12", "fat16", "fat32", "exfat", "ntfs", "ext2", "ext3", "ext4")
ONLY = {"dfr_14": ("ntfs", "ext2", "ext3", "ext4")}


def try_case(triage, case, system):
    """None: could not be tried; else the list of what is wrong."""
    folder = tempfile.mkdtemp(prefix="triage-dfr-")
    run = None
    try:
        try:
            run = Run(triage, system, folder)
        except (OSError, subprocess.CalledProcessError):
            return None
        try:
            case(run)
        except (OSError, subprocess.CalledProcessError) as error:
            run.faults.append(f"the case could not be made: {error}")
        return run.faults
    finally:
        if run is not None and isinstance(run.volume, Mounted):
            call("umount", run.volume.place, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def main():
    triage, wanted = sys.argv[1], sys.argv[2:]
    cases = [f for name, f in sorted(globals().items()) if name.startswith("dfr_")]
    tried = skipped = failed = 0
    for case in cases:
        name = case.__name__.upper().replace("_", "-")
        for system in ONLY.get(case.__name__, SYSTEMS):
            if wanted and name not in wanted and system not in wanted:
                continue
            faults = try_case(triage, case, system)
            if faults is None:
                skipped += 1
                continue
            tried += 1
            failed += bool(faults)
            print(f"{name} {system:6} {'FAILED' if faults else 'ok'}: {case.__doc__}"
                  + "".join(f"\n    {fault}" for fault in faults[:5]), flush=True)
    print(f"{tried} tried, {failed} failed, {skipped} skipped (the file system cannot be made or mounted here)")
    return 1 if failed else 0 if tried else 77


if __name__ == "__main__":
    sys.exit(main())
