#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run_root.py PROGRAM [NAME ...]: what `triage image` does with disks that fail. Needs root, /dev/fuse and loop devices.

Each case is a function; README.md says which assertion it stands for. A case whose tools are missing is skipped and
counted. The last line is "acquire: N passed, N failed, N skipped"; the exit status is 1 when one failed, 77 when all
were skipped.
"""
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = ""
RIG = pathlib.Path()
SECTORS = 131072  # 64 MiB
READ_AHEAD = 256 << 10
FAULTS = [(20000, 20000), (50001, 50008), (90000, 92047)]  # 1, 8 (odd start) and 2048 sectors


class Skip(Exception):
    pass


def need(*tools):
    for tool in tools:
        if not shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            raise Skip(f"{tool} is not installed")


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300, **options)


def triage(*words, **options):
    return run(PROGRAM, *words, **options)


def stamped(path, sectors=SECTORS):
    """Every sector says its number."""
    with open(path, "wb") as out:
        for sector in range(sectors):
            out.write(f"sector {sector:12d} ".encode().ljust(512, b"."))


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as handle:
        while step := handle.read(1 << 20):
            digest.update(step)
    return digest.hexdigest()


class Disk:
    """A faulty file, and a loop device over it where asked."""

    def __init__(self, folder, faults=(), loop=True, delay=0):
        self.folder, self.faults, self.delay = folder, faults, delay
        self.source = folder / "source"
        if not self.source.exists():
            stamped(self.source)
        self.mount = folder / "mnt"
        self.mount.mkdir(exist_ok=True)
        self.loop = None
        self.serve()
        if loop:
            made = run("losetup", "--find", "--show", self.mount / "disk")
            if made.returncode != 0:
                self.close()
                raise Skip("no loop device: " + made.stderr.strip())
            self.loop = made.stdout.strip()

    @property
    def path(self):
        return self.loop or str(self.mount / "disk")

    def serve(self):
        words = [sys.executable, HERE / "faulty_disk.py", self.mount, self.source, "--delay", str(self.delay)]
        for first, last in self.faults:
            words += ["--bad", f"{first}-{last}"]
        self.server = subprocess.Popen([str(w) for w in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if self.server.stdout.readline().strip() != "ready":
            raise Skip("FUSE cannot be mounted: " + self.server.stderr.read().strip())

    def vanish(self):
        self.server.kill()
        self.server.wait()
        run("umount", "-l", self.mount)

    def reads(self):
        lines = pathlib.Path(str(self.source) + ".reads").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines)

    def close(self):
        if self.loop:
            run("blockdev", "--setrw", self.loop)
            run("losetup", "-d", self.loop)
        run("umount", "-l", self.mount)
        self.server.kill()
        self.server.wait()


def compare(image, faults):
    """(good sectors lost, sectors misplaced, right size) of a raw image against the stamps."""
    lost = misplaced = 0
    bad = {s for first, last in faults for s in range(first, last + 1)}
    data = image.read_bytes()
    for sector in range(len(data) // 512):
        piece = data[sector * 512:sector * 512 + 512]
        if piece == bytes(512):
            lost += sector not in bad
        elif piece[:20] != f"sector {sector:12d} ".encode():
            misplaced += 1
    return lost, misplaced, len(data) == SECTORS * 512


def bad_ranges():
    return [[first * 512, (last - first + 1) * 512] for first, last in FAULTS]


# ---- cases


def da09_faulty_disk_every_good_sector_in_its_place(folder):
    need("zstd", "losetup")
    disk = Disk(folder, FAULTS)
    try:
        start = time.monotonic()
        done = triage("image", disk.path, "-o", folder / "disk.zst", "--json")
        wall = time.monotonic() - start
        assert done.returncode == 1, done
        result = json.loads(done.stdout)
        assert result["unreadable"] == bad_ranges(), result["unreadable"]
        assert result["access"] == "direct", result["access"]
        run("zstd", "-dq", folder / "disk.zst", "-o", folder / "out.img", check=True)
        assert compare(folder / "out.img", FAULTS) == (0, 0, True), compare(folder / "out.img", FAULTS)
        assert sha256(folder / "out.img") == result["hashes"]["sha256"]
        print(f"   {wall:.1f} s, 0 good sectors lost, 0 misplaced")
    finally:
        disk.close()


def da09_raw_and_ewf_hold_the_same(folder):
    need("losetup", "ewfexport", "ewfverify")
    disk = Disk(folder, FAULTS)
    try:
        assert triage("image", disk.path, "-o", folder / "disk.raw", "--format", "raw").returncode == 1
        assert compare(folder / "disk.raw", FAULTS) == (0, 0, True)
        assert triage("image", disk.path, "-o", folder / "disk", "--format", "ewf").returncode == 1
        verified = run("ewfverify", "-q", folder / "disk.E01")
        assert verified.returncode == 0, verified
        info = run("ewfinfo", folder / "disk.E01").stdout
        assert "2048" in info, info  # the run of 2048 bad sectors is named
        run("ewfexport", "-q", "-u", "-f", "raw", "-t", folder / "back", folder / "disk.E01", check=True)
        assert sha256(folder / "back.raw") == sha256(folder / "disk.raw")
    finally:
        disk.close()


def am09_map_is_the_one_of_ddrescue(folder):
    need("ddrescue", "ddrescuelog", "losetup")
    disk = Disk(folder, FAULTS)
    try:
        triage("image", disk.path, "-o", folder / "ours.zst")
        run("ddrescue", "-d", "-q", disk.path, folder / "dd.img", folder / "dd.map")
        one = run("ddrescuelog", "-l-", folder / "ours.zst.map")
        two = run("ddrescuelog", "-l-", folder / "dd.map")
        assert one.returncode == 0 and two.returncode == 0, (one, two)
        assert one.stdout == two.stdout, "the lists of bad blocks differ"
        assert len(one.stdout.split()) == 2057
    finally:
        disk.close()


def resume_of_a_ddrescue_run(folder):
    need("ddrescue", "losetup", "zstd")
    disk = Disk(folder, FAULTS)
    try:
        run("ddrescue", "-d", "-q", "-s", str(20 << 20), disk.path, folder / "dd.img", folder / "dd.map")
        done = triage("image", disk.path, "-o", folder / "disk.zst", "--map", folder / "dd.map", "--json")
        assert done.returncode == 1, done
        run("zstd", "-dq", folder / "disk.zst", "-o", folder / "out.img", check=True)
        assert compare(folder / "out.img", FAULTS) == (0, 0, True)
    finally:
        disk.close()


def swb_device_is_read_only_while_it_is_read(folder):
    need("losetup", "blockdev")
    disk = Disk(folder)
    try:
        done = triage("image", disk.path, "-o", folder / "disk.zst")
        assert done.returncode == 0, done
        assert run("blockdev", "--getro", disk.path).stdout.strip() == "1"
        head = (folder / "disk.zst").read_bytes()[:65536]
        assert b'"write_block":{"kind":"soft","holds":true' in head
        log = (folder / "disk.zst.log.jsonl").read_text()
        assert '"event":"write_block","kind":"soft","holds":true' in log
        assert sha256(disk.source) == json.loads(
            triage("image", disk.path, "-o", folder / "again.zst", "--json").stdout)["hashes"]["sha256"]  # AO-24
    finally:
        disk.close()


def mounted_for_writing_is_refused(folder):
    need("losetup", "mkfs.ext2", "mount", "blockdev")
    image = folder / "fs.img"
    with open(image, "wb") as out:
        out.truncate(16 << 20)
    run("mkfs.ext2", "-q", "-F", image, check=True)
    loop = run("losetup", "--find", "--show", image).stdout.strip()
    if not loop:
        raise Skip("no loop device")
    run("blockdev", "--setrw", loop)  # a write block of an earlier case stays with the number
    mount = folder / "fs"
    mount.mkdir()
    try:
        mounted = run("mount", loop, mount)
        if mounted.returncode != 0:
            raise Skip("ext2 cannot be mounted: " + mounted.stderr.strip())
        refused = triage("image", loop, "-o", folder / "a.zst", "--lang", "en")
        assert refused.returncode == 2 and "mounted for writing" in refused.stderr, refused
        refused = triage("image", image, "-o", folder / "a.zst", "--lang", "en")
        assert refused.returncode == 2 and "mounted for writing" in refused.stderr, refused
        refused = triage("image", loop, "-o", mount / "a.zst", "--allow-mounted", "--lang", "en")
        assert refused.returncode == 2 and "on the evidence" in refused.stderr, refused
        taken = triage("image", loop, "-o", folder / "a.zst", "--allow-mounted")
        assert taken.returncode == 0, taken
        assert run("blockdev", "--getro", loop).stdout.strip() == "0"  # in use: no write block is set
        run("mount", "-o", "remount,ro", mount, check=True)
        assert triage("image", loop, "-o", folder / "b.zst").returncode == 0
    finally:
        run("umount", mount)
        run("blockdev", "--setrw", loop)
        run("losetup", "-d", loop)


def ao03_ao04_full_target_then_resume(folder):
    need("zstd", "mount")
    source = folder / "source"
    with open(source, "wb") as out:
        out.write(random.Random(3).randbytes(24 << 20))
    small = folder / "small"
    small.mkdir()
    if run("mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", small).returncode != 0:
        raise Skip("tmpfs cannot be mounted")
    try:
        refused = triage("image", source, "-o", small / "r", "--format", "raw", "--lang", "en")
        assert refused.returncode == 6 and "are free" in refused.stderr, refused
        for name, words in (("disk.zst", []), ("disk", ["--format", "ewf"])):
            full = triage("image", source, "-o", small / name, *words, "--lang", "en")
            assert full.returncode == 6 and "No space left" in full.stderr, full
            if name == "disk.zst":
                part = run("bash", "-c", f"zstd -dcq {small / name} > {folder / 'part'}")
                assert part.returncode == 0, part  # what was written opens
                assert source.read_bytes().startswith((folder / "part").read_bytes())
                assert (folder / "part").stat().st_size > 4 << 20
            run("mount", "-o", "remount,size=64m", small, check=True)
            again = triage("image", source, "-o", small / name, *words, "--resume", "--json")
            assert again.returncode == 0, again
            assert json.loads(again.stdout)["hashes"]["sha256"] == sha256(source)
            for left in small.iterdir():
                left.unlink()
            run("mount", "-o", "remount,size=10m", small, check=True)
    finally:
        run("umount", small)


def vanishing_source_then_resume(folder):
    need("zstd")
    disk = Disk(folder, FAULTS[:1], loop=False, delay=0.002)
    try:
        running = subprocess.Popen([PROGRAM, "image", disk.path, "-o", str(folder / "disk.zst"), "--lang", "en"],
                                   stderr=subprocess.PIPE, text=True)
        time.sleep(0.5)
        disk.vanish()
        _, words = running.communicate(timeout=60)
        assert running.returncode == 3 and "--resume" in words, (running.returncode, words)
        disk.delay = 0
        disk.serve()
        again = triage("image", disk.path, "-o", folder / "disk.zst", "--resume", "--json")
        assert again.returncode == 1, again
        assert json.loads(again.stdout)["resumed_at"] > 0
        run("zstd", "-dq", folder / "disk.zst", "-o", folder / "out.img", check=True)
        assert compare(folder / "out.img", FAULTS[:1]) == (0, 0, True)
    finally:
        disk.close()


def kill_9_then_resume_gives_the_same(folder):
    need("zstd")
    seeds = random.Random(9)
    disk = Disk(folder, FAULTS[:2], loop=False, delay=0.001)
    try:
        # What an undisturbed run reads: faulty requests are read again in smaller parts.
        whole = triage("image", disk.path, "-o", folder / "whole.zst", "--json")
        assert whole.returncode == 1, whole
        expected = json.loads(whole.stdout)["hashes"]["sha256"]
        undisturbed = disk.reads()
        for turn in range(6):
            words = [["--format", "zst"], ["--format", "ewf"], ["--format", "raw"]][turn % 3]
            out = folder / f"disk{turn}"
            before = disk.reads()
            kills = 0
            while kills < 3:
                extra = ["--resume"] if kills else []
                running = subprocess.Popen([PROGRAM, "image", disk.path, "-o", str(out), *words, *extra],
                                           stderr=subprocess.DEVNULL)
                time.sleep(seeds.uniform(0.15, 0.4))
                running.send_signal(signal.SIGKILL)
                running.wait()
                kills += 1
            done = triage("image", disk.path, "-o", out, *words, "--resume", "--json")
            assert done.returncode == 1, done
            result = json.loads(done.stdout)
            assert result["hashes"]["sha256"] == expected
            checked = triage("verify", result["files"][0], "--whole")
            assert checked.returncode == 0, checked
            twice = disk.reads() - before - undisturbed
            print(f"   {words[1]}: killed {kills} times, {max(0, twice) / kills / 1024:.0f} KiB read again a kill")
            # One chunk, and what the kernel reads ahead of us through FUSE's cache.
            assert twice / kills <= (256 << 10) + READ_AHEAD, twice
    finally:
        disk.close()


def ctrl_c_leaves_a_resumable_state(folder):
    disk = Disk(folder, loop=False, delay=0.002)
    try:
        out = folder / "disk.zst"
        running = subprocess.Popen([PROGRAM, "image", disk.path, "-o", str(out)], stderr=subprocess.PIPE)
        time.sleep(0.5)
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=60)
        assert running.returncode in (130, -signal.SIGINT), running.returncode
        again = triage("image", disk.path, "-o", out, "--resume", "--json")
        assert again.returncode == 0 and json.loads(again.stdout)["hashes"]["sha256"] == sha256(disk.source), again
    finally:
        disk.close()


def memory_here_or_the_reason_and_process_cores(folder):
    """In a process namespace of its own, so that the fall-back keeps two processes and not all of the machine."""
    need("unshare")
    words = ["unshare", "--pid", "--fork", "--mount-proc", "sh", "-c", 'sleep 1000 & "$@"; exit $?', "-", PROGRAM, "memory",
             "acquire", "-o", folder / "host.lime", "--case", folder / "case", "--json", "-v", "--lang", "en"]
    done = run(*words)
    if "unshare" in done.stderr and done.returncode == 1 and not (folder / "case").exists():
        raise Skip("no process namespace: " + done.stderr.strip())
    record = json.loads((folder / "host.lime.memory.json").read_text())
    custody = (folder / "case" / "custody.jsonl").read_text()
    if record["source"]:
        print("   " + record["source"] + " works here")
        assert done.returncode in (0, 1) and record["sha256"] in custody, done
    else:
        assert done.returncode == 1 and record["tried"], done
        for attempt in record["tried"]:
            assert f"{attempt['source']}: not usable: {attempt['reason']}; " in done.stderr, done.stderr
            print(f"   {attempt['source']}: {attempt['reason']}; {attempt['next_step']}")
        for core in record["cores"]:
            if core["sha256"]:
                assert sha256(folder / "host.lime.d" / f"{core['pid']}.core") == core["sha256"] and core["sha256"] in custody
        print(f"   {sum(bool(core['sha256']) for core in record['cores'])} process cores instead")
    assert triage("verify", folder / "case").returncode == 0
    assert run("bash", "-c", f"ls {folder}/case/2-initial-response/acquisition-{record['id']}.json").returncode == 0 or record["source"]


def memory_rig(level):
    def case(folder):
        need("qemu-system-x86_64", "busybox", "cpio", "depmod", "debugfs", "mkfs.ext4", "zstd", "strip")
        done = subprocess.run([str(HERE / "memory" / "run_rig"), PROGRAM, "--work", str(RIG), "--lockdown", level],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=3600)
        print("   " + done.stdout.strip().replace("\n", "\n   "), flush=True)
        if done.returncode == 77:
            raise Skip(done.stdout.strip())
        assert done.returncode == 0, f"the rig ends with {done.returncode}"
    case.__name__ = f"memory_rig_lockdown_{level}"
    return case


CASES = [da09_faulty_disk_every_good_sector_in_its_place, da09_raw_and_ewf_hold_the_same,
         am09_map_is_the_one_of_ddrescue, resume_of_a_ddrescue_run, swb_device_is_read_only_while_it_is_read,
         mounted_for_writing_is_refused, ao03_ao04_full_target_then_resume, vanishing_source_then_resume,
         kill_9_then_resume_gives_the_same, ctrl_c_leaves_a_resumable_state,
         memory_here_or_the_reason_and_process_cores, memory_rig("none"), memory_rig("integrity"),
         memory_rig("confidentiality")]


def main():
    global PROGRAM
    PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    os.environ.update(LC_ALL="C", TZ="UTC")
    global RIG
    RIG = pathlib.Path(tempfile.mkdtemp(prefix="triage-memory-rig-"))  # the kernel is taken once
    passed, failed, skipped = 0, 0, 0
    for case in CASES:
        if sys.argv[2:] and case.__name__ not in sys.argv[2:]:
            continue
        with tempfile.TemporaryDirectory(prefix="triage-acquire-") as name:
            try:
                if os.geteuid() != 0:
                    raise Skip("not root")
                if not os.path.exists("/dev/fuse"):
                    raise Skip("no /dev/fuse")
                case(pathlib.Path(name))
                print("ok  ", case.__name__, flush=True)
                passed += 1
            except Skip as reason:
                print("skip", f"{case.__name__}: {reason}", flush=True)
                skipped += 1
            except Exception as fault:  # pylint: disable=broad-except
                print("FAIL", f"{case.__name__}: {type(fault).__name__}: {fault}", flush=True)
                failed += 1
    shutil.rmtree(RIG, ignore_errors=True)
    print(f"acquire: {passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 77 if not passed else 0)


main()
