// SPDX-License-Identifier: Apache-2.0
#include "store/output_file.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <vector>

#include "bytes/digest.h"

namespace triage {
namespace {

constexpr std::size_t kBufferSize = 256 * 1024;

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// For kernels before 5.6 and containers that refuse openat2: one part at a time, none a link, none "..".
int open_by_parts(int folder, const std::string& path, int flags) {
  const auto parts = parts_of(path);
  UniqueFd current(::dup(folder));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty() || parts[i] == "..") {
      errno = EXDEV;
      return -1;
    }
    const bool last = i + 1 == parts.size();
    const int step_flags = last ? flags | O_NOFOLLOW | O_CLOEXEC : O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    UniqueFd next(::openat(current.get(), parts[i].c_str(), step_flags, 0600));
    if (!next.valid()) return -1;
    current = std::move(next);
  }
  return current.release();
}

int open_raw(int folder, const std::string& path, int flags) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_NOFOLLOW | O_CLOEXEC);
  how.mode = (flags & O_CREAT) != 0 ? 0600 : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  const long fd = ::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how);
  if (fd < 0 && (errno == ENOSYS || errno == EPERM)) return open_by_parts(folder, path, flags);
  return static_cast<int>(fd);
}

tl::unexpected<Error> output_error(const char* doing, const std::string& path, int sys_errno) {
  return fail(ErrorCode::kOutput, doing, path, sys_errno,
              sys_errno == ENOSPC || sys_errno == EDQUOT || sys_errno == EFBIG
                  ? "make room and continue with --resume; what was recorded before is kept"
                  : "check the permissions of the case folder");
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string(".") : path.substr(0, slash);
}

}  // namespace

Result<UniqueFd> open_beneath(int folder, const std::string& path, int flags) {
  UniqueFd fd(open_raw(folder, path, flags));
  if (fd.valid()) return fd;
  const int saved = errno;
  const bool writing = (flags & O_ACCMODE) != O_RDONLY;
  if (writing) return output_error("file cannot be made", path, saved);
  return fail(ErrorCode::kUnreadable, "file cannot be opened", path, saved);
}

Status make_folders_beneath(int folder, const std::string& path) {
  std::string so_far;
  for (const std::string& part : parts_of(path)) {
    const std::string parent = so_far.empty() ? "." : so_far;
    so_far += so_far.empty() ? part : "/" + part;
    const UniqueFd there(open_raw(folder, so_far, O_PATH | O_DIRECTORY));
    if (there.valid()) continue;
    if (errno != ENOENT) return output_error("folder cannot be made", so_far, errno);
    const UniqueFd parent_fd(open_raw(folder, parent, O_PATH | O_DIRECTORY));
    if (!parent_fd.valid() || ::mkdirat(parent_fd.get(), part.c_str(), 0700) != 0) {
      return output_error("folder cannot be made", so_far, errno);
    }
  }
  return {};
}

Result<std::string> sha256_beneath(int folder, const std::string& path) {
  TRIAGE_TRY(const UniqueFd fd, open_beneath(folder, path, O_RDONLY));
  Sha256 digest;
  std::vector<std::byte> block(1024 * 1024);
  while (true) {
    const ssize_t count = ::read(fd.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(ErrorCode::kUnreadable, "file cannot be read", path, errno);
    if (count == 0) return digest.finish_hex();
    digest.update(Bytes(block).first(static_cast<std::size_t>(count)));
  }
}

Result<std::string> read_beneath(int folder, const std::string& path, std::size_t limit) {
  TRIAGE_TRY(const UniqueFd fd, open_beneath(folder, path, O_RDONLY));
  std::string out;
  std::vector<char> block(64 * 1024);
  while (true) {
    const ssize_t count = ::read(fd.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(ErrorCode::kUnreadable, "file cannot be read", path, errno);
    if (count == 0) return out;
    if (out.size() + static_cast<std::size_t>(count) > limit) {
      return fail(ErrorCode::kVerification, "file is larger than it can be", path);
    }
    out.append(block.data(), static_cast<std::size_t>(count));
  }
}

OutputFile::OutputFile(int folder, std::string path, Existing existing, UniqueFd fd)
    : folder_(folder), path_(std::move(path)), existing_(existing), fd_(std::move(fd)) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : folder_(other.folder_),
      path_(std::move(other.path_)),
      existing_(other.existing_),
      fd_(std::move(other.fd_)),
      buffer_(std::move(other.buffer_)),
      active_(std::exchange(other.active_, false)) {}

OutputFile::~OutputFile() {
  if (!active_) return;
  const UniqueFd parent(open_raw(folder_, folder_of(path_), O_PATH | O_DIRECTORY));
  const std::string name = path_.substr(path_.rfind('/') + 1) + ".part";
  // Nothing more can be done about a leftover here; the next run takes it away.
  if (parent.valid()) (void)::unlinkat(parent.get(), name.c_str(), 0);
}

tl::unexpected<Error> OutputFile::error(const char* doing) const { return output_error(doing, path_, errno); }

Result<OutputFile> OutputFile::create(int folder, const std::string& path, Existing existing) {
  const std::string part = path + ".part";
  int fd = open_raw(folder, part, O_RDWR | O_CREAT | O_EXCL);
  if (fd < 0 && errno == EEXIST) {
    const UniqueFd parent(open_raw(folder, folder_of(path), O_PATH | O_DIRECTORY));
    const std::string name = part.substr(part.rfind('/') + 1);
    if (parent.valid() && ::unlinkat(parent.get(), name.c_str(), 0) == 0) {
      fd = open_raw(folder, part, O_RDWR | O_CREAT | O_EXCL);
    }
  }
  if (fd < 0) return output_error("file cannot be made", path, errno);
  return OutputFile(folder, path, existing, UniqueFd(fd));
}

Status OutputFile::write_all(std::string_view left) {
  while (!left.empty()) {
    const ssize_t count = ::write(fd_.get(), left.data(), left.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return error("file cannot be written");
    left.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Status OutputFile::flush() {
  TRIAGE_TRY_STATUS(write_all(buffer_));
  buffer_.clear();
  return {};
}

Status OutputFile::write(Bytes data) {
  if (buffer_.empty() && data.size() >= kBufferSize) return write_all(as_chars(data));
  buffer_.append(as_chars(data));
  return buffer_.size() >= kBufferSize ? flush() : Status{};
}

Status OutputFile::commit(bool durable) { return commit_as(path_, durable); }

Status OutputFile::commit_as(const std::string& path, bool durable) {
  TRIAGE_TRY_STATUS(flush());
  if (durable && ::fsync(fd_.get()) != 0) return error("file cannot be written");
  const UniqueFd from(open_raw(folder_, folder_of(path_), O_PATH | O_DIRECTORY));
  const UniqueFd to(open_raw(folder_, folder_of(path), O_RDONLY | O_DIRECTORY));
  if (!from.valid() || !to.valid()) return error("folder cannot be opened");
  const std::string part = path_.substr(path_.rfind('/') + 1) + ".part";
  const std::string name = path.substr(path.rfind('/') + 1);
  const unsigned flags = existing_ == Existing::kRefuse ? RENAME_NOREPLACE : 0U;
  if (::renameat2(from.get(), part.c_str(), to.get(), name.c_str(), flags) != 0) {
    return error("file cannot be given its name");
  }
  active_ = false;
  if (durable && ::fsync(to.get()) != 0) return error("folder cannot be synced");
  return {};
}

}  // namespace triage
