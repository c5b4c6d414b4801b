// SPDX-License-Identifier: Apache-2.0
// CarvedOverlap: a carved file that reaches into the next window holds what is found there: the workers see single
// windows and cannot know. Those who take the batches in order do, and leave such finds out.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/batch.h"
#include "store/database.h"

namespace triage {

class CarvedOverlap {
 public:
  /// Takes out of `records` the carved files that begin inside a complete one of the batches before, with their
  /// contents, and remembers the complete ones among the others.
  void filter(BatchRecords& records);
  void end_batch();
  /// Forgets everything and remembers the last complete carved files of `evidence` that the case holds: for a run that
  /// goes on where another stopped.
  Status load(Database& database, const std::string& evidence);

 private:
  struct Run {
    std::uint64_t end = 0;
    std::uint32_t age = 0;  ///< batches ago
  };
  using Runs = std::map<std::uint64_t, Run>;  ///< by first byte on the medium

  [[nodiscard]] bool is_told(const FileRecord& file) const;
  void note(const std::string& stream, const std::vector<Extent>& runs);

  std::map<std::string, Runs> told_;  ///< by evidence and stream key; batches before
  std::map<std::string, Runs> open_;  ///< of the batch at hand
};

}  // namespace triage
