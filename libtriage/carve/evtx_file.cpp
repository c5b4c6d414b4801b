// SPDX-License-Identifier: Apache-2.0
// Windows event log file: header and chunks of 64 KiB, each with the CRC-32 of its header.
//   file := header(4096) chunk(65536)*        Spec: [MS-EVEN6]; libyal/libevtx "Windows XML Event Log (EVTX)" §3, §4.
// The header's count is of the chunks in use; the file goes on as long as chunks (or preallocated zeros up to it) do.
#include "carve/carve_result.h"
#include "formats/checksum.h"
#include "formats/peek.h"

namespace triage {

extern const Carver evtx_file;

namespace {

using namespace std::string_view_literals;
constexpr std::uint64_t kChunk = 65536;

/// libevtx §4: the header's CRC leaves the CRC itself and the flags before it out.
bool chunk_holds(Bytes chunk) {
  return has_at(chunk, 0, "ElfChnk\0"sv) && chunk.size() >= 512 &&
         crc32(part(chunk, 128, 384), crc32(part(chunk, 0, 120))) == le_at<std::uint32_t>(chunk, 124);
}

/// libevtx §4: the CRC of the records, up to the free space.
bool records_hold(Bytes chunk) {
  const std::uint64_t used = le_at<std::uint32_t>(chunk, 48);
  return used >= 512 && used <= kChunk && crc32(part(chunk, 512, used - 512)) == le_at<std::uint32_t>(chunk, 52);
}

/// The service lets a log grow by 1 MiB: zeros up to such a size belong to the file.
std::uint64_t with_spare(Bytes data, std::uint64_t end) {
  constexpr std::uint64_t kHeader = 4096;
  constexpr std::uint64_t kStep = 1 << 20;
  std::uint64_t best = end;
  for (const std::uint64_t over : {kHeader, kHeader + kChunk}) {
    const std::uint64_t size = end <= over ? over : over + (end - over + kStep - 1) / kStep * kStep;
    if (size > best && holds(data, end, size - end) && is_filled(part(data, end, size - end), 0)) best = size;
  }
  return best;
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "ElfFile\0"sv) || data.size() < 128) return {};
  const std::uint64_t header = le_at<std::uint16_t>(data, 40);
  const std::uint64_t chunks = le_at<std::uint16_t>(data, 42);
  if (header != 4096 || le_at<std::uint16_t>(data, 38) != 3) return {};
  if (crc32(part(data, 0, 120)) != le_at<std::uint32_t>(data, 124)) return {};
  std::uint64_t at = header;
  std::uint64_t walked = 0;
  const bool dirty = (le_at<std::uint32_t>(data, 120) & 1) != 0;  // the sums of open chunks are old
  while (chunk_holds(part(data, at, kChunk)) && holds(data, at, kChunk)) {
    if (!dirty && !records_hold(part(data, at, kChunk))) return carve_cut(at, "evtx");
    at += kChunk;
    ++walked;
  }
  if (!holds(data, at, 512) || (has_at(data, at, "ElfChnk\0"sv) && !holds(data, at, kChunk))) {
    return at == data.size() && walked >= chunks ? carve_whole_so_far(at, "evtx") : carve_more(data, "evtx");
  }
  return walked >= chunks && walked > 0 ? carve_whole(with_spare(data, at), "evtx") : carve_cut(at, "evtx");
}

constexpr CarveMagic kMagics[] = {{0, "ElfFile\0"sv}};
constexpr std::string_view kReferences[] = {"libyal/libevtx: Windows XML Event Log (EVTX) §3, §4"};

}  // namespace

constinit const Carver evtx_file{
    .id = "evtx_file",
    .extension = "evtx",
    .title_en = "Windows event log",
    .title_ja = "Windows イベントログ",
    .magics = kMagics,
    .min_length = ByteCount{69632},
    .max_length = ByteCount{4ULL << 30},
    .references = kReferences,
    .validate = validate,
    .gaps = GapRule::kForward,
};

}  // namespace triage
