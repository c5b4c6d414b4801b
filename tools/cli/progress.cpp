// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/output.h"

namespace triage::cli {
namespace {

constexpr Message kOf{"{} of {}", "{} / {}"};
constexpr Message kLeft{"{} left", "残り {}"};
constexpr Message kDamaged{"{} damaged", "破損 {} 件"};

double seconds_of(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

std::optional<double> rate_of(const Progress& progress) {
  const double seconds = seconds_of(progress.elapsed);
  if (seconds < 0.001) return std::nullopt;
  return static_cast<double>(progress.bytes_done) / seconds;
}

std::optional<std::uint64_t> seconds_left(const Progress& progress) {
  const auto rate = rate_of(progress);
  if (!rate || *rate <= 0 || !progress.bytes_total || *progress.bytes_total < progress.bytes_done) return std::nullopt;
  const double left = static_cast<double>(*progress.bytes_total - progress.bytes_done) / *rate;
  constexpr double kLongest = 100.0 * 24 * 3600;
  if (left > kLongest) return std::nullopt;
  return static_cast<std::uint64_t>(left + 0.5);
}

std::string clock_text(std::uint64_t seconds) {
  if (seconds >= 3600) return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

/// `line` cut to `columns`, whole characters only.
std::string cut(std::string line, std::size_t columns) {
  while (display_width(line) > columns) {
    while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0U) == 0x80U) line.pop_back();
    if (!line.empty()) line.pop_back();
  }
  return line;
}

}  // namespace

std::string progress_line(const Progress& progress, Lang lang) {
  std::string out = escape_terminal(progress.phase);
  const std::string done = human_bytes(progress.bytes_done);
  if (progress.bytes_total) {
    const double share = *progress.bytes_total == 0
                             ? 1.0
                             : static_cast<double>(progress.bytes_done) / static_cast<double>(*progress.bytes_total);
    out += fmt::format("  {:3.0f}%  {}", share * 100, text(lang, kOf, done, human_bytes(*progress.bytes_total)));
  } else {
    out += "  " + done;
  }
  if (const auto rate = rate_of(progress)) out += fmt::format("  {}/s", human_bytes(static_cast<std::uint64_t>(*rate)));
  if (const auto left = seconds_left(progress)) out += "  " + text(lang, kLeft, clock_text(*left));
  if (progress.damage_count > 0) out += "  " + text(lang, kDamaged, progress.damage_count);
  return out;
}

std::string progress_json(const Progress& progress) {
  JsonLine line;
  line.add("schema", "triage.progress.v1").add("phase", progress.phase).add("bytes_done", progress.bytes_done);
  line.add("bytes_total", progress.bytes_total);
  const auto rate = rate_of(progress);
  if (rate) {
    line.add("bytes_per_second", static_cast<std::uint64_t>(*rate));
  } else {
    line.add_null("bytes_per_second");
  }
  line.add("seconds_left", seconds_left(progress)).add("damage_count", progress.damage_count);
  line.add("elapsed_ms",
           static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(progress.elapsed).count()));
  return line.finish();
}

ProgressPrinter::ProgressPrinter(const Context& context) : lang_(context.lang) {
  if (context.progress == ProgressMode::kJson) {
    way_ = Way::kJson;
  } else if (context.progress == ProgressMode::kAuto && !context.quiet && ::isatty(STDERR_FILENO) == 1) {
    const char* term = std::getenv("TERM");
    if (term != nullptr && std::string_view(term) != "dumb") way_ = Way::kLine;
  }
}

ProgressPrinter::~ProgressPrinter() { finish(); }

void ProgressPrinter::update(const Progress& progress) {
  if (way_ == Way::kNone) return;
  const auto pause = way_ == Way::kLine ? std::chrono::milliseconds(100) : std::chrono::milliseconds(1000);
  const bool due = !shown_at_ || progress.elapsed - *shown_at_ >= pause || progress.phase != phase_;
  if (due) {
    show(progress);
  } else if (way_ == Way::kJson) {
    held_back_ = progress_json(progress);
  }
}

void ProgressPrinter::show(const Progress& progress) {
  shown_at_ = progress.elapsed;
  phase_ = progress.phase;
  held_back_.clear();
  if (way_ == Way::kJson) {
    fmt::print(stderr, "{}\n", progress_json(progress));
    return;
  }
  fmt::print(stderr, "\r{}\x1b[K", cut(progress_line(progress, lang_), terminal_width() - 1));
  std::fflush(stderr);
  line_open_ = true;
}

void ProgressPrinter::finish() {
  if (!held_back_.empty()) fmt::print(stderr, "{}\n", held_back_);
  held_back_.clear();
  if (line_open_) {
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
  }
  line_open_ = false;
}

}  // namespace triage::cli
