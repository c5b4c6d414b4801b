// SPDX-License-Identifier: Apache-2.0
// Debian's forensics-samples images (raw disks with real files, half of them deleted) against fls and icat.
#include <doctest/doctest.h>

#include "evidence_fixtures.h"

using namespace triage;
using namespace triage::testing;

namespace {

constexpr const char* kSampleFolder = "/usr/share/forensics-samples/";

std::string sample(const TempFolder& folder, const std::string& name) {
  const std::string packed = kSampleFolder + name + ".xz";
  if (!std::filesystem::exists(packed)) {
    MESSAGE("skipped: ", packed, " is not installed");
    return {};
  }
  if (!have("xz fls icat") || !run("xz -dkc " + packed + " > " + (folder / name))) return {};
  return folder / name;
}

}  // namespace

TEST_CASE("samples: each single file system agrees with fls and icat, and is a partition") {
  for (const auto& [name, file_system] : std::vector<std::pair<std::string, std::string>>{{"fs.ntfs", "ntfs"},
                                                                                          {"fs.vfat", "fat32"},
                                                                                          {"fs.exfat", "exfat"},
                                                                                          {"fs.ext2", "ext2"},
                                                                                          {"fs.ext4", "ext4"}}) {
    const TempFolder folder;
    const std::string image = sample(folder, name);
    if (image.empty()) continue;
    const auto mapped = map_evidence(image);
    REQUIRE(mapped->sink.volumes.size() == 1);
    CHECK(mapped->sink.volumes[0].file_system == file_system);
    const FlsComparison counts = compare_with_fls(*mapped, image, 1'048'576);
    MESSAGE(name, ": ", counts.entries, " entries, ", counts.hashed, " allocated files with equal SHA-256");
    CHECK(counts.hashed >= 19);
    check_is_partition(*mapped);
    CHECK(mapped->sink.damages.empty());
  }
}

TEST_CASE("samples: btrfs is said to be unparsed and stays one run of bytes") {
  const TempFolder folder;
  const std::string image = sample(folder, "fs.btrfs");
  if (image.empty()) return;
  const auto mapped = map_evidence(image);
  REQUIRE(mapped->sink.volumes.size() == 1);
  CHECK(mapped->sink.volumes[0].file_system == "btrfs");
  CHECK(mapped->sink.volumes[0].status == "unparsed");
  CHECK(mapped->has_damage(DamageKind::kUnparsed));
  check_is_partition(*mapped);
}

TEST_CASE("samples: four volumes in one image") {
  const TempFolder folder;
  const std::string image = sample(folder, "fs.multiple");
  if (image.empty()) return;
  const auto mapped = map_evidence(image);
  std::vector<std::string> found;
  for (const VolumeRecord& volume : mapped->sink.volumes) found.push_back(volume.file_system);
  CHECK(found == std::vector<std::string>{"btrfs", "ext4", "exfat", "ntfs"});
  for (std::size_t i = 1; i < mapped->sink.volumes.size(); ++i) {
    compare_with_fls(*mapped, image, mapped->sink.volumes[i].offset.value);
  }
  check_is_partition(*mapped);
}
