// SPDX-License-Identifier: Apache-2.0
// Compound file: header (one sector), sectors. The FAT names each sector's successor, the DIFAT names the FAT's own
// sectors, streams under 4096 bytes lie in mini sectors of the root's stream.
//   header := D0CF11E0A1B11AE1 …, 30 u16 sector shift, u16 mini shift, …, 48 u32 directory, …, 56 u32 cutoff, u32 mini
//             FAT, u32, u32 DIFAT, u32, u32 × 109
//   entry (128) := name (64, UTF-16LE), u16 name bytes, u8 type, u8, u32 left, u32 right, u32 child, …, 100 u64
//   created,
//                  u64 modified, u32 start, u64 size
// Spec: MS-CFB §2.
#include "formats/cfb.h"

#include <fmt/format.h>

#include <algorithm>

#include "bytes/text.h"

namespace triage {
namespace {

constexpr std::string_view kSignature = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
constexpr std::uint32_t kLastSector = 0xfffffffa;  // what is greater ends a chain or means nothing
constexpr std::uint32_t kNoEntry = 0xffffffff;
constexpr std::size_t kEntryBytes = 128;
constexpr std::size_t kMaxEntries = 65536;
constexpr std::size_t kInHeader = 109;

struct RawEntry {
  std::string name;
  std::uint8_t type = 0;
  std::uint32_t left = kNoEntry, right = kNoEntry, child = kNoEntry;
  CfbEntry entry;
};

RawEntry read_entry(Bytes bytes) {
  ByteCursor c(bytes);
  const Bytes name = c.take(64, "name");
  const auto name_bytes = c.le<std::uint16_t>("name bytes");
  RawEntry out;
  out.name = utf16le_zstring(name.first(std::min<std::size_t>(name_bytes, name.size())));
  out.type = c.le<std::uint8_t>("type");
  c.skip(1, "colour");
  out.left = c.le<std::uint32_t>("left");
  out.right = c.le<std::uint32_t>("right");
  out.child = c.le<std::uint32_t>("child");
  c.skip(20, "class, state");
  out.entry.created = from_filetime(c.le<std::uint64_t>("created"));
  out.entry.modified = from_filetime(c.le<std::uint64_t>("modified"));
  out.entry.start = c.le<std::uint32_t>("start");
  out.entry.size = c.le<std::uint64_t>("size");
  out.entry.storage = out.type != 2;
  return out;
}

}  // namespace

void CfbView::say(std::string text) {
  if (fault_.empty()) fault_ = std::move(text);
}

Bytes CfbView::sector(std::uint32_t index) const {
  const std::uint64_t at = (std::uint64_t{index} + 1) * sector_bytes_;
  if (at >= data_.size()) return {};
  return data_.subspan(at, std::min<std::size_t>(sector_bytes_, data_.size() - at));
}

std::vector<std::uint32_t> CfbView::chain(std::uint32_t first, const std::vector<std::uint32_t>& table) const {
  std::vector<std::uint32_t> out;
  for (std::uint32_t at = first; at < kLastSector && at < table.size() && out.size() < table.size(); at = table[at])
    out.push_back(at);
  return out;
}

void CfbView::read_fat(ByteCursor& header) {
  header.seek(68, "DIFAT");
  auto next = header.le<std::uint32_t>("first DIFAT sector");
  header.skip(4, "DIFAT sectors");
  std::vector<std::uint32_t> places;
  const std::size_t sectors = data_.size() / sector_bytes_;
  for (std::size_t i = 0; i < kInHeader; ++i) places.push_back(header.le<std::uint32_t>("FAT sector"));
  for (std::size_t rounds = 0; next < kLastSector && rounds < sectors; ++rounds) {
    ByteCursor c(sector(next));
    while (c.remaining() > 4) places.push_back(c.le<std::uint32_t>("FAT sector"));
    next = c.remaining() == 4 ? c.le<std::uint32_t>("next DIFAT sector") : kNoEntry;
    if (places.size() > sectors + kInHeader) break;
  }
  for (const std::uint32_t place : places) {
    if (place >= kLastSector) continue;
    ByteCursor c(sector(place));
    if (c.size() < sector_bytes_) say(fmt::format("sector {} of the FAT is not there", place));
    while (c.remaining() >= 4 && fat_.size() <= sectors) fat_.push_back(c.le<std::uint32_t>("next sector"));
  }
}

void CfbView::read_directory(std::uint32_t first) {
  std::vector<RawEntry> raw;
  for (const std::uint32_t index : chain(first, fat_)) {
    const Bytes bytes = sector(index);
    for (std::size_t i = 0; i + kEntryBytes <= bytes.size() && raw.size() < kMaxEntries; i += kEntryBytes) {
      raw.push_back(read_entry(bytes.subspan(i, kEntryBytes)));
      raw.back().entry.at = (std::uint64_t{index} + 1) * sector_bytes_ + i;
    }
  }
  if (raw.empty() || raw[0].type != 5) {
    say("the directory has no root");
    if (raw.empty()) return;
  }
  mini_stream_ = chain(raw[0].entry.start, fat_);
  struct Open {
    std::uint32_t index;
    std::string above;
  };
  std::vector<bool> seen(raw.size());
  std::vector<Open> open = {{raw[0].child, ""}};
  seen[0] = true;
  while (!open.empty()) {
    Open one = std::move(open.back());
    open.pop_back();
    if (one.index >= raw.size() || seen[one.index]) {
      if (one.index != kNoEntry) say("the tree of the directory is broken");
      continue;
    }
    seen[one.index] = true;
    RawEntry& entry = raw[one.index];
    open.push_back({entry.right, one.above});
    open.push_back({entry.left, one.above});
    if (entry.type != 1 && entry.type != 2) continue;
    // Depth shows in the length of the path: a chain of storages cannot make it longer than this.
    if (one.above.size() > 4096) {
      say("storages lie too deep");
      continue;
    }
    entry.entry.path = one.above.empty() ? entry.name : one.above + "/" + entry.name;
    if (entry.type == 1) open.push_back({entry.child, entry.entry.path});
    entries_.push_back(entry.entry);
  }
  // What the tree does not reach (a broken link) is there all the same.
  for (std::size_t i = 1; i < raw.size(); ++i) {
    if (seen[i] || raw[i].type != 2) continue;
    raw[i].entry.path = raw[i].name;
    entries_.push_back(raw[i].entry);
  }
}

std::optional<CfbView> CfbView::open(Bytes data) {
  if (!has_at(data, 0, kSignature) || data.size() < 512) return std::nullopt;
  CfbView out;
  out.data_ = data;
  ByteCursor c(data.first(512));
  c.seek(30, "sector shift");
  const auto shift = c.le<std::uint16_t>("sector shift");
  const auto mini_shift = c.le<std::uint16_t>("mini sector shift");
  if (shift != 9 && shift != 12) out.say(fmt::format("sectors of 2^{} bytes cannot be", shift));
  out.sector_bytes_ = shift == 12 ? 4096 : 512;
  if (mini_shift != 6) out.say(fmt::format("mini sectors of 2^{} bytes cannot be", mini_shift));
  c.seek(48, "directory");
  const auto directory = c.le<std::uint32_t>("directory");
  c.skip(4, "signature");
  out.mini_cutoff_ = c.le<std::uint32_t>("mini stream cutoff");
  const auto mini_fat = c.le<std::uint32_t>("mini FAT");
  out.read_fat(c);
  for (const std::uint32_t index : out.chain(mini_fat, out.fat_)) {
    ByteCursor table(out.sector(index));
    while (table.remaining() >= 4) out.mini_fat_.push_back(table.le<std::uint32_t>("next mini sector"));
  }
  out.read_directory(directory);
  return out;
}

Bytes CfbView::mini_sector(std::uint32_t index) const {
  const std::uint64_t at = std::uint64_t{index} * mini_bytes_;
  const std::uint64_t part = at / sector_bytes_;
  if (part >= mini_stream_.size()) return {};
  const Bytes bytes = sector(mini_stream_[part]);
  const std::size_t within = at % sector_bytes_;
  if (within >= bytes.size()) return {};
  return bytes.subspan(within, std::min(mini_bytes_, bytes.size() - within));
}

std::vector<std::byte> CfbView::read(const CfbEntry& entry, std::size_t limit) const {
  std::vector<std::byte> out;
  const bool mini = entry.size < mini_cutoff_;
  const std::uint64_t wanted = std::min<std::uint64_t>({entry.size, limit, data_.size()});
  for (const std::uint32_t index : chain(entry.start, mini ? mini_fat_ : fat_)) {
    if (out.size() >= wanted) break;
    const Bytes bytes = mini ? mini_sector(index) : sector(index);
    if (bytes.empty()) break;
    const std::size_t count = std::min<std::size_t>(bytes.size(), wanted - out.size());
    out.insert(out.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return out;
}

std::optional<std::uint64_t> CfbView::first_byte(const CfbEntry& entry) const {
  std::uint64_t at = 0;
  if (entry.size < mini_cutoff_) {
    const std::uint64_t place = std::uint64_t{entry.start} * mini_bytes_;
    const std::uint64_t part = place / sector_bytes_;
    if (part >= mini_stream_.size()) return std::nullopt;
    at = (std::uint64_t{mini_stream_[part]} + 1) * sector_bytes_ + place % sector_bytes_;
  } else {
    at = (std::uint64_t{entry.start} + 1) * sector_bytes_;
  }
  if (at >= data_.size()) return std::nullopt;
  return at;
}

}  // namespace triage
