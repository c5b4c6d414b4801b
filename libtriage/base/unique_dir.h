// SPDX-License-Identifier: Apache-2.0
// UniqueDir: owns one directory stream and closes it.
#pragma once

#include <dirent.h>

#include <memory>

namespace triage {

struct DirClose {
  void operator()(DIR* dir) const { ::closedir(dir); }
};
using UniqueDir = std::unique_ptr<DIR, DirClose>;

}  // namespace triage
