// SPDX-License-Identifier: Apache-2.0
// An acquisition in a case: the custody log says when it began and how it ended, 2-initial-response/ keeps the facts of
// the device and of the image.
#pragma once

#include <memory>
#include <string>

#include "acquire/acquire_image.h"
#include "base/clock.h"
#include "cli/context.h"
#include "store/case_folder.h"
#include "store/custody.h"

namespace triage::cli {

class ImageRecord {
 public:
  /// Opens or makes the case of --case and writes "run_begun". `write_block` is in words.
  static Result<std::unique_ptr<ImageRecord>> open(const Context& context, const std::string& write_block);
  /// The acquisition ended with `exit`; `result` is null when it did not come to its end. `facts_json` (one object) is
  /// kept as 2-initial-response/acquisition-ID.json.
  Status finish(ExitCode exit, const std::string& source, const ImageResult* result, const std::string& facts_json);

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
