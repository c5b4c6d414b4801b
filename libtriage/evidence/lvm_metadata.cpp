// SPDX-License-Identifier: Apache-2.0
// LVM2 physical volume, little-endian. Read: linear and one-stripe segments that lie on this physical volume.
//   label (sector 0-3) := "LABELONE" sector(u64) crc(u32) offset(u32) "LVM2 001" … at offset: pv_header
//   pv_header := uuid(32) size(u64) {at(u64) size(u64)}* zeros(16) {at size}* zeros(16)     data, then metadata areas
//   area := crc(u32) magic(16) version(u32) at(u64) size(u64) {at(u64) size(u64) crc(u32) flags(u32)}*4
//           then a ring of texts from byte 512 to `size`; the first entry is the text that counts
//   Source: LVM2, lib/format_text/layout.h, lib/label/label.h; doc/lvm-disk-reading.txt.
#include "evidence/lvm_metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "bytes/crc32.h"
#include "evidence/lvm_text.h"

namespace triage {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::size_t kSector = 512;
constexpr std::size_t kLabelSectors = 4;
constexpr std::string_view kLabel = "LABELONE";
constexpr std::string_view kType = "LVM2 001";
constexpr std::string_view kAreaMagic = " LVM2 x[5A%r0N*>";
constexpr std::uint32_t kIgnored = 1;  // flag of an area without valid text
constexpr std::uint32_t kCrcStart = 0xf597a6cf;
constexpr std::uint64_t kMaxText = 16U << 20;
constexpr std::size_t kMaxAreas = 8;
constexpr std::size_t kMaxLogicals = 4096;
constexpr std::size_t kMaxSegments = 65536;

/// CRC-32 with LVM's own start and no inversion at either end.
std::uint32_t lvm_crc(Bytes data) { return ~crc32(data, ~kCrcStart); }

tl::unexpected<Error> damaged(std::string what) {
  return fail(ErrorCode::kUnreadable, "the LVM metadata is damaged: " + std::move(what));
}

struct Label {
  std::string uuid;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> areas;  // of metadata: {place, size}
};

Result<Label> read_label(Bytes head) {
  for (std::size_t sector = 0; sector < kLabelSectors; ++sector) {
    if (!has_at(head, sector * kSector, kLabel) || !has_at(head, sector * kSector + 24, kType)) continue;
    const Bytes block = head.subspan(sector * kSector, std::min(kSector, head.size() - sector * kSector));
    ByteCursor c(block);
    c.skip(16, "id, sector");
    const auto crc = c.le<std::uint32_t>("crc");
    const auto offset = c.le<std::uint32_t>("offset");
    if (block.size() != kSector || lvm_crc(block.subspan(20)) != crc) return damaged("its label has a wrong checksum");
    c.seek(offset, "pv_header");
    Label label;
    label.uuid = as_chars(c.take(32, "uuid"));
    c.skip(8, "size");
    for (int list = 0; list < 2 && c.ok(); ++list) {
      while (c.ok()) {
        const auto at = c.le<std::uint64_t>("area");
        const auto size = c.le<std::uint64_t>("area size");
        if (at == 0) break;
        if (list == 1 && label.areas.size() < kMaxAreas) label.areas.emplace_back(at, size);
      }
    }
    if (!c.ok()) return damaged("its label ends early");
    return label;
  }
  return damaged("its label is missing");
}

/// The text of one area; an Error where it has none that counts.
Result<std::string> read_area(const LvmRead& read, std::uint64_t place) {
  const std::vector<std::byte> head = read(place, kSector);
  if (head.size() != kSector || !has_at(head, 4, kAreaMagic)) return damaged("an area has no header");
  ByteCursor c(head);
  const auto crc = c.le<std::uint32_t>("crc");
  if (lvm_crc(Bytes(head).subspan(4)) != crc) return damaged("an area's header has a wrong checksum");
  c.skip(kAreaMagic.size() + 4, "magic, version");
  c.skip(8, "start");
  const auto size = c.le<std::uint64_t>("size");
  const auto at = c.le<std::uint64_t>("text");
  const auto length = c.le<std::uint64_t>("text size");
  const auto text_crc = c.le<std::uint32_t>("text crc");
  const auto flags = c.le<std::uint32_t>("flags");
  if (at == 0 || (flags & kIgnored) != 0) return fail(ErrorCode::kUnsupported, "the area holds no metadata");
  if (length == 0 || length > kMaxText || size <= kSector || at < kSector || at >= size || length > size - kSector ||
      size > ~place) {
    return damaged("its text lies outside its area");
  }
  const std::uint64_t first = std::min(length, size - at);
  std::vector<std::byte> bytes = read(place + at, static_cast<std::size_t>(first));
  if (first < length) {  // the ring goes on behind the header
    const std::vector<std::byte> rest = read(place + kSector, static_cast<std::size_t>(length - first));
    bytes.insert(bytes.end(), rest.begin(), rest.end());
  }
  if (bytes.size() != length || lvm_crc(bytes) != text_crc) return damaged("its text has a wrong checksum");
  return std::string(as_chars(bytes));
}

/// The physical volume of `uuid` among the group's.
const LvmNode* own_volume(const LvmNode& group, std::string_view uuid) {
  const LvmNode* all = group.find("physical_volumes");
  if (all == nullptr) return nullptr;
  for (const LvmNode& one : all->entries) {
    std::string id(one.text("id"));
    std::erase(id, '-');
    if (id == uuid) return &one;
  }
  return nullptr;
}

struct Extents {
  std::string_view volume;  // name of our physical volume in the text
  std::uint64_t start = 0;  // of the first extent, bytes
  std::uint64_t bytes = 0;  // of one
  std::uint64_t count = 0;
};

/// The place of one segment; nullopt where it is not plain, not ours, or not inside the physical volume.
std::optional<ByteRange> place_of(const LvmNode& segment, const Extents& extents) {
  const LvmNode* stripes = segment.find("stripes");
  const auto count = segment.number("extent_count");
  const std::string_view type = segment.text("type");
  if ((type != "striped" && type != "linear") || segment.number("stripe_count").value_or(0) != 1 || !count ||
      stripes == nullptr || stripes->values.size() != 2 || stripes->values[0] != extents.volume) {
    return std::nullopt;
  }
  const auto first = lvm_number(stripes->values[1]);
  if (!first || *first > extents.count || *count > extents.count - *first || *count == 0) return std::nullopt;
  return ByteRange{extents.start + *first * extents.bytes, extents.start + (*first + *count) * extents.bytes};
}

LogicalVolume logical_of(const LvmNode& node, const Extents& extents) {
  LogicalVolume out;
  out.name = node.name;
  const std::uint64_t count = node.number("segment_count").value_or(0);
  out.whole = count > 0 && count <= kMaxSegments;
  std::uint64_t next = 0;
  for (std::uint64_t i = 1; out.whole && i <= count; ++i) {
    const LvmNode* segment = node.find(fmt::format("segment{}", i));
    if (segment == nullptr) {
      out.whole = false;
      break;
    }
    if (i == 1) out.type = segment->text("type");
    const auto place = place_of(*segment, extents);
    const auto start = segment->number("start_extent");
    if (!place || start != next) {
      out.whole = false;
      break;
    }
    next += (place->end - place->begin) / extents.bytes;
    if (!out.pieces.empty() && out.pieces.back().end == place->begin) {
      out.pieces.back().end = place->end;
    } else {
      out.pieces.push_back(*place);
    }
  }
  return out;
}

}  // namespace

bool has_lvm_label(Bytes head) {
  for (std::size_t sector = 0; sector < kLabelSectors; ++sector) {
    if (has_at(head, sector * kSector, kLabel) && has_at(head, sector * kSector + 24, kType)) return true;
  }
  return false;
}

Result<LvmGroup> parse_lvm_text(std::string_view text, std::string_view uuid) {
  const auto tree = parse_lvm_tree(text);
  if (!tree) return damaged("its text cannot be read");
  const auto found = std::find_if(tree->entries.begin(), tree->entries.end(), [](const LvmNode& one) {
    return one.section && one.find("physical_volumes") != nullptr;
  });
  if (found == tree->entries.end()) return damaged("its text names no group");
  LvmGroup group;
  group.name = found->name;
  group.physical_volumes = found->find("physical_volumes")->entries.size();
  const LvmNode* own = own_volume(*found, uuid);
  const LvmNode* logicals = found->find("logical_volumes");
  if (own == nullptr) return damaged("its text does not name this physical volume");
  const auto sectors = found->number("extent_size");
  const auto start = own->number("pe_start");
  const auto count = own->number("pe_count");
  constexpr std::uint64_t kMost = (1ULL << 62) / kSector;
  if (!sectors || *sectors == 0 || *sectors > kMost || !start || *start > kMost || !count ||
      *count > kMost / *sectors) {
    return damaged("its extents make no sense");
  }
  const Extents extents{own->name, *start * kSector, *sectors * kSector, *count};
  if (logicals == nullptr) return group;
  for (const LvmNode& one : logicals->entries) {
    if (group.logicals.size() >= kMaxLogicals) break;
    if (one.section) group.logicals.push_back(logical_of(one, extents));
  }
  return group;
}

Result<LvmGroup> read_lvm(const LvmRead& read) {
  TRIAGE_TRY(const Label label, read_label(read(0, kLabelSectors * kSector)));
  Result<LvmGroup> out = fail(ErrorCode::kUnsupported, "this LVM physical volume holds no copy of the metadata");
  for (const auto& area : label.areas) {
    const auto text = read_area(read, area.first);
    if (!text) {
      if (text.error().code == ErrorCode::kUnreadable) out = tl::unexpected(text.error());
      continue;
    }
    out = parse_lvm_text(*text, label.uuid);
    if (out) return out;
  }
  return out;
}

}  // namespace triage
