// SPDX-License-Identifier: Apache-2.0
//   record    := "FILE" … first_attribute(2 @0x14) … allocated(4 @0x1c) base_record(6 @0x20) … attribute* ffffffff
//   attribute := type(4) length(4) nonresident(1 @0x08) … content_length(4 @0x10) content_offset(2 @0x14)
// Little-endian. Spec: libyal/libfsntfs, "New Technologies File System (NTFS)", MFT entry and attribute.
#include "engine/resident_owner.h"

namespace triage {
namespace {

constexpr std::uint32_t kData = 0x80;
constexpr std::uint32_t kEnd = 0xffffffff;
constexpr std::uint32_t kLeastRecord = 512;
constexpr std::uint32_t kLargestRecord = 64 * 1024;
constexpr unsigned kMostAttributes = 1024;

bool is_record(Bytes bytes) { return has_at(bytes, 0, "FILE"); }

/// The size that the table's records have, by the first one in sight; 0 where it makes no sense.
std::uint32_t record_size(Bytes table) {
  ByteCursor cursor(table);
  cursor.seek(0x1c, "allocated");
  const auto size = cursor.le<std::uint32_t>("allocated");
  const bool sound = cursor.ok() && is_record(table) && size >= kLeastRecord && size <= kLargestRecord;
  return sound && (size & (size - 1)) == 0 ? size : 0;
}

/// True where one resident $DATA of `record` holds [offset, offset + length).
bool data_holds(Bytes record, std::uint64_t offset, std::uint64_t length) {
  ByteCursor head(record);
  head.seek(0x14, "first_attribute");
  std::uint64_t at = head.le<std::uint16_t>("first_attribute");
  for (unsigned i = 0; i < kMostAttributes; ++i) {
    ByteCursor cursor(record);
    cursor.seek(at, "attribute");
    const auto type = cursor.le<std::uint32_t>("type");
    const auto size = cursor.le<std::uint32_t>("length");
    const auto nonresident = cursor.le<std::uint8_t>("nonresident");
    cursor.skip(7, "name, flags, id");
    const auto content = cursor.le<std::uint32_t>("content_length");
    const auto begin = at + cursor.le<std::uint16_t>("content_offset");
    if (!cursor.ok() || type == kEnd || size < 16) return false;
    if (type == kData && nonresident == 0 && offset >= begin && length <= content && offset - begin <= content - length)
      return true;
    at += size;
  }
  return false;
}

}  // namespace

std::optional<std::uint64_t> resident_owner(Bytes table, std::uint64_t table_offset, std::uint64_t offset,
                                            std::uint64_t length) {
  const std::uint64_t size = record_size(table);
  if (size == 0 || table_offset % size != 0 || offset >= table.size()) return std::nullopt;
  const std::uint64_t begin = offset - offset % size;
  if (table.size() - begin < size) return std::nullopt;
  const Bytes record = table.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(size));
  if (!is_record(record) || !data_holds(record, offset - begin, length)) return std::nullopt;
  ByteCursor cursor(record);
  cursor.seek(0x20, "base_record");
  const std::uint64_t base = cursor.le<std::uint64_t>("base_record") & 0xffffffffffff;
  return base != 0 ? base : (table_offset + begin) / size;
}

}  // namespace triage
