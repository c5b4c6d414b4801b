// SPDX-License-Identifier: Apache-2.0
// PDF: from the header to the last end-of-file marker whose startxref points at a cross-reference section of this
// file. After such a marker the file goes on only where a further object or section follows it (incremental update,
// first part of a linearized file). Embedded PDFs are passed by: their startxref is wrong for the outer file.
//   file := "%PDF-" body (xref trailer "startxref" n "%%EOF" EOL?)+      Spec: ISO 32000-1:2008 §7.5, annex F.
#include <algorithm>
#include <optional>

#include "carve/carver.h"
#include "formats/inflate.h"
#include "formats/jpeg_stream.h"

namespace triage {

extern const Carver pdf;

namespace {

constexpr std::string_view kHeader = "%PDF-";
constexpr std::string_view kMarker = "%%EOF";
constexpr std::string_view kStart = "startxref";
constexpr std::size_t kTrailerReach = 1024;  // startxref stands at most so far before %%EOF
constexpr std::size_t kSector = 512;
constexpr int kMaxEmbedded = 64;  // headers at odd places before the data is taken for another file's

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\0'; }

void skip_space(std::string_view text, std::size_t& at) {
  while (at < text.size() && is_space(text[at])) ++at;
}

std::optional<std::uint64_t> read_number(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  std::uint64_t value = 0;
  while (at < text.size() && is_digit(text[at]) && at - begin < 15)
    value = value * 10 + std::uint64_t(text[at++] - '0');
  return at == begin ? std::nullopt : std::optional(value);
}

/// "12 0 obj" at `at`, after white space; `at` moves behind it.
bool skip_object_start(std::string_view text, std::size_t& at) {
  skip_space(text, at);
  if (!read_number(text, at)) return false;
  const std::size_t gap = at;
  skip_space(text, at);
  if (at == gap || !read_number(text, at)) return false;
  skip_space(text, at);
  if (text.substr(at, 3) != "obj") return false;
  at += 3;
  return true;
}

/// A cross-reference table, or the object that holds a cross-reference stream.
bool is_cross_reference(std::string_view text, std::size_t at) {
  skip_space(text, at);
  if (text.substr(at, 4) == "xref") return true;
  return skip_object_start(text, at) && text.substr(at, kTrailerReach).find("/XRef") != std::string_view::npos;
}

/// The startxref before the marker at `marker` names a section of this file before the marker.
bool is_sane_end(std::string_view text, std::size_t marker) {
  const std::size_t reach = std::min(marker, kTrailerReach);
  const std::string_view before = text.substr(marker - reach, reach);
  std::size_t at = before.rfind(kStart);
  if (at == std::string_view::npos) return false;
  at += kStart.size();
  skip_space(before, at);
  const auto place = read_number(before, at);
  skip_space(before, at);
  if (!place || at != before.size() || *place == 0 || *place >= marker) return false;
  const auto begin = static_cast<std::size_t>(*place);
  // Writers that count badly are off by a few bytes of white space.
  const std::string_view own = text.substr(0, marker);
  return is_cross_reference(own, begin) || (begin > 2 && is_cross_reference(own, begin - 2));
}

/// The end of the file whose last marker is at `marker`: with the end of line that belongs to it.
std::size_t end_after(std::string_view text, std::size_t marker) {
  std::size_t end = marker + kMarker.size();
  if (end < text.size() && text[end] == ' ' && end + 1 < text.size() &&
      (text[end + 1] == '\r' || text[end + 1] == '\n'))
    ++end;
  if (end < text.size() && text[end] == '\r') ++end;
  if (end < text.size() && text[end] == '\n') ++end;
  return end;
}

/// What follows a sane end: another part of the same file, or not.
bool goes_on(std::string_view text, std::size_t end) {
  std::size_t at = end;
  const std::size_t limit = std::min(text.size(), end + kTrailerReach);
  while (at < limit && is_space(text[at])) ++at;
  if (at >= limit) return false;
  for (const std::string_view part : {kStart, std::string_view("endstream"), std::string_view("xref")})
    if (text.substr(at, part.size()) == part) return true;              // "endstream": the marker stood inside a stream
  if (text[at] == '%' && text.substr(at, kHeader.size()) != kHeader) {  // a comment before the next object
    const std::size_t line = text.substr(0, limit).find_first_of("\r\n", at);
    if (line == std::string_view::npos) return false;
    at = line;
  }
  return skip_object_start(text, at);
}

/// Annex F: the length that a linearized file states in its first object; 0 in others.
std::uint64_t linearized_length(std::string_view text) {
  const std::string_view head = text.substr(0, kTrailerReach);
  const std::size_t mark = head.find("/Linearized");
  std::size_t at = mark == std::string_view::npos ? mark : head.find("/L ", mark);
  if (at == std::string_view::npos) return 0;
  at += 3;
  return read_number(head, at).value_or(0);
}

struct Scan {
  bool linearized = false;    ///< a sane end stands where the first object says
  std::size_t end = 0;        ///< after the last sane marker; 0 when there is none
  std::size_t any_end = 0;    ///< after the last marker of any kind
  std::size_t first_end = 0;  ///< after the first marker of any kind
  std::size_t stop = 0;       ///< where the scan stopped
  bool ran_out = false;
};

Scan scan_markers(std::string_view text) {
  Scan scan;
  int embedded = 0;
  const std::uint64_t stated = linearized_length(text);
  scan.linearized = stated == 0;
  std::size_t at = kHeader.size();
  for (;;) {
    // Both tokens begin with '%'; one search serves them.
    at = text.find('%', at);
    if (at == std::string_view::npos) {
      scan.stop = text.size();
      scan.ran_out = true;
      return scan;
    }
    if (text.substr(at, kHeader.size()) == kHeader) {
      scan.stop = at;
      if (at % kSector == 0 || ++embedded > kMaxEmbedded) return scan;
    } else if (text.substr(at, kMarker.size()) == kMarker) {
      const std::size_t end = end_after(text, at);
      scan.any_end = end;
      if (scan.first_end == 0) scan.first_end = end;
      if (is_sane_end(text, at)) {
        scan.end = end;
        if (end + 4 >= stated && end <= stated + 4) scan.linearized = true;
        if (!goes_on(text, end)) return scan;
      }
      at = end - 1;
    }
    ++at;
  }
}

CarveResult validate(Bytes data) {
  CarveResult result;
  const std::string_view text = as_chars(data);
  if (text.size() < 8 || !text.starts_with(kHeader) || !is_digit(text[5]) || text[6] != '.') return result;
  const Scan scan = scan_markers(text);
  result.extension = "pdf";
  if (scan.end != 0 && !scan.ran_out && scan.linearized) {
    result.grade = CarveGrade::kComplete;
    result.length = ByteCount{scan.end};
    // A following object cut by the end of the data would be seen with more of it.
    result.more_needed = scan.end == text.size();
    return result;
  }
  result.grade = CarveGrade::kTruncated;
  result.more_needed = scan.ran_out;
  result.likely_end = ByteCount{scan.first_end};
  const std::size_t held = scan.end != 0 ? scan.end : scan.any_end;
  result.length = ByteCount{scan.ran_out ? text.size() : held != 0 ? held : scan.stop};
  // A header alone says little: something of a body must follow at once.
  if (text.substr(0, 4096).find("obj") == std::string_view::npos && scan.any_end == 0) return {};
  return result;
}

/// Every stream whose bytes check themselves (Flate, JPEG) must hold; at least one must be there.
bool streams_hold(Bytes whole) {
  const std::string_view text = as_chars(whole);
  int good = 0;
  for (std::size_t at = 0; (at = text.find("stream", at)) != std::string_view::npos; at += 6) {
    if (at >= 3 && text.substr(at - 3, 3) == "end") continue;
    const std::size_t reach = std::min<std::size_t>(at, 512);
    std::string_view dictionary = text.substr(at - reach, reach);
    dictionary.remove_prefix(std::min(dictionary.size(), dictionary.rfind(" obj") + 1));
    std::size_t begin = at + 6;
    if (text.substr(begin, 1) == "\r") ++begin;
    if (text.substr(begin, 1) == "\n") ++begin;
    const Bytes content = whole.subspan(std::min(begin, whole.size()));
    constexpr std::uint64_t kMost = 256ULL << 20;
    if (dictionary.find("/Encrypt") != std::string_view::npos) return false;
    if (dictionary.find("/FlateDecode") != std::string_view::npos) {
      if (measure_zlib(content, kMost).end != DeflateEnd::kWhole) return false;
      ++good;
    } else if (dictionary.find("/DCTDecode") != std::string_view::npos) {
      JpegStream picture;
      if (picture.run(content) != JpegStream::Status::kWhole) return false;
      ++good;
    }
  }
  return good > 0;
}

constexpr CarveMagic kMagics[] = {{0, kHeader}};
constexpr std::string_view kReferences[] = {"ISO 32000-1:2008 §7.5 and annex F"};

}  // namespace

constinit const Carver pdf{
    .id = "pdf",
    .extension = "pdf",
    .title_en = "PDF document",
    .title_ja = "PDF 文書",
    .magics = kMagics,
    .min_length = ByteCount{67},
    .max_length = ByteCount{512ULL << 20},
    .references = kReferences,
    .validate = validate,
    .gaps = GapRule::kAnywhere,
    .verify = streams_hold,
};

}  // namespace triage
