// SPDX-License-Identifier: Apache-2.0
// Sandbox: what a child process gives up before it sees evidence (DESIGN.md §6). Each layer that the kernel lacks is
// named, so that the run can say so once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace triage {

struct SandboxPolicy {
  /// Files and folders that may still be opened for reading (the reader's evidence); none for scanners.
  std::vector<std::string> readable;
  std::uint64_t address_space = 0;  ///< RLIMIT_AS in bytes, 0 = unlimited
  std::uint64_t file_size = 0;      ///< RLIMIT_FSIZE in bytes; 0 = no file may grow
  /// Descriptors that stay open besides 0, 1, 2; all others are closed.
  std::vector<int> keep;
};

/// Names of the layers that could not be had: "user-namespace", "net-namespace", "landlock", "seccomp" …
using MissingLayers = std::vector<std::string>;

/// Confines the calling process for good. Single-threaded processes only. Layers: own mount and network namespaces,
/// rlimits (no core), capabilities dropped, no_new_privs, Landlock, seccomp (no socket, connect, execve, fork, ptrace,
/// mount, bpf, io_uring …: EPERM).
MissingLayers enter_sandbox(const SandboxPolicy& policy);

}  // namespace triage
