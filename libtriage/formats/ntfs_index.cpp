// SPDX-License-Identifier: Apache-2.0
#include "formats/ntfs_index.h"

#include <algorithm>

#include "formats/peek.h"

namespace triage {
namespace {

constexpr std::size_t kSector = 512;
constexpr std::size_t kLargest = 65536;
constexpr std::size_t kNode = 0x18;
constexpr std::size_t kEntryHead = 16;
constexpr std::size_t kAlign = 8;
constexpr std::uint16_t kLast = 2;
constexpr std::size_t kMinValue = kMftNameHeader + 2;
constexpr std::int64_t k1980 = 315'532'800LL * 1'000'000'000;
constexpr std::int64_t k2108 = 4'354'819'200LL * 1'000'000'000;

bool plausible_time(const Timestamp& when) {
  if (when.status == TimeStatus::kNotSet) return true;
  return when.utc_nanos && *when.utc_nanos >= k1980 && *when.utc_nanos < k2108;
}

/// A value at `at` of slack, with its entry's head where that is still its own.
std::optional<IndexName> slack_name(Bytes block, std::size_t at) {
  // Cheap questions first: nearly every place in slack holds none.
  const auto length = le_at<std::uint8_t>(block, at + 0x40);
  const auto space = le_at<std::uint8_t>(block, at + 0x41);
  const auto parent = le_at<std::uint64_t>(block, at);
  if (length == 0 || space > 3 || (parent & 0xffff'ffff'ffffULL) == 0 || parent >> 48 == 0) return std::nullopt;
  const std::optional<MftName> name = parse_mft_name(block.subspan(at));
  if (!name || !plausible_name(*name)) return std::nullopt;
  IndexName out;
  out.at = static_cast<std::uint32_t>(at);
  out.name = *name;
  const std::size_t value = kMftNameHeader + std::size_t{length} * 2;
  const std::size_t head = at - kEntryHead;
  const std::size_t stated = le_at<std::uint16_t>(block, head + 8);
  const auto file = le_at<std::uint64_t>(block, head);
  if (le_at<std::uint16_t>(block, head + 10) == value && stated >= kEntryHead + value &&
      stated <= kEntryHead + value + 2 * kAlign && file >> 48 != 0)
    out.file = MftReference{file & 0xffff'ffff'ffffULL, static_cast<std::uint16_t>(file >> 48)};
  return out;
}

bool is_same(const IndexName& a, const IndexName& b) {
  return a.name == b.name && (!a.file || !b.file || *a.file == *b.file);
}

/// Entries from `at` to the last one. Returns where slack begins.
std::size_t read_live(Bytes block, std::size_t at, std::size_t end, IndexRecord& out) {
  while (end >= kEntryHead && at <= end - kEntryHead) {
    const std::size_t length = le_at<std::uint16_t>(block, at + 8);
    const auto flags = le_at<std::uint16_t>(block, at + 12);
    if (length < kEntryHead || length % kAlign != 0 || length > end - at) break;
    if ((flags & kLast) != 0) return at + length;
    if (auto entry = read_index_entry(block.subspan(at, length))) {
      entry->at = static_cast<std::uint32_t>(at + kEntryHead);
      out.live.push_back(std::move(*entry));
    }
    at += length;
  }
  out.sound = false;
  return at;
}

}  // namespace

bool plausible_name(const MftName& name) {
  const EntryTimes& times = name.times;
  const bool dates = plausible_time(times.created) && plausible_time(times.modified) && plausible_time(times.changed) &&
                     plausible_time(times.accessed) && times.created.utc_nanos;
  return dates && name.space <= 3 && name.size >> 48 == 0 && name.allocated >> 48 == 0 && !name.name.empty() &&
         std::none_of(name.name.begin(), name.name.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '/' || c == '\0'; });
}

std::optional<IndexName> read_index_entry(Bytes raw) {
  ByteCursor c(raw);
  const auto file = c.le<std::uint64_t>("file reference");
  const auto length = c.le<std::uint16_t>("entry length");
  const auto value = c.le<std::uint16_t>("value length");
  c.skip(4, "flags");
  if (!c.ok() || length < kEntryHead || value < kMinValue || value > length - kEntryHead || length > raw.size())
    return std::nullopt;
  std::optional<MftName> name = parse_mft_name(c.take(value, "value"));
  if (!name) return std::nullopt;
  IndexName out;
  out.at = kEntryHead;
  out.file = MftReference{file & 0xffff'ffff'ffffULL, static_cast<std::uint16_t>(file >> 48)};
  out.name = std::move(*name);
  return out;
}

std::optional<std::size_t> index_record_size(Bytes head) {
  if (!has_at(head, 0, "INDX") || head.size() < 40) return std::nullopt;
  const std::size_t count = le_at<std::uint16_t>(head, 6);
  if (count < 2) return std::nullopt;
  const std::size_t size = (count - 1) * kSector;
  return size <= kLargest ? std::optional(size) : std::nullopt;
}

std::optional<IndexRecord> read_index_record(Bytes raw) {
  if (index_record_size(raw) != raw.size()) return std::nullopt;
  std::vector<std::byte> block(raw.begin(), raw.end());
  if (!undo_update_sequence(block)) return std::nullopt;
  IndexRecord out;
  ByteCursor c(block);
  c.seek(8, "lsn");
  out.lsn = c.le<std::uint64_t>("lsn");
  out.vcn = c.le<std::uint64_t>("vcn");
  const std::size_t first = kNode + std::size_t{c.le<std::uint32_t>("first entry")};
  const std::size_t used = kNode + std::size_t{c.le<std::uint32_t>("used size")};
  const std::size_t begin = std::min(first, block.size());
  std::size_t at = read_live(block, begin, std::min(used, block.size()), out);
  at = std::max(at, std::size_t{0x28});
  // A value of an entry that was closed up begins 16 bytes behind a multiple of 8.
  for (at = (at + kAlign - 1) / kAlign * kAlign; at >= kEntryHead && holds(block, at, kMinValue);) {
    auto found = slack_name(block, at);
    if (!found) {
      at += kAlign;
      continue;
    }
    const std::size_t units = le_at<std::uint8_t>(block, at + 0x40);
    at += (kMftNameHeader + 2 * units + kAlign - 1) / kAlign * kAlign;
    const bool known =
        std::any_of(out.live.begin(), out.live.end(), [&](const IndexName& one) { return is_same(one, *found); }) ||
        std::any_of(out.slack.begin(), out.slack.end(), [&](const IndexName& one) { return is_same(one, *found); });
    if (!known) out.slack.push_back(std::move(*found));
  }
  return out;
}

}  // namespace triage
