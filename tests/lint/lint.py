#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules of the tree that a compiler does not see. lint.py layers|parsers|tree [ROOT]; one line a fault, exit 1.

layers   a folder of libtriage includes only what DESIGN.md §8 lets it, and each foreign library stays in its folder
parsers  every parser and carver has references, golden cases (one of them damaged) and complete origins
tree     licence line, length of files, no path of a machine in a tracked file
"""
import pathlib
import re
import subprocess
import sys

# DESIGN.md §8: folder → folders it may include (and what those may include).
LAYERS = {
    "base": [], "bytes": ["base"], "model": ["bytes"], "evidence": ["model"], "acquire": ["evidence"],
    "formats": ["model"], "unpack": ["formats"], "artifacts": ["formats"], "scan": ["formats"],
    "recover": ["evidence", "formats"], "carve": ["formats"], "memory": ["formats"],
    "engine": ["acquire", "unpack", "artifacts", "scan", "recover", "carve", "memory"],
    "store": ["model"], "reason": ["store"], "playbook": ["store"], "report": ["store", "reason", "playbook"],
}
# First part of a library's include → folders of libtriage (or "tools") that may name it.
LIBRARIES = {
    "CLI": {"tools"}, "yara.h": {"scan"}, "yara": {"scan"}, "tsk": {"evidence"}, "archive.h": {"unpack"},
    "archive_entry.h": {"unpack"}, "sqlite3.h": {"store", "formats", "reason"}, "libewf.h": {"evidence", "acquire"},
    "seccomp.h": {"engine"}, "openssl": {"bytes", "store", "evidence"}, "zstd.h": {"bytes", "store"}, "unicode": {"bytes"},
    "yaml-cpp": {"store", "playbook"}, "re2": {"reason"},
}
ORIGIN_KEYS = ("made-by", "licence", "sha256", "expected-from", "covers")
SOURCES = {".cpp", ".h", ".py", ".cmake", ".sh"}
MAX_LINES = 500
# Written in two halves, so that this file does not hold what it forbids.
MACHINE_PATHS = re.compile("|".join(a + b for a, b in (("/wo", "rk/"), ("/tmp/te", "am"), ("/tmp/ba", "sh_jobs"),
                                                       ("/root/.py", "env"), ("/ho", "me/runner"))))
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def allowed(folder, table=None):
    """Every folder that `folder` may include, itself among them."""
    table = LAYERS if table is None else table
    seen, left = set(), [folder]
    while left:
        one = left.pop()
        if one not in seen:
            seen.add(one)
            left += table.get(one, [])
    return seen


def includes(source):
    for number, line in enumerate(source.read_text(errors="replace").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1) == '"', match.group(2)


def check_include(folder, quoted, name, may):
    """What is wrong with one include, or None."""
    first = name.split("/")[0]
    if first in LIBRARIES and not (quoted and first in LAYERS):
        if folder not in LIBRARIES[first]:
            return f"<{name}> belongs in {' or '.join(sorted(LIBRARIES[first]))}/ only"
        return None
    if quoted and first in LAYERS and folder != "tools" and first not in may:
        return f"{folder}/ may not include {first}/ (DESIGN.md §8)"
    if quoted and folder != "tools" and first not in LAYERS:
        return f'"{name}" is not named by its folder in libtriage/'
    return None


def check_layers(root):
    faults = []
    cmake = (root / "libtriage/CMakeLists.txt").read_text()
    linked = {m.group(1): m.group(2).split() for m in
              re.finditer(r"triage_module\((\w+)(?:\s+DEPENDS((?:\s+[a-z]+)*))?", cmake) if m.group(2)}
    for folder, names in linked.items():
        for name in names:
            if name not in allowed(folder):
                faults.append(f"libtriage/CMakeLists.txt: {folder} links {name}, which DESIGN.md §8 does not let it")
    places = [(path.name, path) for path in sorted((root / "libtriage").iterdir()) if path.is_dir()]
    places.append(("tools", root / "tools"))
    for folder, path in places:
        if folder not in LAYERS and folder != "tools":
            faults.append(f"libtriage/{folder}: a folder that DESIGN.md §8 does not know")
            continue
        may = allowed(folder)
        for source in sorted(path.rglob("*.*")):
            if source.suffix not in (".cpp", ".h"):
                continue
            for number, quoted, name in includes(source):
                fault = check_include(folder, quoted, name, may)
                if fault:
                    faults.append(f"{source.relative_to(root)}:{number}: {fault}")
    return faults


def origin_of(case):
    return dict(line.split(":", 1) for line in (case / "origin").read_text().splitlines()
                if ":" in line and not line.startswith(" "))


def check_case(root, case, needs_path):
    where = case.relative_to(root)
    if not (case / "origin").exists():
        return [f"{where}: no origin"]
    origin = origin_of(case)
    keys = ORIGIN_KEYS + (("path",) if needs_path else ())
    faults = [f"{where}/origin: no {key}" for key in keys if not origin.get(key, "").strip()]
    if not any((case / name).exists() for name in ("input.hex", "input.zst")):
        faults.append(f"{where}: no input")
    if not (case / "expected.jsonl").exists():
        faults.append(f"{where}: no expected.jsonl")
    return faults


def check_source(root, source, kind, ids):
    text = source.read_text()
    where = source.relative_to(root)
    names = re.findall(rf"constinit const {kind} (\w+)\s*{{", text)
    if not names:
        return []
    faults = [f"{where}: defines {name}, not {source.stem}" for name in names if name != source.stem]
    if len(names) > 1:
        faults.append(f"{where}: more than one {kind}")
    found = re.search(r"\.references\s*=\s*(\w+|{[^}]*})", text)
    span = found and (found.group(1) if found.group(1)[0] == "{" else
                      (re.search(rf"{found.group(1)}[^={{;]*=?\s*{{(.*?)}};", text, re.S) or [""])[0])
    if not span or '"' not in span:
        faults.append(f"{where}: no reference that it was written from")
    for field in ("id", "title_en", "title_ja"):
        if not re.search(rf'\.{field}\s*=\s*"[^"]+"', text):
            faults.append(f"{where}: no {field}")
    for one in re.findall(r'\.id\s*=\s*"([^"]+)"', text):
        if one in ids:
            faults.append(f"{where}: id {one} is taken by {ids[one]}")
        ids[one] = where
    if "reinterpret_cast" in text:
        faults.append(f"{where}: reinterpret_cast; bytes are read through ByteCursor")
    return faults


def check_parsers(root):
    faults, ids = [], {}
    for folder, kind in (("artifacts", "ArtifactParser"), ("artifacts", "RegistryPlugin"), ("carve", "Carver")):
        goldens = root / "tests/golden" / folder
        for source in sorted((root / "libtriage" / folder).glob("*.cpp")):
            if not re.search(rf"constinit const {kind} ", source.read_text()):
                continue
            faults += check_source(root, source, kind, ids)
            cases = [c for c in sorted((goldens / source.stem).glob("*")) if c.is_dir() and c.name != "__pycache__"]
            damaged = [c for c in cases if c.name.startswith("damaged-")]
            if not damaged or len(damaged) == len(cases):
                faults.append(f"{source.relative_to(root)}: needs a golden case and a damaged-* one")
            for case in cases:
                faults += check_case(root, case, folder == "artifacts")
        for stem in sorted(goldens.glob("*")) if goldens.exists() and kind != "RegistryPlugin" else []:
            if stem.is_dir() and not (root / "libtriage" / folder / f"{stem.name}.cpp").exists():
                faults.append(f"{stem.relative_to(root)}: golden cases of nothing")
    return faults


def tracked(root):
    """Files that git tracks; in an exported tree all but what a build makes."""
    if not (root / ".git").exists():
        return [path for path in sorted(root.rglob("*"))
                if path.is_file() and "build" not in path.relative_to(root).parts[:1] and "__pycache__" not in path.parts]
    names = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], check=True, capture_output=True).stdout
    return [root / name for name in names.decode().split("\0") if name]


def check_tree(root, files=None):
    faults = []
    for path in tracked(root) if files is None else files:
        if not path.is_file():
            continue
        data = path.read_bytes()
        where = path.relative_to(root)
        if b"\0" in data[:8192]:
            continue
        lines = data.decode("utf-8", "replace").splitlines()
        for number, line in enumerate(lines, 1):
            if MACHINE_PATHS.search(line):
                faults.append(f"{where}:{number}: a path of one machine")
        is_source = path.suffix in SOURCES or path.name == "CMakeLists.txt"
        if is_source and not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:3]):
            faults.append(f"{where}: no SPDX line")
        if is_source and len(lines) > MAX_LINES:
            faults.append(f"{where}: {len(lines)} lines, {MAX_LINES} are the limit")
    return faults


def main(arguments):
    checks = {"layers": check_layers, "parsers": check_parsers, "tree": check_tree}
    if not arguments or arguments[0] not in checks:
        print(__doc__, file=sys.stderr)
        return 2
    root = pathlib.Path(arguments[1] if len(arguments) > 1 else pathlib.Path(__file__).parents[2]).resolve()
    faults = checks[arguments[0]](root)
    for fault in faults:
        print(fault)
    print(f"lint {arguments[0]}: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
