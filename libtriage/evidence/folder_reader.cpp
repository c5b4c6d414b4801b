// SPDX-License-Identifier: Apache-2.0
// FolderReader: a folder as evidence. Every open is relative to an open directory and follows no link; pipes, sockets
// and devices are listed and never opened.
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/unique_fd.h"
#include "bytes/digest.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "evidence/image_reader.h"

namespace triage {

namespace {

constexpr int kMaxDepth = 512;

Timestamp host_stamp(const struct statx_timestamp& time, bool known) {
  Timestamp stamp;
  stamp.precision = Precision::kNanosecond;
  stamp.basis = TimeBasis::kUtc;
  if (!known) return stamp;
  stamp.raw = fmt::format("{}.{:09}", time.tv_sec, time.tv_nsec);
  stamp.utc_nanos = nanos_from_unix(time.tv_sec, time.tv_nsec);
  stamp.status = stamp.utc_nanos ? TimeStatus::kOk : TimeStatus::kOutOfRange;
  return stamp;
}

EntryMeta host_meta(const struct statx& info) {
  EntryMeta meta;
  meta.inode = info.stx_ino;
  meta.mode = info.stx_mode;
  meta.uid = info.stx_uid;
  meta.gid = info.stx_gid;
  meta.times.modified = host_stamp(info.stx_mtime, (info.stx_mask & STATX_MTIME) != 0);
  meta.times.accessed = host_stamp(info.stx_atime, (info.stx_mask & STATX_ATIME) != 0);
  meta.times.changed = host_stamp(info.stx_ctime, (info.stx_mask & STATX_CTIME) != 0);
  meta.times.created = host_stamp(info.stx_btime, (info.stx_mask & STATX_BTIME) != 0);
  return meta;
}

/// Open read-only without following a link in the last component and without touching the access time where allowed.
UniqueFd open_in(int directory, const std::string& name, int flags) {
  flags |= O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  UniqueFd fd(::openat(directory, name.c_str(), flags | O_NOATIME));
  if (!fd.valid() && errno == EPERM) fd.reset(::openat(directory, name.c_str(), flags));
  return fd;
}

Result<std::vector<std::string>> names_in(int directory) {
  UniqueFd copy = open_in(directory, ".", O_DIRECTORY);
  DIR* listing = copy.valid() ? ::fdopendir(copy.get()) : nullptr;
  if (listing == nullptr) {
    return fail(ErrorCode::kUnreadable, "the directory cannot be listed", "", errno);
  }
  (void)copy.release();  // the listing closes it
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(listing)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  const int error = errno;
  ::closedir(listing);
  if (error != 0 && names.empty()) return fail(ErrorCode::kUnreadable, "the directory cannot be listed", "", error);
  std::sort(names.begin(), names.end());
  return names;
}

class FolderReader final : public EvidenceReader {
 public:
  FolderReader(UniqueFd root, EvidenceRecord record) : root_(std::move(root)), record_(std::move(record)) {}

  [[nodiscard]] const EvidenceRecord& record() const override { return record_; }
  [[nodiscard]] Source* source() override { return nullptr; }
  [[nodiscard]] Source* metadata_source() override { return nullptr; }
  [[nodiscard]] ByteCount bytes_read() const override { return ByteCount{bytes_read_}; }

  void keep_reads_in(UniqueFd, ByteCount) override {}  // the host keeps its own metadata
  Status map(const MapOptions& options, MapSink& sink) override {
    MapEmitter out(sink);
    entries_ = 0;
    walk(root_.get(), "", "", 0, options, out);
    return {};
  }

  void read(const Stream& stream, std::uint64_t offset, std::span<std::byte> out,
            std::vector<Damage>& damages) override;

 private:
  void walk(int directory, const std::string& raw, const std::string& shown, int depth, const MapOptions& options,
            MapEmitter& out);
  void visit(int directory, const std::string& name, const std::string& raw, int depth, const MapOptions& options,
             MapEmitter& out);
  int open_raw(const std::string& raw_path, int& error);

  UniqueFd root_;
  EvidenceRecord record_;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t entries_ = 0;
  std::string open_path_;
  UniqueFd open_fd_;
};

void FolderReader::walk(int directory, const std::string& raw, const std::string& shown, int depth,
                        const MapOptions& options, MapEmitter& out) {
  const auto names = names_in(directory);
  if (!names) {
    out.damage(DamageKind::kUnreadable, "", shown, "directory", names.error().text());
    return;
  }
  for (const std::string& name : *names) {
    if (++entries_ > options.max_entries) {
      if (entries_ == options.max_entries + 1) {
        out.damage(DamageKind::kLimit, "", shown, "entries",
                   fmt::format("more than {} entries; the rest is not listed", options.max_entries));
      }
      return;
    }
    visit(directory, name, raw.empty() ? name : raw + "/" + name, depth, options, out);
  }
}

void FolderReader::visit(int directory, const std::string& name, const std::string& raw, int depth,
                         const MapOptions& options, MapEmitter& out) {
  Stream stream;
  stream.path = decode_name(raw);
  if (stream.path != raw) stream.raw_path = raw;
  stream.key = "f" + sha256_hex(raw).substr(0, 16);
  struct statx info {};
  if (::statx(directory, name.c_str(), AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_BASIC_STATS | STATX_BTIME, &info) !=
      0) {
    out.damage(DamageKind::kUnreadable, stream.key, stream.path, "entry", std::strerror(errno));
    stream.availability = Availability::kNameOnly;
    out.stream(std::move(stream), false);
    return;
  }
  stream.meta = host_meta(info);
  const bool is_directory = S_ISDIR(info.stx_mode);
  if (is_directory) {
    stream.kind = StreamKind::kDirectory;
  } else if (S_ISREG(info.stx_mode)) {
    stream.size = ByteCount{info.stx_size};
  } else {
    stream.kind = StreamKind::kLink;
    std::array<char, 4096> target{};
    const ssize_t length =
        S_ISLNK(info.stx_mode) ? ::readlinkat(directory, name.c_str(), target.data(), target.size()) : -1;
    if (length > 0) {
      stream.meta->link_target = decode_name(std::string_view(target.data(), static_cast<std::size_t>(length)));
    }
  }
  const std::string shown = stream.path;
  const std::string key = stream.key;
  out.entering(ByteOffset{0}, info.stx_ino);
  out.stream(std::move(stream), true);
  if (!is_directory) return;
  if (depth >= kMaxDepth) {
    out.damage(DamageKind::kLimit, key, shown, "directory", "lies too deep; not entered");
    return;
  }
  const UniqueFd inside = open_in(directory, name, O_DIRECTORY);
  if (!inside.valid()) {
    out.damage(DamageKind::kUnreadable, key, shown, "directory", std::strerror(errno));
    return;
  }
  walk(inside.get(), raw, shown, depth + 1, options, out);
}

/// Walks down component by component, so that no link on the way is followed.
int FolderReader::open_raw(const std::string& raw_path, int& error) {
  if (open_fd_.valid() && open_path_ == raw_path) return open_fd_.get();
  UniqueFd at;
  std::size_t begin = 0;
  while (true) {
    const std::size_t slash = raw_path.find('/', begin);
    const bool last = slash == std::string::npos;
    const int parent = at.valid() ? at.get() : root_.get();
    UniqueFd next = open_in(parent, raw_path.substr(begin, last ? slash : slash - begin), last ? 0 : O_DIRECTORY);
    if (!next.valid()) {
      error = errno;
      return -1;
    }
    at = std::move(next);
    if (last) break;
    begin = slash + 1;
  }
  struct stat info {};
  if (::fstat(at.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    error = EINVAL;
    return -1;
  }
  open_fd_ = std::move(at);
  open_path_ = raw_path;
  return open_fd_.get();
}

void FolderReader::read(const Stream& stream, std::uint64_t offset, std::span<std::byte> out,
                        std::vector<Damage>& damages) {
  std::fill(out.begin(), out.end(), std::byte{0});
  if (stream.kind != StreamKind::kFile || offset >= stream.size.value) return;
  out = out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), stream.size.value - offset)));
  int error = 0;
  const int fd = open_raw(stream.raw_path.empty() ? stream.path : stream.raw_path, error);
  std::size_t done = 0;
  while (fd >= 0 && done < out.size()) {
    const ssize_t got = ::pread(fd, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      error = got < 0 ? errno : 0;
      break;
    }
    done += static_cast<std::size_t>(got);
    bytes_read_ += static_cast<std::uint64_t>(got);
  }
  if (done == out.size()) return;
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(done), out.end(), std::byte{0});
  Damage damage;
  damage.stream = stream.key;
  damage.path = stream.path;
  damage.at = offset + done;
  damage.kind = error == 0 ? DamageKind::kTruncated : DamageKind::kUnreadable;
  damage.field = "content";
  damage.detail = error == 0 ? "the file became shorter while it was read" : std::strerror(error);
  damage.consumer = "evidence";
  damages.push_back(std::move(damage));
}

}  // namespace

Result<std::unique_ptr<EvidenceReader>> open_folder(const EvidenceSpec& spec) {
  if (spec.paths.empty()) return fail(ErrorCode::kUnreadable, "no folder is named", spec.name);
  UniqueFd root(::open(spec.paths.front().c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
  if (!root.valid()) return fail(ErrorCode::kUnreadable, "the folder cannot be opened", spec.paths.front(), errno);
  EvidenceRecord record;
  record.name = spec.name;
  record.format = evidence_format_name(spec.format);
  return std::make_unique<FolderReader>(std::move(root), std::move(record));
}

}  // namespace triage
