// SPDX-License-Identifier: Apache-2.0
#include "cli/data_dirs.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

namespace fs = std::filesystem;
using namespace triage::cli;

TEST_CASE("data is found beside an installed program, in the sources of a built one, and nowhere else") {
  const fs::path root = fs::temp_directory_path() / ("data_dirs_" + std::to_string(::getpid()));
  for (const char* folder : {"usr/bin", "usr/share/triage/rules", "source/build/dev/bin", "source/build/bin",
                             "source/libtriage", "source/rules", "other/build/bin", "other/rules"}) {
    fs::create_directories(root / folder);
  }
  CHECK(find_data(root / "usr/bin", "rules") == root / "usr/share/triage/rules");
  CHECK(find_data(root / "source/build/bin", "rules") == root / "source/rules");
  CHECK(find_data(root / "source/build/dev/bin", "rules") == root / "source/rules");
  CHECK_FALSE(find_data(root / "source/build/bin", "playbooks"));
  CHECK_FALSE(find_data(root / "other/build/bin", "rules"));  // a folder named rules is not enough
  fs::remove_all(root);
}
