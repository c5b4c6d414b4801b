// SPDX-License-Identifier: Apache-2.0
#include "formats/binxml_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <iterator>

#include "bytes/json.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "formats/peek.h"
#include "formats/shell_item.h"
#include "formats/windows_sid.h"

namespace triage {
namespace {

constexpr std::size_t kMaxElements = 4096;  // of an array; more than a chunk's usual record holds

BinXmlType base_type(const BinXmlValue& value) {
  return static_cast<BinXmlType>(
      value.type == static_cast<std::uint8_t>(BinXmlType::kText) ? value.type : value.type & ~unsigned{kBinXmlArray});
}
bool is_array(const BinXmlValue& value) { return (value.type & kBinXmlArray) != 0; }

bool is_text(BinXmlType type) {
  return type == BinXmlType::kString || type == BinXmlType::kAnsiString || type == BinXmlType::kText;
}

std::size_t fixed_size(BinXmlType type) {
  switch (type) {
    case BinXmlType::kInt8:
    case BinXmlType::kUint8: return 1;
    case BinXmlType::kInt16:
    case BinXmlType::kUint16: return 2;
    case BinXmlType::kInt32:
    case BinXmlType::kUint32:
    case BinXmlType::kFloat:
    case BinXmlType::kBool:
    case BinXmlType::kHex32: return 4;
    case BinXmlType::kInt64:
    case BinXmlType::kUint64:
    case BinXmlType::kDouble:
    case BinXmlType::kFiletime:
    case BinXmlType::kHex64: return 8;
    case BinXmlType::kGuid:
    case BinXmlType::kSystemtime: return 16;
    default: return 0;
  }
}

/// Without the NULs that some writers leave at the end of text.
Bytes trimmed(BinXmlType type, Bytes data) {
  if (type == BinXmlType::kString) {
    data = data.first(data.size() / 2 * 2);
    while (data.size() >= 2 && data[data.size() - 1] == std::byte{0} && data[data.size() - 2] == std::byte{0})
      data = data.first(data.size() - 2);
    return data;
  }
  while (!data.empty() && data.back() == std::byte{0}) data = data.first(data.size() - 1);
  return data;
}

/// Appends `data` as a JSON string when every unit is plain ASCII; else leaves `out` as it was.
bool append_plain_json(std::string& out, Bytes data) {
  const std::size_t begin = out.size();
  const std::size_t units = data.size() / 2;
  out.resize(begin + units + 2);
  out[begin] = '"';
  for (std::size_t i = 0; i < units; ++i) {
    const auto low = std::to_integer<unsigned>(data[2 * i]);
    if (data[2 * i + 1] != std::byte{0} || low < 0x20 || low >= 0x7f || low == '"' || low == '\\') {
      out.resize(begin);
      return false;
    }
    out[begin + 1 + i] = static_cast<char>(low);
  }
  out[begin + 1 + units] = '"';
  return true;
}

void append_plain(std::string& out, BinXmlType type, Bytes data) {
  data = trimmed(type, data);
  if (type == BinXmlType::kString) {
    append_utf16(out, data);
  } else if (type == BinXmlType::kText) {
    out += as_chars(data);
  } else {
    out += decode_name(as_chars(data));
  }
}

template <typename T>
void append_decimal(std::string& out, T number) {
  std::array<char, 24> buffer{};
  const auto done = std::to_chars(buffer.begin(), buffer.end(), number);
  out.append(buffer.data(), static_cast<std::size_t>(std::distance(buffer.data(), done.ptr)));
}

void append_hex(std::string& out, std::uint64_t number) {
  std::array<char, 24> buffer{};
  const auto done = std::to_chars(buffer.begin(), buffer.end(), number, 16);
  out += "0x";
  out.append(buffer.data(), static_cast<std::size_t>(std::distance(buffer.data(), done.ptr)));
}

void append_systemtime(std::string& out, Bytes data) {
  const auto nanos =
      nanos_from_civil(le_at<std::uint16_t>(data, 0), le_at<std::uint16_t>(data, 2), le_at<std::uint16_t>(data, 6),
                       le_at<std::uint16_t>(data, 8), le_at<std::uint16_t>(data, 10), le_at<std::uint16_t>(data, 12),
                       std::uint32_t{le_at<std::uint16_t>(data, 14)} % 1000 * 1000000);
  out += nanos ? utc_text(*nanos, 3) : to_hex(data);
}

/// One value that is neither text nor an array. False when its size is not its type's: the caller shows the bytes.
bool append_scalar(std::string& out, BinXmlType type, Bytes data) {
  const std::size_t wanted = fixed_size(type);
  if (data.size() < wanted) return false;
  switch (type) {
    case BinXmlType::kInt8: append_decimal(out, int{le_at<std::int8_t>(data, 0)}); return true;
    case BinXmlType::kUint8: append_decimal(out, unsigned{le_at<std::uint8_t>(data, 0)}); return true;
    case BinXmlType::kInt16: append_decimal(out, le_at<std::int16_t>(data, 0)); return true;
    case BinXmlType::kUint16: append_decimal(out, le_at<std::uint16_t>(data, 0)); return true;
    case BinXmlType::kInt32: append_decimal(out, le_at<std::int32_t>(data, 0)); return true;
    case BinXmlType::kUint32: append_decimal(out, le_at<std::uint32_t>(data, 0)); return true;
    case BinXmlType::kInt64: append_decimal(out, le_at<std::int64_t>(data, 0)); return true;
    case BinXmlType::kUint64: append_decimal(out, le_at<std::uint64_t>(data, 0)); return true;
    case BinXmlType::kFloat: out += fmt::to_string(std::bit_cast<float>(le_at<std::uint32_t>(data, 0))); return true;
    case BinXmlType::kDouble: out += fmt::to_string(std::bit_cast<double>(le_at<std::uint64_t>(data, 0))); return true;
    case BinXmlType::kBool: out += le_at<std::uint32_t>(data, 0) != 0 ? "true" : "false"; return true;
    case BinXmlType::kGuid: out += guid_text(data.first(16)); return true;
    case BinXmlType::kHex32: append_hex(out, le_at<std::uint32_t>(data, 0)); return true;
    case BinXmlType::kHex64: append_hex(out, le_at<std::uint64_t>(data, 0)); return true;
    case BinXmlType::kSystemtime: append_systemtime(out, data.first(16)); return true;
    case BinXmlType::kFiletime: {
      const auto nanos = nanos_from_filetime(le_at<std::uint64_t>(data, 0));
      if (nanos) out += utc_text(*nanos, 7);
      if (!nanos) append_hex(out, le_at<std::uint64_t>(data, 0));
      return true;
    }
    case BinXmlType::kSize:
      if (data.size() != 4 && data.size() != 8) return false;
      append_hex(out, data.size() == 4 ? le_at<std::uint32_t>(data, 0) : le_at<std::uint64_t>(data, 0));
      return true;
    case BinXmlType::kSid: {
      const std::string sid = sid_text(data);
      out += sid.empty() ? to_hex(data) : sid;
      return true;
    }
    default: return false;
  }
}

bool is_json_number(BinXmlType type) { return type >= BinXmlType::kInt8 && type <= BinXmlType::kUint64; }

/// Calls `each` with every element of an array, as a value of its own.
template <typename Each>
void for_each_element(const BinXmlValue& value, Each each) {
  const BinXmlType type = base_type(value);
  const auto one = static_cast<std::uint8_t>(type);
  Bytes left = value.data;
  for (std::size_t count = 0; !left.empty() && count < kMaxElements; ++count) {
    std::size_t size = fixed_size(type);
    std::size_t skipped = 0;
    if (is_text(type)) {
      const std::size_t unit = type == BinXmlType::kString ? 2 : 1;
      const auto is_end = [&](std::size_t at) {
        return left[at] == std::byte{0} && (unit == 1 || left[at + 1] == std::byte{0});
      };
      size = 0;
      while (size + unit <= left.size() && !is_end(size)) size += unit;
      skipped = unit;
    } else if (type == BinXmlType::kSid) {
      size = 8 + std::size_t{4} * (left.size() > 1 ? std::to_integer<std::size_t>(left[1]) : 0);
    }
    if (size == 0 && skipped == 0) size = left.size();
    each(BinXmlValue{one, value.at, left.first(std::min(size, left.size()))});
    left = left.subspan(std::min(size + skipped, left.size()));
  }
}

}  // namespace

bool BinXmlValue::empty() const {
  const BinXmlType base = base_type(*this);
  if (data.empty() || base == BinXmlType::kNull) return true;
  return is_text(base) && trimmed(base, data).empty();
}

void append_utf16(std::string& out, Bytes data) {
  const std::size_t begin = out.size();
  const std::size_t units = data.size() / 2;
  out.resize(begin + units);
  std::size_t done = 0;
  for (; done < units; ++done) {
    const auto low = std::to_integer<unsigned>(data[2 * done]);
    if (data[2 * done + 1] != std::byte{0} || low >= 0x80) break;
    out[begin + done] = static_cast<char>(low);
  }
  out.resize(begin + done);
  if (done < units) out += utf16le_to_utf8(data.subspan(2 * done));
}

void append_text(std::string& out, const BinXmlValue& value) {
  const BinXmlType type = base_type(value);
  if (is_array(value)) {
    const std::size_t begin = out.size();
    for_each_element(value, [&](const BinXmlValue& element) {
      if (out.size() != begin) out += ", ";
      append_text(out, element);
    });
  } else if (is_text(type)) {
    append_plain(out, type, value.data);
  } else if (!append_scalar(out, type, value.data)) {
    out += to_hex(value.data);
  }
}

std::string text_of(const BinXmlValue& value) {
  std::string out;
  append_text(out, value);
  return out;
}

void append_json(std::string& out, const BinXmlValue& value) {
  const BinXmlType type = base_type(value);
  if (value.empty()) {
    out += "null";
  } else if (is_array(value)) {
    out.push_back('[');
    bool first = true;
    for_each_element(value, [&](const BinXmlValue& element) {
      if (!first) out.push_back(',');
      first = false;
      append_json(out, element);
    });
    out.push_back(']');
  } else if (is_text(type)) {
    if (type == BinXmlType::kString && append_plain_json(out, trimmed(type, value.data))) return;
    std::string plain;
    append_plain(plain, type, value.data);
    append_json_string(out, plain);
  } else if (is_json_number(type) || type == BinXmlType::kBool) {
    if (!append_scalar(out, type, value.data)) append_json_string(out, to_hex(value.data));
  } else {
    out.push_back('"');  // hex, GUID, SID and times need no escapes
    append_text(out, value);
    out.push_back('"');
  }
}

std::optional<std::uint64_t> unsigned_of(const BinXmlValue& value) {
  const BinXmlType type = base_type(value);
  if (is_array(value)) return std::nullopt;
  switch (type) {
    case BinXmlType::kBool:
    case BinXmlType::kHex32:
    case BinXmlType::kHex64:
    case BinXmlType::kFiletime:
    case BinXmlType::kSize:
      if (value.data.size() != 4 && value.data.size() != 8) return std::nullopt;
      return value.data.size() == 4 ? le_at<std::uint32_t>(value.data, 0) : le_at<std::uint64_t>(value.data, 0);
    default: break;
  }
  if (!is_text(type) && !is_json_number(type)) return std::nullopt;
  const std::string text = text_of(value);
  const bool hex = text.starts_with("0x");
  const std::string_view digits = std::string_view(text).substr(hex ? 2 : 0);
  std::uint64_t out = 0;
  const char* end = digits.data() + digits.size();
  const auto done = std::from_chars(digits.data(), end, out, hex ? 16 : 10);
  if (digits.empty() || done.ec != std::errc{} || done.ptr != end) return std::nullopt;
  return out;
}

void append_elements(std::vector<BinXmlValue>& out, const BinXmlValue& value) {
  if (!is_array(value)) {
    out.push_back(value);
    return;
  }
  for_each_element(value, [&out](const BinXmlValue& element) { out.push_back(element); });
}

}  // namespace triage
