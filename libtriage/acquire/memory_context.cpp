// SPDX-License-Identifier: Apache-2.0
#include "acquire/memory_context.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <map>
#include <memory>
#include <sstream>

#include "acquire/memory_source.h"
#include "acquire/output_stream.h"
#include "base/unique_fd.h"
#include "bytes/digest.h"
#include "bytes/json.h"
#include "bytes/text.h"
#include "bytes/zstd_file.h"

namespace triage {
namespace {

constexpr std::uint64_t kKernelText = 0xffffffff81000000;  // x86-64 link address of _text

struct CloseDir {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

template <typename T>
std::optional<T> number(std::string_view text, int base) {
  T value{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return fault == std::errc{} && end != text.data() ? std::optional(value) : std::nullopt;
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> out;
  const std::unique_ptr<DIR, CloseDir> open(::opendir(folder.c_str()));
  while (open) {
    const dirent* entry = ::readdir(open.get());
    if (entry == nullptr) break;
    out.emplace_back(entry->d_name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string link_target(const std::string& path) {
  std::array<char, 4096> buffer;
  const ssize_t got = ::readlink(path.c_str(), buffer.data(), buffer.size());
  return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : "";
}

class Collector {
 public:
  explicit Collector(const MemoryContextRequest& request) : request_(request) {}

  Result<MemoryContext> run() {
    TRIAGE_TRY_STATUS(take_processes());  // the most volatile first
    TRIAGE_TRY_STATUS(take_sockets());
    for (const char* name : {"iomem", "version", "cmdline", "modules", "kallsyms", "meminfo", "swaps", "mounts"})
      TRIAGE_TRY_STATUS(copy(request_.proc + "/" + name, name));
    TRIAGE_TRY_STATUS(copy(request_.sys + "/kernel/btf/vmlinux", "btf"));
    if (!request_.vmcoreinfo.empty()) TRIAGE_TRY_STATUS(write("vmcoreinfo", request_.vmcoreinfo));
    TRIAGE_TRY_STATUS(take_page_flags());
    identify();
    return std::move(out_);
  }

 private:
  Status write(const std::string& name, std::string_view text) {
    TRIAGE_TRY(OutputStream file, OutputStream::create(request_.folder + "/" + name));
    TRIAGE_TRY_STATUS(file.write(as_byte_span(text)));
    out_.files.push_back({name, text.size(), sha256_hex(text)});
    return {};
  }

  Status copy(const std::string& path, const std::string& name) {
    const auto text = read_kernel_file(path);
    if (!text) {
      out_.missing.push_back(fmt::format("{}: {}", name, std::strerror(errno)));
      return {};
    }
    if (name == "kallsyms") kallsyms_ = text->substr(0, 4U << 20);
    return write(name, *text);
  }

  Status take_processes() {
    std::string lines;
    for (const std::string& name : names_in(request_.proc)) {
      const auto pid = number<std::uint64_t>(name, 10);
      if (!pid || name.find_first_not_of("0123456789") != std::string::npos) continue;
      const std::string folder = request_.proc + "/" + name;
      const auto stat = read_kernel_file(folder + "/stat");
      if (!stat) continue;  // it ended meanwhile
      const std::size_t open = stat->find('(');
      const std::size_t close = stat->rfind(')');
      if (open == std::string::npos || close == std::string::npos || close < open) continue;
      std::istringstream rest(stat->substr(close + 1));
      std::string state, parent, field, start;
      rest >> state >> parent;
      for (int i = 5; i <= 22 && rest >> field; ++i) start = field;
      std::string command = read_kernel_file(folder + "/cmdline").value_or("");
      while (!command.empty() && command.back() == '\0') command.pop_back();
      std::replace(command.begin(), command.end(), '\0', ' ');
      struct stat owner {};
      const bool owned = ::stat(folder.c_str(), &owner) == 0;
      JsonLine line;
      line.add("schema", "triage.memory.process.v1").add("pid", *pid);
      line.add("ppid", number<std::uint64_t>(parent, 10))
          .add("name", to_valid_utf8(stat->substr(open + 1, close - open - 1)));
      line.add("state", state).add("start_ticks", number<std::uint64_t>(start, 10));
      line.add("uid", owned ? std::optional<std::uint64_t>(owner.st_uid) : std::nullopt);
      line.add("command", to_valid_utf8(command)).add("exe", to_valid_utf8(link_target(folder + "/exe")));
      line.add_raw("sockets", take_descriptors(folder + "/fd", *pid));
      lines += line.finish() + "\n";
      ++out_.processes;
    }
    return write("processes.jsonl", lines);
  }

  /// Inodes of the sockets a process holds, as a JSON list.
  std::string take_descriptors(const std::string& folder, std::uint64_t pid) {
    std::string list = "[";
    for (const std::string& name : names_in(folder)) {
      const std::string target = link_target(folder + "/" + name);
      if (!target.starts_with("socket:[")) continue;
      const auto inode = number<std::uint64_t>(std::string_view(target).substr(8), 10);
      if (!inode) continue;
      owners_[*inode].push_back(pid);
      list += fmt::format("{}{}", list.size() > 1 ? "," : "", *inode);
    }
    return list + "]";
  }

  Status take_sockets() {
    std::string lines;
    for (const char* protocol : {"tcp", "tcp6", "udp", "udp6", "raw", "raw6", "packet", "unix", "netlink"}) {
      const auto text = read_kernel_file(fmt::format("{}/net/{}", request_.proc, protocol));
      if (!text) continue;
      TRIAGE_TRY_STATUS(write(fmt::format("net.{}", protocol), *text));
      std::istringstream table(*text);
      std::string row;
      std::getline(table, row);
      const std::string_view kind = protocol;
      const bool inet = kind != "packet" && kind != "unix" && kind != "netlink";
      while (std::getline(table, row)) {
        std::istringstream fields(row);
        std::vector<std::string> words;
        for (std::string word; fields >> word;) words.push_back(std::move(word));
        const std::size_t inode_at = inet ? 9 : (kind == "unix" ? 6 : (kind == "packet" ? 8 : 9));
        if (words.size() <= inode_at) continue;
        JsonLine line;
        line.add("schema", "triage.memory.socket.v1").add("protocol", protocol);
        line.add("local",
                 inet ? net_address(words[1]) : (kind == "unix" && words.size() > 7 ? to_valid_utf8(words[7]) : ""));
        line.add("remote", inet ? net_address(words[2]) : "").add("state", inet ? words[3] : "");
        const auto inode = number<std::uint64_t>(words[inode_at], 10);
        line.add("inode", inode);
        line.add("uid", inet ? number<std::uint64_t>(words[7], 10) : std::nullopt);
        std::string pids = "[";
        if (inode && *inode != 0) {
          for (const std::uint64_t pid : owners_[*inode]) pids += fmt::format("{}{}", pids.size() > 1 ? "," : "", pid);
        }
        lines += line.add_raw("pids", pids + "]").finish() + "\n";
        ++out_.sockets;
      }
    }
    return write("sockets.jsonl", lines);
  }

  /// Eight bytes a page, read from the same page frames as the image.
  Status take_page_flags() {
    const UniqueFd flags(::open((request_.proc + "/kpageflags").c_str(), O_RDONLY | O_CLOEXEC));
    if (!flags.valid()) {
      out_.missing.push_back(fmt::format("kpageflags: {}", std::strerror(errno)));
      return {};
    }
    TRIAGE_TRY(OutputStream file, OutputStream::create(request_.folder + "/kpageflags.zst"));
    Sha256 digest;
    ZstdWriter packed([&](Bytes data) {
      digest.update(data);
      return file.write(data);
    });
    std::vector<std::byte> buffer(1U << 20);
    for (const MemoryRange& range : request_.ram) {
      std::uint64_t at = range.begin / kMemoryPage * 8;
      const std::uint64_t end = (range.end + kMemoryPage - 1) / kMemoryPage * 8;
      while (at < end) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), end - at));
        const std::size_t got = read_file_at(flags.get(), at, std::span(buffer).first(wanted));
        std::fill(buffer.begin() + static_cast<std::ptrdiff_t>(got),
                  buffer.begin() + static_cast<std::ptrdiff_t>(wanted), std::byte{0xff});  // unknown
        TRIAGE_TRY_STATUS(packed.write(as_chars(Bytes(buffer).first(wanted))));
        at += wanted;
      }
    }
    TRIAGE_TRY_STATUS(packed.finish());
    out_.files.push_back({"kpageflags.zst", file.position(), digest.finish_hex()});
    return {};
  }

  void identify() {
    auto release = read_kernel_file(request_.proc + "/sys/kernel/osrelease");
    if (release) {
      while (!release->empty() && release->back() == '\n') release->pop_back();
      out_.kernel_release = release;
    }
    out_.kaslr_slide = number<std::uint64_t>(vmcoreinfo_value(request_.vmcoreinfo, "KERNELOFFSET"), 16);
    const std::string id = vmcoreinfo_value(request_.vmcoreinfo, "BUILD-ID");
    if (!id.empty()) out_.build_id = id;
    if (!out_.build_id) out_.build_id = build_id_of_notes();
    const std::size_t text = kallsyms_.find(" T _text\n");
    if (!out_.kaslr_slide && text != std::string::npos && text >= 16) {
      const auto address = number<std::uint64_t>(std::string_view(kallsyms_).substr(text - 16, 16), 16);
      if (address && *address >= kKernelText) out_.kaslr_slide = *address - kKernelText;
    }
  }

  /// /sys/kernel/notes: the note "GNU" of type 3.
  [[nodiscard]] std::optional<std::string> build_id_of_notes() const {
    const auto notes = read_kernel_file(request_.sys + "/kernel/notes");
    if (!notes) return std::nullopt;
    ByteCursor c(as_byte_span(*notes));
    while (c.remaining() >= 12) {
      const auto name_bytes = c.le<std::uint32_t>("name size");
      const auto bytes = c.le<std::uint32_t>("size");
      const auto type = c.le<std::uint32_t>("type");
      const auto padded = [](std::uint32_t size) { return (static_cast<std::size_t>(size) + 3) / 4 * 4; };
      const Bytes name = c.take(padded(name_bytes), "name");
      const Bytes data = c.take(padded(bytes), "data");
      if (!c.ok()) break;
      if (type == 3 && has_at(name, 0, "GNU") && bytes <= 64) return to_hex(data.first(bytes));
    }
    return std::nullopt;
  }

  const MemoryContextRequest& request_;
  MemoryContext out_;
  std::map<std::uint64_t, std::vector<std::uint64_t>> owners_;  // socket inode → pids
  std::string kallsyms_;
};

}  // namespace

Result<MemoryContext> collect_memory_context(const MemoryContextRequest& request) { return Collector(request).run(); }

std::string vmcoreinfo_value(std::string_view info, std::string_view key) {
  for (std::size_t at = 0; at < info.size();) {
    const std::size_t end = std::min(info.find('\n', at), info.size());
    const std::string_view line = info.substr(at, end - at);
    if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == '=')
      return std::string(line.substr(key.size() + 1));
    at = end + 1;
  }
  return "";
}

std::string net_address(std::string_view hex) {
  const std::size_t colon = hex.find(':');
  const auto port = colon == std::string_view::npos ? std::nullopt : number<std::uint16_t>(hex.substr(colon + 1), 16);
  const auto raw = colon == std::string_view::npos ? std::nullopt : from_hex(hex.substr(0, colon));
  if (!port || !raw || (raw->size() != 4 && raw->size() != 16)) return std::string(hex);
  std::string bytes = *raw;  // words of four bytes, each in the host's order (little-endian here)
  for (std::size_t word = 0; word < bytes.size(); word += 4)
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(word),
                 bytes.begin() + static_cast<std::ptrdiff_t>(word + 4));
  std::array<char, INET6_ADDRSTRLEN> shown{};
  const bool six = bytes.size() == 16;
  if (::inet_ntop(six ? AF_INET6 : AF_INET, bytes.data(), shown.data(), shown.size()) == nullptr)
    return std::string(hex);
  return six ? fmt::format("[{}]:{}", shown.data(), *port) : fmt::format("{}:{}", shown.data(), *port);
}

}  // namespace triage
