// SPDX-License-Identifier: Apache-2.0
// JsonLine: writes one JSON object on one line, in the order of the calls. Output is always well-formed UTF-8 (invalid
// bytes become \xNN text) and never holds a raw control byte, so that a line stays a line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace triage {

/// Appends `text` as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);

class JsonLine {
 public:
  JsonLine() { out_ = "{"; }
  JsonLine& add(std::string_view key, std::string_view value);
  JsonLine& add(std::string_view key, const char* value) { return add(key, std::string_view(value)); }
  JsonLine& add(std::string_view key, std::int64_t value);
  JsonLine& add(std::string_view key, std::uint64_t value);
  JsonLine& add(std::string_view key, int value) { return add(key, static_cast<std::int64_t>(value)); }
  JsonLine& add(std::string_view key, std::uint32_t value) { return add(key, static_cast<std::uint64_t>(value)); }
  JsonLine& add(std::string_view key, bool value);
  JsonLine& add_null(std::string_view key);
  template <typename T>
  JsonLine& add(std::string_view key, const std::optional<T>& value) {
    return value ? add(key, *value) : add_null(key);
  }
  /// `json` is already a JSON value.
  JsonLine& add_raw(std::string_view key, std::string_view json);
  /// The finished object without a newline. The writer starts anew.
  std::string finish();

 private:
  void key(std::string_view name);
  std::string out_;
  bool first_ = true;
};

}  // namespace triage
