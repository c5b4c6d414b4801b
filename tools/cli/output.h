// SPDX-License-Identifier: Apache-2.0
// stdout is data, stderr is for people. Output writes lines and notices a full disk (exit 6) and a reader that went
// away (quiet); Table lays out rows for people and escapes every cell, so text from evidence may be given as it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/context.h"

namespace triage::cli {

/// Buffered stdout. One per command.
class Output {
 public:
  Output() = default;
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// Writes `line` and a newline. `line` is JSON or text already escaped.
  void line(std::string_view line);
  /// False once the reader closed the pipe or writing failed: stop producing.
  [[nodiscard]] bool wanted() const { return error_ == 0; }
  /// Writes what is left. kOutput when something could not be written; a closed pipe is no failure.
  [[nodiscard]] Status finish();

 private:
  void flush();
  std::string buffer_;
  int error_ = 0;
};

enum class Tone : std::uint8_t { kPlain, kBold, kDim, kGood, kWarn, kBad };

/// Whether colour may go to stream `fd` (1 or 2): --color, then NO_COLOR and TERM=dumb, then whether it is a terminal.
bool use_color(const Context& context, int fd);
/// `text` in a tone, or as it is when `on` is false.
std::string paint(bool on, Tone tone, std::string_view text);

/// Rows for people, with a header line; column widths fit the content (East Asian wide characters count two).
class Table {
 public:
  explicit Table(std::vector<std::string> titles) : titles_(std::move(titles)) {}
  /// Any text; it is escaped for the terminal. One cell a column.
  void row(std::vector<std::string> cells);
  void print(Output& out, bool color) const;
  [[nodiscard]] std::size_t size() const { return rows_.size(); }

 private:
  std::vector<std::string> titles_;
  std::vector<std::vector<std::string>> rows_;
};

/// One line to stderr unless --quiet. `line` is escaped text.
void say(const Context& context, std::string_view line);
/// One line to stderr that -q does not silence, with "warning:" before it.
void warn(const Context& context, std::string_view line);

/// "1.4 GiB", "512 B".
std::string human_bytes(std::uint64_t bytes);

}  // namespace triage::cli
