// SPDX-License-Identifier: Apache-2.0
// HTML: text that begins with a tag of the format; the end is where the text ends. Complete when its last part closes
// the document.     Spec: WHATWG HTML §13.1 "Writing HTML documents".
#include "carve/carve_result.h"
#include "formats/peek.h"
#include "formats/text_extent.h"

namespace triage {

extern const Carver html;

namespace {
CarveResult validate(Bytes data) {
  const TextExtent text = text_extent(data);
  const std::string_view chars = as_chars(data.first(text.end));
  if (text.end < 32) return {};
  const std::string_view head = chars.substr(0, 64 * 1024);
  if (find_ignoring_case(head, "<html") == std::string_view::npos &&
      find_ignoring_case(head, "<head") == std::string_view::npos &&
      find_ignoring_case(head, "<body") == std::string_view::npos &&
      find_ignoring_case(head, "<!doctype html") == std::string_view::npos)
    return {};
  if (text.ran_out) return carve_more(data, "html");
  constexpr std::size_t kTail = 4096;
  const std::size_t tail_at = chars.size() < kTail ? 0 : chars.size() - kTail;
  const std::size_t close = find_last_ignoring_case(chars.substr(tail_at), "</html>");
  if (close == std::string_view::npos) return carve_cut(text.end, "html");
  if (text.slack) return carve_whole(text.end, "html");
  std::size_t end = tail_at + close + 7;  // other bytes follow: the document's own end, with its line end
  while (end < chars.size() && (chars[end] == '\r' || chars[end] == '\n')) ++end;
  return end == chars.size() ? carve_whole(end, "html") : carve_cut(end, "html");
}

constexpr CarveMagic kMagics[] = {{0, "<!DOCTYPE "},
                                  {0, "<!doctype "},
                                  {0, "<!Doctype "},
                                  {0, "<html"},
                                  {0, "<HTML"},
                                  {0, "<head"},
                                  {0, "<HEAD"},
                                  {0, "<script"},
                                  {0, "<SCRIPT"},
                                  {0, "<meta"},
                                  {0, "<body"},
                                  {0, "<BODY"},
                                  {0, "<!--"},
                                  {0, "\xef\xbb\xbf<!DOCTYPE"},
                                  {0, "\xef\xbb\xbf<!doctype"},
                                  {0, "\xef\xbb\xbf<html"},
                                  {0, "\n<!DOCTYPE"},
                                  {0, "\n<html"},
                                  {0, "\r\n<!DOCTYPE"},
                                  {0, "\r\n<html"}};
constexpr std::string_view kReferences[] = {"WHATWG: HTML Living Standard §13.1"};

}  // namespace

constinit const Carver html{
    .id = "html",
    .extension = "html",
    .title_en = "Web page",
    .title_ja = "ウェブページ",
    .magics = kMagics,
    .min_length = ByteCount{32},
    .max_length = ByteCount{64ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
