// SPDX-License-Identifier: Apache-2.0
// A small real image and a sink that keeps what a sweep says, for the engine's tests.
#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "engine/sweep.h"
#include "model/codec.h"

namespace triage_test {

namespace fs = std::filesystem;

/// A folder that goes away with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "triage-engine-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// An ext4 image with `count` files file000.txt … of known content, made by mke2fs; empty path where it is missing.
inline fs::path make_image(const TemporaryFolder& folder, int count) {
  const fs::path tree = folder.path() / "tree";
  fs::create_directory(tree);
  for (int i = 0; i < count; ++i)
    std::ofstream(tree / fmt::format("file{:03}.txt", i))
        << fmt::format("content number {} ", i) << std::string(3000, 'x');
  const fs::path image = folder.path() / "small.img";
  const std::string command =
      fmt::format("mke2fs -q -t ext4 -O ^has_journal -d '{}' '{}' 16M >/dev/null 2>&1", tree.string(), image.string());
  return std::system(command.c_str()) == 0 ? image : fs::path();
}

/// Keeps every record in its encoded form, batch by batch.
class KeepingSink final : public triage::SweepSink {
 public:
  triage::Result<triage::SweepStart> begin(const triage::EvidenceRecord& evidence) override {
    id = evidence.id;
    return triage::SweepStart{false, first_batch};
  }
  triage::Status map(const std::vector<triage::VolumeRecord>& found, const std::vector<triage::Damage>& found_damages,
                     std::uint64_t count, const std::string& digest) override {
    volumes = found;
    map_damages = found_damages;
    batches = count;
    plan_digest = digest;
    return {};
  }
  triage::Status begin_batch(std::uint64_t index) override {
    order.push_back(index);
    return {};
  }
  triage::Status records(triage::BatchRecords records, int) override {
    triage::BinaryWriter out;
    for (const auto& file : records.files) encode(out, file);
    for (const auto& event : records.events) {
      out.put(std::string_view(event.id));
      encode(out, event.event);
    }
    for (const auto& finding : records.findings) encode(out, finding);
    for (const auto& damage : records.damages) encode(out, damage);
    bytes += out.buffer();
    files.insert(files.end(), records.files.begin(), records.files.end());
    damages.insert(damages.end(), records.damages.begin(), records.damages.end());
    findings.insert(findings.end(), records.findings.begin(), records.findings.end());
    events += records.events.size();
    return {};
  }
  triage::Status commit_batch(std::uint64_t) override { return {}; }

  std::uint64_t first_batch = 0;
  std::string id;
  std::string plan_digest;
  std::uint64_t batches = 0;
  std::vector<triage::VolumeRecord> volumes;
  std::vector<triage::Damage> map_damages;
  std::vector<std::uint64_t> order;
  std::string bytes;
  std::vector<triage::FileRecord> files;
  std::vector<triage::Damage> damages;
  std::vector<triage::Finding> findings;
  std::uint64_t events = 0;
};

}  // namespace triage_test
