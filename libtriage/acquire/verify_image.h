// SPDX-License-Identifier: Apache-2.0
// Is an image what its acquisition wrote? Chunks are checked against the list of their SHA-256 on all processors; what
// differs is named as a range of the source. Nothing is written.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "evidence/reader.h"

namespace triage {

struct ImageCheck {
  std::string name;  ///< "container", "footer", "merkle root", "chunks", "sha256" …
  bool ok = false;
  std::string detail;  ///< English sentence: what was checked, or what is wrong and where
};

struct VerifyImageOptions {
  unsigned jobs = 1;
  std::string allowed_signers;  ///< ssh-keygen's list of the keys that are trusted; "": any key, and it is said
  bool whole = false;           ///< also the digests of the whole image, which one thread each must take in order
  const std::atomic<bool>* stop = nullptr;
  std::function<void(std::uint64_t done, std::uint64_t total, std::uint64_t damaged)> progress;
};

/// Every check is made whatever the others find. zst: footer, list, chunks. raw: NAME.json and NAME.chunks beside it.
/// ewf: the container's checksums, MD5 and SHA-1, and NAME.json where it is there. kUnsupported where nothing is known
/// to check against, kInterrupted when stopped.
Result<std::vector<ImageCheck>> verify_image(const EvidenceSpec& image, const VerifyImageOptions& options);

/// "bytes 4096 to 8191, 16384 to 16895 of the source", at most ten ranges and how many more.
std::string range_list(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& ranges);

}  // namespace triage
