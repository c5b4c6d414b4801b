// SPDX-License-Identifier: Apache-2.0
// RTF: groups in braces to the one that closes the first; \binN data is stepped over.
//   file := "{\rtf" … "}" [line end | NUL]      Spec: Microsoft "Rich Text Format Specification" 1.9.1, "RTF syntax".
#include <algorithm>

#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver rtf;

namespace {
struct Walk {
  std::size_t at = 0;
  std::size_t depth = 0;
  bool broken = false;
};

char char_at(Bytes data, std::size_t at) { return std::to_integer<char>(data[at]); }

/// A control word or symbol at the backslash; steps over the data of \bin.
void control(Bytes data, Walk& walk) {
  ++walk.at;
  if (walk.at >= data.size()) return;
  const auto letter = [&] {
    return walk.at < data.size() && char_at(data, walk.at) >= 'a' && char_at(data, walk.at) <= 'z';
  };
  const std::size_t word_at = walk.at;
  while (letter() && walk.at - word_at < 40) ++walk.at;
  if (walk.at == word_at) {  // a symbol, one character
    ++walk.at;
    return;
  }
  if (as_chars(part(data, word_at, walk.at - word_at)) != "bin") return;
  std::uint64_t count = 0;
  while (walk.at < data.size() && char_at(data, walk.at) >= '0' && char_at(data, walk.at) <= '9' && count < 1U << 30)
    count = count * 10 + static_cast<std::uint64_t>(char_at(data, walk.at++) - '0');
  walk.at = static_cast<std::size_t>(std::min<std::uint64_t>(data.size(), walk.at + 1 + count));
}

CarveResult validate(Bytes data) {
  if (!has_at(data, 0, "{\\rtf")) return {};
  Walk walk;
  while (walk.at < data.size()) {
    const char c = char_at(data, walk.at);
    if (c == '\\') {
      control(data, walk);
      continue;
    }
    if (c == '\0') break;  // never in text
    ++walk.at;
    if (c == '{') ++walk.depth;
    if (c == '}' && --walk.depth == 0) break;
  }
  if (walk.depth != 0 && walk.at >= data.size()) return carve_more(data, "rtf");
  if (walk.depth != 0) return walk.at > 64 ? carve_cut(walk.at, "rtf") : CarveResult{};
  // What follows the last brace: a line end, and Word's NUL where more of the file's cluster is not zero.
  if (has_at(data, walk.at, "\r\n")) {
    walk.at += 2;
    if (has_at(data, walk.at, "\r\n")) walk.at += 2;
  } else if (has_at(data, walk.at, "\n")) {
    walk.at += 1;
  }
  return carve_whole(walk.at, "rtf");
}

constexpr CarveMagic kMagics[] = {{0, "{\\rtf"}};
constexpr std::string_view kReferences[] = {"Microsoft: Rich Text Format Specification 1.9.1"};

}  // namespace

constinit const Carver rtf{
    .id = "rtf",
    .extension = "rtf",
    .title_en = "Rich text",
    .title_ja = "リッチテキスト",
    .magics = kMagics,
    .min_length = ByteCount{20},
    .max_length = ByteCount{256ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
