// SPDX-License-Identifier: Apache-2.0
// Where the program's data lies: found from the program's own place, never from a path compiled in.
//   installed        PREFIX/bin/triage            → PREFIX/share/triage/rules
//   in the build     SOURCE/build[/NAME]/bin/triage → SOURCE/rules
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace triage::cli {

/// Folder of the running program; nullopt when the system does not say.
std::optional<std::filesystem::path> program_folder();

/// Folder `name` ("rules", "playbooks") for a program in `program_folder`; nullopt when there is none.
std::optional<std::filesystem::path> find_data(const std::filesystem::path& program_folder, std::string_view name);

/// find_data() for the running program.
std::optional<std::filesystem::path> data_folder(std::string_view name);

}  // namespace triage::cli
