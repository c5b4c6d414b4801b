// SPDX-License-Identifier: Apache-2.0
#include "acquire/chunk_journal.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "acquire/output_stream.h"
#include "bytes/binary.h"

namespace triage {
namespace {

constexpr std::string_view kMagic = "TRIAGEST";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeadBytes = 16;
constexpr std::uint32_t kMaxHeadBytes = 4U << 20;
constexpr char kChunk = 'C';
constexpr char kFault = 'F';

/// A file without a name: in the folder for temporary files, in memory where that is not writable.
UniqueFd unnamed_file() {
  UniqueFd fd(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!fd.valid()) fd.reset(::memfd_create("triage-chunks", MFD_CLOEXEC));
  return fd;
}

}  // namespace

Result<ChunkJournal> ChunkJournal::create(const std::string& path, const std::string& head, std::size_t parts) {
  UniqueFd fd =
      path.empty() ? unnamed_file() : UniqueFd(::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
  if (!fd.valid()) return fail(ErrorCode::kOutput, "the state of the acquisition cannot be kept", path, errno);
  ChunkJournal journal(path, std::move(fd), parts);
  journal.head_ = head;
  BinaryWriter out;
  out.buffer() += kMagic;
  out.put(kVersion);
  out.put(std::string_view(head));
  TRIAGE_TRY_STATUS(journal.write_at_end(out.buffer()));
  return journal;
}

Result<ChunkJournal> ChunkJournal::open(const std::string& path, std::size_t parts) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd.valid()) {
    return fail(ErrorCode::kUsage, "there is no unfinished acquisition to go on with", path, errno,
                "leave --resume out to begin a new one");
  }
  ChunkJournal journal(path, std::move(fd), parts);
  TRIAGE_TRY_STATUS(journal.load());
  return journal;
}

Status ChunkJournal::load() {
  const auto wrong = [this] { return fail(ErrorCode::kUsage, "not the state of an acquisition", path_); };
  struct stat facts {};
  if (::fstat(fd_.get(), &facts) != 0) return fail(ErrorCode::kUsage, "the state cannot be read", path_, errno);
  const auto file_bytes = static_cast<std::uint64_t>(facts.st_size);
  std::array<std::byte, kHeadBytes> start{};
  if (read_file_at(fd_.get(), 0, start) != start.size()) return wrong();
  ByteCursor cursor(start);
  if (as_chars(cursor.take(kMagic.size(), "magic")) != kMagic || cursor.le<std::uint32_t>("version") != kVersion) {
    return wrong();
  }
  const auto head_bytes = cursor.le<std::uint32_t>("head_bytes");
  if (head_bytes > kMaxHeadBytes) return wrong();
  head_.resize(head_bytes);
  if (read_file_at(fd_.get(), kHeadBytes, std::as_writable_bytes(std::span(head_))) != head_bytes) return wrong();
  end_ = kHeadBytes + head_bytes;
  std::vector<std::byte> step(record_bytes_ * 4096);
  while (end_ < file_bytes) {
    const std::size_t got = read_file_at(fd_.get(), end_, step) / record_bytes_ * record_bytes_;
    if (got == 0) break;  // a torn last record
    ByteCursor records(Bytes(step).first(got));
    while (!records.at_end()) {
      const auto kind = records.le<char>("kind");
      ByteCursor body(records.take(record_bytes_ - 1, "record"));
      if (kind == kFault) {
        ReadFault fault;
        fault.at.value = body.le<std::uint64_t>("offset");
        fault.length.value = body.le<std::uint64_t>("length");
        fault.sys_errno = body.le<std::int32_t>("errno");
        faults_.push_back(fault);
        fault_places_.push_back({end_, chunk_count_});
      } else if (kind == kChunk) {
        const std::uint64_t place = end_;
        const std::uint64_t in_run = runs_.empty() ? 0 : chunk_count_ - runs_.back().first;
        if (runs_.empty() || runs_.back().second + in_run * record_bytes_ != place) {
          runs_.emplace_back(chunk_count_, place);
        }
        ++chunk_count_;
      } else {
        return {};  // zeros of a file system that lost its last writes; cut() or append() takes them away
      }
      end_ += record_bytes_;
    }
  }
  return {};
}

Result<std::vector<ChunkJournal::Entry>> ChunkJournal::read(std::uint64_t first, std::size_t limit) const {
  std::vector<Entry> out;
  std::vector<std::byte> raw;
  while (limit > 0 && first < chunk_count_) {
    const auto next = std::upper_bound(runs_.begin(), runs_.end(), first,
                                       [](std::uint64_t value, const auto& run) { return value < run.first; });
    const auto& run = *std::prev(next);
    const std::uint64_t run_end = next == runs_.end() ? chunk_count_ : next->first;
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(limit, run_end - first));
    raw.resize(count * record_bytes_);
    if (read_file_at(fd_.get(), run.second + (first - run.first) * record_bytes_, raw) != raw.size()) {
      return fail(ErrorCode::kOutput, "the state cannot be read back", path_, errno);
    }
    ByteCursor cursor(raw);
    for (std::size_t i = 0; i < count; ++i) {
      Entry entry;
      cursor.skip(1, "kind");
      const Bytes digest = cursor.take(entry.digest.size(), "digest");
      std::copy(digest.begin(), digest.end(), entry.digest.begin());
      for (std::size_t part = 0; part < parts_; ++part) entry.parts[part] = cursor.le<std::uint32_t>("part");
      out.push_back(entry);
    }
    first += count;
    limit -= count;
  }
  return out;
}

std::uint64_t ChunkJournal::place_of(std::uint64_t chunk) const {
  if (chunk >= chunk_count_ || runs_.empty()) return end_;
  const auto next = std::upper_bound(runs_.begin(), runs_.end(), chunk,
                                     [](std::uint64_t value, const auto& run) { return value < run.first; });
  return std::prev(next)->second + (chunk - std::prev(next)->first) * record_bytes_;
}

Result<std::uint64_t> ChunkJournal::cut(std::uint64_t count, std::size_t chunk_bytes) {
  count = std::min(count, chunk_count_);
  for (std::size_t i = faults_.size(); i-- > 0;) {
    const bool forgotten = faults_[i].at.value / chunk_bytes >= count;
    if (forgotten && fault_places_[i].at < place_of(count)) count = fault_places_[i].chunks;
  }
  std::uint64_t end = place_of(count);
  while (!faults_.empty() && fault_places_.back().chunks >= count) {
    end = std::min(end, fault_places_.back().at);
    faults_.pop_back();
    fault_places_.pop_back();
  }
  while (!runs_.empty() && runs_.back().first >= count) runs_.pop_back();
  chunk_count_ = count;
  end_ = end;
  if (::ftruncate(fd_.get(), static_cast<off_t>(end_)) != 0) {
    return fail(ErrorCode::kOutput, "the state cannot be cut", path_, errno);
  }
  return count;
}

Status ChunkJournal::append(const std::vector<ReadFault>& faults, const PackedChunk* chunks, std::size_t count) {
  BinaryWriter out;
  for (const ReadFault& fault : faults) {
    const std::size_t begin = out.buffer().size();
    out.put(kFault);
    out.put(fault.at.value);
    out.put(fault.length.value);
    out.put(static_cast<std::int32_t>(fault.sys_errno));
    out.buffer().resize(begin + record_bytes_);
    faults_.push_back(fault);
    fault_places_.push_back({end_ + begin, chunk_count_});
  }
  if (count > 0 && (runs_.empty() || !faults.empty())) runs_.emplace_back(chunk_count_, end_ + out.buffer().size());
  for (std::size_t i = 0; i < count; ++i) {
    out.put(kChunk);
    out.buffer() += as_chars(Bytes(chunks[i].digest));
    for (std::size_t part = 0; part < parts_; ++part) out.put(chunks[i].parts[part]);
  }
  chunk_count_ += count;
  return write_at_end(out.buffer());
}

Status ChunkJournal::write_at_end(const std::string& bytes) {
  TRIAGE_TRY_STATUS(write_file_at(fd_.get(), end_, as_byte_span(bytes), path_));
  end_ += bytes.size();
  return {};
}

Status ChunkJournal::sync() {
  if (path_.empty() || ::fdatasync(fd_.get()) == 0) return {};
  return fail(ErrorCode::kOutput, "the state cannot be synced", path_, errno);
}

Status ChunkJournal::remove() {
  if (path_.empty() || ::unlink(path_.c_str()) == 0) return {};
  return fail(ErrorCode::kOutput, "the state cannot be removed", path_, errno);
}

}  // namespace triage
