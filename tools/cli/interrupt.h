// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and SIGTERM. A command that writes a case calls catch_interrupts() and looks at interrupted() between steps;
// the first signal only sets the flag, a second one ends the process at once. Commands that only read keep the
// system's way: the signal ends them.
#pragma once

#include <atomic>

namespace triage::cli {

/// From now on the first SIGINT, SIGTERM or SIGHUP sets the flag.
void catch_interrupts();

/// The flag itself, for a library call that polls it.
const std::atomic<bool>& interrupted();

/// A closed pipe and a file-size limit become errors of write() instead of ending the process.
void ignore_broken_pipes();

/// Ends the process by the signal that was caught, so that the shell sees it (status 130 for SIGINT). Returns when
/// none was caught.
void end_by_caught_signal();

}  // namespace triage::cli
