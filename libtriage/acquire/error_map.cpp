// SPDX-License-Identifier: Apache-2.0
#include "acquire/error_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace triage {
namespace {

constexpr std::uint64_t kNoEnd = std::numeric_limits<std::uint64_t>::max();

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos || line[begin] == '#') return words;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(" \t\r"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

/// "0x1F", "31" or octal "037", as ddrescue reads them.
std::optional<std::uint64_t> number(std::string_view word) {
  int base = 10;
  if (word.starts_with("0x") || word.starts_with("0X")) {
    base = 16;
    word.remove_prefix(2);
  } else if (word.size() > 1 && word[0] == '0') {
    base = 8;
  }
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), value, base);
  if (fault != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

std::optional<MapStatus> status_of(std::string_view word) {
  if (word.size() != 1 || std::string_view("?*/-+").find(word[0]) == std::string_view::npos) return std::nullopt;
  return static_cast<MapStatus>(word[0]);
}

}  // namespace

void ErrorMap::add(std::uint64_t at, std::uint64_t length, MapStatus status) {
  if (length == 0) return;
  if (!runs_.empty() && runs_.back().status == status && runs_.back().at + runs_.back().length == at) {
    runs_.back().length += length;
    return;
  }
  runs_.push_back({at, length, status});
}

Result<ErrorMap> ErrorMap::parse(std::string_view text) {
  ErrorMap map;
  bool status_line = false;
  std::uint64_t end = 0;
  std::size_t line_number = 0;
  while (!text.empty()) {
    const std::size_t stop = std::min(text.find('\n'), text.size());
    const auto words = words_of(text.substr(0, stop));
    text.remove_prefix(std::min(stop + 1, text.size()));
    ++line_number;
    if (words.empty()) continue;
    const auto wrong = [&] {
      return fail(ErrorCode::kUsage, fmt::format("line {} of the map is not one of a ddrescue map", line_number));
    };
    const auto at = number(words[0]);
    if (!at || words.size() < 2 || words.size() > 3) return wrong();
    if (!status_line) {  // current position, status, pass
      if (words[1].size() != 1) return wrong();
      status_line = true;
      continue;
    }
    const auto length = number(words[1]);
    const auto status = words.size() == 3 ? status_of(words[2]) : std::nullopt;
    if (!length || !status || *at < end || *length > kNoEnd - *at) return wrong();
    end = *at + *length;
    map.add(*at, *length, *status);
  }
  if (!status_line) return fail(ErrorCode::kUsage, "the map has no status line");
  return map;
}

ErrorMap ErrorMap::of(std::uint64_t size, std::uint64_t done,
                      const std::vector<std::pair<std::uint64_t, std::uint64_t>>& bad) {
  ErrorMap map;
  std::uint64_t at = 0;
  for (const auto& [begin, length] : bad) {
    map.add(at, begin - at, MapStatus::kRescued);
    map.add(begin, length, MapStatus::kBad);
    at = begin + length;
  }
  map.add(at, done - std::min(at, done), MapStatus::kRescued);
  map.add(done, size - std::min(done, size), MapStatus::kUntried);
  return map;
}

std::string ErrorMap::text(const std::vector<std::string>& comment) const {
  std::string out;
  for (const std::string& line : comment) out += "# " + line + "\n";
  const bool untried =
      std::any_of(runs_.begin(), runs_.end(), [](const Run& run) { return run.status == MapStatus::kUntried; });
  const std::uint64_t place = runs_.empty() ? 0 : (untried ? runs_.back().at : runs_.back().at + runs_.back().length);
  out += "# current_pos  current_status  current_pass\n";
  out += fmt::format("0x{:08X}     {}               1\n", place, untried ? '?' : '+');
  out += "#      pos        size  status\n";
  for (const Run& run : runs_) {
    out += fmt::format("0x{:08X}  0x{:08X}  {}\n", run.at, run.length, static_cast<char>(run.status));
  }
  return out;
}

std::pair<MapStatus, std::uint64_t> ErrorMap::status_at(std::uint64_t at) const {
  auto next = std::upper_bound(runs_.begin(), runs_.end(), at,
                               [](std::uint64_t value, const Run& run) { return value < run.at; });
  const std::uint64_t limit = next == runs_.end() ? kNoEnd : next->at;
  if (next == runs_.begin()) return {MapStatus::kUntried, limit};
  const Run& run = *std::prev(next);
  if (at - run.at < run.length) return {run.status, run.at + run.length};
  return {MapStatus::kUntried, limit};
}

}  // namespace triage
