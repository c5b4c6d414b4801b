// SPDX-License-Identifier: Apache-2.0
// ShimCache (AppCompatCache): executables the compatibility layer looked at. The stamp is the file's last change, NOT
// a run; the order is newest first.
//   XP 32: 0xdeadbeef, header 400, entries of 552: path 528, FILETIME modified, u64 size, FILETIME updated
//   2003: 0xbadc0ffe, header 8, 24 or 32 bytes · Vista: the same · 7/2008R2: 0xbadc0fee, header 128, 32 or 48 bytes
//   8: header 128, "00ts" · 8.1: header 128, "10ts" · 10: header 48 or 52, "10ts"
// Spec: libyal/winreg-kb, "Application Compatibility Cache".
#include <fmt/format.h>

#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::uint32_t kXp = 0xdeadbeef, kVista = 0xbadc0ffe, kSeven = 0xbadc0fee;
constexpr std::size_t kMaxEntries = 4096;

struct Entry {
  std::string path;
  std::uint64_t modified = 0;
  std::optional<std::uint64_t> size;
  std::optional<bool> executed;  ///< flag of Vista to 8.1
};

struct Cache {
  std::vector<Entry> entries;
  std::string fault;  ///< empty when all was read
};

void read_xp(ByteCursor c, Cache& out) {
  c.skip(4, "signature");
  const std::size_t count = std::min<std::size_t>(c.le<std::uint32_t>("count"), 96);
  for (std::size_t i = 0; i < count; ++i) {
    c.seek(400 + i * 552, "entry");
    Entry entry;
    entry.path = utf16le_zstring(c.take(528, "path"));
    entry.modified = c.le<std::uint64_t>("modified");
    entry.size = c.le<std::uint64_t>("size");
    if (!c.ok()) break;
    if (!entry.path.empty()) out.entries.push_back(std::move(entry));
  }
  if (!c.ok()) out.fault = "entries are cut off";
}

/// Entries of fixed size with the path elsewhere. `wide` by the place of the path: a 64-bit offset has zeros above.
void read_fixed(ByteCursor c, std::uint32_t signature, Cache& out) {
  c.skip(4, "signature");
  const std::size_t count = std::min<std::size_t>(c.le<std::uint32_t>("count"), kMaxEntries);
  const std::size_t header = signature == kSeven ? 128 : 8;
  ByteCursor probe(c.data());
  probe.seek(header + 4, "entry");
  const bool wide = probe.le<std::uint32_t>("padding") == 0;
  const std::size_t bytes = signature == kSeven ? (wide ? 48 : 32) : (wide ? 32 : 24);
  for (std::size_t i = 0; i < count; ++i) {
    c.seek(header + i * bytes, "entry");
    const auto length = c.le<std::uint16_t>("path length");
    c.skip(wide ? 6 : 2, "maximum length");
    const std::uint64_t place = wide ? c.le<std::uint64_t>("path offset") : c.le<std::uint32_t>("path offset");
    Entry entry;
    entry.modified = c.le<std::uint64_t>("modified");
    const auto flags = c.le<std::uint32_t>("flags");
    if (!c.ok()) break;
    if (signature == kSeven) entry.executed = (flags & 2) != 0;
    ByteCursor path = c.sub(static_cast<std::size_t>(place), length, "path");
    if (!c.ok()) break;
    entry.path = utf16le_to_utf8(path.data());
    if (!entry.path.empty()) out.entries.push_back(std::move(entry));
  }
  if (!c.ok()) out.fault = "entries are cut off";
}

/// 8 and later: "00ts" or "10ts", u32, u32 bytes, u16 path bytes, path, [8, 8.1: u16 package bytes, package, u32 flags,
/// u32,] FILETIME, u32 data bytes, data.
void read_tagged(ByteCursor c, std::size_t header, bool ten, Cache& out) {
  c.seek(header, "header");
  while (c.ok() && c.remaining() >= 12 && out.entries.size() < kMaxEntries) {
    const std::string_view tag = as_chars(c.take(4, "tag"));
    if (tag != "00ts" && tag != "10ts") {
      if (tag != "\0\0\0\0"sv) out.fault = "an entry has no signature";
      return;
    }
    c.skip(4, "unknown");
    const auto bytes = c.le<std::uint32_t>("entry bytes");
    ByteCursor e(c.take(bytes, "entry"));
    if (!c.ok()) break;
    Entry entry;
    entry.path = utf16le_to_utf8(e.take(e.le<std::uint16_t>("path bytes"), "path"));
    if (!ten) {
      if (tag == "10ts") e.skip(e.le<std::uint16_t>("package bytes"), "package");
      entry.executed = (e.le<std::uint32_t>("flags") & 2) != 0;
      e.skip(4, "unknown");
    }
    entry.modified = e.le<std::uint64_t>("modified");
    if (!e.ok()) {
      out.fault = "an entry is cut off";
      return;
    }
    if (!entry.path.empty()) out.entries.push_back(std::move(entry));
  }
  if (!c.ok()) out.fault = "entries are cut off";
}

Cache parse(Bytes data) {
  Cache out;
  ByteCursor c(data);
  const auto signature = c.le<std::uint32_t>("signature");
  if (!c.ok()) {
    out.fault = "it is too short";
  } else if (signature == kXp) {
    read_xp(ByteCursor(data), out);
  } else if (signature == kVista || signature == kSeven) {
    read_fixed(ByteCursor(data), signature, out);
  } else if (has_at(data, 128, "00ts") || has_at(data, 128, "10ts")) {
    read_tagged(ByteCursor(data), 128, false, out);
  } else if (signature < data.size() && has_at(data, signature, "10ts")) {
    read_tagged(ByteCursor(data), signature, true, out);
  } else {
    out.fault = fmt::format("signature {:#x} is not known", signature);
  }
  return out;
}

void read(const RegfKey& key, RegistryFacts& out) {
  const auto value = key.value("AppCompatCache");
  if (!value || value->data().empty()) return;
  const Cache cache = parse(value->data());
  for (std::size_t i = 0; i < cache.entries.size(); ++i) {
    const Entry& entry = cache.entries[i];
    Event event = out.about(action::kFileSeen, key, *value);
    event.when = from_filetime(entry.modified);
    event.when_meaning = event.when.status == TimeStatus::kNotSet ? Meaning::kOther : Meaning::kModified;
    event.object_kind = "program";
    event.object = entry.path;
    event.path = entry.path;
    event.object_size = entry.size;
    event.how = "shimcache: last change of the file";
    event.record = i;
    if (entry.executed) event.attribute("insert_flag", *entry.executed ? "yes" : "no");
    out.give(std::move(event));
  }
  if (!cache.fault.empty()) out.fault(DamageKind::kRange, *value, "AppCompatCache: " + cache.fault);
}

constexpr std::array kKeys = {"SYSTEM\\ControlSet*\\Control\\Session Manager\\AppCompatCache"sv,
                              "SYSTEM\\ControlSet*\\Control\\Session Manager\\AppCompatibility"sv};
constexpr std::array kFields = {
    FieldSpec{"insert_flag", "", "flag 2 of the entry (Vista to 8.1): set when the loader took it in"}};
constexpr std::array kReferences = {
    "https://winreg-kb.readthedocs.io/en/latest/sources/system-keys/Application-compatibility-cache.html"sv};

}  // namespace

extern const RegistryPlugin registry_shimcache;
constinit const RegistryPlugin registry_shimcache{
    .id = "windows.registry.shimcache",
    .version = 1,
    .title_en = "Application compatibility cache (ShimCache)",
    .title_ja = "アプリケーション互換性キャッシュ(ShimCache)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
