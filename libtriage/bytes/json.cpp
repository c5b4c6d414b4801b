// SPDX-License-Identifier: Apache-2.0
#include "bytes/json.h"

#include <fmt/format.h>

#include "bytes/text.h"

namespace triage {

void append_json_string(std::string& out, std::string_view text) {
  const std::string safe = is_utf8(text) ? std::string() : to_valid_utf8(text);
  if (!safe.empty()) text = safe;
  out.push_back('"');
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
          out.push_back(c);
        }
    }
  }
  out.push_back('"');
}

void JsonLine::key(std::string_view name) {
  if (!first_) out_.push_back(',');
  first_ = false;
  append_json_string(out_, name);
  out_.push_back(':');
}

JsonLine& JsonLine::add(std::string_view name, std::string_view value) {
  key(name);
  append_json_string(out_, value);
  return *this;
}
JsonLine& JsonLine::add(std::string_view name, std::int64_t value) {
  key(name);
  out_ += fmt::to_string(value);
  return *this;
}
JsonLine& JsonLine::add(std::string_view name, std::uint64_t value) {
  key(name);
  out_ += fmt::to_string(value);
  return *this;
}
JsonLine& JsonLine::add(std::string_view name, bool value) {
  key(name);
  out_ += value ? "true" : "false";
  return *this;
}
JsonLine& JsonLine::add_null(std::string_view name) {
  key(name);
  out_ += "null";
  return *this;
}
JsonLine& JsonLine::add_raw(std::string_view name, std::string_view json) {
  key(name);
  out_ += json;
  return *this;
}
std::string JsonLine::finish() {
  std::string done = std::move(out_);
  done.push_back('}');
  out_ = "{";
  first_ = true;
  return done;
}

}  // namespace triage
