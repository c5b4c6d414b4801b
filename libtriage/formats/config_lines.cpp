// SPDX-License-Identifier: Apache-2.0
#include "formats/config_lines.h"

namespace triage {
namespace {

constexpr std::size_t kMaxLine = 64 << 10;

}  // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

bool ConfigReader::next(ConfigLine& line) {
  line = {};
  LogLine one;
  bool goes_on = false;
  while (lines_.next(one)) {
    std::string_view text = trimmed(one.text);
    if (!goes_on && text.empty()) continue;
    if (!goes_on) line.at = one.at;
    line.size = one.at + one.size - line.at;
    goes_on = text.ends_with('\\') && !text.starts_with('#');
    if (goes_on) text = trimmed(text.substr(0, text.size() - 1));
    if (line.text.size() + text.size() < kMaxLine) {
      if (!line.text.empty() && !text.empty()) line.text += ' ';
      line.text += text;
    } else {
      line.cut = true;
    }
    if (!goes_on) return true;
  }
  line.cut = line.cut || goes_on;
  return goes_on && !line.text.empty();
}

}  // namespace triage
