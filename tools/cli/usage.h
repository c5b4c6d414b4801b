// SPDX-License-Identifier: Apache-2.0
// Wrong command lines: says what is wrong in the language of the run and suggests what was probably meant.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/context.h"

namespace triage::cli {

/// The Error (kUsage) of a command line that CLI11 refused.
Error usage_error(const CLI::ParseError& refused, const CLI::App& app, const Context& context);

/// A word that `app` knows neither as subcommand nor as flag, with near misses.
Error unknown_word(const std::string& word, const CLI::App& command, const Context& context);

/// A command that only groups others was called without naming one.
Error missing_command(const CLI::App& command, const Context& context);

}  // namespace triage::cli
