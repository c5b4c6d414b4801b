# SPDX-License-Identifier: Apache-2.0
"""What every item of the hostile corpus shares: the registry, sparse writing, fixed times.

An item is a function that returns the bytes of one evidence file. Everything is deterministic:
no clock, no random source but `noise()`, stock tools only with their times pinned.
"""
import hashlib
import os
import struct
import subprocess

EPOCH = 1700000000  # every time stamp the generator writes: 2023-11-14T22:13:20Z
FILETIME = (EPOCH + 11644473600) * 10_000_000
MIB = 1 << 20
KEEP = b"This ordinary file sits beside the trap and must not be lost.\n" * 20
KEEP_SHA256 = hashlib.sha256(KEEP).hexdigest()
KINDS = ["truncated", "bad_magic", "checksum", "range", "limit", "crash", "timeout", "version",
         "unparsed", "unreadable", "encrypted"]

ITEMS = []


def item(name, what, *, exit=(0, 1), suffix=".img", seconds=120, keep=False, ref="", **expect):
    """Registers the decorated builder. `keep`: KEEP is inside and its hash must be in the case."""
    if keep:
        expect.setdefault("sha256", [KEEP_SHA256])
    if expect.get("damage_min"):
        expect.setdefault("damage_kind_any", KINDS)

    def register(build):
        ITEMS.append({"name": name, "file": name + suffix, "what": what, "exit": list(exit),
                      "expect": expect, "max_seconds": seconds, "ref": ref, "build": build})
        return build
    return register


def noise(size, seed=1):
    """`size` bytes that look random and are the same on every machine."""
    return hashlib.shake_128(b"hostile%d" % seed).digest(size)


def patch(image, at, data):
    """Overwrites `image[at:]` with `data`, refusing to grow it (a builder's mistake)."""
    if at < 0 or at + len(data) > len(image):
        raise ValueError(f"patch of {len(data)} bytes at {at} outside image of {len(image)}")
    image[at:at + len(data)] = data


def patch_all(image, old, new, least=1):
    """Replaces every `old` by `new` of the same length; fails when fewer than `least` are there."""
    if len(old) != len(new):
        raise ValueError("placeholder and replacement differ in length")
    at, count = image.find(old), 0
    while at >= 0:
        image[at:at + len(old)] = new
        count += 1
        at = image.find(old, at + len(new))
    if count < least:
        raise ValueError(f"placeholder {old!r} found {count} times, {least} needed")


def le(fmt, *values):
    return struct.pack("<" + fmt, *values)


def be(fmt, *values):
    return struct.pack(">" + fmt, *values)


def write_sparse(path, data, block=4096):
    """Writes `data`, leaving holes where whole blocks are zero."""
    zero = bytes(block)
    with open(path, "wb") as out:
        out.truncate(len(data))
        view = memoryview(data)
        for at in range(0, len(data), block):
            part = view[at:at + block]
            if part != zero[:len(part)]:
                out.seek(at)
                out.write(part)


def tool(*argv, stdin=None):
    """Runs a stock tool with pinned environment; its output is returned, a failure raises."""
    env = {"PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC",
           "E2FSPROGS_FAKE_TIME": str(EPOCH), "SOURCE_DATE_EPOCH": str(EPOCH),
           "MKE2FS_SKIP_CHECK_MSG": "1", "PAGER": "cat", "DEBUGFS_PAGER": "cat"}
    done = subprocess.run(argv, input=stdin, capture_output=True, env=env, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{argv[0]} failed: {done.stderr.decode(errors='replace')[:500]}")
    return done.stdout.decode(errors="replace")
