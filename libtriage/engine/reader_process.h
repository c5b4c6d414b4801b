// SPDX-License-Identifier: Apache-2.0
// The reader process: the only one that opens evidence. It maps the evidence, plans the sweep and fills slots.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bytes/binary.h"
#include "engine/breadcrumb.h"
#include "engine/frame.h"
#include "engine/plan.h"
#include "engine/slot.h"
#include "evidence/reader.h"

namespace triage {

struct ReaderSetup {
  Channel channel;
  EvidenceSpec spec;
  std::vector<Slot>* slots = nullptr;
  Breadcrumb* breadcrumb = nullptr;
  MapOptions map;
  PlanOptions plan;
  UniqueFd plan_store;
  UniqueFd read_store;  ///< takes what the map read, see EvidenceReader::keep_reads_in
  ByteCount read_store_limit;
  std::vector<std::uint64_t> skip_streams;  ///< sequences whose content an earlier reader died on
  std::uint64_t memory_limit = 2ULL << 30;
};

/// kPlan: what the reader found.
struct PlanReply {
  std::uint64_t batches = 0;
  std::uint64_t streams = 0;
  std::uint64_t bytes = 0;
  std::string digest;
};
std::optional<PlanReply> decode_plan_reply(std::string_view payload);

void encode(BinaryWriter& out, const EvidenceRecord& record);
void decode(BinaryReader& in, EvidenceRecord& record);
void encode(BinaryWriter& out, const Error& error);
void decode(BinaryReader& in, Error& error);

/// Opens, maps, plans, waits for kStart{first batch, free slots}, then fills slots as kSlotFree{slot} frees them.
int reader_main(ReaderSetup& setup);

/// Reads the whole image once in order and answers with its SHA-256 (kImageHash), telling kHashed now and then.
/// `sampled`: of the size and 1024 evenly spaced runs of 4 KiB only.
int hasher_main(Channel& channel, const EvidenceSpec& spec, bool sampled);

/// Finds the stream of `path` (with or without a leading "v<offset>:") or of a stream key and sends its bytes as
/// kContent frames, then kSwept; kFailed where there is none.
int extractor_main(ReaderSetup& setup, const std::string& wanted);

}  // namespace triage
