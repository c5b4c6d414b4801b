// SPDX-License-Identifier: Apache-2.0
#include "bytes/text.h"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>

#include <memory>
#include <vector>

namespace triage {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

void append_utf8(std::string& out, char32_t c) {
  auto push = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (c < 0x80) {
    push(c);
  } else if (c < 0x800) {
    push(0xC0 | (c >> 6));
    push(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    push(0xE0 | (c >> 12));
    push(0x80 | ((c >> 6) & 0x3F));
    push(0x80 | (c & 0x3F));
  } else {
    push(0xF0 | (c >> 18));
    push(0x80 | ((c >> 12) & 0x3F));
    push(0x80 | ((c >> 6) & 0x3F));
    push(0x80 | (c & 0x3F));
  }
}

struct Decoded {
  char32_t code = 0;
  std::size_t size = 0;  ///< bytes used; 0 = not well-formed at this place
};

/// One code point at the start of `text` (Unicode table 3-7).
Decoded next_code_point(std::string_view text) {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  std::size_t size = 0;
  std::uint32_t code = 0;
  std::uint32_t low = 0x80;
  std::uint32_t high = 0xBF;
  if (first >= 0xC2 && first <= 0xDF) {
    size = 2;
    code = first & 0x1F;
  } else if (first >= 0xE0 && first <= 0xEF) {
    size = 3;
    code = first & 0x0F;
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
  } else if (first >= 0xF0 && first <= 0xF4) {
    size = 4;
    code = first & 0x07;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  } else {
    return {};
  }
  if (text.size() < size) return {};
  for (std::size_t i = 1; i < size; ++i) {
    const std::uint32_t next = byte(i);
    if (next < low || next > high) return {};
    low = 0x80;
    high = 0xBF;
    code = (code << 6) | (next & 0x3F);
  }
  return {code, size};
}

bool is_dangerous(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0x200E || c == 0x200F || c == 0x061C || c == 0x2028 || c == 0x2029 || c == 0xFEFF;
}

std::string utf16_to_utf8(Bytes data, bool big_endian, bool stop_at_nul, bool* lossy) {
  std::string out;
  out.reserve(data.size());
  const auto unit = [&](std::size_t i) {
    const auto a = std::to_integer<std::uint32_t>(data[i]);
    const auto b = std::to_integer<std::uint32_t>(data[i + 1]);
    return big_endian ? (a << 8) | b : (b << 8) | a;
  };
  const auto replace = [&] {
    append_utf8(out, kReplacement);
    if (lossy != nullptr) *lossy = true;
  };
  std::size_t i = 0;
  for (; i + 1 < data.size(); i += 2) {
    const std::uint32_t first = unit(i);
    if (first == 0 && stop_at_nul) return out;
    if (first < 0xD800 || first > 0xDFFF) {
      append_utf8(out, first);
      continue;
    }
    if (first < 0xDC00 && i + 3 < data.size()) {
      const std::uint32_t second = unit(i + 2);
      if (second >= 0xDC00 && second <= 0xDFFF) {
        append_utf8(out, 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
        i += 2;
        continue;
      }
    }
    replace();
  }
  if (i < data.size()) replace();
  return out;
}

struct ConverterClose {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};

}  // namespace

std::string to_hex(Bytes data) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out(data.size() * 2, '0');
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto value = std::to_integer<unsigned>(data[i]);
    out[2 * i] = kDigits[value >> 4];
    out[2 * i + 1] = kDigits[value & 15];
  }
  return out;
}

std::optional<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  std::string out;
  out.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]);
    const int low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
  }
  return out;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Decoded next = next_code_point(text);
    if (next.size == 0) return false;
    text.remove_prefix(next.size);
  }
  return true;
}

std::string utf16le_to_utf8(Bytes data, bool* lossy) { return utf16_to_utf8(data, false, false, lossy); }
std::string utf16be_to_utf8(Bytes data, bool* lossy) { return utf16_to_utf8(data, true, false, lossy); }
std::string utf16le_zstring(Bytes data, bool* lossy) { return utf16_to_utf8(data, false, true, lossy); }

std::optional<std::string> decode_charset(std::string_view data, const char* converter) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, ConverterClose> handle(ucnv_open(converter, &status));
  if (U_FAILURE(status)) return std::nullopt;
  ucnv_setToUCallBack(handle.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  std::vector<UChar> units(data.size() * 2 + 16);
  const std::int32_t count = ucnv_toUChars(handle.get(), units.data(), static_cast<std::int32_t>(units.size()),
                                           data.data(), static_cast<std::int32_t>(data.size()), &status);
  if (U_FAILURE(status)) return std::nullopt;
  std::string out;
  for (std::int32_t i = 0; i < count; ++i) {
    const std::uint32_t unit = units[static_cast<std::size_t>(i)];
    if (unit >= 0xD800 && unit < 0xDC00 && i + 1 < count) {
      const std::uint32_t second = units[static_cast<std::size_t>(++i)];
      append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00));
    } else {
      append_utf8(out, unit);
    }
  }
  return out;
}

std::string decode_name(std::string_view raw, std::string_view* guess) {
  const auto say = [guess](std::string_view name) {
    if (guess != nullptr) *guess = name;
  };
  if (is_utf8(raw)) {
    say("utf-8");
    return std::string(raw);
  }
  if (auto text = decode_charset(raw, "windows-31j")) {
    say("cp932");
    return *std::move(text);
  }
  say("bytes");
  return to_valid_utf8(raw);
}

std::string to_valid_utf8(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  while (!raw.empty()) {
    const Decoded next = next_code_point(raw);
    if (next.size == 0) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(raw[0]));
      raw.remove_prefix(1);
      continue;
    }
    out.append(raw.substr(0, next.size));
    raw.remove_prefix(next.size);
  }
  return out;
}

std::string escape_terminal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Decoded next = next_code_point(text);
    if (next.size == 0) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
      text.remove_prefix(1);
      continue;
    }
    if (!is_dangerous(next.code)) {
      out.append(text.substr(0, next.size));
    } else if (next.code < 0x80) {
      out += fmt::format("\\x{:02x}", static_cast<std::uint32_t>(next.code));
    } else {
      out += fmt::format("\\u{{{:04x}}}", static_cast<std::uint32_t>(next.code));
    }
    text.remove_prefix(next.size);
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Decoded next = next_code_point(text);
    if (next.size == 0) {
      ++width;
      text.remove_prefix(1);
      continue;
    }
    const auto code = static_cast<UChar32>(next.code);
    const int kind = u_getIntPropertyValue(code, UCHAR_EAST_ASIAN_WIDTH);
    if (kind == U_EA_WIDE || kind == U_EA_FULLWIDTH) {
      width += 2;
    } else if (u_charType(code) != U_NON_SPACING_MARK) {
      ++width;
    }
    text.remove_prefix(next.size);
  }
  return width;
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool matches_one(char pattern, char c) { return pattern == '?' ? c != '/' : lower(pattern) == lower(c); }

/// What stands behind the last `*` must end the path: most globs are refused here, at their last byte.
bool tail_fits(std::string_view pattern, std::string_view path) {
  const std::size_t star = pattern.rfind('*');
  const std::string_view tail = star == std::string_view::npos ? pattern : pattern.substr(star + 1);
  if (path.size() < tail.size() || (star == std::string_view::npos && path.size() != tail.size())) return false;
  return std::equal(tail.rbegin(), tail.rend(), path.rbegin(), matches_one);
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view path) {
  if (!tail_fits(pattern, path)) return false;
  std::size_t p = 0;
  std::size_t s = 0;
  // Two levels of backtracking: the last `*` (stays in its segment) and the last `**` (crosses segments).
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t star_p = kNone, star_s = 0, deep_p = kNone, deep_s = 0;
  while (s < path.size()) {
    if (p + 1 < pattern.size() && pattern[p] == '*' && pattern[p + 1] == '*') {
      p += 2;
      deep_p = p;
      deep_s = s;
      star_p = kNone;
      continue;
    }
    if (p < pattern.size() && pattern[p] == '*') {
      star_p = ++p;
      star_s = s;
      continue;
    }
    if (p < pattern.size() && matches_one(pattern[p], path[s])) {
      ++p;
      ++s;
      continue;
    }
    if (star_p != kNone && path[star_s] != '/') {
      p = star_p;
      s = ++star_s;
      continue;
    }
    if (deep_p == kNone) return false;
    p = deep_p;
    s = ++deep_s;
    star_p = kNone;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace triage
