// SPDX-License-Identifier: Apache-2.0
// A chunk of a Windows event log whose file is lost: 64 KiB, readable on its own. The CRC-32 of its header and of its
// records must hold.        Spec: libyal/libevtx "Windows XML Event Log (EVTX)" §4.
#include "carve/carve_result.h"
#include "formats/checksum.h"
#include "formats/peek.h"

namespace triage {

extern const Carver evtx_chunk;

namespace {

using namespace std::string_view_literals;
constexpr std::uint64_t kChunk = 65536;

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "ElfChnk\0"sv) || data.size() < 512) return {};
  if (crc32(part(data, 128, 384), crc32(part(data, 0, 120))) != le_at<std::uint32_t>(data, 124)) return {};
  const std::uint64_t used = le_at<std::uint32_t>(data, 48);
  if (used < 512 || used > kChunk) return {};
  if (data.size() < kChunk) return carve_more(data, "evtx");
  const bool records = crc32(part(data, 512, used - 512)) == le_at<std::uint32_t>(data, 52);
  return carve_part(records ? kChunk : used, "evtx");
}

constexpr CarveMagic kMagics[] = {{0, "ElfChnk\0"sv}};
constexpr std::string_view kReferences[] = {"libyal/libevtx: Windows XML Event Log (EVTX) §4"};

}  // namespace

constinit const Carver evtx_chunk{
    .id = "evtx_chunk",
    .extension = "evtx",
    .title_en = "Chunk of a Windows event log",
    .title_ja = "Windows イベントログの断片",
    .magics = kMagics,
    .min_length = ByteCount{65536},
    .max_length = ByteCount{65536},
    .references = kReferences,
    .validate = validate,
    .piece_of = "evtx_file",
};

}  // namespace triage
