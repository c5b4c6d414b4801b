// SPDX-License-Identifier: Apache-2.0
#include "bytes/json.h"

#include <fmt/format.h>

#include <algorithm>

#include "bytes/text.h"

namespace triage {
namespace {

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default: out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
  }
}

/// True for ASCII that needs no escape.
bool is_plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; });
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  if (is_plain_ascii(text)) {  // nearly all text is
    out.push_back('"');
    out += text;
    out.push_back('"');
    return;
  }
  const std::string safe = is_utf8(text) ? std::string() : to_valid_utf8(text);
  if (!safe.empty()) text = safe;
  out.push_back('"');
  const auto is_plain = [](char c) {
    return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
  };
  while (!text.empty()) {
    // Runs of plain characters in one go: nearly all text is one run.
    const auto end = std::find_if_not(text.begin(), text.end(), is_plain);
    const auto run = static_cast<std::size_t>(end - text.begin());
    out.append(text.substr(0, run));
    text.remove_prefix(run);
    if (text.empty()) break;
    append_escape(out, text.front());
    text.remove_prefix(1);
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
