#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the YARA rules of rules/yara against yara_cases.json with the `yara` program.

Fails (exit 1) when a rule misses a hit case, fires on a miss case, has no case of either kind,
lacks a meta field or a line in the README, carries an unknown tag, or when a case names a rule that does not exist.
  check_yara.py [--rules DIR] [--cases FILE]   run the checks
  check_yara.py --encode TEXT                  print TEXT as hex strings in every encoding we search
  check_yara.py --table                        print the table of rules for rules/yara/README.md
"""
import argparse
import base64
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
META = ["id", "title_en", "title_ja", "severity", "technique", "step", "question", "reference",
        "alternatives_en", "alternatives_ja", "limits_en", "limits_ja", "date", "license"]
MAY_BE_EMPTY = {"technique"}
TAGS = {"any_type", "text", "script", "pe", "elf", "office", "archive", "pcap", "config"}
SEVERITIES = {"info", "low", "medium", "high", "critical"}
ENCODINGS = [("utf8", "utf-8"), ("utf16le", "utf-16-le"), ("utf16be", "utf-16-be"),
             ("cp932", "cp932"), ("eucjp", "euc_jp"), ("jis", "iso2022_jp")]
RULE = re.compile(r"^rule\s+(\w+)\s*:\s*([\w ]+?)\s*\{(.*?)^\}", re.M | re.S)
FIELD = re.compile(r'^\s+(\w+) = "((?:[^"\\]|\\.)*)"$', re.M)


def read_rules(folder):
    """Returns {name: (tags, meta)} and a list of complaints about the rule files."""
    rules, complaints = {}, []
    for path in sorted(folder.glob("*.yar")):
        text = path.read_text(encoding="utf-8")
        declared = len(re.findall(r"^(?:private |global )*rule\s", text, re.M))
        found = RULE.findall(text)
        if declared != len(found):
            complaints.append(f"{path.name}: {declared} rules declared, {len(found)} readable")
        if re.search(r"^import\s", text, re.M):
            complaints.append(f"{path.name}: imports a module")
        for name, tags, body in found:
            if name in rules:
                complaints.append(f"{name}: defined twice")
            section = re.split(r"^\s+(?:strings|condition):", body, maxsplit=1, flags=re.M)[0]
            rules[name] = (tags.split(), dict(FIELD.findall(section)))
    return rules, complaints


def check_meta(rules):
    """Returns complaints about meta fields, tags and ids."""
    complaints, ids = [], {}
    for name, (tags, meta) in rules.items():
        for field in META:
            if field not in meta:
                complaints.append(f"{name}: no meta {field}")
            elif not meta[field] and field not in MAY_BE_EMPTY:
                complaints.append(f"{name}: meta {field} is empty")
        if len(tags) != 1 or tags[0] not in TAGS:
            complaints.append(f"{name}: needs exactly one tag of {sorted(TAGS)}, has {tags}")
        if meta.get("severity") not in SEVERITIES:
            complaints.append(f"{name}: severity {meta.get('severity')}")
        if meta.get("step") not in {"1", "2", "3", "4", "5", "6"}:
            complaints.append(f"{name}: step {meta.get('step')}")
        if not re.fullmatch(r"TRG-[A-Z0-9]{2,4}-\d{3}", meta.get("id", "")):
            complaints.append(f"{name}: id {meta.get('id')}")
        if not re.fullmatch(r"(T\d{4}(\.\d{3})?)?", meta.get("technique", "")):
            complaints.append(f"{name}: technique {meta.get('technique')}")
        other = ids.setdefault(meta.get("id"), name)
        if other != name:
            complaints.append(f"{name}: id {meta.get('id')} is also {other}'s")
    return complaints


def scan(rule_files, folder):
    """Returns {file name: set of rule names} for one run of yara over a folder."""
    command = ["yara", "-r", "-p", "1", *map(str, rule_files), str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    hits = {}
    for line in run.stdout.splitlines():
        name, path = line.split(" ", 1)
        hits.setdefault(pathlib.Path(path).name, set()).add(name)
    return hits, run.returncode, run.stderr.strip()


def check_cases(rules, cases, rule_files):
    """Runs every case; returns the number passed and the complaints."""
    passed, complaints, expected = 0, [], {}
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            for kind in ("hit", "miss"):
                for item in case.get(kind, []):
                    stem = f"case{len(expected):05d}"
                    data = base64.b64decode(item["base64"], validate=True)
                    (pathlib.Path(folder) / stem).write_bytes(data)
                    expected[stem] = (case["rule"], kind, item["name"])
        hits, code, errors = scan(rule_files, folder)
    if code != 0 or errors:
        complaints.append(f"yara: exit {code}: {errors}")
    if code != 0:
        return 0, complaints
    for stem, (rule, kind, name) in expected.items():
        if (rule in hits.get(stem, set())) == (kind == "hit"):
            passed += 1
        else:
            complaints.append(f"{rule}: {'missed' if kind == 'hit' else 'fired on'} '{name}'")
    covered = {kind: {c["rule"] for c in cases if c.get(kind)} for kind in ("hit", "miss")}
    for kind, names in covered.items():
        complaints += [f"{name}: no {kind} case" for name in rules if name not in names]
        complaints += [f"{name}: case for an unknown rule" for name in names if name not in rules]
    return passed, complaints


def print_encoded(text):
    for label, codec in ENCODINGS:
        raw = text.encode(codec)
        if codec == "iso2022_jp":
            raw = raw.replace(b"\x1b$B", b"").replace(b"\x1b(B", b"")
        print(f"$x_{label} = {{ {raw.hex(' ').upper()} }}")


def table(rules):
    """Returns the Markdown lines of the README's table, one per rule, sorted by id."""
    rows = sorted((meta.get("id", ""), name, tags, meta) for name, (tags, meta) in rules.items())
    return [f"| {rule_id} | {name} | {meta.get('title_ja')} | {' '.join(tags)} | "
            f"{meta.get('severity')} | {meta.get('technique') or '–'} |"
            for rule_id, name, tags, meta in rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rules", type=pathlib.Path, default=HERE.parents[1] / "rules" / "yara")
    parser.add_argument("--cases", type=pathlib.Path, default=HERE / "yara_cases.json")
    parser.add_argument("--encode", metavar="TEXT")
    parser.add_argument("--table", action="store_true")
    args = parser.parse_args()
    if args.encode:
        print_encoded(args.encode)
        return 0
    rules, complaints = read_rules(args.rules)
    if args.table:
        print("\n".join(table(rules)))
        return 0
    complaints += check_meta(rules)
    readme = args.rules / "README.md"
    lines = readme.read_text(encoding="utf-8").splitlines() if readme.exists() else []
    complaints += [f"README.md: out of date or missing: {row}"
                   for row in table(rules) if row not in lines]
    cases = json.loads(args.cases.read_text(encoding="utf-8"))["cases"]
    passed, failures = check_cases(rules, cases, sorted(args.rules.glob("*.yar")))
    complaints += failures
    if not rules:
        complaints.append(f"{args.rules}: no rules")
    for line in complaints:
        print(line, file=sys.stderr)
    print(f"{passed} passed, {len(complaints)} failed")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
