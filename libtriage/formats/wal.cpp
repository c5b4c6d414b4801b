// SPDX-License-Identifier: Apache-2.0
// SQLite write-ahead log.
//   wal := magic(be32) version page_size sequence salt1 salt2 sum1 sum2 frame*
//   frame := page_number(be32) commit_pages salt1 salt2 sum1 sum2 page
// A frame with other salts ends the log: it is left over from before the last reset.
// Spec: sqlite.org/fileformat2.html §4.1–4.4.
#include "formats/wal.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace triage {
namespace {

constexpr std::uint32_t kMagicLittle = 0x377f0682;
constexpr std::uint32_t kMagicBig = 0x377f0683;
constexpr std::uint32_t kVersion = 3007000;
constexpr std::size_t kHeader = 32;
constexpr std::size_t kFrameHeader = 24;

struct Sums {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  bool operator==(const Sums&) const = default;
};

/// §4.2: over pairs of 32-bit words.
void add_to(Sums& sums, Bytes data, bool big) {
  ByteCursor cursor(data);
  const auto word = [&] { return big ? cursor.be<std::uint32_t>("word") : cursor.le<std::uint32_t>("word"); };
  while (cursor.remaining() >= 8) {
    sums.first += word() + sums.second;
    sums.second += word() + sums.first;
  }
}

struct Header {
  bool big = false;
  std::uint32_t page_size = 0;
  std::uint64_t salts = 0;
  Sums sums;
};

/// False, with a fault where the log is not simply empty, when nothing can be taken from it.
bool read_header(Bytes wal, Header& h, WalResult& result) {
  ByteCursor cursor(wal);
  const auto magic = cursor.be<std::uint32_t>("magic");
  const auto version = cursor.be<std::uint32_t>("version");
  h.page_size = cursor.be<std::uint32_t>("page_size");
  cursor.skip(4, "sequence");
  h.salts = cursor.be<std::uint64_t>("salts");
  const Sums stored{cursor.be<std::uint32_t>("sum1"), cursor.be<std::uint32_t>("sum2")};
  const auto fault = [&result](DamageKind kind, std::uint64_t at, std::string_view field, std::string detail) {
    result.faults.push_back({kind, at, std::string(field), std::move(detail)});
    return false;
  };
  if (!cursor.ok())
    return fault(DamageKind::kTruncated, wal.size(), "wal.header", "the log is shorter than its header");
  if (magic != kMagicLittle && magic != kMagicBig) return fault(DamageKind::kBadMagic, 0, "wal.magic", "not a log");
  if (version != kVersion)
    return fault(DamageKind::kVersion, 4, "wal.version", fmt::format("version {} is not {}", version, kVersion));
  const bool power = h.page_size >= 512 && h.page_size <= 65536 && (h.page_size & (h.page_size - 1)) == 0;
  if (!power) return fault(DamageKind::kRange, 8, "wal.page_size", fmt::format("no page size: {}", h.page_size));
  h.big = magic == kMagicBig;
  add_to(h.sums, wal.first(kFrameHeader), h.big);
  if (h.sums != stored) return fault(DamageKind::kChecksum, 24, "wal.header", "the checksum of the header is wrong");
  return true;
}

struct Frames {
  std::map<std::uint32_t, std::size_t> pages;  ///< page number → place of its newest content in the log
  std::uint32_t commit_pages = 0;
  std::uint64_t pending = 0;
};

/// Reads frames until one does not hold; what was committed stands in `frames`.
Frames read_frames(Bytes wal, Header h, WalResult& result) {
  Frames frames;
  std::vector<std::pair<std::uint32_t, std::size_t>> open;
  std::size_t at = kHeader;
  const std::size_t frame_size = kFrameHeader + h.page_size;
  for (; wal.size() - at >= frame_size; at += frame_size) {
    ByteCursor cursor(wal.subspan(at, frame_size));
    const auto number = cursor.be<std::uint32_t>("page_number");
    const auto commit = cursor.be<std::uint32_t>("commit_pages");
    if (cursor.be<std::uint64_t>("salts") != h.salts) break;  // left over from before a reset
    const Sums stored{cursor.be<std::uint32_t>("sum1"), cursor.be<std::uint32_t>("sum2")};
    add_to(h.sums, wal.subspan(at, 8), h.big);
    add_to(h.sums, wal.subspan(at + kFrameHeader, h.page_size), h.big);
    if (h.sums != stored || number == 0) {
      result.faults.push_back({DamageKind::kChecksum, at, "wal.frame",
                               "the checksum of a frame is wrong; it and what follows is left out"});
      break;
    }
    open.emplace_back(number, at + kFrameHeader);
    if (commit == 0) continue;
    for (const auto& [page, place] : open) frames.pages[page] = place;
    result.applied_frames += open.size();
    open.clear();
    frames.commit_pages = commit;
  }
  const std::size_t left = wal.size() - at;
  if (left != 0 && left < frame_size)
    result.faults.push_back({DamageKind::kTruncated, at, "wal.frame",
                             fmt::format("a frame needs {} bytes, {} are left", frame_size, left)});
  result.open_frames = open.size();
  return frames;
}

}  // namespace

WalResult apply_wal(std::vector<std::byte>& image, Bytes wal, std::uint64_t limit) {
  WalResult result;
  Header header;
  if (wal.empty() || !read_header(wal, header, result)) return result;
  const Frames frames = read_frames(wal, header, result);
  if (frames.commit_pages == 0) return result;
  const std::uint64_t size = std::uint64_t{frames.commit_pages} * header.page_size;
  // A database can only grow by pages that stand in the log.
  const std::uint64_t most = std::min(limit, image.size() + std::uint64_t{frames.pages.size()} * header.page_size);
  if (size > most) {
    result.faults.push_back({DamageKind::kRange, 0, "wal.commit_pages",
                             fmt::format("the log says {} pages, which cannot be", frames.commit_pages)});
    result.applied_frames = 0;
    return result;
  }
  image.resize(static_cast<std::size_t>(size));
  for (const auto& [number, place] : frames.pages) {
    const std::uint64_t to = (std::uint64_t{number} - 1) * header.page_size;
    if (to >= size) continue;  // cut off again by a later commit
    const Bytes page = wal.subspan(place, header.page_size);
    std::copy(page.begin(), page.end(), image.begin() + static_cast<std::ptrdiff_t>(to));
  }
  return result;
}

}  // namespace triage
