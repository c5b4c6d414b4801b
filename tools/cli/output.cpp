// SPDX-License-Identifier: Apache-2.0
#include "cli/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "base/check.h"
#include "bytes/text.h"

namespace triage::cli {
namespace {

constexpr std::size_t kBufferSize = 64 * 1024;

void write_stderr(std::string line) {
  line += '\n';
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // nobody is left to tell
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string pad(const std::string& text, std::size_t width) {
  const std::size_t used = display_width(text);
  return used >= width ? text : text + std::string(width - used, ' ');
}

}  // namespace

Output::~Output() { flush(); }

void Output::line(std::string_view line) {
  if (!wanted()) return;
  buffer_ += line;
  buffer_ += '\n';
  if (buffer_.size() >= kBufferSize) flush();
}

void Output::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty() && error_ == 0) {
    const ssize_t written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written < 0) {
      if (errno != EINTR) error_ = errno;
      continue;
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

Status Output::finish() {
  flush();
  if (error_ == 0 || error_ == EPIPE) return {};
  return fail(ErrorCode::kOutput, "cannot write the output", "stdout", error_);
}

bool use_color(const Context& context, int fd) {
  if (context.color != ColorMode::kAuto) return context.color == ColorMode::kAlways;
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* term = std::getenv("TERM");
  if (term == nullptr || std::string_view(term) == "dumb") return false;
  return ::isatty(fd) == 1;
}

std::string paint(bool on, Tone tone, std::string_view text) {
  static constexpr std::array<std::string_view, 6> kCodes = {"", "1", "2", "32", "33", "31"};
  if (!on || tone == Tone::kPlain) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<std::size_t>(tone)], text);
}

void Table::row(std::vector<std::string> cells) {
  TRIAGE_CHECK(cells.size() == titles_.size());
  for (std::string& cell : cells) cell = escape_terminal(cell);
  rows_.push_back(std::move(cells));
}

void Table::print(Output& out, bool color) const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < titles_.size(); ++i) {
    std::size_t width = display_width(titles_[i]);
    for (const auto& row : rows_) width = std::max(width, display_width(row[i]));
    widths.push_back(width);
  }
  const auto join = [&widths](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      line += i + 1 == cells.size() ? cells[i] : pad(cells[i], widths[i]) + "  ";
    }
    return line;
  };
  out.line(paint(color, Tone::kBold, join(titles_)));
  for (const auto& row : rows_) out.line(join(row));
}

void say(const Context& context, std::string_view line) {
  if (!context.quiet) write_stderr(std::string(line));
}

void warn(const Context& context, std::string_view line) {
  const std::string label = text(context.lang, messages::kWarning) + ":";
  write_stderr(fmt::format("{} {}", paint(use_color(context, STDERR_FILENO), Tone::kWarn, label), line));
}

std::string human_bytes(std::uint64_t bytes) {
  static constexpr std::array<std::string_view, 7> kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

}  // namespace triage::cli
