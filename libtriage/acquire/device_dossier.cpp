// SPDX-License-Identifier: Apache-2.0
#include "acquire/device_dossier.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "acquire/drive_query.h"
#include "base/unique_fd.h"
#include "bytes/json.h"
#include "bytes/text.h"

namespace triage {
namespace {

namespace fs = std::filesystem;

std::string trimmed(std::string text) {
  const auto blank = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\0'; };
  while (!text.empty() && blank(text.back())) text.pop_back();
  std::size_t begin = 0;
  while (begin < text.size() && blank(text[begin])) ++begin;
  return to_valid_utf8(text.substr(begin));
}

/// First line of a file of sysfs; empty when it is not there.
std::string attribute(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return trimmed(line);
}

std::optional<std::uint64_t> number_in(const fs::path& path) {
  std::ifstream file(path);
  std::uint64_t value = 0;
  if (file >> value) return value;
  return std::nullopt;
}

std::string number_text(dev_t number) { return fmt::format("{}:{}", major(number), minor(number)); }

/// The first of several attributes that says something.
std::string first_of(const fs::path& folder, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    std::string text = attribute(folder / name);
    if (!text.empty()) return text;
  }
  return {};
}

/// Numbers of the device, its partitions, all that is built on them, and loop devices over the file.
void collect_users(const fs::path& node, std::set<std::string>& numbers, std::vector<std::string>& holders) {
  std::error_code error;
  const std::string number = attribute(node / "dev");
  if (number.empty() || !numbers.insert(number).second) return;
  for (const auto& entry : fs::directory_iterator(node, error)) {
    if (fs::exists(entry.path() / "partition", error)) collect_users(entry.path(), numbers, holders);
  }
  for (const auto& entry : fs::directory_iterator(node / "holders", error)) {
    holders.push_back(entry.path().filename().string());
    const fs::path real = fs::canonical(entry.path(), error);
    if (!error) collect_users(real, numbers, holders);
  }
}

/// Loop devices whose file is `path`.
void collect_loops(const std::string& path, std::set<std::string>& numbers, std::vector<std::string>& holders) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/sys/block", error)) {
    if (attribute(entry.path() / "loop" / "backing_file") != path) continue;
    holders.push_back(entry.path().filename().string());
    const fs::path real = fs::canonical(entry.path(), error);
    if (!error) collect_users(real, numbers, holders);
  }
}

/// "\040" of mountinfo as a blank.
std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool octal =
        text[i] == '\\' && i + 3 < text.size() &&
        std::all_of(text.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                    text.begin() + static_cast<std::ptrdiff_t>(i) + 4, [](char c) { return c >= '0' && c <= '7'; });
    if (octal) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool has_option(const std::string& options, std::string_view wanted) {
  std::stringstream words(options);
  std::string word;
  while (std::getline(words, word, ',')) {
    if (word == wanted) return true;
  }
  return false;
}

/// proc(5) mountinfo: id parent major:minor root folder options … - type source super-options.
void collect_mounts(const std::set<std::string>& numbers, DeviceDossier& out) {
  std::ifstream file("/proc/self/mountinfo");
  std::string line;
  while (std::getline(file, line)) {
    std::stringstream words(line);
    std::string id, parent, number, root, folder, options, word, type, source, super;
    words >> id >> parent >> number >> root >> folder >> options;
    while (words >> word && word != "-") {
    }
    words >> type >> source >> super;
    bool ours = numbers.contains(number);
    struct stat facts {};
    if (!ours && !source.empty() && source[0] == '/' && ::stat(unescaped(source).c_str(), &facts) == 0 &&
        S_ISBLK(facts.st_mode)) {
      ours = numbers.contains(number_text(facts.st_rdev));  // file systems with numbers of their own (btrfs)
    }
    if (ours) {
      out.mounts.push_back({to_valid_utf8(unescaped(source)), to_valid_utf8(unescaped(folder)), type,
                            has_option(options, "rw") && has_option(super, "rw")});
    }
  }
  std::ifstream swaps("/proc/swaps");
  std::getline(swaps, line);  // titles
  while (std::getline(swaps, line)) {
    const std::string name = line.substr(0, line.find_first_of(" \t"));
    struct stat facts {};
    if (::stat(unescaped(name).c_str(), &facts) == 0 && S_ISBLK(facts.st_mode) &&
        numbers.contains(number_text(facts.st_rdev))) {
      out.mounts.push_back({to_valid_utf8(name), "", "swap", true});
    }
  }
}

void examine_sysfs(const fs::path& node, DeviceDossier& out) {
  std::error_code error;
  fs::path disk = node;
  if (fs::exists(node / "partition", error)) {
    out.kind = "partition";
    disk = node.parent_path();
    out.disk = "/dev/" + disk.filename().string();
    if (const auto start = number_in(node / "start")) out.start = *start * 512;
  }
  out.vendor = first_of(disk, {"device/vendor"});
  out.model = first_of(disk, {"device/model", "device/name"});
  out.serial = first_of(disk, {"device/serial", "serial"});
  out.wwn = first_of(disk, {"wwid", "device/wwid"});
  out.firmware = first_of(disk, {"device/rev", "device/firmware_rev", "device/fwrev"});
  if (const auto size = number_in(disk / "queue" / "physical_block_size")) {
    out.physical_sector = static_cast<std::uint32_t>(*size);
  }
  if (const auto value = number_in(disk / "queue" / "rotational")) out.rotational = *value != 0;
  if (const auto value = number_in(disk / "removable")) out.removable = *value != 0;
  out.backing_file = attribute(disk / "loop" / "backing_file");
  for (const auto& entry : fs::directory_iterator(disk, error)) {
    if (!fs::exists(entry.path() / "partition", error)) continue;
    out.partitions.emplace_back(entry.path().filename().string(),
                                attribute(entry.path() / "start") + "+" + attribute(entry.path() / "size"));
  }
  std::sort(out.partitions.begin(), out.partitions.end());
}

Status examine_device(int fd, dev_t number, DeviceDossier& out) {
  out.kind = "device";
  out.number = number_text(number);
  int logical = 0;
  if (::ioctl(fd, BLKGETSIZE64, &out.size) != 0 || ::ioctl(fd, BLKSSZGET, &logical) != 0) {
    return fail(ErrorCode::kUnreadable, "the device does not tell its size", out.path, errno);
  }
  if (logical >= 512 && logical <= 65536) out.logical_sector = static_cast<std::uint32_t>(logical);
  std::error_code error;
  const fs::path node = fs::canonical("/sys/dev/block/" + out.number, error);
  std::set<std::string> numbers = {out.number};
  if (error) {
    out.not_asked.emplace_back("sysfs", "not there");
  } else {
    examine_sysfs(node, out);
    numbers.clear();
    collect_users(node, numbers, out.holders);
  }
  collect_mounts(numbers, out);
  query_drive(fd, out);
  return {};
}

}  // namespace

Result<DeviceDossier> examine_source(const std::string& path) {
  DeviceDossier out;
  out.path = path;
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct stat facts {};
  if (!fd.valid() || ::fstat(fd.get(), &facts) != 0) {
    return fail(ErrorCode::kUnreadable, "the source cannot be opened", path, errno);
  }
  if (S_ISBLK(facts.st_mode)) {
    TRIAGE_TRY_STATUS(examine_device(fd.get(), facts.st_rdev, out));
    return out;
  }
  out.kind = "file";
  out.size = static_cast<std::uint64_t>(facts.st_size);
  std::error_code error;
  std::set<std::string> numbers;
  collect_loops(fs::canonical(path, error).string(), numbers, out.holders);
  if (!numbers.empty()) collect_mounts(numbers, out);
  return out;
}

bool DeviceDossier::mounted_writable() const {
  return std::any_of(mounts.begin(), mounts.end(), [](const SourceMount& mount) { return mount.writable; });
}

std::optional<std::uint64_t> DeviceDossier::hidden_sectors() const {
  if (!user_sectors) return std::nullopt;
  if (!native_sectors && !dco_sectors) return std::nullopt;
  const std::uint64_t most = std::max(native_sectors.value_or(0), dco_sectors.value_or(0));
  return most > *user_sectors ? most - *user_sectors : 0;
}

std::string DeviceDossier::identity() const {
  // A device may come back under another name; what has no serial is known by where it hangs.
  if (!serial.empty() || !wwn.empty()) return fmt::format("{} {} {} {} {}", kind, size, serial, wwn, start.value_or(0));
  return fmt::format("{} {} {} {}", kind, size, path, backing_file);
}

std::string DeviceDossier::json() const {
  JsonLine line;
  const auto add = [&line](std::string_view key, const std::string& value) {
    if (!value.empty()) line.add(key, to_valid_utf8(value));
  };
  line.add("kind", kind).add("path", to_valid_utf8(path));
  add("number", number);
  line.add("size", size).add("logical_sector", logical_sector).add("physical_sector", physical_sector);
  add("vendor", vendor);
  add("model", model);
  add("serial", serial);
  add("wwn", wwn);
  add("firmware", firmware);
  line.add("rotational", rotational).add("removable", removable);
  add("disk", disk);
  line.add("start", start);
  add("backing_file", backing_file);
  line.add("user_sectors", user_sectors).add("native_sectors", native_sectors).add("dco_sectors", dco_sectors);
  line.add("hidden_sectors", hidden_sectors());
  add("identify", identify_hex);
  add("smart", smart_hex);
  const auto list = [&line](std::string_view key, const auto& items, const auto& object) {
    std::string out = "[";
    for (const auto& item : items) out += (out.size() > 1 ? "," : "") + object(item);
    line.add_raw(key, out + "]");
  };
  list("partitions", partitions,
       [](const auto& one) { return JsonLine().add("name", one.first).add("place", one.second).finish(); });
  list("holders", holders, [](const std::string& one) {
    std::string out;
    append_json_string(out, one);
    return out;
  });
  list("mounts", mounts, [](const SourceMount& one) {
    JsonLine item;
    item.add("device", one.device).add("folder", one.folder).add("file_system", one.file_system);
    return item.add("writable", one.writable).finish();
  });
  list("not_asked", not_asked,
       [](const auto& one) { return JsonLine().add("what", one.first).add("why", one.second).finish(); });
  return line.finish();
}

namespace {

std::optional<bool> is_read_only(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  int value = 0;
  if (!fd.valid() || ::ioctl(fd.get(), BLKROGET, &value) != 0) return std::nullopt;
  return value != 0;
}

}  // namespace

SoftWriteBlock SoftWriteBlock::set(const DeviceDossier& dossier) {
  SoftWriteBlock block;
  if (dossier.kind == "file" || dossier.kind.empty()) {
    block.why_not_ = "the source is no device";
    return block;
  }
  if (dossier.mounted_writable()) {
    block.why_not_ = "the device is in use";
    return block;
  }
  std::vector<std::string> paths = {dossier.path};
  if (dossier.kind == "device") {
    for (const auto& partition : dossier.partitions) paths.push_back("/dev/" + partition.first);
  }
  for (const std::string& path : paths) {
    Device device{path, is_read_only(path).value_or(false), 0};
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    const int on = 1;
    if (!fd.valid() || ::ioctl(fd.get(), BLKROSET, &on) != 0) device.sys_errno = errno;
    block.devices_.push_back(device);
  }
  return block;
}

bool SoftWriteBlock::holds() const {
  return !devices_.empty() && std::all_of(devices_.begin(), devices_.end(), [](const Device& device) {
    return is_read_only(device.path).value_or(false);
  });
}

std::string SoftWriteBlock::read_back() const {
  std::string list = "[";
  for (const Device& device : devices_) {
    JsonLine line;
    line.add("device", device.path).add("was", device.was).add("read_only", is_read_only(device.path));
    list += (list.size() > 1 ? "," : "") + line.add("errno", device.sys_errno).finish();
  }
  JsonLine line;
  line.add("kind", devices_.empty() ? "none" : "soft");
  if (!why_not_.empty()) line.add("why", why_not_);
  return line.add("holds", holds()).add_raw("devices", list + "]").finish();
}

std::string SoftWriteBlock::words() const {
  if (devices_.empty()) return "no write block: " + why_not_;
  std::string names;
  for (const Device& device : devices_) names += (names.empty() ? "" : ", ") + device.path;
  return (holds() ? "soft write block (BLKROSET) on " : "a soft write block could not be set on all of ") + names;
}

}  // namespace triage
