#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""hostile_report.py TRIAGE [PICTURES]: a case whose names, log lines and answers try to run, hide or break something;
report, forms, CSV, DOCX and PDF of it are opened. In a headless Chromium every request would go through a proxy that
counts them, and every refusal of the page's policy would be told: both must be zero. Where Chromium or weasyprint is
not installed those checks are counted as skipped. With PICTURES the pages' pictures are left there."""
import csv
import html
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import xml.etree.ElementTree as ElementTree
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "playbook"))
import sealed  # noqa: E402  (beside the scripted cases)

CANARY = "canary.example"
NAMES = sealed.HOSTILE_NAMES + [
    "<img src=http:" + "\u2215\u2215" + CANARY + " onerror=document.title='RUN'>.txt",
    "\" onmouseover=document.title='RUN' x=\".txt",
    "</title><script>document.title='RUN'</script>.txt",
    "]]><style>*{display:none}</style>.txt",
    "@import url(" + CANARY + ").css",
    "+1+1.csv", "-2+3.csv", "\t=1.csv", "＝1.csv", "\u202ecod.exe", "\u2066x\u2069.txt", "\x1b[2Jx.txt", "javascript:alert(1)",
    "n" * 250, "{{7*7}}${7*7}.txt", "&lt;b&gt;.txt", "%0d%0aSet-Cookie.txt",
]
LOG = [
    "Apr  5 01:00:00 pc1 sshd[1]: Accepted password for <script>document.title='RUN'</script> from 192.0.2.7 port 1 ssh2",
    "Apr  5 01:00:01 pc1 sshd[1]: Failed password for invalid user =HYPERLINK(\"http://" + CANARY + "\") from 192.0.2.8 port 2 ssh2",
    "Apr  5 01:00:02 pc1 sshd[1]: Accepted publickey for \u202eroot\x1b[31m from " + CANARY + " port 3 ssh2",
]
NOISE = re.compile(r"google|gstatic|gvt1|chromium\.org", re.IGNORECASE)  # the browser's own
skipped = []


class Proxy(http.server.BaseHTTPRequestHandler):
    asked = []

    def do_any(self):
        Proxy.asked.append(self.path)
        self.send_error(404)

    do_GET = do_HEAD = do_POST = do_CONNECT = do_OPTIONS = do_any

    def log_message(self, *_):
        pass


def make_case(triage, home):
    folder = home / "evidence"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        (folder / name.replace("/", "\u2215")).write_text(f"{number}\n")
    (folder / "eicar.com").write_text(sealed.EICAR, encoding="ascii")
    (folder / "var").mkdir()
    (folder / "var/log").mkdir()
    (folder / "var/log/auth.log").write_text("\n".join(LOG) + "\n", encoding="utf-8")
    facts = {"type": "insider", "knew": "2026-04-05 09:00", "organisation": "<script>document.title='RUN'</script>見本商事",
             "examiner": ["\" onload=\"x"], "lang": "ja", "tz": "Asia/Tokyo",
             "answers": {"persons": "800-1500", "leak_items": "<img src=//" + CANARY + "/x onerror=alert(1)>\n=1+1",
                         "request": "data_staged: 名簿は持ち出されたか\n<b>だれが</b>"}}
    (home / "facts.yaml").write_text(json.dumps(facts, ensure_ascii=False))
    sealed.must([triage, "case", "init", "--case", "case", "--from", "facts.yaml", "-q"], home)
    done = sealed.run([triage, "run", "evidence", "--case", "case", "-q"], home)
    assert done.returncode in (0, 1), done.stderr
    sealed.must([triage, "case", "forms", "--case", "case", "-q"], home)
    sealed.must([triage, "report", "--case", "case", "-q"], home)


def check_csv(case):
    rows = 0
    for path in case.rglob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        for row in csv.reader(text.splitlines(keepends=True)):
            rows += 1
            for cell in row:
                assert not cell or cell[0] not in "=+-@\t\r＝＋－＠" or re.fullmatch(r"-?[0-9.]+", cell), (path, cell)
                assert "\x1b" not in cell, (path, cell)
    assert rows > len(NAMES)
    return rows


def check_documents(case):
    count = 0
    for path in case.rglob("*.docx"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                ElementTree.fromstring(archive.read(name))
                assert b"TargetMode" not in archive.read(name), path
        count += 1
    assert count >= 15
    return count


def open_page(browser, page, home, pictures, size, name):
    """The DOM after everything ran, with what the console said."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
               "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-domain-reliability",
               f"--proxy-server=127.0.0.1:{home.port}", "--proxy-bypass-list=<-loopback>", "--enable-logging=stderr",
               "--virtual-time-budget=3000", f"--user-data-dir={home.path}/profile", f"--window-size={size}"]
    done = subprocess.run([browser, *options, "--dump-dom", page.as_uri()], capture_output=True, text=True, check=False,
                          timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    if pictures:
        subprocess.run([browser, *options, f"--screenshot={pictures}/{name}.png", page.as_uri()], capture_output=True,
                       check=False, timeout=300)
    return done.stdout, done.stderr


class Home:
    def __init__(self, path, port):
        self.path, self.port = path, port


def check_browser(case, folder, pictures):
    browser = shutil.which("chromium")
    if not browser:
        skipped.append("pages in chromium (not installed)")
        return 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = Home(folder, server.server_address[1])
    pages = [case / "report.html", *sorted(case.glob("[1-6]-*/*.html"))[:: 1 if pictures else 6]]
    for page in pages:
        title = html.unescape(re.search(r"<title>(.*?)</title>", page.read_text(encoding="utf-8"), re.S).group(1))
        dom, said = open_page(browser, page, home, pictures, "1280,1600", page.stem)
        told = [line for line in said.splitlines() if "CONSOLE" in line]
        assert not told, f"{page.name}: {told[:3]}"
        shown = html.unescape(re.search(r"<title>(.*?)</title>", dom, re.S).group(1))
        assert shown == title and "RUN" not in shown[:3], f"{page.name}: something ran: {shown}"
        assert "<script" not in dom, page.name
    requests = [url for url in Proxy.asked if not NOISE.search(url)]
    assert not requests, f"network requests: {requests[:5]}"
    if pictures:
        open_page(browser, pages[0], home, pictures, "390,2400", "report-phone")
        subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
                        "--no-pdf-header-footer", f"--print-to-pdf={pictures}/report-print.pdf", pages[0].as_uri()],
                       capture_output=True, check=False, timeout=300)
    server.shutdown()
    return len(pages)


def check_pdf(triage, home, case, pictures):
    if not shutil.which("weasyprint"):
        done = sealed.run([triage, "report", "--case", "case", "--pdf"], home)
        assert done.returncode == 3 and "weasyprint" in done.stderr, done.stderr
        skipped.append("PDF (weasyprint is not installed)")
        return 0
    sealed.must([triage, "report", "--case", "case", "--pdf", "-q"], home)
    pdf = case / "report.pdf"
    raw = pdf.read_bytes()
    assert raw.startswith(b"%PDF-1.7")
    if pictures:
        shutil.copy(pdf, pictures)
    if not shutil.which("qpdf") or not shutil.which("pdffonts"):
        skipped.append("inside of the PDF (qpdf or poppler-utils is not installed)")
        return 1
    sealed.must(["qpdf", "--check", "case/report.pdf"], home)
    plain = subprocess.run(["qpdf", "--qdf", "--object-streams=disable", str(pdf), "-"], capture_output=True, check=True).stdout
    for word in (b"/JavaScript", b"/JS", b"/URI", b"/Launch", b"/SubmitForm", b"/OpenAction"):
        assert not re.search(re.escape(word) + rb"[\s/<(\[]", plain), word
    # PDF/A-3b as the file says of itself, bookmarks, the timeline attached, every font embedded.
    assert b"pdfaid:part" in plain and b"<pdfaid:conformance>B" in plain.replace(b"\n", b"") or b'pdfaid:conformance="B"' in plain
    assert b"/Outlines" in plain and b"/EmbeddedFile" in plain and b"timeline.csv" in plain
    fonts = sealed.must(["pdffonts", "case/report.pdf"], home).splitlines()[2:]
    assert fonts and all(line.split()[-5] == "yes" for line in fonts), fonts
    text = sealed.must(["pdftotext", "-layout", "case/report.pdf", "-"], home)
    assert "結論" in text and re.search(r"\b1 / \d+", text), "no Japanese, or no page numbers"
    return len(fonts)


def main():
    triage = os.path.abspath(sys.argv[1])
    pictures = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        make_case(triage, home)
        case = home / "case"
        rows, documents = check_csv(case), check_documents(case)
        fonts = check_pdf(triage, home, case, pictures)
        pages = check_browser(case, home, pictures)
        if pictures:
            shutil.copytree(case, pathlib.Path(pictures) / "case", dirs_exist_ok=True)
    print(f"{rows} CSV rows, {documents} documents, {fonts} embedded fonts, {pages} pages: nothing ran, nothing was asked for")
    for one in skipped:
        print(f"skipped: {one}")
    print(f"{len(skipped)} checks skipped")


if __name__ == "__main__":
    main()
