// SPDX-License-Identifier: Apache-2.0
#include "acquire/image_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "bytes/time_formats.h"

namespace triage {

Result<ImageLog> ImageLog::open(const std::string& path, const Clock& clock) {
  ImageLog log(clock);
  log.path_ = path;
  log.fd_.reset(::open(path.c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!log.fd_.valid()) return fail(ErrorCode::kOutput, "the log cannot be written", path, errno);
  return log;
}

Status ImageLog::add(std::string_view event, std::string_view fields_json) {
  if (!fd_.valid()) return {};
  JsonLine line;
  line.add("schema", "triage.image.log.v1").add("time", utc_text(clock_->utc_nanos(), 3)).add("event", event);
  std::string text = line.finish();
  if (fields_json.size() > 2) {
    text.back() = ',';
    text += fields_json.substr(1);
  }
  text += '\n';
  // One write a line: a kill between two leaves whole lines.
  const ssize_t written = ::write(fd_.get(), text.data(), text.size());
  if (written == static_cast<ssize_t>(text.size())) return {};
  return fail(ErrorCode::kOutput, "the log cannot be written", path_, written < 0 ? errno : ENOSPC);
}

}  // namespace triage
