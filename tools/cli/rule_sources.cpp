// SPDX-License-Identifier: Apache-2.0
#include "cli/rule_sources.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "cli/data_dirs.h"

namespace triage::cli {

namespace fs = std::filesystem;

Result<RuleSources> rule_sources(const Context& context, const std::string& kind) {
  RuleSources sources;
  std::error_code failed;
  if (const auto own = data_folder("rules"); own && fs::is_directory(*own / kind, failed)) {
    sources.folders.push_back((*own / kind).string());
  }
  for (const std::string& path : context.rule_folders) {
    if (fs::is_directory(fs::path(path) / kind, failed)) {
      sources.folders.push_back((fs::path(path) / kind).string());
    } else if (fs::is_directory(path, failed)) {
      sources.folders.push_back(path);
    } else if (fs::exists(path, failed)) {
      sources.files.push_back(path);
    } else {
      return fail(ErrorCode::kUsage, "no such rule file or folder", path, failed ? failed.value() : ENOENT);
    }
  }
  return sources;
}

}  // namespace triage::cli
