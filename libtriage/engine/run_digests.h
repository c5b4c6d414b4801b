// SPDX-License-Identifier: Apache-2.0
// Digests of byte runs of an image, read anew: what proves that a recovered file still is what the evidence holds.
#pragma once

#include <string>
#include <vector>

#include "evidence/reader.h"

namespace triage {

/// What was read of one file's runs.
struct RunDigest {
  std::string sha256;    ///< lower-case hex; empty where the runs leave the image
  bool readable = true;  ///< false: the medium did not give every byte
};

/// Reads the runs of each item in order, sparse ones as zeros, in a confined process. One digest an item. kUnsupported
/// for a folder (its files have no runs); kUnreadable where the evidence cannot be opened or its library dies on it.
Result<std::vector<RunDigest>> digest_runs(const EvidenceSpec& spec, const std::vector<std::vector<Extent>>& items);

}  // namespace triage
