# SPDX-License-Identifier: Apache-2.0
"""ESE databases page by page, from libyal/libesedb "Extensible Storage Engine (ESE) Database File (EDB) format".

    data = ese([("TABLE", [("Column", TYPE), …], [{"Column": value}, …]), …], page=8192)

A page of 8192 bytes (small tags) or 32768 (large ones). Each table is one leaf page; the catalog is page 4. Values of
LONG_TEXT and LONG_BINARY are tagged columns; ("lv", bytes) puts one into the tree of long values; ("7bit", text) and
("xpress", bytes) compress it.
"""
import struct

BIT, U8, I16, I32, CURRENCY, F32, F64, DATETIME, BINARY, TEXT, LONG_BINARY, LONG_TEXT, U32, I64, GUID, U16 = (
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17)
SIZES = {BIT: 1, U8: 1, I16: 2, I32: 4, CURRENCY: 8, F32: 4, F64: 8, DATETIME: 8, U32: 4, I64: 8, GUID: 16, U16: 2}
FORMATS = {BIT: "<B", U8: "<B", I16: "<h", I32: "<i", CURRENCY: "<q", F32: "<f", F64: "<d", U32: "<I", I64: "<q", U16: "<H"}
ROOT, LEAF, BRANCH, LONG = 1, 2, 4, 0x80


def fixed(kind, value):
    if kind == DATETIME:
        return struct.pack("<d", value) if isinstance(value, float) else struct.pack("<Q", value)
    return value if kind == GUID else struct.pack(FORMATS[kind], value)


def seven_bit(text):
    number = 0
    for i, c in enumerate(text):
        number |= ord(c) << (7 * i)
    bits = 7 * len(text)
    return bytes([1 << 3 | (bits - 1) % 8]) + number.to_bytes((bits + 7) // 8, "little")


def xpress(data):
    """Literals only: 32 a flag word."""
    out = b"\x18" + struct.pack("<H", len(data))
    for i in range(0, len(data), 32):
        part = data[i:i + 32]
        out += struct.pack("<I", 0 if len(part) == 32 else (1 << (32 - len(part))) - 1) + part
    return out


def record(columns, row, large, long_values):
    """`columns`: (id, name, type)."""
    fixed_part, nulls, last_fixed = b"", 0, 0
    ends, variable, last_variable, tagged = b"", b"", 127, []
    for number, name, kind in columns:
        value = row.get(name)
        if number < 128:
            last_fixed = number
            fixed_part += fixed(kind, value) if value is not None else bytes(SIZES[kind])
            if value is None:
                nulls |= 1 << (number - 1)
        elif number < 256:
            last_variable = number
            raw = b"" if value is None else value if isinstance(value, bytes) else value.encode("utf-16-le")
            variable += raw
            ends += struct.pack("<H", len(variable) | (0x8000 if value is None else 0))
        elif value is not None:
            tagged.append((number, kind, value))
    bitmap = nulls.to_bytes((last_fixed + 7) // 8, "little")
    at = 4 + len(fixed_part) + len(bitmap)
    out = struct.pack("<BBH", last_fixed, last_variable, at) + fixed_part + bitmap + ends + variable
    rows, body = b"", b""
    for number, kind, value in tagged:
        flags = 1
        if isinstance(value, tuple):
            how, content = value
            if how == "lv":
                long_values.append(content)
                raw, flags = struct.pack("<I", len(long_values)), 5
            else:
                raw, flags = (seven_bit(content) if how == "7bit" else xpress(content)), 3
        else:
            raw = value if isinstance(value, bytes) else value.encode("utf-16-le")
        offset = 4 * len(tagged) + len(body)
        rows += struct.pack("<HH", number, offset | (0 if large else 0x4000))
        body += bytes([flags]) + raw
    return out + rows + body


def page(number, size, large, obj, flags, values, next_page=0):
    """`values`: (key, data); no common key."""
    head, area, tags = 80 if large else 40, b"", []
    for i, (key, data, mark) in enumerate([(None, bytes(16), 0)] + [(k, d, f) for k, d, *rest in values for f in [rest[0] if rest else 0]]):
        first = len(key) if key is not None else 0
        content = data if key is None else struct.pack("<H", first | (mark << 13 if large else 0)) + key + data
        tags.append((len(content), len(area) | (0 if large else mark << 13)))
        area += content
    assert head + len(area) + 4 * len(tags) <= size, "page overflow"
    out = struct.pack("<QQIIIHHHHI", 0, 1, 0, next_page, obj, size - head - len(area) - 4 * len(tags), 0, len(area), len(tags), flags)
    out = out.ljust(head, b"\0") + area
    back = b"".join(struct.pack("<HH", s, o) for s, o in reversed(tags))
    return out.ljust(size - len(back), b"\0") + back


def header(size, state):
    out = bytearray(size)
    struct.pack_into("<III", out, 4, 0x89ABCDEF, 0x620, 0)
    struct.pack_into("<I", out, 52, state)
    struct.pack_into("<II", out, 232, 0x14, size)
    return bytes(out)


CATALOG = [(1, "ObjidTable", I32), (2, "Type", I16), (3, "Id", I32), (4, "ColtypOrPgnoFDP", I32), (5, "SpaceUsage", I32),
           (6, "Flags", I32), (7, "PagesOrLocale", I32), (128, "Name", TEXT)]


def number_columns(columns):
    counts, out = {"fixed": 0, "variable": 127, "tagged": 255}, []
    for name, kind in columns:
        group = "tagged" if kind in (LONG_TEXT, LONG_BINARY) else "variable" if kind in (TEXT, BINARY) else "fixed"
        counts[group] += 1
        out.append((counts[group], name, kind))
    return sorted(out)


def ese(tables, page_size=8192, state=3, lost=None, split=False):
    """`lost`: rows of the first table on a leaf page that nothing leads to; `split`: its tree gets a branch page."""
    large = page_size >= 16384
    catalog, pages, number = [], {}, 10
    for index, (name, columns, rows) in enumerate(tables):
        obj, columns, long_values = 10 + index, number_columns(columns), []
        root = number
        number += 1
        catalog.append({"ObjidTable": obj, "Type": 1, "Id": obj, "ColtypOrPgnoFDP": root, "SpaceUsage": 80, "Flags": 0,
                        "PagesOrLocale": 0, "Name": name.encode()})
        for column, title, kind in columns:
            wide = kind in (TEXT, LONG_TEXT)
            catalog.append({"ObjidTable": obj, "Type": 2, "Id": column, "ColtypOrPgnoFDP": kind, "SpaceUsage": SIZES.get(kind, 255),
                            "Flags": 0, "PagesOrLocale": 1200 if wide else 1252, "Name": title.encode()})
        values = [(struct.pack(">I", i + 1), record(columns, row, large, long_values), 2 if row.get("deleted") else 0)
                  for i, row in enumerate(rows)]
        if split and index == 0:
            half = len(values) // 2
            pages[number] = page(number, page_size, large, obj, LEAF, values[:half], number + 1)
            pages[number + 1] = page(number + 1, page_size, large, obj, LEAF, values[half:])
            pages[root] = page(root, page_size, large, obj, ROOT | BRANCH,
                               [(struct.pack(">I", half), struct.pack("<I", number)), (b"", struct.pack("<I", number + 1))])
            number += 2
        else:
            pages[root] = page(root, page_size, large, obj, ROOT | LEAF, values)
        if lost and index == 0:
            pages[number] = page(number, page_size, large, obj, LEAF,
                                 [(struct.pack(">I", 900 + i), record(columns, row, large, long_values)) for i, row in enumerate(lost)])
            number += 1
        if long_values:
            catalog.append({"ObjidTable": obj, "Type": 4, "Id": 100 + index, "ColtypOrPgnoFDP": number, "SpaceUsage": 80,
                            "Flags": 0, "PagesOrLocale": 0, "Name": b"LV"})
            parts = []
            for i, content in enumerate(long_values, 1):
                parts.append((struct.pack(">I", i), struct.pack("<II", 1, len(content))))
                parts += [(struct.pack(">II", i, at), content[at:at + 100]) for at in range(0, len(content), 100)]
            pages[number] = page(number, page_size, large, 100 + index, ROOT | LEAF | LONG, parts)
            number += 1
    pages[4] = page(4, page_size, large, 2, ROOT | LEAF,
                    [(struct.pack(">I", i), record(CATALOG, row, large, [])) for i, row in enumerate(catalog)])
    empty = bytes(page_size)
    return header(page_size, state) * 2 + b"".join(pages.get(i, empty) for i in range(1, number))
