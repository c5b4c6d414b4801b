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
  std::optional<int> group;
  int groups = 0;
  std::string wrong;
  while (wrong.empty()) {
    TextPart part;
    const auto mark = rest.find_first_of("{}[]");
    part.words = rest.substr(0, mark);
    part.in_group = group;
    if (mark == std::string_view::npos) {
      if (group) wrong = "a bracket without its partner";
      out.push_back(std::move(part));
      break;
    }
    auto behind = mark;
    const char sign = rest[mark];
    if (sign == '{') {
      behind = rest.find('}', mark);
      if (behind == std::string_view::npos) {
        wrong = "a brace without its partner";
        break;
      }
      wrong = read_place(rest.substr(mark + 1, behind - mark - 1), patterns, part);
    } else if (sign == '}' || (sign == '[') == group.has_value()) {
      wrong = sign == '}' ? "a brace without its partner" : "a bracket without its partner";
    } else {
      group = sign == '[' ? std::optional(groups++) : std::nullopt;
    }
    out.push_back(std::move(part));
    rest.remove_prefix(behind + 1);
  }
  if (fault != nullptr && fault->empty()) *fault = wrong;
  return out;
}

}  // namespace triage
