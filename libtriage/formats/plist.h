// SPDX-License-Identifier: Apache-2.0
// Property lists of Apple, binary and XML, as one tree of values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bytes/cursor.h"

namespace triage {

enum class PlistKind : std::uint8_t { kNull, kBool, kInteger, kReal, kDate, kData, kText, kUid, kArray, kDict };

struct PlistValue {
  PlistKind kind = PlistKind::kNull;
  std::int64_t integer = 0;       ///< kInteger, kUid; kBool: 0 or 1
  double real = 0;                ///< kReal; kDate: seconds since 2001-01-01 UTC
  std::string text;               ///< kText (well-formed UTF-8), kData (raw bytes), kDate of XML (as found)
  std::vector<PlistValue> items;  ///< kArray
  std::vector<std::pair<std::string, PlistValue>> members;  ///< kDict, in order

  /// The member of a dictionary; nullptr when it is none or has none of that name.
  [[nodiscard]] const PlistValue* find(std::string_view name) const;
  /// find() as a text that is not empty.
  [[nodiscard]] std::optional<std::string> text_of(std::string_view name) const;
  [[nodiscard]] std::optional<std::int64_t> integer_of(std::string_view name) const;
  /// Seconds since 2001-01-01 UTC of a date, or of a number or a text that holds one, as programs store them.
  [[nodiscard]] std::optional<double> seconds_of(std::string_view name) const;
};

struct Plist {
  PlistValue root;
  std::string fault;  ///< first thing that was wrong, "" when all was well; what could be read stands in root
  std::size_t fault_at = 0;
};

/// nullopt when `data` is no property list.
std::optional<Plist> read_plist(Bytes data);

}  // namespace triage
