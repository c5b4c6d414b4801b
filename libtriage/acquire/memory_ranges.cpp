// SPDX-License-Identifier: Apache-2.0
#include "acquire/memory_ranges.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace triage {
namespace {

struct IomemLine {
  std::size_t indent = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::string_view name;
};

std::optional<IomemLine> parse_line(std::string_view line) {
  IomemLine out;
  out.indent = line.find_first_not_of(' ');
  const std::size_t dash = line.find('-');
  const std::size_t colon = line.find(" : ");
  if (out.indent == std::string_view::npos || dash == std::string_view::npos || colon == std::string_view::npos ||
      dash > colon) {
    return std::nullopt;
  }
  const auto number = [&](std::size_t from, std::size_t to, std::uint64_t& value) {
    const auto [end, fault] = std::from_chars(line.data() + from, line.data() + to, value, 16);
    return fault == std::errc{} && end == line.data() + to;
  };
  if (!number(out.indent, dash, out.first) || !number(dash + 1, colon, out.last)) return std::nullopt;
  out.name = line.substr(colon + 3);
  return out;
}

bool is_ram(std::string_view name) { return name == "System RAM" || name.starts_with("System RAM ("); }

}  // namespace

IomemRam parse_iomem(std::string_view text) {
  IomemRam out;
  std::vector<MemoryRange> found;
  std::size_t inside = std::string_view::npos;  // indent of the matched line above; deeper ones are parts of it
  bool any = false;
  bool any_address = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto line = parse_line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line) continue;
    any = true;
    any_address = any_address || line->last != 0;
    if (line->indent > inside) continue;
    inside = std::string_view::npos;
    if (!is_ram(line->name) || line->last < line->first || line->last == ~std::uint64_t{0} || line->last == 0) continue;
    inside = line->indent;
    found.push_back({line->first, line->last + 1});
  }
  out.hidden = any && !any_address;
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
  for (const MemoryRange& range : found) {
    if (!out.ranges.empty() && range.begin <= out.ranges.back().end) {
      out.ranges.back().end = std::max(out.ranges.back().end, range.end);
    } else {
      out.ranges.push_back(range);
    }
  }
  return out;
}

std::uint64_t total_bytes(const std::vector<MemoryRange>& ranges) {
  std::uint64_t total = 0;
  for (const MemoryRange& range : ranges) total += range.end - range.begin;
  return total;
}

}  // namespace triage
