// SPDX-License-Identifier: Apache-2.0
#include "cli/copy_out.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/unique_fd.h"
#include "store/output_file.h"

namespace triage::cli {
namespace {
constexpr std::size_t kMaxFile = std::size_t{256} << 20;
}  // namespace

Status copy_out(const std::string& case_dir, const std::string& name, const std::string& to) {
  const UniqueFd folder(::open(case_dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) return fail(ErrorCode::kOutput, "cannot open the case folder", case_dir, errno);
  TRIAGE_TRY(const std::string content, read_beneath(folder.get(), name, kMaxFile));
  const UniqueFd copy(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!copy.valid()) return fail(ErrorCode::kOutput, "cannot make the copy", to, errno);
  for (std::string_view rest = content; !rest.empty();) {
    const ssize_t written = ::write(copy.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(ErrorCode::kOutput, "cannot write the copy", to, errno);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace triage::cli
