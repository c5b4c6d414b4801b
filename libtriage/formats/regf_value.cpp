// SPDX-License-Identifier: Apache-2.0
// Keys and values of an open hive. A value's record:
//   "vk" u16 name bytes, u32 data size (high bit: the data is in the next field), u32 data, u32 type, u16 flags, u16,
//   name
// Big data (over 16344 bytes, since 1.4): "db" u16 segments, u32 cell of their list.
// Spec: msuhanov/regf, "Key value", "Big data".
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bytes/text.h"
#include "formats/regf.h"
#include "formats/windows_sid.h"

namespace triage {
namespace {

constexpr std::uint32_t kInline = 0x80000000;
constexpr std::size_t kSegment = 16344;
constexpr std::uint32_t kMaxValues = 1U << 20;
constexpr std::uint16_t kLatin1Name = 1;
constexpr int kMaxDepth = 512;

std::string latin1_to_utf8(Bytes raw) {
  std::string out;
  out.reserve(raw.size());
  for (const std::byte b : raw) {
    const auto u = std::to_integer<unsigned>(b);
    if (u < 0x80) {
      out.push_back(static_cast<char>(u));
    } else {
      out.push_back(static_cast<char>(0xc0 | u >> 6));
      out.push_back(static_cast<char>(0x80 | (u & 0x3f)));
    }
  }
  return out;
}

bool is_text_type(std::uint32_t type) {
  return type == regf_type::kSz || type == regf_type::kExpandSz || type == regf_type::kLink ||
         type == regf_type::kMultiSz;
}

/// Cuts at a character's border.
std::string cut(std::string text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
  text.resize(limit);
  return text + "…";
}

}  // namespace

std::string regf_type_name(std::uint32_t type) {
  static constexpr std::array<std::string_view, 12> kNames = {"REG_NONE",
                                                              "REG_SZ",
                                                              "REG_EXPAND_SZ",
                                                              "REG_BINARY",
                                                              "REG_DWORD",
                                                              "REG_DWORD_BE",
                                                              "REG_LINK",
                                                              "REG_MULTI_SZ",
                                                              "REG_RESOURCE_LIST",
                                                              "REG_FULL_RESOURCE_DESCRIPTOR",
                                                              "REG_RESOURCE_REQUIREMENTS_LIST",
                                                              "REG_QWORD"};
  return type < kNames.size() ? std::string(kNames[type]) : fmt::format("type {:#x}", type);
}

std::optional<std::string> RegfValue::text() const {
  if (!is_text_type(type)) return std::nullopt;
  std::string out = utf16le_zstring(data());
  if (out.empty()) return std::nullopt;
  return out;
}

std::vector<std::string> RegfValue::texts() const {
  std::vector<std::string> out;
  if (!is_text_type(type)) return out;
  const std::string all = utf16le_to_utf8(data());
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = std::min(all.find('\0', begin), all.size());
    if (end > begin) out.push_back(all.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

std::optional<std::uint64_t> RegfValue::integer() const {
  ByteCursor c(data());
  if (type == regf_type::kDword && c.size() >= 4) return c.le<std::uint32_t>("number");
  if (type == regf_type::kDwordBigEndian && c.size() >= 4) return c.be<std::uint32_t>("number");
  if (type == regf_type::kQword && c.size() >= 8) return c.le<std::uint64_t>("number");
  return std::nullopt;
}

std::optional<Timestamp> RegfValue::filetime() const {
  ByteCursor c(data());
  if (c.size() != 8) return std::nullopt;
  return from_filetime(c.le<std::uint64_t>("stamp"));
}

std::string RegfValue::shown(std::size_t limit) const {
  if (type == regf_type::kMultiSz) {
    std::string out;
    for (const std::string& one : texts()) {
      if (!out.empty()) out += "; ";
      out += one;
      if (out.size() > limit) break;
    }
    return cut(std::move(out), limit);
  }
  if (is_text_type(type)) return cut(text().value_or(""), limit);
  if (const auto number = integer()) return fmt::format("{}", *number);
  const std::size_t bytes = std::min(data().size(), limit / 2);
  return to_hex(data().first(bytes)) + (bytes < data().size() ? "…" : "");
}

std::vector<std::byte> RegfHive::big_data(Bytes record, std::uint32_t size) const {
  ByteCursor c(record);
  c.skip(2, "signature");
  const auto segments = c.le<std::uint16_t>("segments");
  const Bytes list = cell(c.le<std::uint32_t>("segment list"));
  ByteCursor offsets(list);
  std::vector<std::byte> out;
  const std::size_t count = std::min<std::size_t>(segments, list.size() / 4);
  for (std::size_t i = 0; i < count && out.size() < size && spend(kSegment); ++i) {
    const Bytes part = cell(offsets.le<std::uint32_t>("segment"));
    const std::size_t wanted = std::min({part.size(), kSegment, std::size_t{size} - out.size()});
    out.insert(out.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(wanted));
    if (wanted == 0) break;
  }
  return out;
}

bool RegfHive::spend(std::uint64_t work) const {
  work_left_ -= std::min(work_left_, work);
  return work_left_ != 0;
}

std::optional<RegfValue> RegfHive::value_record(std::uint32_t offset) const {
  const Bytes record = cell(offset);
  if (!has_at(record, 0, "vk") || record.size() < 20) return std::nullopt;
  ByteCursor c(record);
  c.skip(2, "signature");
  const auto name_bytes = c.le<std::uint16_t>("name length");
  const auto stored_size = c.le<std::uint32_t>("data size");
  const auto place = c.le<std::uint32_t>("data offset");
  RegfValue out;
  out.type = c.le<std::uint32_t>("type");
  const auto flags = c.le<std::uint16_t>("flags");
  c.skip(2, "spare");
  const Bytes name = c.take(name_bytes, "name");
  if (!c.ok()) return std::nullopt;
  out.name = (flags & kLatin1Name) != 0 ? latin1_to_utf8(name) : utf16le_to_utf8(name);
  out.at = kRegfBaseBlock + offset + 4ULL;
  out.length = c.position();
  out.replayed = differs(out.at, out.length);
  if ((stored_size & kInline) != 0) {
    const std::size_t size = std::min<std::size_t>(stored_size & ~kInline, 4);
    out.stored = record.subspan(8, size);
    return out;
  }
  if (stored_size == 0) return out;
  const Bytes data = cell(place);
  if (stored_size > kSegment && base_block_.minor > 3 && has_at(data, 0, "db")) {
    out.joined = big_data(data, stored_size);
    out.whole = out.joined.size() == stored_size;
  } else {
    out.stored = data.first(std::min<std::size_t>(stored_size, data.size()));
    out.whole = out.stored.size() == stored_size;
  }
  out.replayed = out.replayed || (!data.empty() && differs(kRegfBaseBlock + place + 4ULL,
                                                           std::min<std::size_t>(stored_size, data.size())));
  return out;
}

std::string RegfKey::name() const {
  const auto record = hive_->key_record(hive_->nodes_[index_].cell);
  if (!record) return {};
  return record->latin1_name() ? latin1_to_utf8(record->name) : utf16le_to_utf8(record->name);
}

std::string RegfKey::path() const {
  std::vector<std::string> names;
  std::uint32_t at = index_;
  for (int depth = 0; depth < kMaxDepth; ++depth) {
    const RegfHive::Node& node = hive_->nodes_[at];
    if (node.parent == RegfHive::kNoNode) {
      if (node.recovered) names.push_back(RegfKey(*hive_, at).name()), names.emplace_back("?");
      break;
    }
    names.push_back(RegfKey(*hive_, at).name());
    at = node.parent;
  }
  std::string out;
  for (auto it = names.rbegin(); it != names.rend(); ++it) out += (out.empty() ? "" : "\\") + *it;
  return out;
}

Timestamp RegfKey::last_write() const {
  const auto record = hive_->key_record(hive_->nodes_[index_].cell);
  return record ? from_filetime(record->last_write) : Timestamp{};
}

std::optional<std::string> RegfKey::class_name() const {
  const auto record = hive_->key_record(hive_->nodes_[index_].cell);
  if (!record || record->class_bytes == 0) return std::nullopt;
  const Bytes data = hive_->cell(record->class_name);
  std::string out = utf16le_to_utf8(data.first(std::min<std::size_t>(data.size(), record->class_bytes)));
  if (out.empty()) return std::nullopt;
  return out;
}

std::optional<std::string> RegfKey::owner_sid() const {
  const auto record = hive_->key_record(hive_->nodes_[index_].cell);
  const Bytes cell = record ? hive_->cell(record->security) : Bytes{};
  if (!has_at(cell, 0, "sk") || cell.size() < 20) return std::nullopt;
  std::string out = descriptor_owner(cell.subspan(20));
  if (out.empty()) return std::nullopt;
  return out;
}

std::uint32_t RegfKey::value_count() const {
  const auto record = hive_->key_record(hive_->nodes_[index_].cell);
  return record ? record->value_count : 0;
}
std::uint32_t RegfKey::subkey_count() const {
  const auto record = hive_->key_record(hive_->nodes_[index_].cell);
  return record ? record->subkey_count : 0;
}
bool RegfKey::recovered() const { return hive_->nodes_[index_].recovered; }
std::uint64_t RegfKey::at() const { return kRegfBaseBlock + hive_->nodes_[index_].cell + 4ULL; }
std::uint64_t RegfKey::length() const {
  const auto record = hive_->key_record(hive_->nodes_[index_].cell);
  return record ? 76 + record->name.size() : 0;
}
bool RegfKey::replayed() const { return hive_->differs(at(), length()); }

std::optional<RegfKey> RegfKey::parent() const {
  const std::uint32_t index = hive_->nodes_[index_].parent;
  if (index == RegfHive::kNoNode) return std::nullopt;
  return RegfKey(*hive_, index);
}

std::vector<RegfKey> RegfKey::subkeys() const {
  std::vector<RegfKey> out;
  for (std::uint32_t i = hive_->nodes_[index_].first_child; i != RegfHive::kNoNode; i = hive_->nodes_[i].next_sibling)
    out.emplace_back(*hive_, i);
  return out;
}

std::optional<RegfKey> RegfKey::subkey(std::string_view name) const {
  const std::string wanted = ascii_lower(name);
  for (std::uint32_t i = hive_->nodes_[index_].first_child; i != RegfHive::kNoNode; i = hive_->nodes_[i].next_sibling) {
    const RegfKey key(*hive_, i);
    if (!hive_->nodes_[i].recovered && ascii_lower(key.name()) == wanted) return key;
  }
  return std::nullopt;
}

std::optional<RegfKey> RegfKey::at_path(std::string_view path) const {
  std::optional<RegfKey> key = *this;
  while (key && !path.empty()) {
    const std::size_t end = std::min(path.find('\\'), path.size());
    key = key->subkey(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return key;
}

std::vector<RegfValue> RegfKey::values() const {
  std::vector<RegfValue> out;
  const auto record = hive_->key_record(hive_->nodes_[index_].cell);
  if (!record || record->value_count == 0) return out;
  const Bytes list = hive_->cell(record->value_list);
  const std::size_t count = std::min<std::size_t>({record->value_count, list.size() / 4, kMaxValues});
  ByteCursor c(list);
  for (std::size_t i = 0; i < count; ++i) {
    auto value = hive_->value_record(c.le<std::uint32_t>("value"));
    if (!hive_->spend(16 + (value ? value->data().size() + value->name.size() : 0))) break;
    if (!value) continue;
    value->recovered = recovered();
    out.push_back(std::move(*value));
  }
  return out;
}

std::optional<RegfValue> RegfKey::value(std::string_view name) const {
  const std::string wanted = ascii_lower(name);
  for (RegfValue& value : values())
    if (ascii_lower(value.name) == wanted) return std::move(value);
  return std::nullopt;
}

std::optional<std::string> RegfKey::text(std::string_view name) const {
  const auto found = value(name);
  return found ? found->text() : std::nullopt;
}

std::optional<std::uint64_t> RegfKey::integer(std::string_view name) const {
  const auto found = value(name);
  return found ? found->integer() : std::nullopt;
}

}  // namespace triage
