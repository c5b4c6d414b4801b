#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Second opinion on a report: parses FILE with expat and with html.parser and checks what must hold of it.

Prints one line per fault; exit status 1 when there is one. Usage: check_page.py FILE...
"""
import base64
import hashlib
import html.parser
import os
import re
import sys
import xml.etree.ElementTree as tree

VOID = {"meta", "br", "input", "img"}
KEPT = re.compile(r"3-investigation/(recovered|carved)/[0-9a-f]{2}/[0-9a-f]{32}\.[a-z0-9]{1,8}")
SVG_EMPTY = {"rect", "line"}
ALLOWED = set("html head meta title style body main header nav section article h1 h2 h3 h4 p a ol ul li table thead "
              "tbody tr th td div span b bdi code pre br figure figcaption input label svg rect line text img".split())


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.faults, self.stack, self.ids, self.links, self.style, self.policy = [], [], set(), [], "", ""

    def handle_starttag(self, tag, attrs):
        self.check(tag, attrs)
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.check(tag, attrs)
        if tag not in VOID | SVG_EMPTY:
            self.faults.append(f"<{tag} /> is no void element of HTML")

    def check(self, tag, attrs):
        if tag not in ALLOWED:
            self.faults.append(f"tag <{tag}>")
        for name, value in attrs:
            if name == "src" and tag == "img" and value.startswith("data:image/jpeg;base64,"):
                self.check_picture(value.split(",", 1)[1])
            elif name.startswith("on") or name in ("style", "src", "srcdoc", "action", "background"):
                self.faults.append(f"attribute {name} on <{tag}>")
            if name == "id":
                if value in self.ids:
                    self.faults.append(f"id {value} twice")
                self.ids.add(value)
            if name == "href":
                self.links.append(value)
        fields = dict(attrs)
        if tag == "input" and fields.get("type") != "checkbox":
            self.faults.append(f"input of type {fields.get('type')}")
        if tag == "label" and not fields.get("for"):
            self.faults.append("label for nothing")
        if tag == "meta" and fields.get("http-equiv") == "Content-Security-Policy":
            self.policy = fields["content"]

    def check_picture(self, text):
        data = base64.b64decode(text, validate=True)
        if not data.startswith(b"\xff\xd8") or not data.endswith(b"\xff\xd9") or len(data) > 6 * 1024:
            self.faults.append(f"a thumbnail of {len(data)} bytes is no small JPEG")

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def handle_data(self, data):
        if self.stack and self.stack[-1] == "style":
            self.style += data
        if any(ord(c) < 32 and c != "\n" or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069" for c in data):
            self.faults.append(f"control character in text: {data[:60]!r}")


def faults_of(path):
    raw = open(path, "rb").read()
    page = Page()
    try:
        page.feed(raw.decode("utf-8"))
        page.close()
        tree.fromstring(raw)
    except (UnicodeDecodeError, tree.ParseError) as error:
        page.faults.append(f"not well-formed: {error}")
    if page.stack:
        page.faults.append(f"left open: {page.stack}")
    for link in page.links:
        if KEPT.fullmatch(link):
            # It opens: the file is there, and has the content that its name promises.
            kept = os.path.join(os.path.dirname(os.path.abspath(path)), link)
            data = open(kept, "rb").read() if os.path.isfile(kept) else None
            if data is None or not link.split("/")[3].startswith(hashlib.sha256(data).hexdigest()[:32]):
                page.faults.append(f"link {link} does not lead to the file it names")
        elif not link.startswith("#") or link[1:] not in page.ids:
            page.faults.append(f"link {link} leads nowhere")
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    if f"style-src 'sha256-{digest}'" not in page.policy or "default-src 'none'" not in page.policy:
        page.faults.append(f"policy does not name the style sheet: {page.policy}")
    return page.faults


def main():
    bad = 0
    for path in sys.argv[1:]:
        for fault in faults_of(path)[:50]:
            print(f"{path}: {fault}")
            bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main())
