#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Seals a case and has ordinary tools judge the bundle: sha256sum, ssh-keygen, openssl, tar and zstd. Run as a test,
sealed.py TRIAGE: flips bytes and changes the custody log of a bundle, and has `triage verify` and those tools find it."""
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

HOSTILE_NAMES = ["<script>alert(1)</script>.txt", "=cmd|' !A0.csv", "\u202egpj.exe", "名簿 \"onload=alert(1)\".csv",
                 "line\nbreak.log", "-rf"]
# The EICAR test file, in parts so that this file is not taken for it.
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def run(command, folder, **more):
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(folder)}
    return subprocess.run([str(one) for one in command], cwd=folder, capture_output=True, text=True, check=False,
                          errors="backslashreplace", env=environment, **more)


def must(command, folder, **more):
    done = run(command, folder, **more)
    assert done.returncode == 0, f"{command}: {done.returncode} {done.stdout} {done.stderr}"
    return done.stdout


def make_evidence(folder):
    if folder.exists():
        return
    folder.mkdir()
    for number, name in enumerate(HOSTILE_NAMES):
        (folder / name.replace("/", "\u2215")).write_text(f"{number} <b>taro@example.jp</b>\n", encoding="utf-8")
    (folder / "test.com").write_text(EICAR, encoding="ascii")
    (folder / "auth.log").write_text("Apr  5 01:00:00 pc1 sshd[1]: Accepted password for <img src=x> from 192.0.2.7 port 1 ssh2\n")


def make_keys(folder):
    if (folder / "key").exists():
        return
    must(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "seal@example.jp", "-f", "key"], folder)
    must(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
          "-subj", "/CN=Seal", "-keyout", "p256.key", "-out", "p256.crt"], folder)
    (folder / "p256.pem").write_text((folder / "p256.key").read_text() + (folder / "p256.crt").read_text())


def stock_faults(bag, home):
    """Names of the ordinary tools that find something wrong with the bag."""
    faults = []
    checks = {
        "sha256sum tagmanifest": ["sha256sum", "-c", "--quiet", "--strict", "tagmanifest-sha256.txt"],
        "sha256sum manifest": ["sha256sum", "-c", "--quiet", "--strict", "manifest-sha256.txt"],
        "openssl cms": ["openssl", "cms", "-verify", "-inform", "DER", "-binary", "-in", "tagmanifest-sha256.txt.p7s",
                        "-content", "tagmanifest-sha256.txt", "-CAfile", home / "p256.crt", "-out", "/dev/null"],
    }
    for name, command in checks.items():
        if run(command, bag).returncode != 0:
            faults.append(name)
    with open(bag / "tagmanifest-sha256.txt", "rb") as sealed:
        done = subprocess.run(["ssh-keygen", "-Y", "verify", "-f", home / "trusted", "-I", "seal@example.jp", "-n",
                               "triage-bundle", "-s", "tagmanifest-sha256.txt.sig"], cwd=bag, stdin=sealed,
                              capture_output=True, check=False)
    if done.returncode != 0:
        faults.append("ssh-keygen")
    # No tool counts files that nobody lists; find does.
    listed = {line.split("  ", 1)[1] for line in (bag / "manifest-sha256.txt").read_text(errors="replace").splitlines()
              if "  " in line}
    there = {str(path.relative_to(bag)) for path in (bag / "data").rglob("*") if path.is_file()}
    if listed != there:
        faults.append("find")
    # The request has no chance in it: openssl makes the same one.
    made = subprocess.run(["openssl", "ts", "-query", "-data", "tagmanifest-sha256.txt", "-sha256", "-no_nonce", "-cert"],
                          cwd=bag, capture_output=True, check=False).stdout
    if made != (bag / "tagmanifest-sha256.txt.tsq").read_bytes():
        faults.append("openssl ts")
    return faults


def seal(triage, home, case, name):
    make_keys(home)
    (home / "trusted").write_text("seal@example.jp " + (home / "key.pub").read_text())
    must([triage, "bundle", "--case", case, "-o", name, "--sign", "key", "--sign", "p256.pem", "-q"], home)
    return home / name


def seal_and_check(triage, home, case):
    bag = seal(triage, home, case, f"{case}-sealed")
    assert stock_faults(bag, home) == []
    out = must([triage, "verify", bag, "--signers", "trusted", "--authorities", "p256.crt"], home)
    assert out.splitlines()[-1] == "OK", out
    out = must([triage, "replay", bag, "-o", f"{case}-again"], home)
    assert out.splitlines()[-1] == "OK" and "ok report.html: the same bytes" in out, out
    must([triage, "bundle", "--case", case, "-o", f"{case}.tar.zst", "--sign", "key", "-q"], home)
    must(["sh", "-c", f"mkdir {case}-out && zstd -dqc {case}.tar.zst | tar -x -C {case}-out"], home)
    must(["sha256sum", "-c", "--quiet", "--strict", "tagmanifest-sha256.txt", "manifest-sha256.txt"], home / f"{case}-out")


def verify_faults(triage, bag, home):
    """Lines of `triage verify` that failed; exit status must agree."""
    done = run([triage, "verify", bag, "--signers", "trusted", "--authorities", "p256.crt"], home)
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAIL ")]
    assert (done.returncode == 0) == (not failed) and done.returncode in (0, 4), (done.returncode, done.stdout, done.stderr)
    return failed


def flip_bytes(triage, home, bag, rounds):
    """Random bytes, every kind of file at least once."""
    chance = random.Random(6)
    files = sorted(path for path in bag.rglob("*") if path.is_file() and path.stat().st_size > 0)
    wanted = [path for path in files if path.parent == bag or path.name in ("custody.jsonl", "case.db", "report.html")]
    for count in range(rounds):
        path = wanted[count] if count < len(wanted) else chance.choice(files)
        before = path.read_bytes()
        at, bit = chance.randrange(len(before)), 1 << chance.randrange(8)
        path.write_bytes(before[:at] + bytes([before[at] ^ bit]) + before[at + 1:])
        name = str(path.relative_to(bag))
        failed = verify_faults(triage, bag, home)
        stock = stock_faults(bag, home)
        path.write_bytes(before)
        assert failed, f"{name} byte {at} bit {bit}: triage verify finds nothing"
        assert any(name in line for line in failed), f"{name} byte {at} is not named: {failed}"
        # README.txt names each tool; the list of signers is covered by bag-info.txt and by the reader's own list.
        assert stock or name == "signers", f"{name} byte {at} bit {bit}: no ordinary tool finds it"
    assert stock_faults(bag, home) == [] and verify_faults(triage, bag, home) == []
    return rounds


def chained(lines):
    """The same entries with a chain that fits: what somebody would write who makes the log anew."""
    out, before = [], None
    for number, line in enumerate(lines, 1):
        entry = json.loads(line)
        entry["n"], entry["prev"] = number, before
        text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        before = hashlib.sha256(text.encode()).hexdigest()
        out.append(text)
    return out


def change_custody(triage, home, bag):
    """Each change of the log is found, and the number of the entry is printed."""
    path = bag / "data/custody.jsonl"
    before = path.read_text(encoding="utf-8")
    lines = before.splitlines()
    assert len(lines) >= 6
    edited = lines[:2] + [lines[2].replace('"time":"2', '"time":"1', 1)] + lines[3:]
    changes = {
        "last entry removed": (lines[:-1], len(lines)),
        "first entry removed": (lines[1:], 1),
        "entry 3 removed": (lines[:2] + lines[3:], 3),
        "entries 3 and 4 swapped": (lines[:2] + [lines[3], lines[2]] + lines[4:], 3),
        "entry 3 edited": (edited, None),
        "chain made anew after an edit": (chained(edited), len(lines)),
        "chain made anew without the last": (chained(lines[:-1]), None),
        "an entry added": (chained(lines + [lines[-1]]), None),
    }
    for what, (changed, number) in changes.items():
        path.write_text("\n".join(changed) + "\n", encoding="utf-8")
        failed = [line for line in verify_faults(triage, bag, home) if "custody" in line]
        assert failed, f"{what}: not found"
        said = " ".join(failed)
        assert any(mark in said for mark in ("entry", "entries")), f"{what}: no number: {said}"
        if number is not None:
            assert str(number) in said, f"{what}: {number} is not named: {said}"
        assert "sha256sum manifest" in stock_faults(bag, home), what
    path.write_text(before, encoding="utf-8")
    assert verify_faults(triage, bag, home) == []
    return len(changes)


def fail_to_write(triage, home):
    """A bundle that cannot be finished leaves an entry that says so, and the case can still be sealed."""
    full = "/dev/full"
    case = home / "case"
    link = case / "1-discovery-report/link"
    link.symlink_to(full)  # a link cannot be sealed: found after the seal was noted
    done = run([triage, "bundle", "--case", "case", "-o", "unfinished", "--sign", "key", "-q"], home)
    assert done.returncode == 2 and not (home / "unfinished/bagit.txt").exists(), done.stderr
    link.unlink()
    kinds = [json.loads(line)["kind"] for line in (case / "custody.jsonl").read_text().splitlines()]
    assert kinds[-1] == "seal_not_finished" and "seal" in kinds, kinds[-3:]
    must([triage, "bundle", "--case", "case", "-o", "finished", "--sign", "key", "-q"], home)


def main():
    triage = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        make_evidence(home / "evidence")
        done = run([triage, "run", "evidence", "--case", "case", "-q"], home)
        assert done.returncode in (0, 1), done.stderr
        for text in ("one", "two"):
            must([triage, "case", "note", "--case", "case", text, "--by", "x", "-q"], home)
        bag = seal(triage, home, "case", "sealed")
        flips = flip_bytes(triage, home, bag, 40)
        changes = change_custody(triage, home, bag)
        again = must([triage, "replay", "sealed", "-o", "again", "--evidence", home / "evidence"], home)
        assert again.splitlines()[-1] == "OK", again
        fail_to_write(triage, home)
        shutil.rmtree(bag)
    print(f"{flips} flipped bytes and {changes} changes of the custody log found; replayed from records and evidence")


if __name__ == "__main__":
    main()
