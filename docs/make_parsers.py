#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make_parsers.py TRIAGE [--check]: docs/parsers.md from `triage parsers --json`. With --check nothing is written: exit 1
where the file is not what the program says."""
import json
import pathlib
import subprocess
import sys

PAGE = pathlib.Path(__file__).resolve().parent / "parsers.md"
HEAD = """# What triage reads

Made by `docs/make_parsers.py build/bin/triage` from `triage parsers --json`; a test says when it is out of date.
{kinds} kinds of artifacts, {carvers} formats that carving finds.

## Artifacts

| id | reads | 内容 | found by | written from |
|---|---|---|---|---|
"""
CARVERS = """
## Formats found by content

| id | reads | 内容 | extension | written from |
|---|---|---|---|---|
"""


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def code(text):
    """`text` that may itself hold a bar."""
    return "`" + text.replace("|", "\\|") + "`"


def reference(text):
    """A link is shown by its host and its last word, everything else as it is."""
    if not text.startswith("http"):
        return cell(text)
    host, _, rest = text.split("://", 1)[1].partition("/")
    last = [part for part in rest.split("/") if part][-1:] or [host]
    name = f"{host.removeprefix('www.')}: {last[0].split('?')[0][:48]}"
    return f"[{cell(name)}]({text.replace('(', '%28').replace(')', '%29')})"


def found_by(row):
    if row["kind"] == "plugin":
        return ", ".join(code(key) for key in row["keys"])
    said = [code(path) for path in row["paths"]]
    if row["magics"] and not said:
        said = [f"{code(m['hex'])} at {m['offset']}" for m in row["magics"]]
    return ", ".join(said)


def page(rows):
    kinds = [r for r in rows if r["kind"] != "carver"]
    carvers = [r for r in rows if r["kind"] == "carver"]
    out = HEAD.format(kinds=len(kinds), carvers=len(carvers))
    for row in sorted(kinds, key=lambda r: r["id"]):
        out += (f"| `{row['id']}` | {cell(row['title'])} | {cell(row['title_ja'])} | {found_by(row)} | "
                f"{'; '.join(reference(r) for r in row['references'])} |\n")
    out += CARVERS
    for row in sorted(carvers, key=lambda r: r["id"]):
        out += (f"| `{row['id']}` | {cell(row['title'])} | {cell(row['title_ja'])} | {row['extension']} | "
                f"{'; '.join(reference(r) for r in row['references'])} |\n")
    return out


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    said = subprocess.run([arguments[0], "parsers", "--json"], check=True, capture_output=True, text=True).stdout
    made = page([json.loads(line) for line in said.splitlines()])
    if "--check" not in arguments:
        PAGE.write_text(made)
        return 0
    if PAGE.exists() and PAGE.read_text() == made:
        return 0
    print("docs/parsers.md is not what `triage parsers --json` says: run docs/make_parsers.py build/bin/triage")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
