// SPDX-License-Identifier: Apache-2.0
// CSV for people and spreadsheets: UTF-8 with BOM, CRLF, RFC 4180 quotes. A cell of text never becomes a formula: one
// that starts with = + - @ TAB CR LF or the full-width ＝ ＋ － ＠ gets a leading apostrophe. Control characters, bidi
// controls and invalid UTF-8 are shown as \xNN or \u{NNNN}, so that a record is one line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace triage {

inline constexpr std::string_view kCsvByteOrderMark = "\xEF\xBB\xBF";

/// Builds one record after the other in a buffer.
class CsvRecord {
 public:
  CsvRecord& add(std::string_view text);
  CsvRecord& add(std::int64_t number);
  /// An empty cell: null.
  CsvRecord& add_null();
  /// The record with CRLF; valid until the next add.
  std::string_view finish();

 private:
  void separate();
  std::string out_;
  bool first_ = true;
  bool done_ = false;
};

}  // namespace triage
