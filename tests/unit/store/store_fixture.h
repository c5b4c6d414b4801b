// SPDX-License-Identifier: Apache-2.0
// What the store's tests share: a folder of their own, ordinary tools as the independent judge, and small records.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "model/batch.h"

namespace triage::store_test {

/// A folder that goes away with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "triage-store-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;  // leftovers of a failed test do no harm
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct PipeClose {
  void operator()(std::FILE* file) const { ::pclose(file); }
};

/// Standard output of a shell command, without its last newline.
inline std::string output_of(const std::string& command) {
  const std::unique_ptr<std::FILE, PipeClose> pipe(::popen(command.c_str(), "r"));
  REQUIRE(pipe);
  std::string out;
  std::array<char, 4096> block{};
  while (const std::size_t count = std::fread(block.data(), 1, block.size(), pipe.get()))
    out.append(block.data(), count);
  if (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write_file(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

inline const std::string kEvidence = "e0123456789abcdef";

inline EvidenceRecord evidence_record(const std::string& id = kEvidence) {
  EvidenceRecord out;
  out.id = id;
  out.name = "laptop.img";
  out.format = "raw";
  out.size = 1048576;
  out.key_kind = "image_sha256";
  out.key = std::string(64, 'a');
  return out;
}

inline FileRecord file_record(std::uint64_t sequence, const std::string& path) {
  FileRecord out;
  out.evidence = kEvidence;
  out.sequence = sequence;
  out.stream = fmt::format("v1048576.i{}.a128-1", sequence);
  out.volume = 0;
  out.path = path;
  out.inode = sequence;
  out.kind = "file";
  out.size = 5;
  out.runs = {{ByteOffset{4096}, ByteCount{5}, false}};
  return out;
}

inline IdentifiedEvent event_record(std::uint64_t number, const std::string& path,
                                    std::optional<std::int64_t> when_ns) {
  IdentifiedEvent out;
  Event& event = out.event;
  event.when.utc_nanos = when_ns;
  event.when.precision = Precision::kHundredNanoseconds;
  event.when.basis = TimeBasis::kUtc;
  event.when.status = when_ns ? TimeStatus::kOk : TimeStatus::kNotSet;
  event.when.raw = "0x01d7";
  event.when_meaning = {Meaning::kCreated, Meaning::kModified};
  event.path = path;
  event.what = action::kFileCreated;
  event.object_kind = "file";
  event.object = path;
  event.artifact = "fs.times";
  event.artifact_version = 1;
  event.locator = {kEvidence, fmt::format("v1048576.i{}.a128-1", number), 0x1f0, 56, {}};
  event.source = path;
  out.id = event_id(event, static_cast<std::uint32_t>(number));
  return out;
}

}  // namespace triage::store_test
