// SPDX-License-Identifier: Apache-2.0
#include "engine/child_process.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <new>
#include <utility>

#include "base/check.h"

namespace triage {

Breadcrumb& make_shared_breadcrumb() {
  void* at = ::mmap(nullptr, sizeof(Breadcrumb), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  TRIAGE_CHECK(at != MAP_FAILED);
  return *new (at) Breadcrumb;  // lives in the mapping until the process ends
}

ChildProcess::ChildProcess(const std::function<int(Channel)>& body) {
  auto [ours, theirs] = Channel::make();
  std::fflush(nullptr);
  const pid_t pid = ::fork();
  TRIAGE_CHECK(pid >= 0);
  if (pid == 0) {
    ours.close();
    ::signal(SIGINT, SIG_IGN);  // the supervisor decides
    ::signal(SIGTERM, SIG_DFL);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    // A fault ends the child at once, whatever handlers the parent has.
    for (const int fault : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) ::signal(fault, SIG_DFL);
#endif
    int status = 5;
    try {
      status = body(std::move(theirs));
    } catch (const std::exception&) {
      status = 5;  // the supervisor sees the end of the channel and the breadcrumb
    }
    ::_exit(status);
  }
  pid_ = pid;
  channel_ = std::move(ours);
  note_step(0);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept { *this = std::move(other); }

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this == &other) return *this;
  kill_and_wait();
  pid_ = std::exchange(other.pid_, -1);
  channel_ = std::move(other.channel_);
  step_ = other.step_;
  step_cpu_ = other.step_cpu_;
  step_wall_ = other.step_wall_;
  return *this;
}

int ChildProcess::wait() {
  int status = 0;
  while (pid_ > 0 && ::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  channel_.close();
  return status;
}

void ChildProcess::kill_and_wait() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  wait();
}

std::chrono::nanoseconds ChildProcess::cpu_time() const {
  clockid_t clock{};
  timespec now{};
  if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &now) != 0) return std::chrono::nanoseconds{0};
  return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

void ChildProcess::note_step(std::uint64_t step) {
  step_ = step;
  step_cpu_ = pid_ > 0 ? cpu_time() : std::chrono::nanoseconds{0};
  step_wall_ = std::chrono::steady_clock::now();
}

bool ChildProcess::over_limit(const Breadcrumb& breadcrumb, std::chrono::milliseconds cpu) {
  const std::uint64_t step = breadcrumb.steps.load(std::memory_order_acquire);
  if (step != step_) {
    note_step(step);
    return false;
  }
  return cpu_time() - step_cpu_ > cpu || std::chrono::steady_clock::now() - step_wall_ > 10 * cpu;
}

}  // namespace triage
