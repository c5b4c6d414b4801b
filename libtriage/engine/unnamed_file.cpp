// SPDX-License-Identifier: Apache-2.0
#include "engine/unnamed_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace triage {

Result<UniqueFd> make_unnamed_file(const std::string& folder) {
  UniqueFd file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file.valid()) return file;
  // A file system without O_TMPFILE: a named file that is unlinked at once.
  std::string name = folder + "/.work-XXXXXX";
  UniqueFd named(::mkostemp(name.data(), O_CLOEXEC));
  if (!named.valid()) return fail(ErrorCode::kOutput, "cannot make a working file", folder, errno);
  ::unlink(name.c_str());
  return named;
}

}  // namespace triage
