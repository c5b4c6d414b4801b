# SPDX-License-Identifier: Apache-2.0
"""Writes EVTX files byte by byte after libevtx's format documentation: one template per shape of event, once a chunk."""
import struct
import uuid
import zlib

SIZE = 65536
NULL, STRING, ANSI, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64 = range(11)
FLOAT, DOUBLE, BOOL, BINARY, GUID, SIZET, FILETIME, SYSTIME, SID, HEX32, HEX64 = range(11, 22)
BINXML, ARRAY = 0x21, 0x80


class Sub:
    """A substitution in a template."""
    def __init__(self, index, kind, optional=True):
        self.index, self.kind, self.optional = index, kind, optional


class Raw(bytes):
    """Token bytes put into a template as they are."""


def element(tag, *children, **attributes):
    return (tag, attributes, children)


def sid(text):
    parts = [int(p) for p in text.split("-")[2:]]
    return struct.pack(">BBHI", 1, len(parts) - 1, 0, parts[0]) + struct.pack(f"<{len(parts) - 1}I", *parts[1:])


def guid(text):
    return uuid.UUID(text).bytes_le


def utf16(text):
    return text.encode("utf-16-le")


FIXED = {INT8: "<b", UINT8: "<B", INT16: "<h", UINT16: "<H", INT32: "<i", UINT32: "<I", INT64: "<q", UINT64: "<Q",
         FLOAT: "<f", DOUBLE: "<d", BOOL: "<I", FILETIME: "<Q", HEX32: "<I", HEX64: "<Q"}


def pack(kind, value):
    if value is None:
        return b""
    if isinstance(value, bytes):
        return value
    if kind == STRING:
        return utf16(value)
    if kind == STRING | ARRAY:
        return b"".join(utf16(v) + b"\0\0" for v in value)
    if kind & ARRAY:
        return b"".join(pack(kind & 0x7f, v) for v in value)
    return {SID: sid, GUID: guid, ANSI: lambda v: v.encode()}.get(kind, lambda v: struct.pack(FIXED[kind], v))(value)


class Chunk:
    def __init__(self):
        self.data = bytearray(512)
        self.names, self.templates, self.records = {}, {}, []

    def put(self, form, *values):
        self.data += struct.pack("<" + form, *values)

    def name(self, text):
        if text in self.names:
            self.put("I", self.names[text])
            return
        at = len(self.data) + 4
        self.names[text] = at
        value = 0
        for unit in struct.unpack(f"<{len(utf16(text)) // 2}H", utf16(text)):
            value = (value * 65599 + unit) & 0xffffffff
        self.put("IIHH", at, 0, value & 0xffff, len(utf16(text)) // 2)
        self.data += utf16(text) + b"\0\0"

    def content(self, part):
        if isinstance(part, Raw):
            self.data += part
        elif isinstance(part, Sub):
            self.put("BHB", 0x0e if part.optional else 0x0d, part.index, part.kind)
        elif isinstance(part, str):
            self.put("BBH", 5, STRING, len(utf16(part)) // 2)
            self.data += utf16(part)
        else:
            self.element(part)

    def element(self, node, dependency=True):
        tag, attributes, children = node
        self.put("B", 0x41 if attributes else 0x01)
        if dependency:
            self.put("H", 0xffff)
        size_at = len(self.data)
        self.put("I", 0)
        self.name(tag)
        if attributes:
            list_at = len(self.data)
            self.put("I", 0)
            for i, (key, value) in enumerate(attributes.items()):
                self.put("B", 0x46 if i + 1 < len(attributes) else 0x06)
                self.name(key)
                self.content(value)
            struct.pack_into("<I", self.data, list_at, len(self.data) - list_at - 4)
        if children:
            self.put("B", 2)
            for child in children:
                if isinstance(child, tuple):
                    self.element(child, dependency)
                else:
                    self.content(child)
            self.put("B", 4)
        else:
            self.put("B", 3)
        struct.pack_into("<I", self.data, size_at, len(self.data) - size_at - 4)

    def instance(self, key, tree, values):
        """A fragment that is a template with its values. `values`: (type, value); a BINXML value is a function."""
        self.put("BBBB", 0x0f, 1, 1, 0)
        identifier = zlib.crc32(repr(key).encode()) | 1
        if key in self.templates:
            self.put("BBII", 0x0c, 1, identifier, self.templates[key])
        else:
            at = len(self.data) + 10
            self.templates[key] = at
            self.put("BBIII", 0x0c, 1, identifier, at, 0)
            self.put("I", identifier)
            self.data += bytes(12)
            size_at = len(self.data)
            self.put("I", 0)
            self.put("BBBB", 0x0f, 1, 1, 0)
            self.element(tree)
            self.put("B", 0)
            struct.pack_into("<I", self.data, size_at, len(self.data) - size_at - 4)
        self.put("I", len(values))
        sizes_at = len(self.data)
        self.data += bytes(4 * len(values))
        for i, (kind, value) in enumerate(values):
            begin = len(self.data)
            if callable(value):
                value()
            else:
                self.data += pack(kind, value)
            struct.pack_into("<HBB", self.data, sizes_at + 4 * i, len(self.data) - begin, kind, 0)

    def record(self, number, written, write):
        """`write` puts the fragment."""
        at = len(self.data)
        self.put("IIQQ", 0x2a2a, 0, number, written)
        write()
        self.put("B", 0)
        self.data += bytes(-(len(self.data) + 4) % 8)
        self.put("I", len(self.data) - at + 4)
        struct.pack_into("<I", self.data, at + 4, len(self.data) - at)
        self.records.append((number, at))

    def finish(self, slack=b"", flags=1):
        out = self.data + slack + bytes(SIZE - len(self.data) - len(slack))
        numbers = [n for n, _ in self.records] or [0]
        struct.pack_into("<8sQQQQIIII", out, 0, b"ElfChnk\0", min(numbers), max(numbers), min(numbers), max(numbers), 128,
                         self.records[-1][1] if self.records else 0, len(self.data), zlib.crc32(self.data[512:]))
        struct.pack_into("<I", out, 120, flags)
        struct.pack_into("<I", out, 124, zlib.crc32(out[:120] + out[128:512]))
        return bytes(out)


def log(chunks, next_record=100, flags=0, version=(1, 3)):
    head = bytearray(4096)
    struct.pack_into("<8sQQQIHHHH", head, 0, b"ElfFile\0", 0, max(len(chunks) - 1, 0), next_record, 128, *version, 4096, len(chunks))
    struct.pack_into("<I", head, 120, flags)
    struct.pack_into("<I", head, 124, zlib.crc32(head[:120]))
    return bytes(head) + b"".join(chunks)


SYSTEM = ["level", "task", "opcode", "id", "version", "keywords", "time", "activity", "pid", "tid", "record", "channel",
          "computer", "user", "body"]


def system_tree(provider, provider_guid):
    at = {name: i for i, name in enumerate(SYSTEM)}
    naming = {"Name": provider, **({"Guid": "{" + provider_guid + "}"} if provider_guid else {})}
    return element(
        "Event",
        element("System",
                element("Provider", **naming),
                element("EventID", Sub(at["id"], UINT16)),
                element("Version", Sub(at["version"], UINT8)),
                element("Level", Sub(at["level"], UINT8)),
                element("Task", Sub(at["task"], UINT16)),
                element("Opcode", Sub(at["opcode"], UINT8)),
                element("Keywords", Sub(at["keywords"], HEX64)),
                element("TimeCreated", SystemTime=Sub(at["time"], FILETIME)),
                element("EventRecordID", Sub(at["record"], UINT64)),
                element("Correlation", ActivityID=Sub(at["activity"], GUID)),
                element("Execution", ProcessID=Sub(at["pid"], UINT32), ThreadID=Sub(at["tid"], UINT32)),
                element("Channel", Sub(at["channel"], STRING)),
                element("Computer", Sub(at["computer"], STRING)),
                element("Security", UserID=Sub(at["user"], SID))),
        Sub(at["body"], BINXML),
        xmlns="http://schemas.microsoft.com/win/2004/08/events/event")


def data_tree(data, wrap):
    """EventData of Data elements, or UserData of `wrap` with one element a value."""
    if wrap is None:
        rows = [element("Data", Sub(i, kind), **({"Name": name} if name else {})) if name != "Binary" else
                element("Binary", Sub(i, kind)) for i, (name, kind, _) in enumerate(data)]
        return element("EventData", *rows)
    attributes = {name[1:]: Sub(i, kind) for i, (name, kind, _) in enumerate(data) if name.startswith("@")}
    rows = [element(name, Sub(i, kind)) for i, (name, kind, _) in enumerate(data) if not name.startswith("@")]
    return element("UserData", element(wrap, *rows, xmlns="urn:test", **attributes))


def event(chunk, number, time, provider, identifier, data, *, wrap=None, guid_text=None, level=4, task=0, opcode=0,
          keywords=0x8020000000000000, pid=700, tid=704, channel="Security", computer="HOST1.example.test", user=None,
          activity=None, version=0, written=None, tree=None):
    """One event with its data; `data`: (name, type, value) in order."""
    shape = tree or data_tree(data, wrap)

    def body():
        if data or tree:
            chunk.instance(("data", provider, identifier, wrap, version, len(data)), shape, [(k, v) for _, k, v in data])

    values = {"level": (UINT8, level), "task": (UINT16, task), "opcode": (UINT8, opcode), "id": (UINT16, identifier),
              "version": (UINT8, version), "keywords": (HEX64, keywords), "time": (FILETIME, time),
              "activity": (GUID if activity else NULL, activity), "pid": (UINT32, pid), "tid": (UINT32, tid),
              "record": (UINT64, number), "channel": (STRING, channel), "computer": (STRING, computer),
              "user": (SID if user else NULL, user), "body": (BINXML, body)}
    chunk.record(number, written or time,
                 lambda: chunk.instance(("system", provider), system_tree(provider, guid_text), [values[n] for n in SYSTEM]))
