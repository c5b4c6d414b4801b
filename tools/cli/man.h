// SPDX-License-Identifier: Apache-2.0
// Manual pages (troff, man(7) macros) from the tree of commands.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/context.h"

namespace triage::cli {

/// The page of `command` in the language the tree was built in; nested commands stand in the same page.
std::string man_page(const CLI::App& command, const Context& context);

/// "triage", "triage-run": the page's name without section.
std::string man_name(const CLI::App& command);

}  // namespace triage::cli
