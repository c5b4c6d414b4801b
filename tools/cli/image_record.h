// SPDX-License-Identifier: Apache-2.0
// An acquisition in a case: the custody log says when it began and how it ended, 2-initial-response/ keeps the facts of
// the source and of what was made.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cli/context.h"
#include "model/records.h"
#include "store/case_folder.h"
#include "store/custody.h"

namespace triage::cli {

/// What came of an acquisition.
struct Acquired {
  std::string source;  ///< as given, or the kernel's file
  std::string id;      ///< of the exhibit; "" when nothing was made
  std::optional<std::uint64_t> size;
  std::optional<std::string> sha256;  ///< of what was read
  std::vector<CustodyItem> outputs;
  std::uint64_t unreadable_runs = 0;
  std::string facts_json;  ///< one object, kept as 2-initial-response/acquisition-ID.json
};

class ImageRecord {
 public:
  /// Opens or makes the case of --case and writes "run_begun". `write_block` is in words.
  static Result<std::unique_ptr<ImageRecord>> open(const Context& context, const std::string& write_block);
  /// Entry "unlocked": which volume of `source` was opened, by whom, with what kind of key; never the key.
  Status note_unlocked(const std::string& source, const VolumeRecord& volume);
  /// The acquisition ended with `exit`.
  Status finish(ExitCode exit, const Acquired& acquired);

 private:
  explicit ImageRecord(const Context& context) : context_(context) {}
  const Context& context_;
  SystemClock clock_;
  std::optional<CaseFolder> folder_;
  std::optional<CaseDb> database_;
  std::optional<Custody> custody_;
  RunEntry entry_;
};

}  // namespace triage::cli
