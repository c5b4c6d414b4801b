// SPDX-License-Identifier: Apache-2.0
#include "engine/sandbox.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>

#include "engine/sweep.h"
#include "sweep_case.h"

using namespace triage;

namespace {

/// Exit status of `body` run in a sandboxed child; 77 where the sandbox could not be entered whole.
int in_sandbox(const SandboxPolicy& policy, const std::function<int()>& body) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    const MissingLayers missing = enter_sandbox(policy);
    ::_exit(missing.empty() ? body() : 77);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// 0 when `call` fails with EPERM or EACCES, as it should.
template <typename Call>
int refused(Call&& call) {
  errno = 0;
  const auto result = call();
  return result < 0 && (errno == EPERM || errno == EACCES) ? 0 : 1;
}

}  // namespace

TEST_CASE("this kernel gives every layer of the sandbox, or names what it lacks") {
  const auto missing = probe_sandbox();
  for (const std::string& layer : missing) MESSAGE("missing layer: " << layer);
  CHECK(std::find(missing.begin(), missing.end(), "seccomp") == missing.end());
}

TEST_CASE("a sandboxed worker is refused the network, other programs and other processes") {
  SandboxPolicy policy;
  const auto run = [&policy](const std::function<int()>& body) {
    const int status = in_sandbox(policy, body);
    if (status == 77) MESSAGE("skipped 1 check: this kernel lacks a layer");
    return status == 77 ? 0 : status;
  };
  CHECK(run([] { return refused([] { return ::socket(AF_INET, SOCK_STREAM, 0); }); }) == 0);
  CHECK(run([] { return refused([] { return ::socket(AF_UNIX, SOCK_STREAM, 0); }); }) == 0);
  CHECK(run([] { return refused([] { return ::fork(); }); }) == 0);
  CHECK(run([] { return refused([] { return ::execl("/bin/true", "true", nullptr); }); }) == 0);
  CHECK(run([] { return refused([] { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }); }) == 0);
  CHECK(run([] { return refused([] { return ::mount("none", "/", "tmpfs", 0, nullptr); }); }) == 0);
  CHECK(run([] { return refused([] { return ::kill(::getppid(), 0); }); }) == 0);
}

TEST_CASE("a sandboxed worker opens only the evidence, and only for reading") {
  const triage_test::TemporaryFolder folder;
  const std::string evidence = (folder.path() / "evidence.img").string();
  const std::string other = (folder.path() / "other.txt").string();
  std::ofstream(evidence) << "evidence";
  std::ofstream(other) << "other";
  SandboxPolicy policy;
  policy.readable = {evidence};
  const auto run = [&policy](const std::function<int()>& body) {
    const int status = in_sandbox(policy, body);
    return status == 77 ? 0 : status;
  };
  CHECK(run([&] { return ::open(evidence.c_str(), O_RDONLY) >= 0 ? 0 : 1; }) == 0);
  CHECK(run([&] { return refused([&] { return ::open(evidence.c_str(), O_RDWR); }); }) == 0);
  CHECK(run([&] { return refused([&] { return ::open(other.c_str(), O_RDONLY); }); }) == 0);
  CHECK(run([&] { return refused([] { return ::open("/etc/passwd", O_RDONLY); }); }) == 0);
  const std::string fresh = (folder.path() / "new.txt").string();
  CHECK(run([&] { return refused([&] { return ::open(fresh.c_str(), O_WRONLY | O_CREAT, 0600); }); }) == 0);
  CHECK(run([&] { return refused([&] { return ::unlink(other.c_str()); }); }) == 0);
  CHECK(run([&] { return refused([&] { return ::rename(other.c_str(), fresh.c_str()); }); }) == 0);
  CHECK(run([&] { return refused([&] { return ::symlink(other.c_str(), fresh.c_str()); }); }) == 0);
  CHECK(std::filesystem::exists(other));
}

#if !defined(__SANITIZE_ADDRESS__)
TEST_CASE("a sandboxed worker cannot take more memory than its limit") {
  SandboxPolicy policy;
  policy.address_space = 1ULL << 30;
  const int status = in_sandbox(policy, [] {
    void* block = std::malloc(std::size_t{3} << 30);
    const bool got = block != nullptr;
    std::free(block);
    return got ? 1 : 0;
  });
  if (status == 77) MESSAGE("skipped 1 check: this kernel lacks a layer");
  CHECK((status == 0 || status == 77));
}
#endif

TEST_CASE("descriptors that are not kept are closed in a sandboxed worker") {
  const triage_test::TemporaryFolder folder;
  const std::string path = (folder.path() / "secret").string();
  std::ofstream(path) << "secret";
  const int kept = ::open(path.c_str(), O_RDONLY);
  const int dropped = ::open(path.c_str(), O_RDONLY);
  SandboxPolicy policy;
  policy.keep = {kept};
  const int status = in_sandbox(policy, [&] {
    char c = 0;
    const bool reads = ::read(kept, &c, 1) == 1;
    const bool gone = ::read(dropped, &c, 1) < 0 && errno == EBADF;
    return reads && gone ? 0 : 1;
  });
  CHECK((status == 0 || status == 77));
  ::close(kept);
  ::close(dropped);
}
