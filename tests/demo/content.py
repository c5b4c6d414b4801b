#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The documents of the demo, built from nothing: every byte is a function of this file.

Persons, addresses and numbers are made up and say so (例示 = "for example"); domains end in
`.example` (RFC 2606), telephone numbers are 0X0-0000-NNNN, the card number is the public test
number 4111 1111 1111 1111 and the My Number is the sample that the ministry prints on its leaflets.
`originals()` returns {name: bytes}.  Used by laptop.py and sticks.py.
"""
import io
import zipfile

from pictures import jpeg, png

FAMILY = "見本 例示 仮名 架空 試験".split()
GIVEN = "太郎 花子 一郎 春子 次郎 夏子 三郎 秋子".split()


def customer_rows(count):
    """Rows of the customer list: id, name, kana-free address, telephone, mail, card."""
    rows = [("顧客番号", "氏名", "住所", "電話番号", "メール", "カード番号", "個人番号")]
    for i in range(1, count + 1):
        name = f"{FAMILY[i % len(FAMILY)]} {GIVEN[i % len(GIVEN)]}{i:03d}"
        card = "4111111111111111" if i % 25 == 0 else ""
        number = "123456789018" if i == 42 else ""
        rows.append((f"C{i:05d}", name, f"東京都見本区架空町{i % 9 + 1}-{i % 31 + 1}-{i % 7 + 1}",
                     f"0{7 + i % 3}0-0000-{i:04d}", f"user{i:03d}@customer.example", card, number))
    return rows


def customer_csv(count=320):
    """The list as Excel writes it in Japan: CP932, CRLF."""
    return "".join(",".join(row) + "\r\n" for row in customer_rows(count)).encode("cp932")


def packed(parts, when):
    """A ZIP of [(name, bytes)] with one fixed local time, as a Windows program writes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts:
            info = zipfile.ZipInfo(name, date_time=when)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            info.external_attr = 0x20
            archive.writestr(info, data, compresslevel=6)
    return out.getvalue()


XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PKG = "http://schemas.openxmlformats.org/package/2006/"
DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OOXML = "application/vnd.openxmlformats-officedocument."


def relationships(items):
    body = "".join(f'<Relationship Id="rId{i}" Type="{kind}" Target="{target}"/>'
                   for i, (kind, target) in enumerate(items, 1))
    return f'{XML}<Relationships xmlns="{PKG}relationships">{body}</Relationships>'


def content_types(main_part, main_type, extra=()):
    overrides = [(main_part, main_type), ("/docProps/core.xml",
                 "application/vnd.openxmlformats-package.core-properties+xml"), *extra]
    body = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in overrides)
    return (f'{XML}<Types xmlns="{PKG}content-types"><Default Extension="rels" ContentType='
            f'"application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{body}</Types>')


def core_properties(title, created):
    return (f'{XML}<cp:coreProperties xmlns:cp="{PKG}metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f'<dc:title>{title}</dc:title><dc:creator>tanaka.demo</dc:creator>'
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{created}</dcterms:created>'
            f'</cp:coreProperties>')


def package(main, main_type, main_xml, title, created, when, extra=(), main_rels=None):
    """An OPC package: [Content_Types].xml first, as Office writes it."""
    rels = [(DOC + "/officeDocument", main),
            (PKG + "relationships/metadata/core-properties", "docProps/core.xml")]
    parts = [("[Content_Types].xml", content_types("/" + main, main_type,
                                                   [(f"/{n}", k) for n, k, _ in extra])),
             ("_rels/.rels", relationships(rels)), (main, main_xml)]
    if main_rels:
        folder, name = main.split("/")
        parts.append((f"{folder}/_rels/{name}.rels", relationships(main_rels)))
    parts += [(name, text) for name, _, text in extra]
    parts.append(("docProps/core.xml", core_properties(title, created)))
    return packed([(name, text.encode()) for name, text in parts], when)


def customer_xlsx():
    ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    lines = []
    for r, row in enumerate(customer_rows(120), 1):
        cells = "".join(f'<c r="{chr(65 + c)}{r}" t="inlineStr"><is><t>{v}</t></is></c>'
                        for c, v in enumerate(row))
        lines.append(f'<row r="{r}">{cells}</row>')
    sheet = f'{XML}<worksheet xmlns="{ns}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
    book = (f'{XML}<workbook xmlns="{ns}" xmlns:r="{DOC}"><sheets>'
            '<sheet name="顧客一覧" sheetId="1" r:id="rId1"/></sheets></workbook>')
    return package("xl/workbook.xml", OOXML + "spreadsheetml.sheet.main+xml", book, "顧客一覧",
                   "2026-04-02T04:05:10Z", (2026, 4, 2, 13, 5, 10),
                   [("xl/worksheets/sheet1.xml", OOXML + "spreadsheetml.worksheet+xml", sheet)],
                   [(DOC + "/worksheet", "worksheets/sheet1.xml")])


def design_docx():
    ns = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    texts = ["設計概要(転職先提出用) 社外秘"] + [f"{i}. 架空部品 X-{i:03d} の公差は ±0.0{i % 9 + 1} mm、"
                                    f"試験番号 {i * 7919 % 100003} とする。" for i in range(1, 400)]
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)
    document = f'{XML}<w:document xmlns:w="{ns}"><w:body>{body}</w:body></w:document>'
    return package("word/document.xml", OOXML + "wordprocessingml.document.main+xml", document,
                   "設計概要", "2026-04-07T02:20:00Z", (2026, 4, 7, 11, 20, 0))


def pdf(title, lines):
    """A one-page PDF 1.4 with a correct xref; Japanese through a predefined CJK font."""
    stream = "BT /F1 11 Tf 50 800 Td 14 TL\n" + "".join(
        f"<{line.encode('utf-16-be').hex()}> Tj T*\n" for line in lines) + "ET\n"
    marked = ("\ufeff" + title).encode("utf-16-be").hex()
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}endstream",
        "<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5 /Encoding /UniJIS-UTF16-H "
        "/DescendantFonts [6 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5 /FontDescriptor 7 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 5 >> >>",
        "<< /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4 /FontBBox [-92 -250 1010 922] "
        "/ItalicAngle 0 /Ascent 752 /Descent -221 /CapHeight 737 /StemV 114 >>",
        f"<< /Title <{marked}> /Author (tanaka.demo) "
        "/CreationDate (D:20260316101200+09'00') >>"]
    out, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("ascii")
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(
        f"{offset:010d} 00000 n \n" for offset in offsets)
    tail = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 8 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + table.encode() + tail.encode()


def numbered(head, line, count):
    return (head + "".join(line.format(i=i, x=i * 7919 % 100003) for i in range(1, count + 1))).encode()


# The public anti-virus test string, kept in pieces so that no scanner stops at this file.
EICAR = ("X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STAND" + "ARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()


def originals():
    """Every document of the story by the name it first had."""
    files = {
        "顧客名簿.csv": customer_csv(),
        "顧客一覧.xlsx": customer_xlsx(),
        "見積書.pdf": pdf("見積書", ["御見積書(見本)", "株式会社 架空商事 御中"] + [
            f"品目 {i:02d}   架空部品 X-{i:03d}   数量 {i}   金額 {i * 1200} 円" for i in range(1, 50)]),
        "設計仕様書_社外秘.txt": numbered("\ufeff【社外秘】設計仕様書 第3版\r\n",
                                  "{i}. 架空部品 X-{i:03d}: 公差 0.0{i} mm、試験番号 {x}\r\n", 300),
        "写真.jpg": jpeg(1024, 768, seed=11, taken="2026:04:03 15:28:41"),
        "図面.png": png(640, 480, seed=12),
        "議事録.txt": numbered("\ufeff営業会議 議事録(見本)\r\n", "議題 {i}: 架空の件\r\n", 5),
        "送付先メモ.txt": numbered("\ufeff送付先メモ(上書きされる)\r\n", "{i} 行目 宛先 {x}@buyer.example\r\n", 900),
        "週報_0406.txt": numbered("\ufeff週報 2026-04-06\r\n", "{i} 件目 架空商談 番号 {x} を訪問した\r\n", 660),
        "退職後_連絡先一覧.pdf": pdf("退職後 連絡先一覧", ["退職後 連絡先一覧(見本)"] + [
            f"連絡先 {i:03d}   buyer{i * 7919 % 100003:05d}@buyer.example" for i in range(1, 400)]),
        "設計概要_転職先提出用.docx": design_docx(),
        "rclone-demo.zip": packed([("rclone-demo/README.txt", b"demo placeholder, not a program\r\n")],
                                  (2026, 3, 1, 12, 0, 0)),
        "eicar_test.com": EICAR,
        "新製品写真.jpg": jpeg(800, 600, seed=21, taken="2026:04:03 15:31:02"),
        "旧データ.jpg": jpeg(640, 480, seed=22, taken="2025:11:20 09:15:30"),
        "連絡メモ.txt": numbered("\ufeff連絡メモ(見本)\r\n", "{i} 架空の連絡 {x}\r\n", 60),
    }
    members = ["顧客名簿.csv", "顧客一覧.xlsx", "見積書.pdf", "設計仕様書_社外秘.txt", "写真.jpg", "図面.png"]
    files["backup_0412.zip"] = packed([(name, files[name]) for name in members],
                                      (2026, 4, 8, 16, 2, 10))
    return files
