// SPDX-License-Identifier: Apache-2.0
// May content of a type bear this name?
#pragma once

#include <string>
#include <string_view>

namespace triage {

/// The part of `path` after the last dot of its last component, in lower case; "" without one.
std::string extension_of(std::string_view path);

/// True where a file called `path` may hold content of `type` (as type_by_content() names it, "" for unknown). A name
/// that promises a signature fits that signature only; text fits every name that promises none.
bool name_fits_type(std::string_view path, std::string_view type, bool is_text);

}  // namespace triage
