// SPDX-License-Identifier: Apache-2.0
// Help texts, examples first. `-h` gives the short one, `--help` the full one; both come from the same definitions as
// the man pages and the completions.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/context.h"

namespace triage::cli {

/// Title, two examples, usage, flags or commands: one screen.
std::string short_help(const CLI::App& command, const Context& context);
/// Everything: all examples, details, arguments, flags, exit statuses.
std::string full_help(const CLI::App& command, const Context& context);

/// "triage run [OPTIONS] --case DIR EVIDENCE..."
std::string usage_line(const CLI::App& command);

/// An option as help shows it.
struct OptionText {
  std::string names;        ///< "-j, --jobs"; for an argument its name
  std::string placeholder;  ///< "N", "auto|always|never", "" for a switch
  std::string help;
  bool positional = false;
  bool required = false;
  bool repeats = false;
};
/// Visible options of `command`, arguments first.
std::vector<OptionText> option_texts(const CLI::App& command, const Context& context);

/// Exit statuses and their meanings.
struct ExitText {
  int code;
  Message meaning;
};
const std::vector<ExitText>& exit_texts();

}  // namespace triage::cli
