#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""compare_fls.py TRIAGE IMAGE: does `triage list` agree with The Sleuth Kit's own programs?

For every partition that mmls shows (or the whole image) and whose file system fsstat reads: the entries of
`fls -r -p`, existing and deleted, must be those of `triage list`, by path, inode and state, and the SHA-256 of every
existing file and stream must be that of what icat gives. Differences are printed. Exit status 0 or 1.

Left out of the digests: $BadClus:$Bad, a stream without bytes that icat fills with zeros to the volume's size.
"""
import hashlib
import json
import re
import subprocess
import sys

SECTOR = 512
FLS_LINE = re.compile(r"^(.)/(.) (\* )?(\d+)(?:-(\d+)-(\d+))?(\(realloc\))?:\t(.*)$")
MMLS_LINE = re.compile(r"^\d+:\s+(\d\d\d(?::\d\d\d)?)\s+(\d+)\s+(\d+)\s+(\d+)\s")
NO_BYTES = "/$BadClus:$Bad"


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)


def partitions(image):
    """First sectors of the partitions; [0] without a table."""
    table = run("mmls", image)
    if table.returncode != 0:
        return [0]
    lines = table.stdout.decode("utf-8", "replace").splitlines()
    return [int(match.group(2)) for match in map(MMLS_LINE.match, lines) if match]


def fls_entries(image, sector):
    """{(path, inode, existing): address for icat, None where nothing is to be hashed}; None: not readable."""
    if run("fsstat", "-o", str(sector), image).returncode != 0:
        return None
    entries = {}
    for line in run("fls", "-r", "-p", "-o", str(sector), image).stdout.decode("utf-8", "surrogateescape").splitlines():
        match = FLS_LINE.match(line)
        if not match:
            raise SystemExit(f"a line of fls that nobody understands: {line!r}")
        name_type, meta_type, deleted, inode, kind, number, _, path = match.groups()
        address = inode if kind is None else f"{inode}-{kind}-{number}"
        content = not deleted and meta_type in "rv" and name_type in "rv"
        entries["/" + path, int(inode), not deleted] = address if content else None
    return entries


def listed(triage, image):
    """Files by the first byte of their volume, in the form of fls_entries(), and the exit status."""
    volumes = {}
    done = run(triage, "list", "--volumes", "--json", "-q", image)
    for line in done.stdout.splitlines():
        volume = json.loads(line)
        volumes[volume["volume"]] = volume
    done = run(triage, "list", "--json", "-q", image)
    files = {volume["offset"]: {} for volume in volumes.values()}
    for line in done.stdout.splitlines():
        file = json.loads(line)
        key = file["path"], file["inode"], bool(file["allocated"])
        files[volumes[file["volume"]]["offset"]][key] = file["sha256"]
    return list(volumes.values()), files, done.returncode


def icat_sha256(image, sector, address):
    digest = hashlib.sha256()
    with subprocess.Popen(["icat", "-o", str(sector), image, address], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as icat:
        while block := icat.stdout.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def compare_volume(image, sector, entries, ours):
    """Differences of one volume, and how much was compared."""
    problems = []
    ours = {key: digest for key, digest in ours.items() if key[0] != "/"}  # fls does not name the root
    # Files found by an indirect block that no inode holds any more: no tool lists them by inode.
    ours = {key: digest for key, digest in ours.items()
            if key[2] or not key[0].startswith("/$OrphanFiles/IndirectBlock-")}
    # What fls calls an orphan by its number has its own name here where a journal remembers it: the inode decides.
    inodes = {key[1] for key in ours if not key[2]}
    named = {key[1] for key in entries.keys() - ours.keys()
             if "$OrphanFiles/OrphanFile-" in key[0] and not key[2] and key[1] in inodes}
    entries = {key: address for key, address in entries.items() if key in ours or key[1] not in named}
    ours = {key: digest for key, digest in ours.items() if key in entries or key[2] or key[1] not in named}
    for key in sorted(entries.keys() - ours.keys()):
        problems.append(f"only fls has {key}")
    for key in sorted(ours.keys() - entries.keys()):
        problems.append(f"only triage has {key}")
    counts = {"existing": 0, "deleted": 0, "hashed": 0}
    for key in entries.keys() & ours.keys():
        counts["existing" if key[2] else "deleted"] += 1
        address = entries[key]
        if address is None or key[0] == NO_BYTES:
            continue
        counts["hashed"] += 1
        wanted = icat_sha256(image, sector, address)
        if ours[key] != wanted:
            problems.append(f"{key}: icat gives {wanted}, triage {ours[key]}")
    return problems, counts


def compare(triage, image):
    """(problems, {sector: counts}, volumes as triage says, exit status of triage list)."""
    volumes, files, status = listed(triage, image)
    problems, counted = [], {}
    starts = partitions(image)
    if sorted(starts) != sorted(volume["offset"] // SECTOR for volume in volumes):
        problems.append(f"partitions at {starts}, triage has {[v['offset'] // SECTOR for v in volumes]}")
    for sector in starts:
        entries = fls_entries(image, sector)
        ours = files.get(sector * SECTOR, {})
        if entries is None:
            if ours:
                problems.append(f"triage lists files at sector {sector}, where fsstat reads nothing")
            continue
        more, counted[sector] = compare_volume(image, sector, entries, ours)
        problems += more
    return problems, counted, volumes, status


def main():
    if len(sys.argv) != 3:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    problems, counted, _, status = compare(sys.argv[1], sys.argv[2])
    for problem in problems:
        print(problem)
    print(f"{sys.argv[2]}: exit {status}, {counted}, {len(problems)} differences")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
