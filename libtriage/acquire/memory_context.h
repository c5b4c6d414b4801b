// SPDX-License-Identifier: Apache-2.0
// What is kept beside a memory image, in NAME.d/: what the kernel says of itself and the tables of processes and
// sockets, taken right before the memory. An analysis reads types, symbols and the KASLR slide from here and compares
// its own lists with these.
//   iomem version cmdline modules kallsyms vmcoreinfo btf config.txt   as the kernel gives them
//   kpageflags.zst      u64 per page of every RAM range, ranges in order, little-endian
//   net.NAME            /proc/net/NAME as it stands
//   processes.jsonl     one line a process: pid, ppid, uid, name, command, exe, start (ticks after boot), sockets
//   sockets.jsonl       one line a socket: protocol, local, remote, state, inode, uid, pids
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "acquire/memory_ranges.h"
#include "base/result.h"

namespace triage {

struct MemoryContext {
  std::optional<std::string> kernel_release;
  std::optional<std::uint64_t> kaslr_slide;  ///< bytes
  std::optional<std::string> build_id;       ///< of the kernel, hex
  std::uint64_t processes = 0;
  std::uint64_t sockets = 0;
  struct File {
    std::string name;
    std::uint64_t size = 0;
    std::string sha256;
  };
  std::vector<File> files;
  std::vector<std::string> missing;  ///< "kallsyms: Operation not permitted"
};

struct MemoryContextRequest {
  std::string folder;  ///< made by the caller, empty
  std::vector<MemoryRange> ram;
  std::string vmcoreinfo;  ///< of the source; "" unknown
  std::string proc = "/proc";
  std::string sys = "/sys";
};

/// kOutput where a file cannot be written; what the kernel refuses is in `missing`.
Result<MemoryContext> collect_memory_context(const MemoryContextRequest& request);

/// Value of KEY=value in VMCOREINFO; "" where there is none.
std::string vmcoreinfo_value(std::string_view info, std::string_view key);

/// Address and port of /proc/net/{tcp,udp}[6]: "0100007F:1F90" → "127.0.0.1:8080"; as it stands where it is none.
std::string net_address(std::string_view hex);

}  // namespace triage
