// SPDX-License-Identifier: Apache-2.0
#include "cli/data_dirs.h"

#include <system_error>

namespace triage::cli {

namespace fs = std::filesystem;

std::optional<fs::path> program_folder() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (failed) return std::nullopt;
  return program.parent_path();
}

std::optional<fs::path> find_data(const fs::path& program_folder, std::string_view name) {
  std::error_code failed;
  const fs::path installed = program_folder.parent_path() / "share" / "triage" / name;
  if (fs::is_directory(installed, failed)) return installed;
  constexpr int kDeepestBuild = 4;  // SOURCE/build/NAME/bin and one to spare
  fs::path above = program_folder;
  for (int i = 0; i < kDeepestBuild; ++i) {
    above = above.parent_path();
    const fs::path candidate = above / name;
    if (fs::is_directory(above / "libtriage", failed) && fs::is_directory(candidate, failed)) return candidate;
  }
  return std::nullopt;
}

std::optional<fs::path> data_folder(std::string_view name) {
  const auto folder = program_folder();
  return folder ? find_data(*folder, name) : std::nullopt;
}

}  // namespace triage::cli
