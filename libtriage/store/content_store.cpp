// SPDX-License-Identifier: Apache-2.0
#include "store/content_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "bytes/digest.h"
#include "bytes/text.h"

namespace triage {
namespace {

constexpr std::size_t kCopyBlock = 1024 * 1024;

/// Feeds `length` bytes of `fd` at `offset` to `use` in blocks.
template <typename Use>
Status read_range(int fd, std::uint64_t offset, std::uint64_t length, Use use) {
  std::vector<std::byte> block(static_cast<std::size_t>(std::min<std::uint64_t>(length, kCopyBlock)));
  while (length > 0) {
    const std::size_t want = static_cast<std::size_t>(std::min<std::uint64_t>(length, block.size()));
    const ssize_t count = ::pread(fd, block.data(), want, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(ErrorCode::kUnreadable, "content cannot be read", {}, errno);
    if (count == 0) return fail(ErrorCode::kUnreadable, "content is shorter than its record says");
    TRIAGE_TRY_STATUS(use(Bytes(block).first(static_cast<std::size_t>(count))));
    offset += static_cast<std::uint64_t>(count);
    length -= static_cast<std::uint64_t>(count);
  }
  return {};
}

timespec time_of(const std::optional<std::int64_t>& nanos) {
  if (!nanos) return {.tv_sec = 0, .tv_nsec = UTIME_OMIT};
  constexpr std::int64_t kSecond = 1'000'000'000;
  std::int64_t seconds = *nanos / kSecond;
  std::int64_t rest = *nanos % kSecond;
  if (rest < 0) {
    rest += kSecond;
    --seconds;
  }
  return {.tv_sec = seconds, .tv_nsec = static_cast<long>(rest)};
}

/// What a child process claims about its output is checked before it names a file.
Status check_record(const OutputRecord& output) {
  const bool hex =
      output.sha256.size() == 64 && output.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!hex) return fail(ErrorCode::kVerification, "output record holds no SHA-256");
  constexpr std::uint64_t kLimit = 1ULL << 62;
  if (output.slot_offset > kLimit || output.length > kLimit) {
    return fail(ErrorCode::kVerification, "output record points outside every slot", output.sha256);
  }
  std::uint64_t left = output.length;
  for (const Extent& piece : output.more) {
    if (piece.at.value > kLimit || piece.length.value > left)
      return fail(ErrorCode::kVerification, "output record points outside every slot", output.sha256);
    left -= piece.length.value;
  }
  return {};
}

}  // namespace

std::string safe_extension(std::string_view extension) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const bool good =
      !extension.empty() && extension.size() <= 8 && std::all_of(extension.begin(), extension.end(), allowed);
  return good ? std::string(extension) : std::string("bin");
}

std::string content_path(std::string_view sha256, std::string_view extension) {
  return fmt::format("{}/{}.{}", sha256.substr(0, 2), sha256.substr(0, 32), safe_extension(extension));
}

Result<ContentStore> ContentStore::open(int root, const std::string& prefix) {
  if (!prefix.empty()) TRIAGE_TRY_STATUS(make_folders_beneath(root, prefix));
  return ContentStore(root, prefix);
}

Result<bool> ContentStore::is_kept(const std::string& path, const OutputRecord& output) {
  auto there = open_beneath(root_, path, O_RDONLY);
  if (!there && there.error().sys_errno == ENOENT) return false;
  if (!there) return tl::unexpected<Error>(std::move(there).error());
  struct stat status {};
  if (::fstat(there->get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return fail(ErrorCode::kOutput, "something else has the name of a kept file", path, errno);
  }
  if (static_cast<std::uint64_t>(status.st_size) != output.length) return false;
  if (known_.contains(output.sha256)) return true;
  Sha256 digest;
  auto done = read_range(there->get(), 0, output.length, [&](Bytes data) -> Status {
    digest.update(data);
    return {};
  });
  TRIAGE_TRY_STATUS(std::move(done));
  return digest.finish_hex() == output.sha256;
}

Result<ContentStore::Kept> ContentStore::settle(OutputFile file, const std::string& found_sha256,
                                                const OutputRecord& output) {
  if (found_sha256 != output.sha256) {
    return fail(ErrorCode::kVerification, fmt::format("content has SHA-256 {}, its record says another", found_sha256),
                output.sha256);
  }
  const std::string path = below(content_path(output.sha256, output.extension));
  TRIAGE_TRY_STATUS(file.flush());
  const std::array<timespec, 2> times = {time_of(output.accessed_nanos), time_of(output.modified_nanos)};
  // A time that the file system cannot hold is in the record; the copy keeps today's.
  (void)::futimens(file.fd(), times.data());
  TRIAGE_TRY_STATUS(file.commit_as(path, false));
  known_.insert(output.sha256);
  dirty_ = true;
  return Kept{path, false};
}

Result<bool> ContentStore::prepare(const std::string& path, const OutputRecord& output) {
  const auto digits = from_hex(std::string_view(output.sha256).substr(0, 2));
  const auto folder = static_cast<std::size_t>(static_cast<unsigned char>(digits->front()));
  if (!folders_[folder]) {
    TRIAGE_TRY_STATUS(make_folders_beneath(root_, below(output.sha256.substr(0, 2))));
    folders_.set(folder);
  }
  TRIAGE_TRY(const bool kept, is_kept(path, output));
  if (kept) known_.insert(output.sha256);
  return kept;
}

Result<ContentStore::Kept> ContentStore::keep(const ContentRecord& record) {
  TRIAGE_TRY_STATUS(check_record(record.as));
  if (record.content.size() != record.as.length)
    return fail(ErrorCode::kVerification, "content has another length than its record says", record.as.sha256);
  const std::string path = below(content_path(record.as.sha256, record.as.extension));
  TRIAGE_TRY(const bool kept, prepare(path, record.as));
  if (kept) return Kept{path, true};
  TRIAGE_TRY(OutputFile file, OutputFile::create(root_, path, OutputFile::Existing::kReplace));
  TRIAGE_TRY_STATUS(file.write(record.content));
  Sha256 digest;
  digest.update(as_byte_span(record.content));
  return settle(std::move(file), digest.finish_hex(), record.as);
}

Result<ContentStore::Kept> ContentStore::keep(int source_fd, const OutputRecord& output) {
  TRIAGE_TRY_STATUS(check_record(output));
  const std::string path = below(content_path(output.sha256, output.extension));
  TRIAGE_TRY(const bool kept, prepare(path, output));
  if (kept) return Kept{path, true};
  // What has the name without the content is a copy that a power cut tore: it is replaced.
  TRIAGE_TRY(OutputFile file, OutputFile::create(root_, path, OutputFile::Existing::kReplace));
  Sha256 digest;
  const auto take = [&](Bytes data) -> Status {
    digest.update(data);
    return file.write(data);
  };
  std::uint64_t first = output.length;  // check_record() has seen that the pieces are no longer than the whole
  for (const Extent& piece : output.more) first -= piece.length.value;
  TRIAGE_TRY_STATUS(read_range(source_fd, output.slot_offset, first, take));
  for (const Extent& piece : output.more)
    TRIAGE_TRY_STATUS(read_range(source_fd, piece.at.value, piece.length.value, take));
  return settle(std::move(file), digest.finish_hex(), output);
}

Result<ContentStore::Windows> ContentStore::begin_windows() {
  TRIAGE_TRY(OutputFile file, OutputFile::create(root_, below(fmt::format("window-{}", windows_count_++)),
                                                 OutputFile::Existing::kReplace));
  return Windows(std::move(file));
}

Status ContentStore::Windows::add(int source_fd, std::uint64_t offset, std::uint64_t length) {
  length_ += length;
  return read_range(source_fd, offset, length, [&](Bytes data) -> Status {
    digest_.update(data);
    return file_.write(data);
  });
}

Result<ContentStore::Kept> ContentStore::finish_windows(Windows windows, const OutputRecord& output) {
  TRIAGE_TRY_STATUS(check_record(output));
  if (windows.length_ != output.length) {
    return fail(ErrorCode::kVerification, "content has another length than its record says", output.sha256);
  }
  TRIAGE_TRY_STATUS(make_folders_beneath(root_, below(output.sha256.substr(0, 2))));
  const std::string path = below(content_path(output.sha256, output.extension));
  TRIAGE_TRY(const bool kept, is_kept(path, output));
  const std::string found = windows.digest_.finish_hex();
  if (kept && found == output.sha256) {
    known_.insert(output.sha256);
    return Kept{path, true};
  }
  return settle(std::move(windows.file_), found, output);
}

Status ContentStore::sync() {
  if (!dirty_) return {};
  if (::syncfs(root_) != 0) return fail(ErrorCode::kOutput, "kept files cannot be synced", prefix_, errno, "make room");
  dirty_ = false;
  return {};
}

}  // namespace triage
