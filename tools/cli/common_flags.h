// SPDX-License-Identifier: Apache-2.0
// Flags that several commands have: one definition each, so that a flag means the same everywhere (DESIGN.md §3).
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/context.h"

namespace triage::cli {

enum class Flag : std::uint8_t {
  kQuiet,
  kVerbose,
  kLang,
  kColor,  // added to every command by add_command()
  kJson,
  kJobs,
  kTz,
  kProgress,
  kDryRun,
  kResume,
  kCase,          ///< --case DIR, required
  kCaseOptional,  ///< --case DIR
  kOutput,        ///< -o, --output PATH, required
  kOutputOptional,
  kRules,
  kFailOn,
  kMaxFile,
  kEvidence,  ///< positional EVIDENCE…, at least one, and --unlock
  kUnlock,    ///< --unlock alone, for commands with their own arguments
};

/// Adds flags to `command`; their values go into `context`.
void add_flags(CLI::App& command, Context& context, std::initializer_list<Flag> flags);

/// Adds an option that takes one word out of `choices`. `value` holds the default and must outlive the parse.
CLI::Option* add_choice(CLI::App& command, Context& context, const std::string& names, std::string& value,
                        std::vector<std::string> choices, const Message& help);

/// "512", "64K", "256MiB", "2G" (powers of 1024) in bytes; nullopt when it is no size or exceeds 64 bits.
std::optional<std::uint64_t> parse_size(std::string_view text);

}  // namespace triage::cli
