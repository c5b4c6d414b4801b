// SPDX-License-Identifier: Apache-2.0
#include "engine/output_place.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <vector>

namespace triage {
namespace {

namespace fs = std::filesystem;

/// The nearest part of `path` that exists, links resolved.
fs::path existing_part(const std::string& path) {
  std::error_code error;
  fs::path at = fs::absolute(path, error);
  while (!at.empty() && !fs::exists(at, error) && at.has_relative_path()) at = at.parent_path();
  const fs::path real = fs::canonical(at, error);
  return error ? at : real;
}

bool is_inside(const fs::path& path, const fs::path& folder) {
  const auto relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

/// The device numbers that a file system on `device` stands on: its disk, what it is mapped from, and the file
/// systems that hold a loop device's file. `files` gets the loop backing files.
void collect_devices(dev_t device, std::set<dev_t>& devices, std::set<fs::path>& files) {
  if (!devices.insert(device).second) return;
  std::error_code error;
  const fs::path node = fmt::format("/sys/dev/block/{}:{}", major(device), minor(device));
  if (!fs::exists(node, error)) return;
  const auto follow = [&](const fs::path& folder) {
    std::ifstream number(folder / "dev");
    unsigned high = 0, low = 0;
    char colon = 0;
    if (number >> high >> colon >> low) collect_devices(makedev(high, low), devices, files);
  };
  const fs::path real = fs::canonical(node, error);
  if (!error && fs::exists(real / "partition", error)) follow(real.parent_path());
  for (const auto& entry : fs::directory_iterator(real / "slaves", error)) follow(fs::canonical(entry.path(), error));
  std::ifstream backing(real / "loop" / "backing_file");
  std::string name;
  struct stat facts {};
  if (std::getline(backing, name) && ::stat(name.c_str(), &facts) == 0) {
    files.insert(fs::canonical(name, error));
    collect_devices(facts.st_dev, devices, files);
  }
}

}  // namespace

Status check_output_place(const std::string& output, const EvidenceSpec& evidence) {
  const fs::path place = existing_part(output);
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorCode::kUsage, fmt::format("the output would be written on the evidence ({})", why), output, 0,
                "choose a place on another disk");
  };
  struct stat where {};
  if (::stat(place.c_str(), &where) != 0) return {};
  std::set<dev_t> devices;
  std::set<fs::path> files;
  collect_devices(where.st_dev, devices, files);
  for (const std::string& path : evidence.paths) {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    struct stat facts {};
    if (error || ::stat(path.c_str(), &facts) != 0) continue;
    if (S_ISDIR(facts.st_mode) && is_inside(place, real)) return refuse("it lies inside the folder");
    if (S_ISBLK(facts.st_mode) && devices.contains(facts.st_rdev)) return refuse("it lies on the device");
    if (S_ISREG(facts.st_mode) && (files.contains(real) || place == real)) return refuse("it lies in the image");
  }
  return {};
}

}  // namespace triage
