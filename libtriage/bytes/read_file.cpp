// SPDX-License-Identifier: Apache-2.0
#include "bytes/read_file.h"

#include <unistd.h>

#include <cerrno>

namespace triage {

std::size_t read_file_at(int fd, std::uint64_t at, std::span<std::byte> out) {
  std::size_t done = 0;
  errno = 0;
  while (done < out.size()) {
    const ssize_t got = ::pread(fd, out.data() + done, out.size() - done, static_cast<off_t>(at + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace triage
