// SPDX-License-Identifier: Apache-2.0
#include "formats/mft_record.h"

#include <algorithm>
#include <limits>

#include "bytes/text.h"

namespace triage {

namespace {

constexpr std::size_t kSector = 512;
constexpr std::size_t kLargestRecord = 4096;
constexpr std::uint32_t kStandardInformation = 0x10;
constexpr std::uint32_t kAttributeList = 0x20;
constexpr std::uint32_t kFileName = 0x30;
constexpr std::uint32_t kEnd = 0xffffffff;
constexpr std::uint16_t kInUse = 1;
constexpr std::uint16_t kDirectory = 2;
constexpr std::size_t kMaxAttributes = 512;
constexpr std::size_t kMaxRuns = 4096;  // a record of 4 KiB holds no more

MftReference read_reference(ByteCursor& cursor) {
  const auto raw = cursor.le<std::uint64_t>("file reference");
  return {raw & 0xffff'ffff'ffffULL, static_cast<std::uint16_t>(raw >> 48)};
}

/// Created, modified, metadata changed, accessed.
EntryTimes read_times(ByteCursor& cursor) {
  EntryTimes times;
  times.created = from_filetime(cursor.le<std::uint64_t>("creation time"));
  times.modified = from_filetime(cursor.le<std::uint64_t>("modification time"));
  times.changed = from_filetime(cursor.le<std::uint64_t>("change time"));
  times.accessed = from_filetime(cursor.le<std::uint64_t>("access time"));
  return times;
}

/// The part of an attribute that both kinds share; `raw` is the whole attribute.
class AttributeReader {
 public:
  AttributeReader(Bytes raw, MftRecord& record) : raw_(raw), record_(record) {}

  void run() {
    ByteCursor cursor(raw_);
    out_.type = cursor.le<std::uint32_t>("type");
    cursor.skip(4, "length");
    out_.resident = cursor.le<std::uint8_t>("non-resident") == 0;
    const auto name_length = cursor.le<std::uint8_t>("name length");
    const auto name_offset = cursor.le<std::uint16_t>("name offset");
    out_.flags = cursor.le<std::uint16_t>("flags");
    out_.id = cursor.le<std::uint16_t>("id");
    ByteCursor name = cursor.sub(name_offset, std::size_t{name_length} * 2, "name");
    if (!cursor.ok()) return;
    if (out_.type == kAttributeList) record_.has_attribute_list = true;
    if (name_length != 0) out_.name = utf16le_to_utf8(name.data());
    if (out_.resident) {
      resident(cursor);
    } else {
      non_resident(cursor);
    }
  }

 private:
  [[nodiscard]] bool is_kept() const {
    return out_.type == kMftData || out_.type == kMftIndexAllocation || out_.type == kMftIndexRoot;
  }

  /// §6.2: the last three fields are there since NTFS 3.0.
  void standard_information(Bytes value) {
    ByteCursor c(value);
    EntryTimes read = read_times(c);
    if (!c.ok()) return;
    record_.times = std::move(read);
    record_.file_attributes = c.le<std::uint32_t>("file attributes");
    if (!c.ok()) record_.file_attributes.reset();
    c.skip(16, "versions, class, owner");
    const auto security = c.le<std::uint32_t>("security id");
    c.skip(8, "quota");
    const auto usn = c.le<std::uint64_t>("usn");
    if (!c.ok()) return;
    record_.security_id = security;
    record_.usn = usn;
  }

  void resident(ByteCursor& cursor) {
    const auto length = cursor.le<std::uint32_t>("value length");
    const auto offset = cursor.le<std::uint16_t>("value offset");
    const Bytes value = cursor.sub(offset, length, "value").data();
    if (!cursor.ok()) return;
    if (out_.type == kStandardInformation) {
      standard_information(value);
    } else if (out_.type == kFileName) {
      if (auto name = parse_mft_name(value)) record_.names.push_back(std::move(*name));
    } else if (is_kept()) {
      out_.value = std::string(as_chars(value));
      out_.size = out_.valid = value.size();
      record_.attributes.push_back(std::move(out_));
    }
  }

  void non_resident(ByteCursor& cursor) {
    if (!is_kept()) return;
    out_.first_vcn = cursor.le<std::uint64_t>("first vcn");
    const auto last = cursor.le<std::uint64_t>("last vcn");
    const auto runs = cursor.le<std::uint16_t>("runs offset");
    cursor.skip(6, "compression unit");
    out_.allocated = cursor.le<std::uint64_t>("allocated size");
    out_.size = cursor.le<std::uint64_t>("size");
    out_.valid = cursor.le<std::uint64_t>("valid size");
    if (!cursor.ok() || runs > raw_.size() || last == std::numeric_limits<std::uint64_t>::max()) {
      // An attribute without clusters states no last one.
      if (cursor.ok() && out_.first_vcn == 0) record_.attributes.push_back(std::move(out_));
      return;
    }
    out_.next_vcn = last + 1;
    out_.runs = parse_mft_runs(raw_.subspan(runs), &out_.sound);
    record_.attributes.push_back(std::move(out_));
  }

  Bytes raw_;
  MftRecord& record_;
  MftAttribute out_;
};

/// A number of `width` bytes (0 to 8), little-endian, signed on request.
std::uint64_t read_number(ByteCursor& cursor, unsigned width, bool is_signed) {
  std::uint64_t value = 0;
  std::uint8_t last = 0;
  for (unsigned i = 0; i < width; ++i) {
    last = cursor.le<std::uint8_t>("mapping pair");
    value |= std::uint64_t{last} << (8 * i);
  }
  if (is_signed && width != 0 && width < 8 && (last & 0x80) != 0) value |= ~std::uint64_t{0} << (8 * width);
  return value;
}

}  // namespace

std::optional<MftName> parse_mft_name(Bytes value) {
  ByteCursor cursor(value);
  MftName name;
  name.parent = read_reference(cursor);
  name.times = read_times(cursor);
  name.allocated = cursor.le<std::uint64_t>("allocated size");
  name.size = cursor.le<std::uint64_t>("size");
  name.flags = cursor.le<std::uint32_t>("file attributes");
  cursor.skip(4, "reparse tag");
  const auto length = cursor.le<std::uint8_t>("name length");
  name.space = cursor.le<std::uint8_t>("name space");
  const Bytes raw = cursor.take(std::size_t{length} * 2, "name");
  if (!cursor.ok() || length == 0) return std::nullopt;
  name.name = utf16le_to_utf8(raw);
  return name;
}

bool undo_update_sequence(std::vector<std::byte>& block) {
  ByteCursor cursor(block);
  cursor.seek(4, "update sequence");
  const auto offset = cursor.le<std::uint16_t>("update sequence offset");
  const auto count = cursor.le<std::uint16_t>("update sequence count");
  const std::size_t sectors = block.size() / kSector;
  if (!cursor.ok() || count != sectors + 1 || offset % 2 != 0 || offset + std::size_t{count} * 2 > kSector - 2)
    return false;
  for (std::size_t i = 0; i < sectors; ++i) {
    const std::size_t tail = (i + 1) * kSector - 2;
    const std::size_t saved = offset + 2 * (i + 1);
    if (block[tail] != block[offset] || block[tail + 1] != block[offset + std::size_t{1}]) return false;
    block[tail] = block[saved];
    block[tail + 1] = block[saved + 1];
  }
  return true;
}

std::optional<std::size_t> mft_record_size(Bytes head) {
  if (!has_at(head, 0, "FILE") || head.size() < 48) return std::nullopt;
  ByteCursor cursor(head);
  cursor.seek(0x18, "used size");
  const auto used = cursor.le<std::uint32_t>("used size");
  const auto size = cursor.le<std::uint32_t>("allocated size");
  const bool possible = size >= kSector && size <= kLargestRecord && size % kSector == 0 && used <= size && used >= 48;
  return possible ? std::optional<std::size_t>(size) : std::nullopt;
}

std::vector<MftRun> parse_mft_runs(Bytes raw, bool* sound) {
  std::vector<MftRun> out;
  ByteCursor cursor(raw);
  std::int64_t lcn = 0;
  *sound = false;
  while (out.size() < kMaxRuns) {
    const auto header = cursor.le<std::uint8_t>("mapping pair");
    if (!cursor.ok()) return out;
    if (header == 0) {
      *sound = true;
      return out;
    }
    const unsigned count_width = header & 0x0fU;
    const unsigned lcn_width = header >> 4U;
    if (count_width == 0 || count_width > 8 || lcn_width > 8) return out;
    MftRun run;
    run.count = read_number(cursor, count_width, false);
    const std::uint64_t step = read_number(cursor, lcn_width, true);
    if (!cursor.ok() || run.count == 0 || run.count >> 48 != 0) return out;
    if (lcn_width != 0) {
      lcn = static_cast<std::int64_t>(static_cast<std::uint64_t>(lcn) + step);
      if (lcn < 0 || lcn >> 48 != 0) return out;
      run.lcn = static_cast<std::uint64_t>(lcn);
    }
    out.push_back(run);
  }
  return out;
}

std::optional<MftRecord> parse_mft_record(Bytes raw) {
  const auto size = mft_record_size(raw);
  if (!size || *size != raw.size()) return std::nullopt;
  std::vector<std::byte> fixed(raw.begin(), raw.end());
  if (!undo_update_sequence(fixed)) return std::nullopt;
  return parse_mft_record_plain(fixed);
}

std::optional<MftRecord> parse_mft_record_plain(Bytes raw) {
  if (!mft_record_size(raw)) return std::nullopt;
  ByteCursor cursor(raw);
  cursor.seek(4, "update sequence");
  const auto sequence_offset = cursor.le<std::uint16_t>("update sequence offset");
  MftRecord record;
  cursor.seek(0x10, "sequence");
  record.sequence = cursor.le<std::uint16_t>("sequence");
  record.links = cursor.le<std::uint16_t>("links");
  std::size_t at = cursor.le<std::uint16_t>("first attribute");
  const auto flags = cursor.le<std::uint16_t>("flags");
  record.in_use = (flags & kInUse) != 0;
  record.directory = (flags & kDirectory) != 0;
  const std::size_t used = std::min<std::size_t>(cursor.le<std::uint32_t>("used size"), raw.size());
  cursor.skip(4, "allocated size");
  record.base = read_reference(cursor);
  cursor.seek(0x2c, "record number");
  if (sequence_offset >= 0x30) record.number = cursor.le<std::uint32_t>("record number");
  for (std::size_t i = 0; i < kMaxAttributes && at + 16 <= used; ++i) {
    cursor.seek(at, "attribute");
    const auto type = cursor.le<std::uint32_t>("type");
    const std::size_t length = cursor.le<std::uint32_t>("length");
    if (!cursor.ok() || type == kEnd || length < 16 || length > used - at) break;
    AttributeReader(raw.subspan(at, length), record).run();
    at += length;
  }
  return record;
}

const MftName* best_name(const MftRecord& record) {
  const MftName* best = nullptr;
  for (const MftName& name : record.names) {
    if (best == nullptr || (best->space == 2 && name.space != 2)) best = &name;
  }
  return best;
}

}  // namespace triage
