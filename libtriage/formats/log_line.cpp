// SPDX-License-Identifier: Apache-2.0
#include "formats/log_line.h"

#include <algorithm>

#include "bytes/text.h"

namespace triage {
namespace {

constexpr std::string_view kWideMark = "\xff\xfe";
constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";

bool is_blank(char c) { return c == ' ' || c == '\t'; }
/// Without an early end, so that it runs over many bytes at a time: nearly all lines are ASCII.
bool is_ascii(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

}  // namespace

LineReader::LineReader(Bytes data) : data_(data) {
  wide_ = has_at(data, 0, kWideMark);
  if (wide_) at_ = kWideMark.size();
  if (has_at(data, 0, kUtf8Mark)) at_ = kUtf8Mark.size();
}

bool LineReader::next(LogLine& line) {
  if (at_ >= data_.size()) return false;
  if (wide_) return next_wide(line);
  std::string_view rest = as_chars(data_.subspan(at_));
  const std::size_t end = rest.find('\n');
  line.at = at_;
  line.size = end == std::string_view::npos ? rest.size() : end + 1;
  line.text = rest.substr(0, end);
  if (!line.text.empty() && line.text.back() == '\r') line.text.remove_suffix(1);
  at_ += line.size;
  return true;
}

bool LineReader::next_wide(LogLine& line) {
  std::size_t end = at_;
  while (end + 1 < data_.size() && !(data_[end] == std::byte{'\n'} && data_[end + 1] == std::byte{0})) end += 2;
  const std::size_t past = std::min(end + 2, data_.size());
  line.at = at_;
  line.size = past - at_;
  decoded_ = utf16le_to_utf8(data_.subspan(at_, std::min(end, data_.size()) - at_));
  line.text = decoded_;
  if (!line.text.empty() && line.text.back() == '\r') line.text.remove_suffix(1);
  at_ = past;
  return true;
}

std::string log_text(std::string_view text) { return is_ascii(text) ? std::string(text) : decode_name(text); }

bool looks_like_text(Bytes data, std::size_t limit) {
  if (has_at(data, 0, kWideMark)) return true;
  return as_chars(data.first(std::min(limit, data.size()))).find('\0') == std::string_view::npos;
}

bool LineScan::skip(char wanted) {
  if (rest_.empty() || rest_.front() != wanted) return false;
  rest_.remove_prefix(1);
  return true;
}

bool LineScan::skip(std::string_view wanted) {
  if (!rest_.starts_with(wanted)) return false;
  rest_.remove_prefix(wanted.size());
  return true;
}

void LineScan::skip_blanks() {
  while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
}

std::string_view LineScan::word() {
  std::size_t count = 0;
  while (count < rest_.size() && !is_blank(rest_[count])) ++count;
  const std::string_view out = rest_.substr(0, count);
  rest_.remove_prefix(std::min(count + 1, rest_.size()));
  return out;
}

std::optional<std::string_view> LineScan::until(char end) {
  const std::size_t at = rest_.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view out = rest_.substr(0, at);
  rest_.remove_prefix(at + 1);
  return out;
}

std::optional<std::string_view> LineScan::until(std::string_view end) {
  const std::size_t at = rest_.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view out = rest_.substr(0, at);
  rest_.remove_prefix(at + end.size());
  return out;
}

std::optional<std::string_view> LineScan::quoted() {
  if (peek() != '"') return std::nullopt;
  for (std::size_t at = 1; at < rest_.size(); ++at) {
    if (rest_[at] == '\\') {
      ++at;
    } else if (rest_[at] == '"') {
      const std::string_view out = rest_.substr(1, at - 1);
      rest_.remove_prefix(at + 1);
      return out;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> LineScan::digits(std::size_t least, std::size_t most) {
  std::uint64_t out = 0;
  std::size_t count = 0;
  for (; count < most && count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9'; ++count)
    out = out * 10 + static_cast<std::uint64_t>(rest_[count] - '0');
  if (count < least || count == 0) return std::nullopt;
  rest_.remove_prefix(count);
  return out;
}

std::optional<std::uint64_t> decimal(std::string_view text) {
  LineScan scan(text);
  const auto out = scan.digits(1, 18);
  return scan.empty() ? out : std::nullopt;
}

}  // namespace triage
