// SPDX-License-Identifier: Apache-2.0
// Completion scripts for bash, zsh and fish from the tree of commands.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/context.h"

namespace triage::cli {

std::string bash_completion(const CLI::App& app, const Context& context);
std::string zsh_completion(const CLI::App& app, const Context& context);
std::string fish_completion(const CLI::App& app, const Context& context);

}  // namespace triage::cli
