#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripted_case.py TRIAGE TYPE: a case of one leak type from `case init` to its forms, its report and its sealed bundle,
in both languages, with hostile words in every answer. Stock tools check the bundle (sealed.py). The files are read back with Python's own parsers of XML, ZIP and JSON, and a small reader of
RFC 5545."""
import html
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile

import sealed

FORBIDDEN = ("完全に", "必ず", "一切", "犯人")
HOSTILE = "<script>alert(1)</script>\u202e&\"'=cmd|x\n二行目"
FACTS = """type: {type}
knew: 2026-04-05 09:00
organisation: "見本 <b>商事</b>"
examiner: [調査 太郎]
lang: {lang}
tz: Asia/Tokyo
roles: {{lead: 加藤, technical: 佐藤, legal: 田中}}
deputies: {{lead: 伊藤}}
clock_offsets: [{{host: pc1, offset_seconds: 42, source: photo}}]
answers:
  persons: 800-1500
  special_care: "no"
  financial_damage: "yes"
  wrongful_purpose: "yes"
  insurance: "yes"
"""
OPEN = ("measures_planned", "help_desk")  # stay unanswered: 調査中
SPOKEN = ("leak_items", "cause_detail")   # answered by a command, as hearsay
SECTIONS = ("summary clock scope people examined custody method times timeline findings extent nine loss damage measures "
            "glossary files hashes runs checks statement").split()
WORDS = {
    "en": {"open": "under investigation", "exercise": "EXERCISE"},
    "ja": {"open": "調査中", "exercise": "【訓練】"},
}


class Case:
    def __init__(self, triage, folder):
        self.triage, self.folder = triage, pathlib.Path(folder)

    def run(self, *arguments, wanted=0):
        command = [self.triage, "case", *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False,
                              env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.folder)})
        assert done.returncode == wanted, f"{command}: {done.returncode} {done.stderr}"
        return done.stdout


def check_calendar(text):
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")), "a line of more than 75 octets"
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    stack, events = [], []
    for line in lines:
        name, value = re.split(r"[;:]", line, maxsplit=1)
        if name == "BEGIN":
            stack.append(value)
            if value == "VEVENT":
                events.append({})
        elif name == "END":
            assert stack.pop() == value
        elif stack[-1] == "VEVENT":
            assert name not in events[-1], f"{name} stands twice"
            events[-1][name] = value
    assert not stack and events
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(event), event
        assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])
    assert len({event["UID"] for event in events}) == len(events)
    return {event["UID"].split(".", 1)[1].split("@")[0]: event["DTSTART"] for event in events}


def text_of(page):
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def check_page(path, lang, exercise):
    page = path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(page.replace("<!DOCTYPE html>", "", 1))
    assert root.get("lang") == lang
    tags = {element.tag for element in root.iter()}
    assert not tags & {"script", "img", "a", "iframe", "object", "form", "link"}, tags
    assert "default-src 'none'" in html.unescape(page) and "\u202e" not in page
    assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)
    assert all((cell.text or len(cell)) for cell in root.iter("td")) or "<table><thead>" in page
    # Words of evidence may be anything; ours may not. No evidence was read here.
    assert not any(word in text_of(page) for word in FORBIDDEN), path
    assert (WORDS[lang]["exercise"] in page) == exercise
    return page


def check_document(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
        return archive.read("word/document.xml").decode()


def fill(case, kind, lang):
    facts = FACTS.format(type=kind, lang=lang)
    case.folder.joinpath("facts.yaml").write_text(facts, encoding="utf-8")
    case.run("init", "--case", lang, "--from", "facts.yaml", "-q")
    questions = [json.loads(line) for line in case.run("answer", "--case", lang, "--json").splitlines()]
    assert len(questions) > 100
    texts = [q["question"] for q in questions if q["takes"] == "unknown" and q["group"] in ("intake", "form")]
    assert len(texts) > 50
    # JSON texts are YAML texts.
    lines = [f"  {one}: {json.dumps(HOSTILE, ensure_ascii=False)}" for one in texts if one not in OPEN + SPOKEN]
    case.folder.joinpath("more.yaml").write_text("answers:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    case.run("init", "--case", lang, "--from", "more.yaml", "-q")
    for one in SPOKEN:
        case.run("answer", "--case", lang, one, HOSTILE, "--tag", "hearsay", "--by", "加藤", "-q")
    case.run("task", "start", "--case", lang, "hands-off", "--by", "佐藤", "-q")
    case.run("task", "done", "--case", lang, "image-take", "--by", "佐藤", "--reference", "E-0001", "-q")
    blocked = [json.loads(line) for line in case.run("task", "list", "--case", lang, "--json").splitlines()]
    destroying = [task for task in blocked if task["destroys"]]
    assert destroying or kind == "rumour"
    for task in destroying:
        if task["state"] == "blocked":
            case.run("task", "done", "--case", lang, task["id"], "--by", "佐藤", wanted=2)
    (case.folder / "pc.raw").write_bytes(b"evidence")
    case.run("handover", "--case", lang, "--item", "E-0001", "--movement", "collected", "--from", "机", "--to", "佐藤",
             "--at", "2026-04-05 10:00", "--signed-to", "佐藤", "--rehash", "pc.raw", "-q")


def check_forms(case, lang):
    case.run("forms", "--case", lang, "-q")
    folder = case.folder / lang
    forms = [json.loads(line) for line in (folder / "4-notification/forms.jsonl").read_text().splitlines()]
    pages = {path.name.split(".")[0]: path for path in folder.glob(f"[1-6]-*/*.{lang}.html")}
    assert len(forms) >= 15 and {form["form"] for form in forms} == set(pages)
    for form in forms:
        page = check_page(pages[form["form"]], lang, False)
        document = check_document(pages[form["form"]].with_suffix(".docx"))
        assert form["open"] == sum(not field["known"] for field in form["fields"])
        if any(not field["known"] for field in form["fields"]):
            assert WORDS[lang]["open"] in page and WORDS[lang]["open"] in document, form["form"]
        for field in form["fields"]:
            assert field["rows"] is not None or field[lang], f"{form['form']}.{field['field']} is blank"
            for one in field["ids"] if field["rows"] is None else []:
                assert html.escape(one, quote=False) in page, f"{form['form']}.{field['field']} lost {one}"
        assert "<script>" not in page and "<script>" not in document
    dates = check_calendar((folder / "4-notification/deadlines.ics").read_bytes().decode())
    assert dates["appi.preliminary"] == "VALUE=DATE:20260409" and dates["appi.final_60"] == "VALUE=DATE:20260603", dates
    assert "appi.final_30" not in dates  # no. 3 was answered: 60 days


def check_edited(case, lang):
    """What counsel edited is never written over."""
    path = case.folder / lang / f"4-notification/notice-persons.{lang}.docx"
    path.write_bytes(b"edited by counsel")
    case.run("forms", "--case", lang, "-q")
    assert path.read_bytes() == b"edited by counsel"
    check_document(path.with_name(f"notice-persons.{lang}-2.docx"))


def check_report(case, lang):
    """Evidence, forms and report of the same case; the report says what the case says."""
    sealed.make_evidence(case.folder / "evidence")
    done = sealed.run([case.triage, "run", "evidence", "--case", lang, "-q"], case.folder)
    assert done.returncode in (0, 1), done.stderr
    case.run("forms", "--case", lang, "-q")
    done = sealed.run([case.triage, "report", "--case", lang, "--check"], case.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    done = sealed.run([case.triage, "report", "--case", lang, "-q"], case.folder)
    assert done.returncode == 0, done.stderr
    page = (case.folder / lang / "report.html").read_text(encoding="utf-8")
    root = ElementTree.fromstring(page.replace("<!DOCTYPE html>", "", 1))
    assert root.get("lang") == lang and "<script" not in page and "\u202e" not in page
    sections = [one.get("id") for one in root.iter("section")]
    assert sections == SECTIONS, sections
    for word in ("2026-04-09", "2026-06-03", "800", "1500", WORDS[lang]["open"]):
        assert word in text_of(page), word
    # Every field that the nine items leave open is said to be under investigation, none is blank.
    assert all("".join(cell.itertext()).strip() or len(cell) for cell in root.iter("td") if cell.get("data-label") is None)


def main():
    triage, kind = os.path.abspath(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as folder:
        case = Case(triage, folder)
        for lang in ("ja", "en"):
            fill(case, kind, lang)
            check_forms(case, lang)
            check_edited(case, lang)
            done = subprocess.run([triage, "verify", lang], cwd=folder, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout
            check_report(case, lang)
            sealed.seal_and_check(triage, pathlib.Path(folder), lang)
        case.run("drill", "--case", "drill", "--type", kind, "--lang", "ja", "-q")
        case.run("forms", "--case", "drill", "--form", "first-report", "-q")
        check_page(case.folder / "drill/1-discovery-report/first-report.ja.html", "ja", True)
    print(f"{kind}: from init to sealed bundle, ja and en, and an exercise")


if __name__ == "__main__":
    main()
