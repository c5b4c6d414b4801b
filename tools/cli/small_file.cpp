// SPDX-License-Identifier: Apache-2.0
#include "cli/small_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/unique_fd.h"

namespace triage::cli {

Result<std::string> read_small_file(const std::string& path, std::size_t limit) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return fail(ErrorCode::kUsage, "cannot open the file", path, errno);
  std::string text;
  std::array<char, 16 * 1024> block{};
  while (true) {
    const ssize_t count = ::read(file.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(ErrorCode::kUsage, "cannot read the file", path, errno);
    if (count == 0) return text;
    text.append(block.data(), static_cast<std::size_t>(count));
    if (text.size() > limit) return fail(ErrorCode::kUsage, "the file is too large for what it should be", path);
  }
}

}  // namespace triage::cli
