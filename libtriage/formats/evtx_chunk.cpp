// SPDX-License-Identifier: Apache-2.0
#include "formats/evtx_chunk.h"

#include <algorithm>

#include "bytes/time_formats.h"
#include "formats/checksum.h"
#include "formats/peek.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::string_view kRecordSignature = "**\0\0"sv;
constexpr std::size_t kSmallestRecord = kEvtxRecordHeader + 4;
constexpr std::uint64_t kYear2000 = 125911584000000000ULL;  // FILETIME; the format is of 2006
constexpr std::uint64_t kYear2100 = 157469184000000000ULL;

/// The record at `at` as its header states it; size 0 where there is none.
EvtxRecord record_at(Bytes chunk, std::size_t at) {
  EvtxRecord out;
  if (!has_at(chunk, at, kRecordSignature) || !holds(chunk, at, kEvtxRecordHeader)) return out;
  const std::size_t size = le_at<std::uint32_t>(chunk, at + 4);
  out.at = at;
  out.id = le_at<std::uint64_t>(chunk, at + 8);
  out.written = le_at<std::uint64_t>(chunk, at + 16);
  if (size < kSmallestRecord || size > kEvtxChunkSize) return out;
  out.size = std::min(size, chunk.size() - at);
  out.whole = out.size == size && le_at<std::uint32_t>(chunk, at + size - 4) == size;
  return out;
}

/// What stands after the signature has to be a record's too: a date of our time, and a fragment.
bool looks_like_record(Bytes chunk, const EvtxRecord& record) {
  return record.size != 0 && record.id != 0 && record.written > kYear2000 && record.written < kYear2100 &&
         has_at(chunk, record.at + kEvtxRecordHeader, "\x0f\x01"sv);
}

}  // namespace

std::optional<EvtxFileHeader> evtx_file_header(Bytes data) {
  if (!has_at(data, 0, "ElfFile\0"sv) || data.size() < 128) return std::nullopt;
  EvtxFileHeader out;
  out.first_chunk = le_at<std::uint64_t>(data, 8);
  out.last_chunk = le_at<std::uint64_t>(data, 16);
  out.next_record = le_at<std::uint64_t>(data, 24);
  out.minor_version = le_at<std::uint16_t>(data, 36);
  out.major_version = le_at<std::uint16_t>(data, 38);
  out.header_block = le_at<std::uint16_t>(data, 40);
  out.chunk_count = le_at<std::uint16_t>(data, 42);
  out.flags = le_at<std::uint32_t>(data, 120);
  out.checksum_fits = crc32(data.first(120)) == le_at<std::uint32_t>(data, 124);
  return out;
}

std::optional<EvtxChunkHeader> evtx_chunk_header(Bytes chunk) {
  if (!has_at(chunk, 0, "ElfChnk\0"sv) || chunk.size() < kEvtxChunkHeader) return std::nullopt;
  EvtxChunkHeader out;
  out.first_record = le_at<std::uint64_t>(chunk, 24);
  out.last_record = le_at<std::uint64_t>(chunk, 32);
  out.last_record_at = le_at<std::uint32_t>(chunk, 44);
  out.free_at = le_at<std::uint32_t>(chunk, 48);
  out.flags = le_at<std::uint32_t>(chunk, 120);
  out.header_checksum_fits =
      crc32(chunk.subspan(128, 384), crc32(chunk.first(120))) == le_at<std::uint32_t>(chunk, 124);
  out.records_checksum_fits =
      out.free_at >= kEvtxChunkHeader && out.free_at <= chunk.size() &&
      crc32(chunk.subspan(kEvtxChunkHeader, out.free_at - kEvtxChunkHeader)) == le_at<std::uint32_t>(chunk, 52);
  return out;
}

EvtxRecords evtx_records(Bytes chunk, std::size_t free_at) {
  EvtxRecords out;
  const std::size_t live_end = std::min(free_at, chunk.size());
  std::size_t at = kEvtxChunkHeader;
  while (at < live_end) {
    EvtxRecord record = record_at(chunk, at);
    if (record.size == 0) break;
    record.live = true;
    at += record.size;
    out.records.push_back(record);
  }
  if (at < live_end || free_at > chunk.size()) out.broken_at = std::min(at, chunk.size());
  const std::string_view text = as_chars(chunk);
  while ((at = text.find(kRecordSignature, at)) != std::string_view::npos) {
    const EvtxRecord record = record_at(chunk, at);
    if (!looks_like_record(chunk, record)) {
      at += kRecordSignature.size();
      continue;
    }
    out.records.push_back(record);
    // A record whose end is overwritten may hold the next one: only what is proven is stepped over.
    at += record.whole ? record.size : kEvtxRecordHeader;
  }
  return out;
}

}  // namespace triage
