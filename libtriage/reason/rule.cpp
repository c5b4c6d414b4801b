// SPDX-License-Identifier: Apache-2.0
#include "reason/rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace triage {

std::optional<std::int64_t> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number <= 0 || number > 36500 || end + 1 != text.data() + text.size())
    return std::nullopt;
  constexpr std::int64_t kSecond = 1'000'000'000;
  switch (*end) {
    case 's': return number * kSecond;
    case 'm': return number * 60 * kSecond;
    case 'h': return number * 3600 * kSecond;
    case 'd': return number * 86400 * kSecond;
    default: return std::nullopt;
  }
}

namespace {

/// Reads "a|b.field" into `part`; what is wrong, or "".
std::string read_place(std::string_view place, const std::vector<EventPattern>& patterns, TextPart& part) {
  const auto dot = place.find('.');
  if (dot == std::string_view::npos) return fmt::format("'{{{}}}' is not {{event.field}}", place);
  part.what = place.substr(dot + 1);
  if (part.what != "count" && !field_named(part.what)) return fmt::format("there is no field '{}'", part.what);
  std::string_view names = place.substr(0, dot);
  while (!names.empty()) {
    const auto bar = std::min(names.find('|'), names.size());
    const std::string_view name = names.substr(0, bar);
    const auto found =
        std::find_if(patterns.begin(), patterns.end(), [name](const EventPattern& one) { return one.name == name; });
    if (found == patterns.end()) return fmt::format("there is no event '{}'", name);
    part.patterns.push_back(static_cast<std::size_t>(found - patterns.begin()));
    names.remove_prefix(std::min(bar + 1, names.size()));
  }
  return part.patterns.empty() ? "a place names no event" : "";
}

}  // namespace

std::vector<TextPart> text_parts(const std::string& text, const std::vector<EventPattern>& patterns,
                                 std::string* fault) {
  std::vector<TextPart> out;
  std::string_view rest = text;
  while (true) {
    TextPart part;
    const auto open = rest.find_first_of("{}");
    part.words = rest.substr(0, open);
    if (open == std::string_view::npos) {
      out.push_back(std::move(part));
      return out;
    }
    const auto close = rest.find('}', open);
    std::string wrong = "a brace without its partner";
    if (rest[open] == '{' && close != std::string_view::npos)
      wrong = read_place(rest.substr(open + 1, close - open - 1), patterns, part);
    if (!wrong.empty()) {
      if (fault != nullptr && fault->empty()) *fault = wrong;
      return out;
    }
    out.push_back(std::move(part));
    rest.remove_prefix(close + 1);
  }
}

}  // namespace triage
