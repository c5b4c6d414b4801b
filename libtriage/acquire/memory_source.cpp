// SPDX-License-Identifier: Apache-2.0
#include "acquire/memory_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/unique_fd.h"

namespace triage {
namespace {

constexpr std::size_t kHeadBytes = 256 * 1024;
constexpr std::uint64_t kMaxNotes = 4ULL << 20;
constexpr std::uint32_t kLoad = 1;
constexpr std::uint32_t kNote = 4;

/// 0, or the errno of a read that gave less than `out`.
int read_all(int fd, std::uint64_t at, std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = ::pread(fd, out.data(), out.size(), static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return ENXIO;
    out = out.subspan(static_cast<std::size_t>(got));
    at += static_cast<std::uint64_t>(got);
  }
  return 0;
}

class KcoreSource final : public MemorySource {
 public:
  KcoreSource(UniqueFd fd, KcoreLayout layout, std::string note)
      : fd_(std::move(fd)), layout_(std::move(layout)), note_(std::move(note)) {}

  int read(std::uint64_t at, std::span<std::byte> out) override {
    while (!out.empty()) {
      const KcoreSegment* segment = find(at);
      if (segment == nullptr) return ENXIO;
      const std::uint64_t inside = at - segment->physical;
      const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), segment->length - inside));
      const int fault = read_all(fd_.get(), segment->offset + inside, out.first(length));
      if (fault != 0) return fault;
      out = out.subspan(length);
      at += length;
    }
    return 0;
  }
  [[nodiscard]] std::optional<std::uint64_t> virtual_address(std::uint64_t at) const override {
    const KcoreSegment* segment = find(at);
    if (segment == nullptr) return std::nullopt;
    return segment->virtual_address + (at - segment->physical);
  }
  [[nodiscard]] const std::string& vmcoreinfo() const override { return note_; }

 private:
  [[nodiscard]] const KcoreSegment* find(std::uint64_t at) const {
    const auto next = std::upper_bound(layout_.segments.begin(), layout_.segments.end(), at,
                                       [](std::uint64_t value, const auto& each) { return value < each.physical; });
    if (next == layout_.segments.begin()) return nullptr;
    const KcoreSegment& segment = *std::prev(next);
    return at - segment.physical < segment.length ? &segment : nullptr;
  }
  UniqueFd fd_;
  KcoreLayout layout_;
  std::string note_;
};

/// /dev/crash and /dev/mem: the offset is the address.
class DeviceSource final : public MemorySource {
 public:
  explicit DeviceSource(UniqueFd fd) : fd_(std::move(fd)) {}
  int read(std::uint64_t at, std::span<std::byte> out) override { return read_all(fd_.get(), at, out); }
  [[nodiscard]] std::optional<std::uint64_t> virtual_address(std::uint64_t) const override { return std::nullopt; }
  [[nodiscard]] const std::string& vmcoreinfo() const override { return note_; }

 private:
  UniqueFd fd_;
  std::string note_;
};

void explain(MemoryProbe& probe, int error, const std::string& lockdown, std::string_view missing_option) {
  const bool confidential = lockdown == "confidentiality";
  if (error == ENOENT || error == ENODEV || error == ENXIO) {
    probe.reason = fmt::format("this kernel does not have it ({})", missing_option);
    probe.next_step = "take the memory from outside: the hypervisor's dump, or hibernation";
  } else if ((error == EPERM || error == EACCES) && ::geteuid() != 0) {
    probe.reason = "not permitted: it needs CAP_SYS_RAWIO";
    probe.next_step = "run as root";
  } else if (error == EPERM || error == EACCES) {
    probe.reason = lockdown.empty() || lockdown == "none"
                       ? "the kernel refuses it even to root (STRICT_DEVMEM, or a container without CAP_SYS_RAWIO)"
                       : fmt::format("the kernel refuses it: lockdown={}", lockdown);
    probe.next_step = confidential ? "take the memory from outside; lockdown is lifted only by a boot without it"
                                   : "run outside the container, with CAP_SYS_RAWIO";
  } else {
    probe.reason = std::strerror(error);
    probe.next_step = "take the memory from outside: the hypervisor's dump";
  }
}

/// errno of the first page of `ram` that cannot be read: of the first, then of the last range (above 1 MiB, where
/// STRICT_DEVMEM begins to refuse).
int try_pages(MemorySource& source, const std::vector<MemoryRange>& ram) {
  std::array<std::byte, kMemoryPage> page;
  int fault = ENXIO;
  for (const std::uint64_t at : {ram.front().begin, ram.back().begin}) {
    const std::uint64_t aligned = (at + kMemoryPage - 1) / kMemoryPage * kMemoryPage;
    fault = source.read(aligned, page);
    if (fault != 0 && aligned == ram.back().begin) return fault;
  }
  return fault;
}

MemoryProbe probe_kcore(const MemoryPaths& paths, const std::vector<MemoryRange>& ram, const std::string& lockdown) {
  MemoryProbe probe;
  probe.name = paths.kcore;
  UniqueFd fd(::open(paths.kcore.c_str(), O_RDONLY | O_CLOEXEC | O_LARGEFILE));
  if (!fd.valid()) {
    explain(probe, errno, lockdown, "CONFIG_PROC_KCORE is not set");
    return probe;
  }
  std::vector<std::byte> head(kHeadBytes);
  const ssize_t got = ::pread(fd.get(), head.data(), head.size(), 0);
  if (got <= 0) {
    explain(probe, got < 0 ? errno : ENXIO, lockdown, "CONFIG_PROC_KCORE is not set");
    return probe;
  }
  auto layout = parse_kcore(Bytes(head).first(static_cast<std::size_t>(got)));
  if (!layout) {
    probe.reason = layout.error().message;
    probe.next_step = "take the memory from outside: the hypervisor's dump";
    return probe;
  }
  std::vector<std::byte> notes(static_cast<std::size_t>(std::min(layout->note_length, kMaxNotes)));
  const bool has_notes = read_all(fd.get(), layout->note_offset, notes) == 0;
  auto source = std::make_unique<KcoreSource>(std::move(fd), *std::move(layout), has_notes ? vmcoreinfo_of(notes) : "");
  if (const int fault = try_pages(*source, ram); fault != 0) {
    explain(probe, fault == ENXIO ? EIO : fault, lockdown, "");
    return probe;
  }
  probe.source = std::move(source);
  return probe;
}

MemoryProbe probe_device(const std::string& path, std::string_view option, const std::vector<MemoryRange>& ram,
                         const std::string& lockdown) {
  MemoryProbe probe;
  probe.name = path;
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_LARGEFILE));
  if (!fd.valid()) {
    explain(probe, errno, lockdown, option);
    return probe;
  }
  auto source = std::make_unique<DeviceSource>(std::move(fd));
  if (const int fault = try_pages(*source, ram); fault != 0) {
    explain(probe, fault, lockdown, option);
    return probe;
  }
  probe.source = std::move(source);
  return probe;
}

}  // namespace

/// ELF-64 object file format: Ehdr(64), Phdr(56). Little-endian.
Result<KcoreLayout> parse_kcore(Bytes head) {
  using std::string_view_literals::operator""sv;
  if (!has_at(head, 0,
              "\x7f"
              "ELF\x02\x01"sv))
    return fail(ErrorCode::kUnreadable, "it is no 64-bit ELF core");
  ByteCursor c(head);
  c.seek(32, "e_phoff");
  const auto table = c.le<std::uint64_t>("e_phoff");
  c.seek(54, "e_phentsize");
  const auto entry = c.le<std::uint16_t>("e_phentsize");
  const auto count = c.le<std::uint16_t>("e_phnum");
  KcoreLayout out;
  unsigned at_zero = 0;  // segments; old kernels say 0 of every one
  for (std::uint64_t i = 0; i < count && c.ok(); ++i) {
    if (table > head.size() || entry < 56 || i * entry > head.size() - table) break;
    c.seek(static_cast<std::size_t>(table + i * entry), "program header");
    const auto type = c.le<std::uint32_t>("p_type");
    c.skip(4, "p_flags");
    KcoreSegment segment;
    segment.offset = c.le<std::uint64_t>("p_offset");
    segment.virtual_address = c.le<std::uint64_t>("p_vaddr");
    segment.physical = c.le<std::uint64_t>("p_paddr");
    segment.length = c.le<std::uint64_t>("p_filesz");
    if (!c.ok()) break;
    if (type == kNote) {
      out.note_offset = segment.offset;
      out.note_length = segment.length;
    }
    const bool placed = segment.physical != ~std::uint64_t{0} && segment.length <= ~segment.physical &&
                        segment.offset < (1ULL << 63) && segment.length < (1ULL << 63) - segment.offset;
    if (type != kLoad || !placed || segment.length == 0) continue;
    at_zero += segment.physical == 0 ? 1 : 0;
    out.segments.push_back(segment);
  }
  std::stable_sort(out.segments.begin(), out.segments.end(),
                   [](const auto& a, const auto& b) { return a.physical < b.physical; });
  // The kernel's text is mapped a second time inside the direct map: what lies in an earlier segment is left out.
  std::uint64_t end = 0;
  std::erase_if(out.segments, [&end](const KcoreSegment& each) {
    if (each.physical < end) return true;
    end = each.physical + each.length;
    return false;
  });
  if (out.segments.empty() || at_zero > 1) {
    return fail(ErrorCode::kUnreadable, "this kernel's core names no physical addresses (before 4.16)");
  }
  return out;
}

std::string vmcoreinfo_of(Bytes notes) {
  ByteCursor c(notes);
  while (c.remaining() >= 12) {
    const auto name_bytes = c.le<std::uint32_t>("n_namesz");
    const auto bytes = c.le<std::uint32_t>("n_descsz");
    c.skip(4, "n_type");
    const auto padded = [](std::uint32_t size) { return (static_cast<std::size_t>(size) + 3) / 4 * 4; };
    const Bytes name = c.take(padded(name_bytes), "name");
    const Bytes text = c.take(padded(bytes), "descriptor");
    if (!c.ok()) break;
    if (has_at(name, 0, "VMCOREINFO")) return std::string(as_chars(text.first(bytes)));
  }
  return "";
}

std::vector<MemoryProbe> probe_memory(const MemoryPaths& paths, const std::vector<MemoryRange>& ram) {
  std::vector<MemoryProbe> out;
  if (ram.empty()) return out;
  const std::string lockdown = lockdown_level(paths);
  out.push_back(probe_kcore(paths, ram, lockdown));
  out.push_back(probe_device(paths.crash, "no crash driver", ram, lockdown));
  out.push_back(probe_device(paths.mem, "CONFIG_DEVMEM is not set", ram, lockdown));
  return out;
}

std::string lockdown_level(const MemoryPaths& paths) {
  const auto text = read_kernel_file(paths.lockdown);
  if (!text) return "";
  const std::size_t open = text->find('[');
  const std::size_t close = text->find(']', open);
  if (open == std::string::npos || close == std::string::npos) return "";
  return text->substr(open + 1, close - open - 1);
}

std::optional<std::string> read_kernel_file(const std::string& path, std::size_t limit) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return std::nullopt;
  std::string out;
  std::array<char, 65536> buffer;
  while (out.size() < limit) {
    const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return out.empty() ? std::nullopt : std::optional(out);
    if (got == 0) break;
    out.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return out;
}

}  // namespace triage
