// SPDX-License-Identifier: Apache-2.0
// Values of binary XML as Windows event logs hold them, and their text. Spec: libyal/libevtx, "Windows XML Event Log
// (EVTX) format" §4.7 (value types); MS-EVEN6 §2.2.12.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bytes/cursor.h"

namespace triage {

/// Type bytes of the format. Or-ed with kBinXmlArray a run of them.
enum class BinXmlType : std::uint8_t {
  kNull = 0x00,
  kString = 0x01,      ///< UTF-16LE
  kAnsiString = 0x02,  ///< code page of the host
  kInt8 = 0x03,
  kUint8 = 0x04,
  kInt16 = 0x05,
  kUint16 = 0x06,
  kInt32 = 0x07,
  kUint32 = 0x08,
  kInt64 = 0x09,
  kUint64 = 0x0a,
  kFloat = 0x0b,
  kDouble = 0x0c,
  kBool = 0x0d,
  kBinary = 0x0e,
  kGuid = 0x0f,
  kSize = 0x10,
  kFiletime = 0x11,
  kSystemtime = 0x12,
  kSid = 0x13,
  kHex32 = 0x14,
  kHex64 = 0x15,
  kBinXml = 0x21,
  kText = 0x7f,  ///< not of the format: UTF-8 that the reader made (literals of a template)
};
inline constexpr std::uint8_t kBinXmlArray = 0x80;

/// One value as it stands in the chunk; `data` views the chunk or the reader's own memory.
struct BinXmlValue {
  std::uint8_t type = 0;
  std::uint32_t at = 0;  ///< place of `data` in the chunk; 0 for text that the reader made
  Bytes data;

  [[nodiscard]] bool is(BinXmlType wanted) const { return type == static_cast<std::uint8_t>(wanted); }
  /// Nothing stands there: null, or a string without characters.
  [[nodiscard]] bool empty() const;
};

/// Appends UTF-16LE text as UTF-8; quick where it is ASCII, as nearly all text of event logs.
void append_utf16(std::string& out, Bytes data);

/// Appends the value as XML would show it: decimal integers, "0x…" for hex types, S-1-… SIDs, lower-case GUIDs, UTC
/// times, lower-case hex of binary data; arrays joined by ", ". Well-formed UTF-8; NULs at the end of text are left
/// out.
void append_text(std::string& out, const BinXmlValue& value);
std::string text_of(const BinXmlValue& value);

/// Appends the value as JSON: a string, a number for integer types, a boolean, null, or an array of these.
void append_json(std::string& out, const BinXmlValue& value);

/// An integer of any type, or decimal or "0x…" text of one; nullopt for anything else.
std::optional<std::uint64_t> unsigned_of(const BinXmlValue& value);

/// Appends the elements of an array (at most 4,096), or the value itself where it is none.
void append_elements(std::vector<BinXmlValue>& out, const BinXmlValue& value);

}  // namespace triage
