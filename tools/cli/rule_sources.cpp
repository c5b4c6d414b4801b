// SPDX-License-Identifier: Apache-2.0
#include "cli/rule_sources.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "cli/data_dirs.h"

namespace triage::cli {

namespace fs = std::filesystem;

namespace {

/// A single file belongs to the kind its ending names: rules over events are YAML, all others are not.
bool is_of_kind(const std::string& path, const std::string& kind) {
  return (fs::path(path).extension() == ".yaml") == (kind == "leak");
}

}  // namespace

Result<RuleSources> rule_sources(const Context& context, const std::string& kind) {
  RuleSources sources;
  std::error_code failed;
  if (const auto own = data_folder("rules"); own && fs::is_directory(*own / kind, failed)) {
    sources.folders.push_back((*own / kind).string());
  }
  // The installation's own folder may be named too: its rules count once.
  const auto add_folder = [&sources](const std::string& folder) {
    const bool known = std::any_of(sources.folders.begin(), sources.folders.end(), [&folder](const std::string& one) {
      std::error_code unlike;
      return fs::equivalent(one, folder, unlike);
    });
    if (!known) sources.folders.push_back(folder);
  };
  for (const std::string& path : context.rule_folders) {
    if (fs::is_directory(fs::path(path) / kind, failed)) {
      add_folder((fs::path(path) / kind).string());
    } else if (fs::is_directory(path, failed)) {
      add_folder(path);
    } else if (fs::exists(path, failed)) {
      if (is_of_kind(path, kind)) sources.files.push_back(path);
    } else {
      return fail(ErrorCode::kUsage, "no such rule file or folder", path, failed ? failed.value() : ENOENT);
    }
  }
  return sources;
}

}  // namespace triage::cli
