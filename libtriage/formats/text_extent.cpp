// SPDX-License-Identifier: Apache-2.0
#include "formats/text_extent.h"

#include <algorithm>
#include <array>

#include "formats/peek.h"

namespace triage {
namespace {

constexpr std::array<bool, 256> make_text_bytes() {
  std::array<bool, 256> out{};
  for (std::size_t i = 0x20; i < 256; ++i) out[i] = i != 0x7f;
  for (const std::size_t i : {0x09, 0x0a, 0x0c, 0x0d, 0x1b}) out[i] = true;
  return out;
}
constexpr auto kText = make_text_bytes();

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool matches(std::string_view text, std::size_t at, std::string_view word) {
  for (std::size_t i = 0; i < word.size(); ++i)
    if (lower(text[at + i]) != word[i]) return false;
  return true;
}

}  // namespace

TextExtent text_extent(Bytes data) {
  TextExtent out;
  const bool little = has_at(data, 0, "\xff\xfe");
  if (little || has_at(data, 0, "\xfe\xff")) {
    for (; data.size() - out.end >= 2; out.end += 2) {
      const auto unit = little ? le_at<std::uint16_t>(data, out.end) : be_at<std::uint16_t>(data, out.end);
      if (unit < 0x80 && !kText[unit]) break;
    }
    out.ran_out = data.size() - out.end < 2;
  } else {
    constexpr std::size_t kApart = 8;  // stray control characters are still text, a crowd of them is not
    constexpr int kCrowd = 4;
    std::size_t last = 0;
    int crowd = 0;
    const auto is_text = [](std::byte b) { return kText[std::to_integer<std::size_t>(b)]; };
    for (std::size_t at = 0;; ++at) {
      at = static_cast<std::size_t>(
          std::find_if_not(data.begin() + static_cast<std::ptrdiff_t>(at), data.end(), is_text) - data.begin());
      if (crowd == 0 || at - last > kApart) out.end = at;
      out.ran_out = at == data.size();
      if (out.ran_out) out.end = at;
      crowd = at - last > kApart ? 1 : crowd + 1;
      last = at;
      if (out.ran_out || data[at] == std::byte{0} || crowd >= kCrowd) break;
    }
  }
  const std::size_t sector = (out.end + 511) / 512 * 512;
  out.slack = !out.ran_out && sector != out.end && is_filled(part(data, out.end, sector - out.end), 0);
  return out;
}

std::size_t find_ignoring_case(std::string_view text, std::string_view word, std::size_t from) {
  for (std::size_t at = from; at < text.size() && word.size() <= text.size() - at; ++at)
    if (matches(text, at, word)) return at;
  return std::string_view::npos;
}

std::size_t find_last_ignoring_case(std::string_view text, std::string_view word) {
  if (word.size() > text.size()) return std::string_view::npos;
  for (std::size_t at = text.size() - word.size() + 1; at-- > 0;)
    if (matches(text, at, word)) return at;
  return std::string_view::npos;
}

}  // namespace triage
