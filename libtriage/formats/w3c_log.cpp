// SPDX-License-Identifier: Apache-2.0
#include "formats/w3c_log.h"

namespace triage {
namespace {

constexpr std::size_t kMaxColumns = 128;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

void W3cLog::restart() { *this = W3cLog{}; }

bool W3cLog::directive(std::string_view line) {
  LineScan scan(line);
  if (!scan.skip('#')) return false;
  if (scan.skip("Fields:")) {
    names_.clear();
    LineScan names(trimmed(scan.rest()));
    while (!names.empty() && names_.size() < kMaxColumns) {
      names_.emplace_back(names.word());
      names.skip_blanks();
    }
  } else if (scan.skip("Date:")) {
    date_ = std::string(trimmed(scan.rest()).substr(0, 10));
  } else if (scan.skip("Time Format:")) {
    local_ = trimmed(scan.rest()) == "Local";
  }
  return true;
}

bool W3cLog::split(std::string_view line) {
  words_.clear();
  LineScan scan(trimmed(line));
  while (!scan.empty() && words_.size() <= kMaxColumns) {
    words_.push_back(scan.word());
    scan.skip_blanks();  // a user name of Exchange's probes begins with a blank
  }
  return !names_.empty() && words_.size() == names_.size();
}

std::string_view W3cLog::column(std::string_view name) const {
  for (std::size_t i = 0; i < names_.size() && i < words_.size(); ++i)
    if (names_[i] == name) return words_[i] == "-" ? std::string_view{} : words_[i];
  return {};
}

std::optional<LogTime> W3cLog::time(std::string& raw) const {
  const std::string_view date = column("date");
  raw = std::string(date.empty() ? std::string_view(date_) : date);
  raw += ' ';
  raw += column("time");
  LineScan scan(raw);
  return scan_iso_time(scan);
}

}  // namespace triage
