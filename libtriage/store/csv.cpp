// SPDX-License-Identifier: Apache-2.0
#include "store/csv.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "bytes/text.h"

namespace triage {
namespace {

bool starts_formula(std::string_view text) {
  static constexpr std::array<std::string_view, 11> kStarts = {"=",  "+",  "-",  "@",  "\t", "\r",
                                                               "\n", "＝", "＋", "－", "＠"};
  return std::any_of(kStarts.begin(), kStarts.end(), [&](std::string_view start) { return text.starts_with(start); });
}

/// What can stand in a record as it is.
bool is_plain(char c) { return c >= 0x20 && c < 0x7f && c != ',' && c != '"'; }

}  // namespace

void CsvRecord::separate() {
  if (done_) {
    out_.clear();
    first_ = true;
    done_ = false;
  }
  if (!first_) out_.push_back(',');
  first_ = false;
}

CsvRecord& CsvRecord::add(std::string_view text) {
  separate();
  const bool formula = starts_formula(text);
  if (std::all_of(text.begin(), text.end(), is_plain)) {
    if (formula) out_.push_back('\'');
    out_.append(text);
    return *this;
  }
  const std::string safe = escape_terminal(text);
  text = safe;
  const bool quoted = text.find_first_of(",\"") != std::string_view::npos;
  if (quoted) out_.push_back('"');
  if (formula) out_.push_back('\'');
  for (const char c : text) {
    if (c == '"') out_.push_back('"');
    out_.push_back(c);
  }
  if (quoted) out_.push_back('"');
  return *this;
}

CsvRecord& CsvRecord::add(std::int64_t number) {
  separate();
  std::array<char, 24> digits{};
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out_.append(digits.data(), result.ptr);
  return *this;
}

CsvRecord& CsvRecord::add_null() {
  separate();
  return *this;
}

std::string_view CsvRecord::finish() {
  if (done_) out_.clear();
  out_ += "\r\n";
  done_ = true;
  return out_;
}

}  // namespace triage
