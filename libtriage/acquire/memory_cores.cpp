// SPDX-License-Identifier: Apache-2.0
//   core := Ehdr Phdr(note) Phdr(load)* note("CORE", NT_FILE) memory of each mapping, page-aligned
#include "acquire/memory_cores.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <sstream>

#include "acquire/memory_fields.h"
#include "acquire/memory_source.h"
#include "acquire/output_stream.h"
#include "base/unique_fd.h"
#include "bytes/digest.h"

namespace triage {
namespace {

constexpr std::uint32_t kFileNote = 0x46494c45;  // NT_FILE
constexpr std::size_t kMaxMappings = 60'000;
constexpr std::uint64_t kStep = 256 * kMemoryPage;
constexpr std::uint64_t kHighest = 1ULL << 56;

struct Mapping {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint32_t flags = 0;
  std::uint64_t file_offset = 0;
  std::string path;
};

/// "begin-end rwxp offset dev inode path"
std::vector<Mapping> parse_maps(const std::string& text) {
  std::vector<Mapping> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line) && out.size() < kMaxMappings;) {
    std::istringstream fields(line);
    std::string range, rights, offset, device, inode;
    fields >> range >> rights >> offset >> device >> inode;
    Mapping mapping;
    const std::size_t dash = range.find('-');
    if (dash == std::string::npos || rights.size() < 3) continue;
    std::from_chars(range.data(), range.data() + dash, mapping.begin, 16);
    std::from_chars(range.data() + dash + 1, range.data() + range.size(), mapping.end, 16);
    std::from_chars(offset.data(), offset.data() + offset.size(), mapping.file_offset, 16);
    mapping.flags = (rights[0] == 'r' ? 4U : 0U) | (rights[1] == 'w' ? 2U : 0U) | (rights[2] == 'x' ? 1U : 0U);
    std::getline(fields >> std::ws, mapping.path);
    const bool special = mapping.path == "[vvar]" || mapping.path == "[vsyscall]" || mapping.path == "[vvar_vclock]";
    if (mapping.flags == 0 || special || mapping.end <= mapping.begin || mapping.end > kHighest) continue;
    out.push_back(std::move(mapping));
  }
  return out;
}

std::string head_of(const std::vector<Mapping>& mappings, std::uint64_t& data_at) {
  Fields files;
  std::string names;
  std::uint64_t count = 0;
  Fields table;
  for (const Mapping& mapping : mappings) {
    if (!mapping.path.starts_with('/')) continue;
    ++count;
    table.put(mapping.begin).put(mapping.end).put(mapping.file_offset / kMemoryPage);
    names += mapping.path + '\0';
  }
  files.put(count).put(kMemoryPage);
  files.out() += table.out() + names;
  Fields note;
  note.put(std::uint32_t{5}).put(static_cast<std::uint32_t>(files.out().size())).put(kFileNote).text("CORE", 8);
  note.text(files.out(), (files.out().size() + 3) / 4 * 4);
  const std::uint64_t note_at = kElfHeaderBytes + kProgramHeaderBytes * (mappings.size() + 1);
  data_at = (note_at + note.out().size() + kMemoryPage - 1) / kMemoryPage * kMemoryPage;
  Fields head;
  put_core_header(head, static_cast<std::uint16_t>(mappings.size() + 1));
  put_program_header(head, {4, 0, note_at, 0, 0, note.out().size()});
  std::uint64_t at = data_at;
  for (const Mapping& mapping : mappings) {
    put_program_header(head, {1, mapping.flags, at, mapping.begin, 0, mapping.end - mapping.begin});
    at += mapping.end - mapping.begin;
  }
  head.out() += note.out();
  head.out().resize(static_cast<std::size_t>(data_at), '\0');
  return std::move(head.out());
}

/// Writes one core; pages that nobody touched stay holes.
class CoreWriter {
 public:
  CoreWriter(OutputStream& file, int memory, int pagemap, ProcessCore& core)
      : file_(file), memory_(memory), pagemap_(pagemap), core_(core) {}

  Status write(std::string_view bytes) {
    digest_.update(bytes);
    return file_.write(as_byte_span(bytes));
  }

  Status mapping(std::uint64_t begin, std::uint64_t end) {
    for (std::uint64_t at = begin; at < end;) {
      const std::uint64_t length = std::min(kStep, end - at);
      TRIAGE_TRY_STATUS(step(at, length));
      at += length;
    }
    return {};
  }
  std::string finish() { return digest_.finish_hex(); }

 private:
  Status step(std::uint64_t at, std::uint64_t length) {
    std::vector<std::byte> entries(static_cast<std::size_t>(length / kMemoryPage * 8));
    const bool known = read_file_at(pagemap_, at / kMemoryPage * 8, entries) == entries.size();
    std::fill_n(buffer_.begin(), static_cast<std::size_t>(length), std::byte{0});
    bool any = false;
    for (std::uint64_t page = 0; page < length / kMemoryPage; ++page) {
      const auto top = std::to_integer<unsigned>(entries[static_cast<std::size_t>(8 * page + 7)]);
      if (known && (top & 0xc0) == 0) continue;  // neither present nor swapped
      const auto out = std::span(buffer_).subspan(static_cast<std::size_t>(page * kMemoryPage), kMemoryPage);
      if (read_file_at(memory_, at + page * kMemoryPage, out) == kMemoryPage) {
        any = true;
        core_.stored += kMemoryPage;
      } else {
        std::fill(out.begin(), out.end(), std::byte{0});
        if (known) ++core_.unreadable_pages;
      }
    }
    const Bytes data = Bytes(buffer_).first(static_cast<std::size_t>(length));
    digest_.update(data);
    return any ? file_.write(data) : file_.write_hole(length);
  }

  OutputStream& file_;
  int memory_;
  int pagemap_;
  ProcessCore& core_;
  Sha256 digest_;
  std::vector<std::byte> buffer_ = std::vector<std::byte>(static_cast<std::size_t>(kStep));
};

}  // namespace

Result<ProcessCore> dump_process(const std::string& proc, std::uint64_t pid, const std::string& path) {
  const std::string folder = fmt::format("{}/{}", proc, pid);
  ProcessCore core;
  core.pid = pid;
  const auto maps = read_kernel_file(folder + "/maps");
  if (!maps) return fail(ErrorCode::kUnreadable, "its map cannot be read", folder, errno);
  std::vector<Mapping> mappings = parse_maps(*maps);
  if (mappings.empty()) return fail(ErrorCode::kUnreadable, "it has no memory of its own (kernel thread)", folder);
  const UniqueFd memory(::open((folder + "/mem").c_str(), O_RDONLY | O_CLOEXEC));
  if (!memory.valid()) return fail(ErrorCode::kUnreadable, "its memory cannot be opened", folder, errno);
  const UniqueFd pagemap(::open((folder + "/pagemap").c_str(), O_RDONLY | O_CLOEXEC));
  for (const Mapping& mapping : mappings) core.size += mapping.end - mapping.begin;
  TRIAGE_TRY(OutputStream file, OutputStream::create(path));
  CoreWriter writer(file, memory.get(), pagemap.get(), core);
  std::uint64_t data_at = 0;
  TRIAGE_TRY_STATUS(writer.write(head_of(mappings, data_at)));
  for (const Mapping& mapping : mappings) TRIAGE_TRY_STATUS(writer.mapping(mapping.begin, mapping.end));
  TRIAGE_TRY_STATUS(file.sync());
  core.sha256 = writer.finish();
  core.file_bytes = file.position();
  return core;
}

Result<std::vector<ProcessCore>> dump_processes(const std::string& proc, const std::string& folder,
                                                std::uint64_t keep_out) {
  std::vector<std::uint64_t> pids;
  std::error_code fault;
  for (const auto& entry : std::filesystem::directory_iterator(proc, fault)) {
    const std::string name = entry.path().filename();
    std::uint64_t pid = 0;
    const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (bad == std::errc{} && end == name.data() + name.size() && pid != keep_out) pids.push_back(pid);
  }
  std::sort(pids.begin(), pids.end());
  std::vector<ProcessCore> out;
  for (const std::uint64_t pid : pids) {
    auto core = dump_process(proc, pid, fmt::format("{}/{}.core", folder, pid));
    if (!core && core.error().code == ErrorCode::kOutput) return tl::unexpected(core.error());
    if (!core) {
      ProcessCore failed;
      failed.pid = pid;
      failed.reason = core.error().text();
      core = failed;
    }
    core->name = read_kernel_file(fmt::format("{}/{}/comm", proc, pid)).value_or("");
    while (!core->name.empty() && core->name.back() == '\n') core->name.pop_back();
    out.push_back(*std::move(core));
  }
  return out;
}

}  // namespace triage
