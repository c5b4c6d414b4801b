// SPDX-License-Identifier: Apache-2.0
// Binary: "bplist00", objects, offsets, trailer(32) := 6 bytes, u8 offset bytes, u8 reference bytes, u64 objects,
//   u64 top, u64 offsets at          big-endian
//   object := 0x00 null, 0x08/09 bool, 0x1n integer of 2^n bytes, 0x2n real, 0x33 date, 0x4n data, 0x5n ASCII,
//             0x6n UTF-16, 0x8n UID, 0xAn array, 0xDn dictionary; n = 15: an integer with the count follows
// XML: the seven elements and <key>. Spec: Apple CoreFoundation, CFBinaryPList.c; plist(5).
#include "formats/plist.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>

#include "bytes/base64.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "formats/peek.h"
#include "formats/xml_scan.h"

namespace triage {
namespace {

constexpr std::size_t kTrailer = 32;
constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxValues = 1 << 18;
constexpr std::size_t kMaxText = 64 << 20;  // of all values together: a text may be referred to many times
constexpr std::int64_t kEpoch = 978307200;  // 2001-01-01 in seconds since 1970

/// Big-endian integer of 1 to 8 bytes.
std::uint64_t be_number(Bytes raw) {
  std::uint64_t out = 0;
  for (const std::byte b : raw) out = out << 8 | std::to_integer<std::uint64_t>(b);
  return out;
}

std::optional<double> number_in(const std::string& text) {
  if (text.empty() || text.size() > 32 || text.find_first_not_of("+-.0123456789eE") != std::string::npos)
    return std::nullopt;
  const double out = std::strtod(text.c_str(), nullptr);
  return std::isfinite(out) ? std::optional(out) : std::nullopt;
}

class BinaryReader {
 public:
  explicit BinaryReader(Bytes data) : data_(data) {}
  Plist read();

 private:
  PlistValue value(std::uint64_t index, std::size_t depth);
  PlistValue container(Bytes refs, std::uint64_t count, bool dict, std::size_t depth);
  void fail(std::string_view what, std::size_t at) {
    if (!out_.fault.empty()) return;
    out_.fault = what;
    out_.fault_at = at;
  }

  Bytes data_;
  std::uint64_t offsets_at_ = 0, objects_ = 0;
  std::size_t offset_bytes_ = 0, ref_bytes_ = 0, values_ = 0, text_bytes_ = 0;
  Plist out_;
};

PlistValue BinaryReader::container(Bytes refs, std::uint64_t count, bool dict, std::size_t depth) {
  PlistValue out;
  out.kind = dict ? PlistKind::kDict : PlistKind::kArray;
  const auto ref = [&](std::uint64_t i) { return be_number(part(refs, i * ref_bytes_, ref_bytes_)); };
  for (std::uint64_t i = 0; i < count && values_ < kMaxValues; ++i) {
    if (!dict) {
      out.items.push_back(value(ref(i), depth + 1));
      continue;
    }
    PlistValue key = value(ref(i), depth + 1);
    out.members.emplace_back(std::move(key.text), value(ref(count + i), depth + 1));
  }
  return out;
}

PlistValue BinaryReader::value(std::uint64_t index, std::size_t depth) {
  PlistValue out;
  const std::uint64_t at = be_number(part(data_, offsets_at_ + index * offset_bytes_, offset_bytes_));
  if (index >= objects_ || at < 8 || !holds(data_, at, 1) || depth > kMaxDepth || ++values_ > kMaxValues) {
    fail(depth > kMaxDepth || values_ > kMaxValues ? "too deep or too many values" : "an object lies outside",
         static_cast<std::size_t>(at));
    return out;
  }
  const auto marker = be_at<std::uint8_t>(data_, at);
  const unsigned kind = marker >> 4, low = marker & 15;
  std::uint64_t count = low, from = at + 1;
  if (kind >= 4 && kind != 8 && low == 15) {
    const unsigned size = 1U << (be_at<std::uint8_t>(data_, from) & 3);
    count = be_number(part(data_, from + 1, size));
    from += 1 + size;
  }
  if (kind == 1 || kind == 2) count = std::uint64_t{1} << std::min(low, 4U);
  if (kind == 3) count = 8;
  if (kind == 8) count = std::uint64_t{low} + 1;
  const std::uint64_t unit = kind == 6 ? 2 : kind == 0xa ? ref_bytes_ : kind == 0xd ? 2 * ref_bytes_ : 1;
  if (kind != 0 && (count > data_.size() || !holds(data_, from, count * unit))) {
    fail("a value ends behind the file", static_cast<std::size_t>(at));
    return out;
  }
  const Bytes raw = kind == 0 ? Bytes{} : part(data_, from, count * unit);
  if ((kind >= 4 && kind <= 6) && (text_bytes_ += raw.size()) > kMaxText) {
    fail("too much text", static_cast<std::size_t>(at));
    return out;
  }
  const Bytes last8 = raw.size() > 8 ? raw.last(8) : raw;
  switch (kind) {
    case 0:
      if (low == 8 || low == 9) out.kind = PlistKind::kBool;
      out.integer = low == 9 ? 1 : 0;
      break;
    case 1:
    case 8:
      out.kind = kind == 1 ? PlistKind::kInteger : PlistKind::kUid;
      out.integer = static_cast<std::int64_t>(be_number(last8));
      break;
    case 2:
    case 3:
      out.kind = kind == 2 ? PlistKind::kReal : PlistKind::kDate;
      if (raw.size() == 4)
        out.real = static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(be_number(raw))));
      if (raw.size() == 8) out.real = std::bit_cast<double>(be_number(raw));
      break;
    case 4:
      out.kind = PlistKind::kData;
      out.text = as_chars(raw);
      break;
    case 5:
    case 6:
      out.kind = PlistKind::kText;
      out.text = kind == 5 ? to_valid_utf8(as_chars(raw)) : utf16be_to_utf8(raw);
      break;
    case 0xa:
    case 0xd: return container(raw, count, kind == 0xd, depth);
    default: fail("a value of an unknown kind", static_cast<std::size_t>(at));
  }
  return out;
}

Plist BinaryReader::read() {
  if (data_.size() < 8 + kTrailer) {
    fail("the trailer is missing", data_.size());
    return std::move(out_);
  }
  const std::size_t trailer = data_.size() - kTrailer;
  offset_bytes_ = be_at<std::uint8_t>(data_, trailer + 6);
  ref_bytes_ = be_at<std::uint8_t>(data_, trailer + 7);
  objects_ = be_at<std::uint64_t>(data_, trailer + 8);
  const auto top = be_at<std::uint64_t>(data_, trailer + 16);
  offsets_at_ = be_at<std::uint64_t>(data_, trailer + 24);
  const bool sizes = offset_bytes_ >= 1 && offset_bytes_ <= 8 && ref_bytes_ >= 1 && ref_bytes_ <= 8;
  if (!sizes || objects_ > data_.size() || !holds(data_, offsets_at_, objects_ * (sizes ? offset_bytes_ : 1))) {
    fail("the trailer cannot be", trailer);
    return std::move(out_);
  }
  out_.root = value(top, 0);
  return std::move(out_);
}

PlistValue date_of(const std::string& text) {
  PlistValue out;
  out.kind = PlistKind::kDate;
  out.text = text;
  if (const auto nanos = parse_time_text(text))
    out.real = static_cast<double>(*nanos / 1'000'000'000 - kEpoch);
  else
    out.kind = PlistKind::kText;
  return out;
}

PlistValue leaf_of(std::string_view name, std::string_view found) {
  PlistValue out;
  std::string text = xml_unescape(found);
  if (name == "true" || name == "false") {
    out.kind = PlistKind::kBool;
    out.integer = name == "true" ? 1 : 0;
  } else if (name == "date") {
    return date_of(text);
  } else if (name == "integer" || name == "real") {
    const auto number = number_in(text);
    out.kind = !number ? PlistKind::kText : name == "real" ? PlistKind::kReal : PlistKind::kInteger;
    if (number) out.real = *number;
    if (number && std::abs(*number) < 9e18) out.integer = std::strtoll(text.c_str(), nullptr, 10);
    out.text = std::move(text);
  } else if (name == "data") {
    std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
    out.kind = PlistKind::kData;
    out.text = from_base64(text).value_or("");
  } else {
    out.kind = PlistKind::kText;
    out.text = std::move(text);
  }
  return out;
}

class XmlReader {
 public:
  explicit XmlReader(std::string_view xml) : scan_(xml) {}
  Plist read();

 private:
  /// The value that `tag` opens; reads up to its end.
  PlistValue value(const XmlTag& tag, std::size_t depth);
  void fail(std::string_view what, std::size_t at) {
    if (!out_.fault.empty()) return;
    out_.fault = what;
    out_.fault_at = at;
  }
  XmlScan scan_;
  std::size_t values_ = 0;
  Plist out_;
};

PlistValue XmlReader::value(const XmlTag& tag, std::size_t depth) {
  PlistValue out;
  const bool dict = tag.name == "dict", array = tag.name == "array";
  if (depth > kMaxDepth || ++values_ > kMaxValues) {
    fail("too deep or too many values", tag.at);
    return out;
  }
  if (!dict && !array) {
    out = leaf_of(tag.name, tag.closes ? std::string_view{} : tag.text);
    XmlTag end;
    if (!tag.closes && (!scan_.next(end) || !end.closes)) fail("an element does not end", tag.at);
    return out;
  }
  out.kind = dict ? PlistKind::kDict : PlistKind::kArray;
  if (tag.closes) return out;
  std::string key;
  for (XmlTag one; scan_.next(one);) {
    if (!one.opens) return out;  // its own end
    if (dict && one.name == "key") {
      key = value(one, depth + 1).text;
    } else if (dict) {
      out.members.emplace_back(std::exchange(key, {}), value(one, depth + 1));
    } else {
      out.items.push_back(value(one, depth + 1));
    }
    if (!out_.fault.empty()) return out;
  }
  fail("an element does not end", tag.at);
  return out;
}

Plist XmlReader::read() {
  bool inside = false;
  for (XmlTag tag; scan_.next(tag);) {
    if (tag.name == "plist") {
      if (tag.closes) return std::move(out_);
      inside = true;
    } else if (inside && tag.opens) {
      out_.root = value(tag, 0);
      if (!out_.fault.empty()) return std::move(out_);
    }
  }
  fail("the list does not end", 0);
  return std::move(out_);
}

}  // namespace

const PlistValue* PlistValue::find(std::string_view name) const {
  for (const auto& [key, value] : members)
    if (key == name) return &value;
  return nullptr;
}

std::optional<std::string> PlistValue::text_of(std::string_view name) const {
  const PlistValue* value = find(name);
  return value == nullptr || value->kind != PlistKind::kText || value->text.empty() ? std::nullopt
                                                                                    : std::optional(value->text);
}

std::optional<std::int64_t> PlistValue::integer_of(std::string_view name) const {
  const PlistValue* value = find(name);
  return value == nullptr || value->kind != PlistKind::kInteger ? std::nullopt : std::optional(value->integer);
}

std::optional<double> PlistValue::seconds_of(std::string_view name) const {
  const PlistValue* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->kind == PlistKind::kDate || value->kind == PlistKind::kReal) return value->real;
  if (value->kind == PlistKind::kInteger) return static_cast<double>(value->integer);
  return value->kind == PlistKind::kText ? number_in(value->text) : std::nullopt;
}

std::optional<Plist> read_plist(Bytes data) {
  if (has_at(data, 0, "bplist0")) return BinaryReader(data).read();
  const std::string_view head = as_chars(data.first(std::min<std::size_t>(data.size(), 4096)));
  if (head.find("<plist") == std::string_view::npos) return std::nullopt;
  return XmlReader(as_chars(data)).read();
}

}  // namespace triage
