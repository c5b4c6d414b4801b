// SPDX-License-Identifier: Apache-2.0
// Mail messages (RFC 5322) and mbox files: a header block of known fields, then text. A multipart body should hold the
// closing boundary; the end is where the text ends.
//   file := header_line+ empty_line text       mbox := ("From " sender date message)+
// Spec: RFC 5322 §2.2, RFC 2046 §5.1.1, RFC 4155 (mbox).
#include <array>

#include "carve/carve_result.h"
#include "formats/peek.h"
#include "formats/text_extent.h"

namespace triage {

extern const Carver mail;

namespace {
constexpr auto kFields = std::to_array<std::string_view>({"from:",
                                                          "to:",
                                                          "subject:",
                                                          "date:",
                                                          "message-id:",
                                                          "received:",
                                                          "return-path:",
                                                          "mime-version:",
                                                          "content-type:",
                                                          "reply-to:",
                                                          "delivered-to:",
                                                          "cc:",
                                                          "sender:",
                                                          "x-mailer:",
                                                          "content-transfer-encoding:",
                                                          "x-originating-ip:",
                                                          "importance:",
                                                          "in-reply-to:",
                                                          "references:",
                                                          "dkim-signature:",
                                                          "user-agent:"});

struct Headers {
  std::size_t end = 0;  ///< behind the empty line
  unsigned known = 0;   ///< bit for each of kFields
  bool sane = false;    ///< every line is a field or its continuation, and the empty line is there
  bool ran_out = false;
};

Headers read_headers(std::string_view text) {
  Headers h;
  while (h.end < text.size() && h.end < 256 * 1024) {
    const std::size_t eol = text.find('\n', h.end);
    if (eol == std::string_view::npos) {
      h.ran_out = true;
      return h;
    }
    std::string_view line = text.substr(h.end, eol - h.end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool first = h.end == 0;
    h.end = eol + 1;
    if (line.empty()) {
      h.sane = !first;
      return h;
    }
    if (line[0] == ' ' || line[0] == '\t') continue;
    if (first && line.starts_with("From ")) continue;
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos || line.substr(0, colon).find(' ') != std::string_view::npos)
      return h;
    for (std::size_t i = 0; i < kFields.size(); ++i)
      if (find_ignoring_case(line.substr(0, kFields[i].size()), kFields[i]) == 0) h.known |= 1U << i;
  }
  h.ran_out = h.end >= text.size();
  return h;
}

/// The boundary of a multipart message; empty where it is none.
std::string_view boundary_of(std::string_view headers) {
  const std::size_t at = find_ignoring_case(headers, "boundary=");
  if (at == std::string_view::npos) return {};
  std::string_view rest = headers.substr(at + 9);
  const bool quoted = rest.starts_with('"');
  if (quoted) rest.remove_prefix(1);
  return rest.substr(0, rest.find_first_of(quoted ? "\"\r\n" : " ;\t\r\n"));
}

CarveResult validate(Bytes data) {
  const TextExtent text = text_extent(data);
  const std::string_view chars = as_chars(data.first(text.end));
  const bool mbox = chars.starts_with("From ");
  const Headers h = read_headers(chars);
  const int known = __builtin_popcount(h.known);
  if (known < 3 || (h.known & 0x2fU) == 0) return {};
  const std::string_view extension = mbox ? "mbox" : "eml";
  if (text.ran_out) return carve_more(data, extension);
  if (!h.sane) return {};
  const std::string_view boundary = boundary_of(chars.substr(0, h.end));
  bool closed = true;
  if (!boundary.empty() && boundary.size() <= 70 && !mbox) {
    std::size_t at = chars.rfind(boundary);
    closed = at != std::string_view::npos && at > h.end && chars.substr(at + boundary.size()).starts_with("--");
  }
  return closed && text.slack ? carve_whole(text.end, extension) : carve_cut(text.end, extension);
}

constexpr CarveMagic kMagics[] = {
    {0, "From "},           {0, "From: "},   {0, "Received: "},   {0, "Return-Path:"},   {0, "Return-path:"},
    {0, "Delivered-To: "},  {0, "Date: "},   {0, "Message-I"},    {0, "MIME-Version:"},  {0, "Mime-Version:"},
    {0, "Subject: "},       {0, "To: "},     {0, "X-"},           {0, "Content-Type: "}, {0, "Reply-To: "},
    {0, "DKIM-Signature:"}, {0, "Sender: "}, {0, "User-Agent: "}, {0, "Thread-"}};
constexpr std::string_view kReferences[] = {"RFC 5322 §2.2", "RFC 2046 §5.1.1", "RFC 4155"};

}  // namespace

constinit const Carver mail{
    .id = "mail",
    .extension = "eml",
    .title_en = "Mail message or mailbox",
    .title_ja = "メール・mbox",
    .magics = kMagics,
    .min_length = ByteCount{64},
    .max_length = ByteCount{256ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
