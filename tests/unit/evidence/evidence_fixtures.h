// SPDX-License-Identifier: Apache-2.0
// Images for the tests of evidence/: built by stock tools in a temporary folder, and compared with fls and icat.
#pragma once

#include <stdlib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "bytes/digest.h"
#include "evidence/reader.h"
#include "evidence/stream_map.h"

namespace triage::testing {

class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "triage-evidence-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~TempFolder() {
    std::error_code ignored;  // a folder left behind harms no test
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Standard output of a shell command; `*status` is 0 when it succeeded.
inline std::string output_of(const std::string& command, int* status = nullptr) {
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  std::array<char, 65536> buffer;
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    out.append(buffer.data(), got);
  const int code = ::pclose(pipe);
  if (status != nullptr) *status = code;
  return out;
}

/// Runs a shell command with the system folders of tools in PATH.
inline bool run(const std::string& command) {
  int status = 0;
  output_of("PATH=$PATH:/usr/sbin:/sbin; { " + command + "; } >/dev/null 2>&1", &status);
  return status == 0;
}

/// Counts what a machine without the tools leaves untested, and says it.
inline bool have(const std::string& tools) {
  static int skipped = 0;
  if (run("for t in " + tools + "; do command -v $t || exit 1; done")) return true;
  MESSAGE("skipped ", ++skipped, ": needs ", tools);
  return false;
}

inline void write_file(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

inline std::string pattern_bytes(std::size_t size, unsigned seed) {
  std::string out(size, '\0');
  std::uint32_t state = seed * 2654435761U + 1;
  for (char& each : out) {
    state = state * 1664525U + 1013904223U;
    each = static_cast<char>(state >> 24);
  }
  return out;
}

/// Keeps everything a map hands out.
struct RecordingSink final : MapSink {
  std::vector<VolumeRecord> volumes;
  std::vector<Stream> streams;
  std::vector<Damage> damages;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> crumbs;
  void volume(VolumeRecord record) override { volumes.push_back(std::move(record)); }
  void stream(Stream one) override { streams.push_back(std::move(one)); }
  void damage(Damage one) override { damages.push_back(std::move(one)); }
  void entering(ByteOffset volume, std::uint64_t inode) override { crumbs.emplace_back(volume.value, inode); }
};

struct Mapped {
  std::unique_ptr<EvidenceReader> reader;
  RecordingSink sink;

  [[nodiscard]] const Stream* find(const std::string& path) const {
    for (const Stream& stream : sink.streams) {
      if (stream.path == path && stream.kind != StreamKind::kSlack) return &stream;
    }
    return nullptr;
  }
  [[nodiscard]] std::string content(const Stream& stream, std::vector<Damage>* damages = nullptr) const {
    std::string out(static_cast<std::size_t>(stream.size.value), '\0');
    std::vector<Damage> met;
    constexpr std::size_t kStep = 300'000;  // not a multiple of any block
    for (std::size_t at = 0; at < out.size(); at += kStep) {
      const auto part = std::span(out).subspan(at, std::min(kStep, out.size() - at));
      reader->read(stream, at, std::as_writable_bytes(part), met);
    }
    if (damages != nullptr) *damages = met;
    return out;
  }
  [[nodiscard]] bool has_damage(DamageKind kind) const {
    return std::any_of(sink.damages.begin(), sink.damages.end(), [kind](const Damage& d) { return d.kind == kind; });
  }
};

/// Opens and maps `path`; the test fails when it cannot be opened.
inline std::unique_ptr<Mapped> map_evidence(const std::string& path, const MapOptions& options = {}) {
  auto mapped = std::make_unique<Mapped>();
  const auto spec = recognise_evidence(path);
  REQUIRE_MESSAGE(spec.has_value(), path);
  auto reader = open_evidence(*spec);
  REQUIRE_MESSAGE(reader.has_value(), (reader ? std::string{} : reader.error().text()));
  mapped->reader = std::move(*reader);
  REQUIRE(mapped->reader->map(options, mapped->sink).has_value());
  return mapped;
}

inline void check_is_partition(const Mapped& mapped) {
  const PartitionCheck check = check_partition(mapped.sink.streams, ByteCount{mapped.reader->record().size});
  CHECK_MESSAGE(check.ok(), check.first_fault);
  CHECK(check.owned == mapped.reader->record().size);
  for (std::size_t i = 0; i < mapped.sink.streams.size(); ++i) REQUIRE(mapped.sink.streams[i].sequence == i);
}

struct FlsEntry {
  std::string path;
  std::string inode;
  bool allocated = true;
  bool operator==(const FlsEntry&) const = default;
  bool operator<(const FlsEntry& other) const {
    return std::tie(path, inode, allocated) < std::tie(other.path, other.inode, other.allocated);
  }
};

struct FlsComparison {
  std::size_t entries = 0;
  std::size_t hashed = 0;
};

/// Compares the entries of the volume at `offset` with `fls -r -p`, and each allocated file's SHA-256 with `icat`.
inline FlsComparison compare_with_fls(const Mapped& mapped, const std::string& image, std::uint64_t offset) {
  FlsComparison counts;
  const std::string place = "-o " + std::to_string(offset / 512) + " '" + image + "'";
  std::vector<FlsEntry> theirs;
  std::vector<FlsEntry> ours;
  const std::regex line_form(R"(^(\S+) (\* )?(\d+)((?:-\d+)*)(\(realloc\))?:\t(.*)$)");
  std::string listing = output_of("fls -r -p " + place);
  std::size_t begin = 0;
  while (begin < listing.size()) {
    const std::size_t end = std::min(listing.find('\n', begin), listing.size());
    const std::string line = listing.substr(begin, end - begin);
    begin = end + 1;
    std::smatch match;
    if (!std::regex_match(line, match, line_form)) continue;
    const FlsEntry entry{"/" + match[6].str(), match[3].str(), !match[2].matched};
    theirs.push_back(entry);
    if (!entry.allocated || match[1].str().find('d') != std::string::npos) continue;
    const auto same = [&](const Stream& stream) {
      return stream.volume_offset == ByteOffset{offset} && stream.path == entry.path && stream.meta &&
             std::to_string(stream.meta->inode) == entry.inode;
    };
    const auto found = std::find_if(mapped.sink.streams.begin(), mapped.sink.streams.end(), same);
    REQUIRE_MESSAGE(found != mapped.sink.streams.end(), line);
    int status = 0;
    const std::string theirs_bytes =
        output_of("icat " + place + " " + match[3].str() + match[4].str() + " 2>/dev/null", &status);
    if (status != 0) {  // libtsk gives no way to it; neither do we
      CHECK((found->availability == Availability::kNameOnly || found->size == ByteCount{0}));
      continue;
    }
    CHECK_MESSAGE(sha256_hex(mapped.content(*found)) == sha256_hex(theirs_bytes), line);
    ++counts.hashed;
  }
  for (const Stream& stream : mapped.sink.streams) {
    if (!stream.meta || stream.volume_offset != ByteOffset{offset} || stream.path == "/") continue;
    ours.push_back({stream.path, std::to_string(stream.meta->inode), stream.meta->name_allocated});
  }
  std::sort(theirs.begin(), theirs.end());
  std::sort(ours.begin(), ours.end());
  CHECK(theirs.size() == ours.size());
  CHECK((theirs == ours));
  counts.entries = theirs.size();
  return counts;
}

}  // namespace triage::testing
