// SPDX-License-Identifier: Apache-2.0
#include "model/locator.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace triage {
namespace {

bool all_of_set(std::string_view text, bool (*allowed)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}
bool is_stream_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}
bool is_transform_char(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

/// The shortest form only ("0x0", no leading zeros), so that parse and text are inverse.
std::optional<std::uint64_t> number(std::string_view text, int base) {
  std::uint64_t value = 0;
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (base == 16 && std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'F'; }))
    return std::nullopt;
  return value;
}

std::optional<std::uint64_t> hex_offset(std::string_view text) {
  if (!text.starts_with("0x")) return std::nullopt;
  return number(text.substr(2), 16);
}

}  // namespace

std::string Locator::text() const {
  std::string out = fmt::format("{}/{}", evidence, stream);
  if (begin) {
    out += fmt::format("@{:#x}", *begin);
    if (length) out += fmt::format("+{}", *length);
  }
  for (const Step& step : steps) out += fmt::format("|{}@{:#x}", step.transform, step.offset);
  return out;
}

std::optional<Locator> Locator::parse(std::string_view text) {
  Locator out;
  std::string_view head = text.substr(0, text.find('|'));
  std::string_view tail = head.size() < text.size() ? text.substr(head.size() + 1) : std::string_view{};
  const bool has_tail = head.size() < text.size();
  const std::size_t slash = head.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  if (!all_of_set(head.substr(0, slash), is_stream_char)) return std::nullopt;
  out.evidence = head.substr(0, slash);
  head.remove_prefix(slash + 1);
  const std::size_t at = head.find('@');
  if (!all_of_set(head.substr(0, at), is_stream_char)) return std::nullopt;
  out.stream = head.substr(0, at);
  if (at != std::string_view::npos) {
    std::string_view range = head.substr(at + 1);
    const std::size_t plus = range.find('+');
    out.begin = hex_offset(range.substr(0, plus));
    if (!out.begin) return std::nullopt;
    if (plus != std::string_view::npos) {
      out.length = number(range.substr(plus + 1), 10);
      if (!out.length) return std::nullopt;
    }
  }
  while (has_tail) {
    const std::size_t bar = tail.find('|');
    const std::string_view part = tail.substr(0, bar);
    const std::size_t mark = part.find('@');
    if (mark == std::string_view::npos || !all_of_set(part.substr(0, mark), is_transform_char)) return std::nullopt;
    const auto offset = hex_offset(part.substr(mark + 1));
    if (!offset) return std::nullopt;
    out.steps.push_back({std::string(part.substr(0, mark)), *offset});
    if (bar == std::string_view::npos) break;
    tail.remove_prefix(bar + 1);
  }
  return out;
}

Locator Locator::at(std::uint64_t at_offset, std::optional<std::uint64_t> byte_length) const {
  Locator out = *this;
  if (out.steps.empty()) {
    out.begin = at_offset;
    out.length = byte_length;
  } else {
    out.steps.back().offset = at_offset;
    out.length.reset();
  }
  return out;
}

}  // namespace triage
