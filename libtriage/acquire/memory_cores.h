// SPDX-License-Identifier: Apache-2.0
// The fall-back where no source of physical memory works: an ELF core of every process out of /proc/PID/mem, written to
// FOLDER/PID.core. Only pages that are present or swapped are read (pagemap), so that looking does not fill memory;
// the rest is a hole. Nothing is stopped: a process goes on while it is read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace triage {

struct ProcessCore {
  std::uint64_t pid = 0;
  std::string name;
  std::uint64_t size = 0;              ///< of the core's memory, bytes
  std::uint64_t stored = 0;            ///< bytes read
  std::uint64_t file_bytes = 0;        ///< of the core file
  std::uint64_t unreadable_pages = 0;  ///< present, but refused
  std::string sha256;                  ///< of the core file; "" where it could not be made
  std::string reason;                  ///< why it could not be made
};

/// `keep_out` is left out (ourselves). kOutput where a core cannot be written.
Result<std::vector<ProcessCore>> dump_processes(const std::string& proc, const std::string& folder,
                                                std::uint64_t keep_out);

/// One process. An Error of kind kUnreadable is put into `reason` by dump_processes().
Result<ProcessCore> dump_process(const std::string& proc, std::uint64_t pid, const std::string& path);

}  // namespace triage
