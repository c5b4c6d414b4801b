// SPDX-License-Identifier: Apache-2.0
#include "engine/sandbox.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "base/unique_fd.h"

namespace triage {
namespace {

void set_limit(__rlimit_resource resource, rlim_t value) {
  const rlimit limit{value, value};
  (void)::setrlimit(resource, &limit);  // lowering a limit cannot fail in a way that matters here
}

void close_others(std::vector<int> keep) {
  keep.insert(keep.end(), {0, 1, 2});
  std::sort(keep.begin(), keep.end());
  unsigned next = 0;
  for (const int fd : keep) {
    const auto number = static_cast<unsigned>(fd);
    if (number > next) (void)::close_range(next, number - 1, 0);  // closing what is not open is no failure
    next = std::max(next, number + 1);
  }
  (void)::close_range(next, ~0U, 0);
}

void enter_namespaces(MissingLayers& missing) {
  const bool root = ::geteuid() == 0;
  if (!root && ::unshare(CLONE_NEWUSER) != 0) {
    missing.emplace_back("user-namespace");
    return;
  }
  if (::unshare(CLONE_NEWNET) != 0) missing.emplace_back("net-namespace");
  if (::unshare(CLONE_NEWNS | CLONE_NEWIPC) != 0) missing.emplace_back("mount-namespace");
}

/// Keeps only the right to read what the person who started the run may read.
void drop_capabilities(bool keep_read, MissingLayers& missing) {
  for (int capability = 0; capability <= CAP_LAST_CAP; ++capability)
    (void)::prctl(PR_CAPBSET_DROP, capability);  // EPERM without CAP_SETPCAP: nothing to drop then
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> data{};
  if (keep_read) {
    std::array<__user_cap_data_struct, 2> now{};
    if (::syscall(SYS_capget, &header, now.data()) == 0)
      data[0].permitted = data[0].effective = now[0].permitted & (1U << CAP_DAC_READ_SEARCH);
  }
  if (::syscall(SYS_capset, &header, data.data()) != 0) missing.emplace_back("capabilities");
}

bool apply_landlock(const std::vector<std::string>& readable) {
  const auto abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1) return false;
  constexpr std::uint64_t kAbi1 = (1ULL << 13) - 1;  // every right of ABI 1, EXECUTE to MAKE_SYM
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = kAbi1;
  const UniqueFd ruleset(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0)));
  if (!ruleset.valid()) return false;
  for (const std::string& path : readable) {
    const UniqueFd target(::open(path.c_str(), O_PATH | O_CLOEXEC));
    struct stat facts {};
    if (!target.valid() || ::fstat(target.get(), &facts) != 0) continue;
    landlock_path_beneath_attr rule{};
    rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
    if (S_ISDIR(facts.st_mode)) rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
    rule.parent_fd = target.get();
    if (::syscall(SYS_landlock_add_rule, ruleset.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) return false;
  }
  return ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0;
}

struct SeccompRelease {
  void operator()(void* context) const { seccomp_release(context); }
};

bool apply_seccomp() {
  const std::unique_ptr<void, SeccompRelease> filter(seccomp_init(SCMP_ACT_ALLOW));
  if (!filter) return false;
  static constexpr std::array kRefused = {
      SCMP_SYS(socket),
      SCMP_SYS(socketpair),
      SCMP_SYS(connect),
      SCMP_SYS(bind),
      SCMP_SYS(listen),
      SCMP_SYS(accept),
      SCMP_SYS(accept4),
      SCMP_SYS(execve),
      SCMP_SYS(execveat),
      SCMP_SYS(fork),
      SCMP_SYS(vfork),
      SCMP_SYS(clone),
      SCMP_SYS(ptrace),
      SCMP_SYS(mount),
      SCMP_SYS(umount2),
      SCMP_SYS(pivot_root),
      SCMP_SYS(chroot),
      SCMP_SYS(bpf),
      SCMP_SYS(io_uring_setup),
      SCMP_SYS(io_uring_enter),
      SCMP_SYS(unshare),
      SCMP_SYS(setns),
      SCMP_SYS(process_vm_readv),
      SCMP_SYS(process_vm_writev),
      SCMP_SYS(keyctl),
      SCMP_SYS(add_key),
      SCMP_SYS(request_key),
      SCMP_SYS(perf_event_open),
      SCMP_SYS(userfaultfd),
      SCMP_SYS(init_module),
      SCMP_SYS(finit_module),
      SCMP_SYS(delete_module),
      SCMP_SYS(kexec_load),
      SCMP_SYS(open_by_handle_at),
      SCMP_SYS(name_to_handle_at),
      SCMP_SYS(kill),
      SCMP_SYS(tkill),
      SCMP_SYS(unlink),
      SCMP_SYS(unlinkat),
      SCMP_SYS(rename),
      SCMP_SYS(renameat),
      SCMP_SYS(renameat2),
      SCMP_SYS(mkdir),
      SCMP_SYS(mkdirat),
      SCMP_SYS(symlink),
      SCMP_SYS(symlinkat),
      SCMP_SYS(link),
      SCMP_SYS(linkat),
      SCMP_SYS(truncate),
      SCMP_SYS(chmod),
      SCMP_SYS(fchmodat),
      SCMP_SYS(chown),
      SCMP_SYS(setxattr),
      SCMP_SYS(reboot),
      SCMP_SYS(swapon),
      SCMP_SYS(sethostname),
  };
  for (const int call : kRefused) {
    if (seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), call, 0) != 0) return false;
  }
  // libc falls back to clone (refused above) where clone3 is unknown.
  if (seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) != 0) return false;
  return seccomp_load(filter.get()) == 0;
}

}  // namespace

MissingLayers enter_sandbox(const SandboxPolicy& policy) {
  MissingLayers missing;
  (void)::prctl(PR_SET_PDEATHSIG, 9);  // a child never outlives the supervisor
  close_others(policy.keep);
  enter_namespaces(missing);
  set_limit(RLIMIT_CORE, 0);
  set_limit(RLIMIT_NPROC, 0);
  set_limit(RLIMIT_FSIZE, policy.file_size);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  if (policy.address_space != 0) set_limit(RLIMIT_AS, policy.address_space);
#endif
  drop_capabilities(!policy.readable.empty(), missing);
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) missing.emplace_back("no-new-privileges");
  if (!apply_landlock(policy.readable)) missing.emplace_back("landlock");
  if (!apply_seccomp()) missing.emplace_back("seccomp");
  return missing;
}

}  // namespace triage
