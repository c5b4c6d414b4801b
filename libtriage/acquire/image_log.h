// SPDX-License-Identifier: Apache-2.0
// ImageLog: NAME.log.jsonl, one JSON object an event ("triage.image.log.v1"), appended and never rewritten.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "bytes/json.h"

namespace triage {

class ImageLog {
 public:
  /// A log that is written nowhere.
  explicit ImageLog(const Clock& clock) : clock_(&clock) {}
  /// Appends to `path`, made when absent. kOutput.
  static Result<ImageLog> open(const std::string& path, const Clock& clock);
  /// `fields` holds further keys; schema, time and event come first.
  Status add(std::string_view event, std::string_view fields_json = "{}");

 private:
  const Clock* clock_;
  UniqueFd fd_;
  std::string path_;
};

}  // namespace triage
