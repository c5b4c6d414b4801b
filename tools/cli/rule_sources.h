// SPDX-License-Identifier: Apache-2.0
// Which rules a run uses: those of the installation and those named with --rules.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/context.h"

namespace triage::cli {

/// Folders and single files of one kind of rules.
struct RuleSources {
  std::vector<std::string> folders;
  std::vector<std::string> files;
};

/// `kind` is a folder below rules/: "yara", "leak", "pii". The installation's rules come first, then every --rules
/// path in the order given (its subfolder `kind` where it has one). A path that is not there is kUsage.
Result<RuleSources> rule_sources(const Context& context, const std::string& kind);

}  // namespace triage::cli
