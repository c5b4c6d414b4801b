// SPDX-License-Identifier: Apache-2.0
// A record: u8 last fixed column, u8 last variable column, u16 offset of the variable sizes; fixed columns one after
// another, bitmap of the fixed ones that are null; u16 end of each variable column (bit 15: null), their data; tagged
// columns: {u16 id, u16 offset}…, data. Where offsets have bit 14 set (or pages are large) the data begins with flags:
//   1 variable, 2 compressed, 4 long value (an id), 8 several values, 16 several values of one size
// Spec: libyal/libesedb, "Extensible Storage Engine (ESE) Database File (EDB) format", "Data definition".
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "bytes/text.h"
#include "formats/ese.h"
#include "formats/shell_item.h"

namespace triage {
namespace {

constexpr std::uint32_t kFirstVariable = 128, kFirstTagged = 256;
constexpr unsigned kCompressed = 2, kLong = 4, kSeveral = 8 | 16;
constexpr std::size_t kMaxValue = 4 << 20;
constexpr double kDaysTo1970 = 25569.0;  // from 1899-12-30
constexpr double kDaysMost = 130000.0;   // year 2255

std::uint32_t fixed_size(const EseColumn& column) {
  switch (column.type) {
    case EseType::kBit:
    case EseType::kU8: return 1;
    case EseType::kI16:
    case EseType::kU16: return 2;
    case EseType::kI32:
    case EseType::kU32:
    case EseType::kF32: return 4;
    case EseType::kCurrency:
    case EseType::kF64:
    case EseType::kDateTime:
    case EseType::kI64: return 8;
    case EseType::kGuid: return 16;
    default: return column.size;
  }
}

struct Shape {
  std::uint32_t last_fixed = 0, last_variable = 0;
  std::size_t sizes_at = 0;
};

Shape shape_of(ByteCursor& c) {
  Shape out;
  out.last_fixed = c.le<std::uint8_t>("last fixed column");
  out.last_variable = c.le<std::uint8_t>("last variable column");
  out.sizes_at = c.le<std::uint16_t>("variable sizes");
  return out;
}

std::optional<Bytes> fixed_value(Bytes record, const Shape& shape, const EseTable& table, const EseColumn& column) {
  if (column.id > shape.last_fixed) return std::nullopt;
  std::size_t at = 4;
  for (const EseColumn& one : table.columns) {
    if (one.id >= column.id) break;
    at += fixed_size(one);
  }
  const std::size_t bitmap = (shape.last_fixed + 7) / 8;
  const std::size_t size = fixed_size(column);
  if (shape.sizes_at < bitmap || shape.sizes_at > record.size() || at + size > shape.sizes_at - bitmap)
    return std::nullopt;
  const std::size_t bit = column.id - 1;
  const auto nulls = std::to_integer<unsigned>(record[shape.sizes_at - bitmap + bit / 8]);
  if ((nulls >> (bit % 8) & 1U) != 0) return std::nullopt;
  return record.subspan(at, size);
}

/// Ends of the variable columns; how many there are.
std::size_t variable_count(const Shape& shape) {
  return shape.last_variable >= kFirstVariable ? shape.last_variable - kFirstVariable + 1 : 0;
}

std::optional<Bytes> variable_value(Bytes record, const Shape& shape, std::uint32_t id) {
  const std::size_t count = variable_count(shape);
  const std::size_t index = id - kFirstVariable;
  if (index >= count) return std::nullopt;
  ByteCursor c(record);
  std::size_t begin = 0;
  if (index > 0) {
    c.seek(shape.sizes_at + 2 * (index - 1), "variable sizes");
    begin = c.le<std::uint16_t>("end") & 0x7fffU;
  } else {
    c.seek(shape.sizes_at, "variable sizes");
  }
  const unsigned end = c.le<std::uint16_t>("end");
  const std::size_t base = shape.sizes_at + 2 * count;
  if (!c.ok() || (end & 0x8000U) != 0 || end < begin || base > record.size() || end > record.size() - base)
    return std::nullopt;
  return record.subspan(base + begin, end - begin);
}

struct Tagged {
  Bytes data;
  unsigned flags = 0;
};

std::optional<Tagged> tagged_value(Bytes record, const Shape& shape, std::uint32_t id, bool large_pages) {
  const std::size_t count = variable_count(shape);
  std::size_t base = shape.sizes_at + 2 * count;
  ByteCursor c(record);
  if (count > 0) {
    c.seek(shape.sizes_at + 2 * (count - 1), "variable sizes");
    base += c.le<std::uint16_t>("end") & 0x7fffU;
  }
  if (!c.ok() || base + 4 > record.size()) return std::nullopt;
  const Bytes area = record.subspan(base);
  const unsigned mask = large_pages ? 0x7fff : 0x3fff;
  ByteCursor rows(area);
  rows.skip(2, "id");
  const std::size_t columns = (rows.le<std::uint16_t>("offset") & mask) / 4;
  for (std::size_t i = 0; i < std::min(columns, area.size() / 4); ++i) {
    ByteCursor row(area.subspan(i * 4));
    if (row.le<std::uint16_t>("id") != id) continue;
    const unsigned place = row.le<std::uint16_t>("offset");
    std::size_t end = area.size();
    if (i + 1 < columns) {
      row.skip(2, "next id");
      end = row.le<std::uint16_t>("next offset") & mask;
    }
    const std::size_t begin = place & mask;
    if (!row.ok() || begin > end || end > area.size()) return std::nullopt;
    Tagged out{area.subspan(begin, end - begin), 0};
    if ((large_pages || (place & 0x4000U) != 0) && !out.data.empty()) {
      out.flags = std::to_integer<unsigned>(out.data[0]);
      out.data = out.data.subspan(1);
    }
    return out;
  }
  return std::nullopt;
}

/// The first of several values: an array of u16 offsets stands before them (or, of one size, a u8 size).
Bytes first_of_several(const Tagged& value) {
  ByteCursor c(value.data);
  if ((value.flags & 16U) != 0) {
    const auto size = c.le<std::uint8_t>("size");
    return c.take(std::min<std::size_t>(size, c.remaining()), "value");
  }
  const std::size_t begin = c.le<std::uint16_t>("offset") & 0x7fffU;
  const std::size_t end = begin >= 4 ? c.le<std::uint16_t>("offset") & 0x7fffU : value.data.size();
  if (!c.ok() || begin > end || end > value.data.size()) return {};
  return value.data.subspan(begin, end - begin);
}

std::vector<std::byte> copy(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

std::optional<std::vector<std::byte>> EseRow::raw(const EseColumn& column) const {
  ByteCursor c(record_);
  const Shape shape = shape_of(c);
  if (!c.ok()) return std::nullopt;
  if (column.id < kFirstVariable) {
    const auto found = fixed_value(record_, shape, table_, column);
    return found ? std::optional(copy(*found)) : std::nullopt;
  }
  if (column.id < kFirstTagged) {
    const auto found = variable_value(record_, shape, column.id);
    return found ? std::optional(copy(*found)) : std::nullopt;
  }
  const auto found = tagged_value(record_, shape, column.id, view_.large_pages_);
  if (!found) return std::nullopt;
  if ((found->flags & kSeveral) != 0) return copy(first_of_several(*found));
  std::vector<std::byte> out = copy(found->data);
  if ((found->flags & kLong) != 0) {
    out = view_.long_value(table_, found->data);
    if (out.empty()) return std::nullopt;
    if ((found->flags & kCompressed) == 0) return out;
  }
  if ((found->flags & kCompressed) != 0) return ese_decompress(out, kMaxValue);
  return out;
}

std::optional<std::int64_t> EseRow::integer(std::string_view name) const {
  const EseColumn* column = table_.column(name);
  const auto bytes = column != nullptr ? raw(*column) : std::nullopt;
  if (!bytes) return std::nullopt;
  ByteCursor c(*bytes);
  switch (column->type) {
    case EseType::kBit:
    case EseType::kU8: return c.le<std::uint8_t>("value");
    case EseType::kI16: return c.le<std::int16_t>("value");
    case EseType::kU16: return c.le<std::uint16_t>("value");
    case EseType::kI32: return c.le<std::int32_t>("value");
    case EseType::kU32: return c.le<std::uint32_t>("value");
    case EseType::kCurrency:
    case EseType::kDateTime:
    case EseType::kI64: return c.le<std::int64_t>("value");
    default: return std::nullopt;
  }
}

std::optional<std::string> EseRow::text(std::string_view name) const {
  const EseColumn* column = table_.column(name);
  const auto bytes = column != nullptr ? raw(*column) : std::nullopt;
  if (!bytes) return std::nullopt;
  std::string out;
  if (column->type == EseType::kGuid) {
    out = guid_text(*bytes);
  } else if (column->code_page == 1200) {
    out = utf16le_to_utf8(*bytes);
  } else if (column->type == EseType::kText || column->type == EseType::kLongText) {
    out = decode_name(as_chars(*bytes));
  }
  out.resize(std::min(out.size(), out.find('\0')));
  if (out.empty()) return std::nullopt;
  return out;
}

std::optional<std::vector<std::byte>> EseRow::binary(std::string_view name) const {
  const EseColumn* column = table_.column(name);
  return column != nullptr ? raw(*column) : std::nullopt;
}

std::optional<Timestamp> EseRow::date(std::string_view name) const {
  const auto number = integer(name);
  if (!number) return std::nullopt;
  const auto raw_bits = static_cast<std::uint64_t>(*number);
  const auto days = std::bit_cast<double>(*number);
  const EseColumn* column = table_.column(name);
  // A FILETIME of this century is, as a double, next to nothing; an OLE date is, as a FILETIME, after the year 9999.
  const bool ole =
      column != nullptr && column->type == EseType::kDateTime && std::isfinite(days) && days > 1 && days < kDaysMost;
  if (!ole) return from_filetime(raw_bits);
  const auto millis = static_cast<std::int64_t>(std::round((days - kDaysTo1970) * 86400000.0));
  const std::int64_t seconds = millis >= 0 ? millis / 1000 : -((999 - millis) / 1000);
  Timestamp out =
      from_unix(seconds, static_cast<std::uint32_t>(millis - seconds * 1000) * 1000000U, Precision::kMillisecond);
  out.raw = fmt::format("{:#018x}", raw_bits);
  return out;
}

}  // namespace triage
