// SPDX-License-Identifier: Apache-2.0
// MemorySource: physical memory of this host as the kernel hands it out, without a module of our own.
//   /proc/kcore   an ELF core; segments of the direct map have a true p_paddr, others -1. Its offsets lie near 2^47 to
//                 2^56 and are read by 64-bit pread. Lockdown "integrity" leaves it open, "confidentiality" does not.
//   /dev/crash    RHEL's crash driver: offset is the physical address
//   /dev/mem      likewise, where CONFIG_STRICT_DEVMEM and lockdown leave it open
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "acquire/memory_ranges.h"
#include "base/result.h"
#include "bytes/cursor.h"

namespace triage {

inline constexpr std::uint64_t kMemoryPage = 4096;

class MemorySource {
 public:
  virtual ~MemorySource() = default;
  /// Reads whole `out` from physical address `at`; 0 or the errno of the failure (ENXIO: not covered).
  virtual int read(std::uint64_t at, std::span<std::byte> out) = 0;
  /// Virtual address of `at` in the kernel's direct map, where known.
  [[nodiscard]] virtual std::optional<std::uint64_t> virtual_address(std::uint64_t at) const = 0;
  /// Text of the VMCOREINFO note; "" where the source has none.
  [[nodiscard]] virtual const std::string& vmcoreinfo() const = 0;
};

/// One segment of /proc/kcore that shows physical memory.
struct KcoreSegment {
  std::uint64_t physical = 0;
  std::uint64_t virtual_address = 0;
  std::uint64_t length = 0;
  std::uint64_t offset = 0;  ///< in the file
};
struct KcoreLayout {
  std::vector<KcoreSegment> segments;  ///< by physical address
  std::uint64_t note_offset = 0;
  std::uint64_t note_length = 0;
};
/// Reads ELF and program headers (`head` begins with them). kUnreadable: no ELF64 core, or no segment with a physical
/// address (kernels before 4.16).
Result<KcoreLayout> parse_kcore(Bytes head);
/// Descriptor of the note VMCOREINFO in a note segment; "" where there is none.
std::string vmcoreinfo_of(Bytes notes);

/// Where the kernel's files lie; tests put their own in place.
struct MemoryPaths {
  std::string kcore = "/proc/kcore";
  std::string crash = "/dev/crash";
  std::string mem = "/dev/mem";
  std::string iomem = "/proc/iomem";
  std::string lockdown = "/sys/kernel/security/lockdown";
};

/// What became of one source.
struct MemoryProbe {
  std::string name;                      ///< its path
  std::string reason;                    ///< why it cannot be used; "" where it can
  std::string next_step;                 ///< what to do about it
  std::unique_ptr<MemorySource> source;  ///< null where it cannot be used
};

/// Tries every source in turn on the first and the last page of `ram`. The first that works is the one to use.
std::vector<MemoryProbe> probe_memory(const MemoryPaths& paths, const std::vector<MemoryRange>& ram);

/// "none", "integrity", "confidentiality"; "" where the kernel does not say.
std::string lockdown_level(const MemoryPaths& paths);

/// Reads a small file of the kernel to its end; nullopt where it cannot be read.
std::optional<std::string> read_kernel_file(const std::string& path, std::size_t limit = 64U << 20);

}  // namespace triage
