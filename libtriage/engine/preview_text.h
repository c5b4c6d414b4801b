// SPDX-License-Identifier: Apache-2.0
// The first words of a document, for the report.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bytes/cursor.h"

namespace triage {

inline constexpr std::size_t kPreviewCharacters = 240;

/// The first words of a text, a web page, a message, or an Office or OpenDocument document, white space joined; nullopt
/// where the type has none or none are found. Figures of four digits and more, and what stands before the @ of an
/// address, are masked: a report shows what kind of document it is, not whose data is in it.
std::optional<std::string> preview_text(std::string_view type, Bytes content);

}  // namespace triage
