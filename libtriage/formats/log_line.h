// SPDX-License-Identifier: Apache-2.0
// Lines of text logs, and a scanner over one line. No regular expressions: every byte of a log is looked at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bytes/cursor.h"

namespace triage {

struct LogLine {
  std::string_view text;  ///< without its line end; bytes as found (UTF-16 files: UTF-8). Lives until the next line.
  std::size_t at = 0;     ///< bytes from the start of the file
  std::size_t size = 0;   ///< bytes in the file with its line end
};

/// Reads a file line by line: LF or CR LF, UTF-8 and its kin, UTF-16LE where the file begins with its mark.
class LineReader {
 public:
  explicit LineReader(Bytes data);
  /// False at the end. A last line without a line end is a line too.
  bool next(LogLine& line);
  [[nodiscard]] bool wide() const { return wide_; }

 private:
  bool next_wide(LogLine& line);

  Bytes data_;
  std::size_t at_ = 0;
  bool wide_ = false;
  std::string decoded_;
};

/// `text` as well-formed UTF-8: as it is, else from CP932, else with \xNN for what is neither.
std::string log_text(std::string_view text);

/// True when the first `limit` bytes of `data` hold no NUL: a text log and not a database of the same name.
bool looks_like_text(Bytes data, std::size_t limit = 4096);

/// Takes pieces off the front of a line. Every method that fails takes nothing.
class LineScan {
 public:
  explicit LineScan(std::string_view text) : rest_(text) {}
  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool skip(char wanted);
  bool skip(std::string_view wanted);
  void skip_blanks();
  /// Up to the next blank or the end; the blank is taken too.
  std::string_view word();
  /// Up to `end`, which is taken too; nullopt when it is not there.
  std::optional<std::string_view> until(char end);
  std::optional<std::string_view> until(std::string_view end);
  /// A quoted piece: "…" with \" inside; without the quotes, escapes as found.
  std::optional<std::string_view> quoted();
  /// Decimal digits, `least` to `most` of them (at most 18).
  std::optional<std::uint64_t> digits(std::size_t least, std::size_t most);

 private:
  std::string_view rest_;
};

/// A whole decimal number; nullopt for anything else.
std::optional<std::uint64_t> decimal(std::string_view text);

}  // namespace triage
