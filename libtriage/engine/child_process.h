// SPDX-License-Identifier: Apache-2.0
// ChildProcess: one forked worker with its channel and the clock that tells how long it has been in one step.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>

#include "engine/breadcrumb.h"
#include "engine/frame.h"

namespace triage {

class ChildProcess {
 public:
  ChildProcess() = default;
  /// Forks; the child runs `body` with its end of the channel and ends with its result.
  explicit ChildProcess(const std::function<int(Channel)>& body);
  ~ChildProcess() { kill_and_wait(); }
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  [[nodiscard]] bool running() const { return pid_ > 0; }
  [[nodiscard]] Channel& channel() { return channel_; }
  /// Waits for the end without killing; the wait status.
  int wait();
  void kill_and_wait();

  /// Starts the clock of a step anew.
  void note_step(std::uint64_t step);
  /// True when the child has used more than `cpu` of CPU time, or ten times that of wall time, since its breadcrumb
  /// last moved.
  bool over_limit(const Breadcrumb& breadcrumb, std::chrono::milliseconds cpu);

 private:
  [[nodiscard]] std::chrono::nanoseconds cpu_time() const;
  pid_t pid_ = -1;
  Channel channel_;
  std::uint64_t step_ = 0;
  std::chrono::nanoseconds step_cpu_{0};
  std::chrono::steady_clock::time_point step_wall_;
};

}  // namespace triage
