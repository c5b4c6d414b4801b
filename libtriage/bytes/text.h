// SPDX-License-Identifier: Apache-2.0
// Text of evidence: hex, character sets, and the escapes that make hostile text safe to show.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bytes/cursor.h"

namespace triage {

/// Lower-case hex, two digits a byte.
std::string to_hex(Bytes data);
/// Bytes of a hex text (case-insensitive, even length, no blanks); nullopt when it is not one.
std::optional<std::string> from_hex(std::string_view hex);

/// True when `text` is well-formed UTF-8 (Unicode 15 §3.9, no surrogates, no overlong forms).
bool is_utf8(std::string_view text);

/// Well-formed UTF-8 of UTF-16LE bytes. A lone surrogate or an odd last byte becomes U+FFFD; NULs are kept.
/// `*lossy` (when given) is set to true when a replacement was needed.
std::string utf16le_to_utf8(Bytes data, bool* lossy = nullptr);
/// Same for UTF-16BE.
std::string utf16be_to_utf8(Bytes data, bool* lossy = nullptr);
/// UTF-16LE up to the first NUL unit.
std::string utf16le_zstring(Bytes data, bool* lossy = nullptr);

/// Decodes `data` by ICU converter name ("windows-31j" for CP932, "EUC-JP", "ISO-2022-JP", "windows-1252").
/// nullopt when a byte sequence is not valid in that set.
std::optional<std::string> decode_charset(std::string_view data, const char* converter);

/// UTF-8 where it is, else CP932 where it decodes, else every invalid byte as \xNN. `*guess` names what was used.
std::string decode_name(std::string_view raw, std::string_view* guess = nullptr);

/// Replaces what is not well-formed UTF-8 by \xNN so that the result always is.
std::string to_valid_utf8(std::string_view raw);

/// For terminals: C0, DEL, C1, bidi controls (U+202A–E, U+2066–9, U+200E/F, U+061C), line and paragraph separators and
/// invalid UTF-8 are shown as \xNN or \u{NNNN}. No newline survives.
std::string escape_terminal(std::string_view text);

/// Columns a terminal needs for `text` (East Asian wide and full-width count two, combining marks none).
std::size_t display_width(std::string_view text);

/// ASCII lower case of `text`; other bytes unchanged.
std::string ascii_lower(std::string_view text);

/// Case-insensitive (ASCII) glob over paths: `*` any run within one segment, `**` any run, `?` one byte. Both `/` only.
bool glob_match(std::string_view pattern, std::string_view path);

}  // namespace triage
