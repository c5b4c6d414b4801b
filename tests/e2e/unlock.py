#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""unlock.py TRIAGE: an encrypted volume from the command line, end to end.

qemu-img writes the ext4 volume of Debian's sample into a LUKS1 image, cryptsetup puts a LUKS2 header before the same
payload. Opened with its passphrase the image must list (deleted files included), extract, run and be copied
(`image --decrypted`) with the digests of the volume itself, also where the volume is a logical one of LVM inside LUKS;
custody says that a key was used and never what it was; without a key and with a wrong one nothing of the volume is
shown; a key can be typed on a terminal. Exit status 0, 1, or 77 where a program or the sample is missing.
"""
import json
import os
import pty
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

SAMPLE = "/usr/share/forensics-samples/fs.ext4.xz"
FIRST, COUNT = 2048, 100352  # sectors of its only partition, as mmls says
SECRET = "correct horse battery"


def run(*command):
    return subprocess.run(command, capture_output=True, check=False)


def allocated(triage, image, *flags):
    """{path: SHA-256} of the allocated files, and the exit status."""
    done = run(triage, "list", image, "--json", *flags)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {row["path"]: row["sha256"] for row in rows
            if row["schema"] == "triage.file.v1" and row["allocated"] and row["sha256"]}, done.returncode


def every_file(triage, image, *flags):
    """All rows of files in use and deleted, without the places where they lie."""
    rows = [json.loads(line) for line in run(triage, "list", image, "--json", *flags).stdout.splitlines()]
    return sorted((row["path"], row["allocated"], row["size"], row["sha256"] or "", row.get("method", ""))
                  for row in rows if row["schema"] == "triage.file.v1")


def lvm_crc(data):
    return zlib.crc32(data, 0xF597A6CF ^ 0xFFFFFFFF) ^ 0xFFFFFFFF


def physical_volume(volume, out):
    """LVM as vgcfgrestore writes it, around VOLUME as the second of two logical volumes; extents of 1 MiB."""
    extents = (os.path.getsize(volume) + (1 << 20) - 1) >> 20

    def logical(name, first, count):
        return (f'{name} {{\nid = "AAAAAA-BBBB-CCCC-DDDD-EEEE-FFFF-{name:6.6}"\nstatus = ["READ", "WRITE", "VISIBLE"]\n'
                f'flags = []\nsegment_count = 1\n\nsegment1 {{\nstart_extent = 0\nextent_count = {count}\n\n'
                f'type = "striped"\nstripe_count = 1\n\nstripes = [\n"pv0", {first}\n]\n}}\n}}\n')
    text = ('laptop {\nid = "95rdZD-qq18-QKHc-Ingq-G9kx-fRim-5RgbZW"\nseqno = 2\nformat = "lvm2"\nextent_size = 2048\n'
            'physical_volumes {\npv0 {\nid = "2Y1g3k-yr3e-1dnG-1cMg-1a1K-MmIK-bPbJ0m"\ndev_size = 409600\n'
            f'pe_start = 2048\npe_count = {extents + 8}\n}}\n}}\n\nlogical_volumes {{\n'
            + logical("swap_1", 0, 4) + logical("root", 4, extents) + '}\n}\n# made by hand\n\0').encode()
    contents = (struct.pack("<I8s32sQ", 32, b"LVM2 001", b"2Y1g3kyr3e1dnG1cMg1a1KMmIKbPbJ0m", 200 << 20)
                + struct.pack("<QQQQ", 1 << 20, 0, 0, 0) + struct.pack("<QQQQ", 4096, 1044480, 0, 0)).ljust(492, b"\0")
    label = struct.pack("<8sQI", b"LABELONE", 1, lvm_crc(contents)) + contents
    area = (b" LVM2 x[5A%r0N*>" + struct.pack("<IQQ", 1, 4096, 1044480)
            + struct.pack("<QQII", 512, len(text), lvm_crc(text), 0)).ljust(508, b"\0")
    with open(out, "wb") as made, open(volume, "rb") as content:
        made.truncate((extents + 9) << 20)
        for at, data in ((512, label), (4096, struct.pack("<I", lvm_crc(area)) + area + text), (5 << 20, content.read())):
            made.seek(at)
            made.write(data)


def lock(plain, locked, key):
    subprocess.run(["qemu-img", "convert", "-f", "raw", "-O", "luks", "--object", f"secret,id=s,file={key}",
                    "-o", "key-secret=s,iter-time=50", plain, locked], check=True)


def cryptsetup_header(locked, out, key):
    """LUKS2 by cryptsetup with the volume key of LOCKED, then its payload; False without cryptsetup."""
    if shutil.which("cryptsetup", path=os.environ["PATH"] + ":/usr/sbin") is None:
        return False
    script = """export PATH=$PATH:/usr/sbin; set -e
        cryptsetup luksDump -q --dump-volume-key --volume-key-file "$2.vk" --key-file "$3" "$1"
        truncate -s 20M "$2"
        cryptsetup luksFormat -q --type luks2 --sector-size 512 --key-size 512 --volume-key-file "$2.vk" --key-file "$3" \\
            --pbkdf argon2id --pbkdf-force-iterations 4 --pbkdf-memory 1024 --pbkdf-parallel 1 "$2"
        o=$(cryptsetup luksDump "$1" | sed -n 's/Payload offset:[^0-9]*//p')
        dd if="$1" of="$2" bs=64K iflag=skip_bytes oflag=seek_bytes skip=$((o * 512)) seek=16777216 conv=notrunc status=none"""
    subprocess.run(["bash", "-c", script, "-", locked, out, key], check=True, stdout=subprocess.DEVNULL)
    return True


def typed(words, answer):
    """Runs WORDS on a terminal of its own and types ANSWER when asked; (exit status, what the terminal showed)."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvp("timeout", ["timeout", "--foreground", "120"] + words)
    shown = b""
    while b": " not in shown:
        shown += os.read(terminal, 4096)
    os.write(terminal, answer)
    try:
        while True:
            more = os.read(terminal, 4096)
            if not more:
                break
            shown += more
    except OSError:  # the end of a terminal
        pass
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown


def check_decrypted(triage, folder, volume, locked, key, expect):
    """The plaintext as an image of its own."""
    digest = run("sha256sum", volume).stdout[:64].decode()
    two = os.path.join(folder, "two")
    sources = [("luks1", locked)] + ([("luks2", two)] if cryptsetup_header(locked, two, key) else [])
    for name, source in sources:
        case, out = os.path.join(folder, name + "-case"), os.path.join(folder, name + ".zst")
        done = run(triage, "image", source, "-o", out, "--decrypted", "--unlock", f"*=passphrase:{key}", "--case", case, "--json")
        expect(f"{name}: image --decrypted ends with {done.returncode} {done.stderr[-200:]}", done.returncode == 0)
        if done.returncode != 0:
            continue
        expect(f"{name}: the digest of the plaintext is that of the volume", json.loads(done.stdout)["hashes"]["sha256"] == digest)
        expect(f"{name}: zstd gives the volume", run("bash", "-c", f"zstd -dcq {out} | sha256sum").stdout[:64].decode() == digest)
        with open(os.path.join(case, "custody.jsonl"), encoding="utf-8") as log:
            custody = log.read()
        expect(f"{name}: custody says what was opened", '"kind":"unlocked"' in custody and '"lock":"key slot 0"' in custody)
        with open(out, "rb") as image:
            expect(f"{name}: neither custody nor image holds the key", SECRET not in custody and SECRET.encode() not in image.read())
    refused = run(triage, "image", locked, "-o", os.path.join(folder, "no.zst"), "--unlock", f"*=passphrase:{key}")
    expect("a key without --decrypted is refused", refused.returncode == 2)
    return len(sources)


def check_typed(triage, folder, locked, plain, expect):
    out = os.path.join(folder, "typed.zst")
    words = [triage, "image", locked, "-o", out, "--decrypted", "--unlock", "*=passphrase:-", "-q", "--lang", "en"]
    status, shown = typed(words, SECRET.encode() + b"\n")
    expect(f"a typed key opens the volume ({status})", status == 0)
    expect("it is asked for and not shown", b"passphrase of the encrypted volume *: " in shown and SECRET.encode() not in shown)
    expect("the image lists", allocated(triage, out)[0] == plain)
    words[4] = os.path.join(folder, "stopped.zst")
    status, shown = typed(words, b"cor\x03")
    expect(f"Ctrl-C while a key is asked for ends with {status}", status in (130, -2))


def check_lvm(triage, folder, volume, key, expect):
    inside, locked = os.path.join(folder, "pv"), os.path.join(folder, "laptop")
    physical_volume(volume, inside)
    plain = every_file(triage, volume)
    expect(f"lvm: {len(plain)} files of the logical volume", every_file(triage, inside) == plain)
    lock(inside, locked, key)
    opened = every_file(triage, locked, "--unlock", f"*=passphrase:{key}")
    expect(f"LUKS, LVM: {len(opened)} files as {len(plain)}", opened == plain)
    volumes = run(triage, "list", locked, "--volumes", "--json", "--unlock", f"*=passphrase:{key}").stdout.decode()
    expect("the logical volumes are named", '"laptop/root"' in volumes and '"laptop/swap_1"' in volumes)


def check(triage, folder, problems):
    def expect(what, fine):
        if not fine:
            problems.append(what)
    volume, locked, key, bad = (os.path.join(folder, name) for name in ("volume", "locked", "key", "bad"))
    with open(volume, "wb") as out, subprocess.Popen(["xz", "-dkc", SAMPLE], stdout=subprocess.PIPE) as packed:
        packed.stdout.read(FIRST * 512)
        out.write(packed.stdout.read(COUNT * 512))
        packed.stdout.read()
    for path, text in ((key, SECRET), (bad, "wrong")):
        with open(path, "w", encoding="ascii") as out:
            out.write(text)
    lock(volume, locked, key)
    plain, _ = allocated(triage, volume)
    opened, status = allocated(triage, locked, "--unlock", f"*=passphrase:{key}")
    expect(f"list: {len(opened)} files as {len(plain)}, exit {status}", opened == plain and plain and status == 0)
    deleted = [row for row in every_file(triage, volume) if not row[1]]
    found = [row for row in every_file(triage, locked, "--unlock", f"*=passphrase:{key}") if not row[1]]
    expect(f"list: {len(found)} deleted files as {len(deleted)}", found == deleted and deleted)
    expect("without a key nothing is shown", allocated(triage, locked) == ({}, 1))
    wrong = run(triage, "list", locked, "--unlock", f"*=passphrase:{bad}")
    expect(f"a wrong key ends with {wrong.returncode}", wrong.returncode == 2 and b"no key given opens" in wrong.stderr)
    path, digest = sorted(plain.items())[-1]
    out = os.path.join(folder, "out")
    run(triage, "extract", locked, path, "--unlock", f"*=passphrase:{key}", "-o", out)
    got = run("sha256sum", out).stdout[:64].decode()
    expect(f"extract gives {got}", got == digest)
    case = os.path.join(folder, "case")
    done = run(triage, "run", locked, "--unlock", f"*=passphrase:{key}", "--case", case, "-q")
    with open(os.path.join(case, "custody.jsonl"), encoding="utf-8") as log:
        custody = log.read()
    expect(f"run ends with {done.returncode}", done.returncode == 0)
    expect("custody says that a key was used", '"kind":"unlocked"' in custody and "passphrase" in custody)
    expect("custody does not hold the key", SECRET not in custody)
    expect("the case verifies", run(triage, "verify", case).returncode == 0)
    kinds = check_decrypted(triage, folder, volume, locked, key, expect)
    check_typed(triage, folder, locked, plain, expect)
    check_lvm(triage, folder, volume, key, expect)
    return len(plain), len(deleted), kinds


def main():
    missing = [tool for tool in ("qemu-img", "xz") if shutil.which(tool) is None]
    if missing or not os.path.exists(SAMPLE):
        print(f"skipped 1: missing {missing or SAMPLE}")
        return 77
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        files, deleted, kinds = check(os.path.abspath(sys.argv[1]), folder, problems)
    for problem in problems:
        print("FAIL: " + problem)
    print(f"unlock: {files} files and {deleted} deleted of a LUKS volume, {kinds} of 2 kinds of header copied, "
          f"{len(problems)} faults")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
