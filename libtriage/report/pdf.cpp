// SPDX-License-Identifier: Apache-2.0
#include "report/pdf.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "bytes/digest.h"
#include "bytes/text.h"
#include "store/output_file.h"

namespace triage {
namespace {

constexpr rlim_t kCpuSeconds = 900;
constexpr rlim_t kMemoryBytes = rlim_t{6} << 30;
constexpr std::size_t kSaidBytes = 4000;  ///< of what the program says on failure

/// In the child: no network, bounded time and memory, no terminal. Only calls that are safe after fork().
[[noreturn]] void become_tool(char* const* argv, char* const* environment, int out, int said, int network) {
  // Root needs no user namespace for it, and would lose its files in one.
  const int flags = ::geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET;
  const char cut = ::unshare(flags) == 0 ? '1' : '0';
  (void)!::write(network, &cut, 1);  // the parent takes silence for "no"
  const rlimit cpu{kCpuSeconds, kCpuSeconds};
  const rlimit memory{kMemoryBytes, kMemoryBytes};
  ::setrlimit(RLIMIT_CPU, &cpu);
  ::setrlimit(RLIMIT_AS, &memory);
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing < 0 || ::dup2(nothing, 0) < 0 || ::dup2(out, 1) < 0 || ::dup2(said, 2) < 0) ::_exit(127);
  ::execve(argv[0], argv, environment);
  ::_exit(127);
}

using Pipe = std::array<UniqueFd, 2>;

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(ErrorCode::kOutput, "cannot make a pipe", {}, errno);
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

/// Moves everything from `from` into `take`.
template <typename Take>
Status drain(int from, const Take& take) {
  std::vector<std::byte> block(1 << 18);
  while (true) {
    const ssize_t count = ::read(from, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(ErrorCode::kOutput, "the PDF cannot be read back", {}, errno);
    if (count == 0) return {};
    TRIAGE_TRY_STATUS(take(Bytes(block).first(static_cast<std::size_t>(count))));
  }
}

/// How the program ended: its exit status, or 128 and the signal.
int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::vector<std::string> command_of(const std::string& tool, const CaseFolder& folder, const PdfRequest& request) {
  std::vector<std::string> out = {tool, "--pdf-variant", "pdf/a-3b", "--quiet", "--pdf-identifier", request.pdf};
  for (const std::string& one : request.attachments) {
    if (!open_beneath(folder.fd(), one, O_PATH)) continue;
    out.push_back("--attachment");
    out.push_back(folder.path() + "/" + one);
  }
  out.push_back(folder.path() + "/" + request.html);
  out.push_back("-");
  return out;
}

}  // namespace

std::string find_pdf_tool() {
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  std::string_view rest = path != nullptr ? path : "/usr/bin:/bin";
  while (!rest.empty()) {
    const std::size_t end = rest.find(':');
    const std::string file = std::string(rest.substr(0, end)) + "/weasyprint";
    if (file.front() == '/' && ::access(file.c_str(), X_OK) == 0) return file;
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return {};
}

Result<PdfWritten> write_pdf(const CaseFolder& folder, const PdfRequest& request) {
  const std::string tool = find_pdf_tool();
  if (tool.empty()) {
    return fail(ErrorCode::kUnsupported, "weasyprint is not installed, so no PDF can be made", {}, 0,
                "apt-get install weasyprint fonts-noto-cjk; or print report.html to PDF in a browser");
  }
  TRIAGE_TRY(Pipe out, make_pipe());
  TRIAGE_TRY(Pipe network, make_pipe());
  // What it says goes into a file without a name: two pipes could block each other.
  const UniqueFd said(::open(folder.path().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!said.valid()) return fail(ErrorCode::kOutput, "cannot make a working file", folder.path(), errno);
  std::vector<std::string> command = command_of(tool, folder, request);
  std::vector<std::string> environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=/nonexistent",
                                          fmt::format("SOURCE_DATE_EPOCH={}", request.created_ns / 1'000'000'000)};
  const std::vector<char*> argv = pointers(command);
  const std::vector<char*> envp = pointers(environment);
  const pid_t pid = ::fork();
  if (pid < 0) return fail(ErrorCode::kOutput, "cannot start weasyprint", tool, errno);
  if (pid == 0) become_tool(argv.data(), envp.data(), out[1].get(), said.get(), network[1].get());
  out[1].reset();
  network[1].reset();

  PdfWritten written;
  Sha256 digest;
  TRIAGE_TRY(OutputFile file, OutputFile::create(folder.fd(), request.pdf, OutputFile::Existing::kReplace));
  const Status taken = drain(out[0].get(), [&](Bytes bytes) {
    digest.update(bytes);
    written.bytes += bytes.size();
    return file.write(bytes);
  });
  out[0].reset();
  const int ended = wait_for(pid);
  char cut = '0';
  written.network_cut = ::read(network[0].get(), &cut, 1) == 1 && cut == '1';
  TRIAGE_TRY_STATUS(taken);
  if (ended != 0 || written.bytes < 5) {
    std::string words(kSaidBytes, '\0');
    const ssize_t count = ::pread(said.get(), words.data(), words.size(), 0);
    words.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return fail(ErrorCode::kOutput, fmt::format("weasyprint failed (status {})", ended), escape_terminal(words));
  }
  TRIAGE_TRY_STATUS(file.commit());
  written.path = folder.path() + "/" + request.pdf;
  written.sha256 = digest.finish_hex();
  return written;
}

}  // namespace triage
