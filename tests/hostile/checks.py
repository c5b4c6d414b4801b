# SPDX-License-Identifier: Apache-2.0
"""What must hold after a run over a hostile item. Each check yields sentences, one per fault."""
import csv
import dataclasses
import hashlib
import os
import pathlib
import re
import sqlite3

import scenarios

NEST = ("outer", "middle", "inner")  # above the case, so that ../../.. stays in our reach
CASE_MIB = 512        # a bomb of terabytes may not fill the disk
PEAK_MIB = 1536       # one process; DESIGN.md's 1 GiB for all plus what the sandbox maps
NUMBER = re.compile(r"[+-]?[0-9.,:eE+-]*\Z")
# What may never reach a terminal: C0 but tab, line feed, CR; DEL; C1; bidi controls.
TERMINAL = re.compile("[\x00-\x08\x0B\x0C\x0E-\x1F\x7F\x80-\x9F\u202A-\u202E\u2066-\u2069]")
CSV_START = re.compile("[=@\t\r\uFF1D\uFF20\uFF0B\uFF0D]")


@dataclasses.dataclass
class Ran:
    """How one run went: `status` None means that the wall limit struck."""
    status: int | None
    seconds: float
    peak_mib: int
    out: bytes
    err: bytes
    left_processes: bool


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def all_faults(entry, place, ran):
    """Every fault of the run, as sentences."""
    faults = list(process_faults(entry, ran))
    scenario = entry["expect"].get("scenario")
    faults += scenarios.faults(scenario, place)
    if scenario not in scenarios.DISTURBING:
        faults += evidence_faults(place)
    faults += outside_faults(place)
    faults += terminal_faults(ran)
    if ran.status in (0, 1):
        faults += case_faults(entry["expect"], place, ran)
        faults += report_faults(place.case)
        faults += csv_faults(place.case)
    faults += name_faults(entry["expect"], place.case)
    return faults


def process_faults(entry, ran):
    if ran.status is None:
        yield f"still running after {ran.seconds:.0f} s"
    elif ran.status < 0:
        yield f"died of signal {-ran.status}"
    elif ran.status not in entry["exit"]:
        tail = ran.err.decode(errors="replace").strip()[-300:]
        yield f"exit {ran.status}, allowed {entry['exit']}; stderr: {tail!r}"
    if ran.left_processes:
        yield "left processes running"
    if ran.peak_mib > PEAK_MIB:
        yield f"a process took {ran.peak_mib} MiB"
    if ran.status in (2, 3, 6):
        pattern = entry["expect"].get("stderr_re", ".")
        if not re.search(pattern, ran.err.decode(errors="replace"), re.IGNORECASE):
            yield f"stderr does not say why (no match for {pattern!r}): {ran.err[:200]!r}"


def evidence_faults(place):
    if not place.evidence.exists():
        yield "the evidence is gone"
    elif sha256(place.evidence) != place.digest:
        yield "the evidence was changed"


def outside_faults(place):
    """Nothing but the case was written, and nothing bears a name of the evidence's choice."""
    allowed = {place.evidence, place.case, place.root / "cwd", place.root / "home",
               place.root / "tmp", place.root / "evidence"}
    allowed.update(place.case.parents)
    allowed.update(place.root.joinpath(*NEST[:depth]) for depth in range(1, len(NEST) + 1))
    for path in walk(place.root, skip=place.case):
        if path not in allowed:
            yield f"written outside the case: {path.relative_to(place.root)!s}"
    for folder in {pathlib.Path("/"), pathlib.Path("/tmp"), place.root.parent}:
        for path in folder.glob("zevil*"):
            yield f"escaped: {path}"
    for path in walk(place.case):
        if b"zevil" in os.fsencode(path.name):
            yield f"a file of the evidence's own name: {path.name!r}"


def walk(top, skip=None):
    """Every path below `top`, links not followed, `skip` not entered."""
    for folder, folders, files in os.walk(top, followlinks=False):
        for name in sorted(folders + files):
            yield pathlib.Path(folder, name)
        folders[:] = [name for name in folders if pathlib.Path(folder, name) != skip]


def terminal_faults(ran):
    for title, data in (("stdout", ran.out), ("stderr", ran.err)):
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            yield f"{title} is not UTF-8"
            continue
        found = TERMINAL.search(text)
        if found:
            yield f"{title} holds the control character {found.group()!r}"


def case_faults(expect, place, ran):
    path = next(iter(place.case.glob("3-investigation/case.db")), None)
    if path is None:
        yield "no 3-investigation/case.db"
        return
    link = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    link.text_factory = lambda data: data.decode(errors="replace")
    try:
        damage = link.execute("SELECT kind, path, detail, consumer, evidence, stream, at "
                              "FROM damage").fetchall()
        files = link.execute("SELECT sha256 FROM files").fetchall()
        link.execute("SELECT * FROM events LIMIT 1").fetchall()
        link.execute("SELECT * FROM findings LIMIT 1").fetchall()
    except sqlite3.Error as error:
        yield f"case.db: {error}"
        return
    finally:
        link.close()
    yield from count_faults(expect, damage, files, ran.status)


def count_faults(expect, damage, files, status):
    kinds = {row[0] for row in damage}
    if status == 0 and damage:
        yield f"exit 0 but {len(damage)} rows of damage ({', '.join(sorted(kinds))})"
    if status == 1 and not damage:
        yield "exit 1 but no row of damage says why"
    if len(damage) < expect.get("damage_min", 0):
        yield f"{len(damage)} rows of damage, {expect['damage_min']} expected"
    wanted = expect.get("damage_kind_any")
    if wanted and expect.get("damage_min") and not kinds & set(wanted):
        yield f"damage kinds {sorted(kinds)}, one of {wanted} expected"
    if len(files) < expect.get("files_min", 0):
        yield f"{len(files)} files, {expect['files_min']} expected"
    digests = {row[0] for row in files}
    for digest in expect.get("sha256", []):
        if digest not in digests:
            yield f"lost: no file with SHA-256 {digest[:16]}…"
    for digest in expect.get("sha256_or_damage", []):
        if digest not in digests and not damage:
            yield f"lost without a word: no file with SHA-256 {digest[:16]}… and no damage"


def report_faults(case):
    path = case / "report.html"
    if not path.is_file():
        yield "no report.html"
        return
    text = path.read_bytes().decode(errors="replace")
    lowered = text.lower()
    for raw in ("<script>alert(1)", "<img src=x", "<svg onload=alert"):
        if raw in lowered:
            yield f"report.html holds {raw!r} as markup"
    if re.search(r"href\s*=\s*[\"']?\s*javascript:", lowered):
        yield "report.html links to javascript:"
    if "content-security-policy" not in lowered:
        yield "report.html has no Content-Security-Policy"
    found = TERMINAL.search(text)
    if found:
        yield f"report.html holds the control character {found.group()!r}"


def csv_faults(case):
    path = case / "3-investigation" / "timeline.csv"
    if not path.is_file():
        yield "no 3-investigation/timeline.csv"
        return
    csv.field_size_limit(1 << 24)
    with open(path, encoding="utf-8-sig", errors="replace", newline="") as stream:
        width = None
        for number, row in enumerate(csv.reader(stream), 1):
            width = width or len(row)
            if len(row) != width:
                yield f"timeline.csv line {number} has {len(row)} cells, the head {width}"
                return
            for cell in row:
                if CSV_START.match(cell) or (cell[:1] in "+-" and not NUMBER.match(cell)):
                    yield f"timeline.csv line {number} holds a formula: {cell[:40]!r}"
                    return


def name_faults(expect, case):
    """Names inside the case are ours; nothing there is a link or holds what must stay away."""
    total = 0
    for path in walk(case):
        name = os.fsencode(path.name)
        if len(name) > 50 or not re.fullmatch(rb"[A-Za-z0-9._-]+", name):
            yield f"a name in the case is not ours: {name[:60]!r}"
        if path.is_symlink():
            yield f"a symbolic link in the case: {path.name}"
        elif path.is_file():
            total += path.stat().st_blocks * 512
            if path.stat().st_mode & 0o077:
                yield f"others may read {path.relative_to(case)}"
            for text in expect.get("case_absent", []):
                if text.encode() in path.read_bytes():
                    yield f"{path.relative_to(case)} holds {text!r}, which is not of the evidence"
    if total > CASE_MIB << 20:
        yield f"the case takes {total >> 20} MiB"
