// SPDX-License-Identifier: Apache-2.0
// The scanner process: runs every consumer over the pieces of the batches it is handed, and writes what they say into
// the slot's record file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/breadcrumb.h"
#include "engine/consumer.h"
#include "engine/frame.h"
#include "engine/slot.h"

namespace triage {

/// A consumer that must not see a piece again, and why.
struct Exclusion {
  std::uint32_t piece = 0;
  std::string consumer;
  DamageKind kind = DamageKind::kCrash;
  std::string detail;
};

/// kScan: one batch to scan.
struct ScanRequest {
  std::string evidence;
  std::vector<Exclusion> exclusions;
  std::string batch;  ///< encode_batch()
};
std::string encode_scan_request(const ScanRequest& request);

/// kScanned: what was done.
struct ScanReply {
  std::uint64_t batch = 0;
  std::uint64_t record_bytes = 0;
  std::uint64_t damages = 0;
  std::string error;  ///< not empty: the records could not be written
};
std::optional<ScanReply> decode_scan_reply(std::string_view payload);

struct ScannerSetup {
  Channel channel;
  std::vector<Slot>* slots = nullptr;
  Breadcrumb* breadcrumb = nullptr;
  Consumers* consumers = nullptr;
  std::uint64_t memory_limit = 1ULL << 30;  ///< bytes of address space above what it begins with
};

/// Runs until the channel closes; the exit status of the process.
int scanner_main(ScannerSetup& setup);

}  // namespace triage
