// SPDX-License-Identifier: Apache-2.0
// Formats that libarchive reads: 7z, RAR 4 and 5, CAB, LHA, cpio, ar, bzip2. The only file that knows that library.
// Only the formats named here are switched on: none that starts a program or opens a file. It runs where everything
// runs that sees evidence, in a scanner's sandbox: what its code does wrong costs this one container.
#include <archive.h>
#include <archive_entry.h>

#include <memory>

#include "bytes/text.h"
#include "unpack/members.h"

namespace triage {
namespace {

struct EndRead {
  void operator()(archive* handle) const { (void)archive_read_free(handle); }  // nothing is left to be told
};
using ReadHandle = std::unique_ptr<archive, EndRead>;

ReadHandle open_archive(const Unpacking& job) {
  ReadHandle handle(archive_read_new());
  if (!handle) return handle;
  archive* raw = handle.get();
  if (job.type == "7z") (void)archive_read_support_format_7zip(raw);
  if (job.type == "cab") (void)archive_read_support_format_cab(raw);
  if (job.type == "lha") (void)archive_read_support_format_lha(raw);
  if (job.type == "cpio") (void)archive_read_support_format_cpio(raw);
  if (job.type == "ar" || job.type == "deb") (void)archive_read_support_format_ar(raw);
  if (job.type == "rar") {
    (void)archive_read_support_format_rar(raw);
    (void)archive_read_support_format_rar5(raw);
  }
  if (job.type == "bzip2") {
    (void)archive_read_support_filter_bzip2(raw);
    (void)archive_read_support_format_raw(raw);
  }
  if (archive_read_open_memory(raw, job.data.data(), job.data.size()) != ARCHIVE_OK) handle.reset();
  return handle;
}

std::string error_of(archive* handle) {
  const char* text = archive_error_string(handle);
  return text != nullptr ? to_valid_utf8(text) : std::string("unreadable");
}

std::string name_of(const Unpacking& job, archive_entry* entry) {
  if (job.type == "bzip2") return stem_of(job.name, ".bz2");
  const char* name = archive_entry_pathname(entry);
  if (name == nullptr) name = archive_entry_pathname_utf8(entry);
  return name != nullptr ? decode_name(name) : std::string("?");
}

/// Content of the entry at hand, at most `allowed` bytes. `whole` is false where it was more or broke off.
std::vector<std::byte> read_content(archive* handle, std::uint64_t allowed, bool& whole) {
  constexpr std::size_t kStep = 256 * 1024;
  std::vector<std::byte> content;
  whole = false;
  for (;;) {
    const std::size_t had = content.size();
    if (had > allowed) return content;
    content.resize(had + kStep);
    const la_ssize_t got = archive_read_data(handle, content.data() + had, kStep);
    content.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got <= 0) {
      whole = got == 0;
      return content;
    }
  }
}

}  // namespace

void unpack_by_library(Unpacking& job) {
  const ReadHandle handle = open_archive(job);
  if (!handle) {
    job.sink.damage(DamageKind::kRange, 0, "", "the archive cannot be opened");
    return;
  }
  constexpr std::uint32_t kMostEntries = 100'000;  // folders and links cost no budget
  for (std::uint32_t count = 0; count < kMostEntries; ++count) {
    archive_entry* entry = nullptr;
    const int state = archive_read_next_header(handle.get(), &entry);
    if (state == ARCHIVE_EOF) return;
    if (state < ARCHIVE_WARN) {
      job.sink.damage(DamageKind::kRange, 0, "", error_of(handle.get()) + "; the rest is not unpacked");
      return;
    }
    const std::string name = name_of(job, entry);
    const auto kind = archive_entry_filetype(entry);
    if (kind != AE_IFREG && kind != 0) continue;  // 0: the format says nothing, as ar made without modes
    if (archive_entry_is_data_encrypted(entry) == 1) {
      job.sink.damage(DamageKind::kVersion, 0, "member", name + ": encrypted, not read");
      continue;
    }
    UnpackedMember member{name, "archive", 0, {}, false, false};
    const std::uint64_t allowed = job.allowed(job.data.size());
    const std::vector<std::byte> content = read_content(handle.get(), allowed, member.whole);
    if (content.size() > allowed) {
      job.sink.damage(DamageKind::kLimit, 0, "member", name + ": larger than is unpacked");
      return;  // what follows would have to be unpacked to be skipped
    }
    if (!member.whole) job.sink.damage(DamageKind::kTruncated, 0, "member", name + ": " + error_of(handle.get()));
    member.content = content;
    if (!content.empty() && !job.tell(member)) return;
    if (!member.whole) return;
  }
}

}  // namespace triage
