// SPDX-License-Identifier: Apache-2.0
// Text by content. Character sets: JIS X 0208 in CP932 (lead 81–9F E0–FC) and EUC-JP (A1–FE pairs, 8E kana); where a
// text is valid in both, the one with more kana wins.
#include "formats/text_kind.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "bytes/text.h"

namespace triage {
namespace {

struct TextMark {
  std::string_view begins;  ///< lower case, after white space and a byte order mark
  std::string_view type;
};

constexpr auto kMarks = std::to_array<TextMark>({
    {"<!doctype html", "html"},
    {"<html", "html"},
    {"<head", "html"},
    {"<body", "html"},
    {"<svg", "svg"},
    {"<?php", "php"},
    {"-----begin openssh private key-----", "ssh-key"},
    {"-----begin pgp", "pgp"},
    {"-----begin ", "pem"},
    {"putty-user-key-file-", "ppk"},
    {"ssh-rsa aaaa", "ssh-public-key"},
    {"ssh-ed25519 aaaa", "ssh-public-key"},
    {"begin:vcard", "vcard"},
    {"begin:vcalendar", "ics"},
    {"windows registry editor version", "reg"},
    {"regedit4", "reg"},
    {"[internetshortcut]", "url"},
    {"[autorun]", "inf"},
    {"%!ps-adobe", "ps"},
    {"#!", "script"},
    {"@echo off", "script"},
    {"from - ", "mbox"},
});

constexpr auto kMailHeaders = std::to_array<std::string_view>(
    {"return-path:", "received:", "delivered-to:", "from:", "to:", "subject:", "date:", "message-id:", "x-",
     "reply-to:", "mime-version:", "content-type:", "cc:", "dkim-signature:", "arc-seal:", "authentication-results:"});

std::string_view skip_blank(std::string_view text) {
  while (!text.empty() && (text[0] == ' ' || text[0] == '\t' || text[0] == '\r' || text[0] == '\n'))
    text.remove_prefix(1);
  return text;
}

bool is_header_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  return colon != line.npos && colon > 0 && colon <= 60 &&
         std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '$';
         });
}

/// Header lines only up to the first empty one, at least three of them known, one saying from whom or the way it came.
bool is_mail(std::string_view lower) {
  int headers = 0;
  bool sender = false;
  for (int lines = 0; lines < 60 && !lower.empty(); ++lines) {
    const std::size_t end = lower.find('\n');
    const std::string_view line = lower.substr(0, end);
    if (line.empty() || line == "\r") break;
    if (line[0] != ' ' && line[0] != '\t') {
      const auto known = [line](std::string_view name) { return line.starts_with(name); };
      if (!is_header_line(line)) return false;
      headers += std::any_of(kMailHeaders.begin(), kMailHeaders.end(), known) ? 1 : 0;
      sender |= line.starts_with("from:") || line.starts_with("received:") || line.starts_with("return-path:");
    }
    if (end == std::string_view::npos) break;
    lower.remove_prefix(end + 1);
  }
  return headers >= 3 && sender;
}

bool is_json(std::string_view text) {
  if (text.size() < 2) return false;
  const std::string_view inside = skip_blank(text.substr(1));
  if (inside.empty()) return false;
  if (text[0] == '{') return inside[0] == '"' || inside[0] == '}';
  if (text[0] != '[') return false;
  return inside[0] == '{' || inside[0] == '[' || inside[0] == '"' || inside[0] == ']' ||
         (inside[0] >= '0' && inside[0] <= '9');
}

std::string_view marked_kind(std::string_view text) {
  text = skip_blank(text);
  const std::string lower = ascii_lower(text.substr(0, 4096));
  const std::string_view view = lower;
  if (view.starts_with("<?xml")) {
    if (view.find("<svg") != view.npos) return "svg";
    if (view.find("<!doctype plist") != view.npos || view.find("<plist") != view.npos) return "plist";
    if (view.find("<html") != view.npos) return "html";
    return "xml";
  }
  if (view.starts_with("<!--") && (view.find("<html") != view.npos || view.find("<!doctype html") != view.npos))
    return "html";
  for (const TextMark& mark : kMarks) {
    if (view.starts_with(mark.begins)) return mark.type;
  }
  if (view.starts_with("from ") && view.find("\nreceived:") != view.npos) return "mbox";
  if (is_mail(view)) return "eml";
  if (is_json(text)) return "json";
  return {};
}

bool has_binary_control(Bytes data) {
  return std::any_of(data.begin(), data.end(), [](std::byte b) {
    const auto c = std::to_integer<unsigned>(b);
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b) || c == 0x7f;
  });
}

/// How a two-byte set reads the data: whether it is valid, and how many kana it has.
struct DoubleByte {
  bool valid = true;
  std::size_t kana = 0;
};

bool is_cp932_trail(unsigned c) { return c >= 0x40 && c <= 0xfc && c != 0x7f; }
bool is_cp932_lead(unsigned c) { return (c >= 0x81 && c <= 0x9f) || (c >= 0xe0 && c <= 0xfc); }

DoubleByte read_cp932(Bytes data) {
  DoubleByte out;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto c = std::to_integer<unsigned>(data[i]);
    if (c < 0x80 || (c >= 0xa1 && c <= 0xdf)) continue;
    if (!is_cp932_lead(c)) return {false, 0};
    if (i + 1 == data.size()) break;  // cut in the middle of a character
    if (!is_cp932_trail(std::to_integer<unsigned>(data[i + 1]))) return {false, 0};
    if (c == 0x82 || c == 0x83) ++out.kana;
    ++i;
  }
  return out;
}

DoubleByte read_euc(Bytes data) {
  DoubleByte out;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto c = std::to_integer<unsigned>(data[i]);
    if (c < 0x80) continue;
    if ((c < 0xa1 || c == 0xff) && c != 0x8e) return {false, 0};
    if (i + 1 == data.size()) break;
    const auto trail = std::to_integer<unsigned>(data[i + 1]);
    if (trail < 0xa1 || trail == 0xff) return {false, 0};
    if (c == 0xa4 || c == 0xa5) ++out.kana;
    ++i;
  }
  return out;
}

std::string_view charset_kind(Bytes data, bool cut) {
  std::string_view text = as_chars(data);
  if (text.find("\x1b$B") != text.npos || text.find("\x1b$@") != text.npos) return "text-iso2022jp";
  if (cut) {  // a character of UTF-8 may be cut in two
    for (int i = 0; i < 3 && !text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80; ++i)
      text.remove_suffix(1);
    if (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80) != 0) text.remove_suffix(1);
  }
  if (is_utf8(text)) return "text";
  const DoubleByte cp932 = read_cp932(data);
  const DoubleByte euc = read_euc(data);
  if (euc.valid && euc.kana > cp932.kana) return "text-euc-jp";
  if (cp932.valid && cp932.kana > 0) return "text-cp932";
  return "text-8bit";
}

/// UTF-16 by its byte order mark, or by NULs in every second byte of an ASCII text.
std::string utf16_text(Bytes head) {
  if (has_at(head, 0, "\xff\xfe")) return utf16le_to_utf8(head.subspan(2));
  if (has_at(head, 0, "\xfe\xff")) return utf16be_to_utf8(head.subspan(2));
  const std::size_t count = std::min<std::size_t>(head.size(), 256) / 2 * 2;
  if (count < 16) return {};
  for (std::size_t i = 0; i < count; i += 2) {
    const auto low = std::to_integer<unsigned>(head[i]);
    if (head[i + 1] != std::byte{0} || low < 9 || low > 0x7e) return {};
  }
  return utf16le_to_utf8(head);
}

}  // namespace

std::string_view text_kind(Bytes head, bool cut) {
  if (head.empty()) return {};
  if (const std::string wide = utf16_text(head.first(std::min<std::size_t>(head.size(), 8192))); !wide.empty()) {
    if (has_binary_control(as_byte_span(wide))) return {};
    const std::string_view kind = marked_kind(wide);
    return kind.empty() ? "text-utf16" : kind;
  }
  const Bytes body = has_at(head, 0, "\xef\xbb\xbf") ? head.subspan(3) : head;
  if (has_binary_control(body)) return {};
  const std::string_view kind = marked_kind(as_chars(body));
  return kind.empty() ? charset_kind(body, cut) : kind;
}

}  // namespace triage
