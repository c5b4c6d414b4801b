// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <ctime>

#include "bytes/binary.h"
#include "corpus.h"

namespace triage {
extern const ArtifactParser usnjrnl;
}
using namespace triage;

namespace {

constexpr std::string_view kPath = "/$Extend/$UsnJrnl:$J";

/// MS-FSCC §2.3.2: a USN_RECORD_V2 of 64 bytes with the name "a".
std::string record(std::uint32_t reason, std::uint64_t usn) {
  BinaryWriter out;
  out.put(std::uint32_t{64});
  out.put(std::uint16_t{2});
  out.put(std::uint16_t{0});
  out.put(std::uint64_t{0x0003000000000046});
  out.put(std::uint64_t{0x0005000000000005});
  out.put(usn);
  out.put(std::uint64_t{134202906671234567});
  out.put(reason);
  out.put(std::uint32_t{0});
  out.put(std::uint32_t{0});
  out.put(std::uint32_t{0x20});
  out.put(std::uint16_t{2});
  out.put(std::uint16_t{60});
  return out.buffer() + std::string("a\0\0\0", 4);
}

std::string_view action_of(std::uint32_t reason) {
  const auto said = corpus::parse(usnjrnl, record(reason, 0), std::string(kPath));
  REQUIRE(said.events.size() == 1);
  for (const std::string_view word : {action::kFileCreated, action::kFileDeleted, action::kFileRenamed,
                                      action::kFileModified, action::kFileChanged, action::kOther})
    if (word == said.events[0].what) return word;
  return {};
}

}  // namespace

TEST_CASE("change journal: the reasons say what was done, the last word first") {
  CHECK(action_of(0x00000100) == action::kFileCreated);
  CHECK(action_of(0x80000302) == action::kFileDeleted);
  CHECK(action_of(0x00001000) == action::kFileRenamed);
  CHECK(action_of(0x80002000) == action::kFileRenamed);
  CHECK(action_of(0x00000001) == action::kFileModified);
  CHECK(action_of(0x00000020) == action::kFileModified);
  CHECK(action_of(0x80008000) == action::kFileChanged);
  CHECK(action_of(0x00200000) == action::kFileChanged);
  CHECK(action_of(0x80000000) == action::kOther);
}

TEST_CASE("change journal: 256 MiB of sparse zeros cost less than a second and the record behind them is found") {
  std::string data(std::size_t{256} << 20, '\0');
  data += record(0x100, data.size());
  const std::clock_t begin = std::clock();  // processor time: holds on a busy machine too
  const auto said = corpus::parse(usnjrnl, data, std::string(kPath));
  const double taken = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  REQUIRE(said.events.size() == 1);
  CHECK(said.events[0].record == std::uint64_t{256} << 20);
  CHECK(said.outcome == Outcome::kComplete);
  CHECK(taken < 256.0 / 300.0);
  MESSAGE("zeros at " << static_cast<int>(256.0 / taken) << " MiB/s");
}

TEST_CASE("change journal: a thousand damaged regions are a hundred named ones and their number") {
  std::string data;
  for (int i = 0; i < 1000; ++i) data += record(0x100, data.size()) + std::string(8, '\xff');
  const auto said = corpus::parse(usnjrnl, data, std::string(kPath));
  CHECK(said.events.size() == 1000);
  CHECK(said.damages.size() == 101);
  CHECK(said.damages.back().kind == DamageKind::kLimit);
  CHECK(said.outcome == Outcome::kPartial);
}

TEST_CASE("change journal: 16 MiB of noise end soon and give nothing") {
  std::string data;
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < (std::size_t{16} << 20); ++i) {
    state = state * 1664525U + 1013904223U;
    data.push_back(static_cast<char>(state >> 24));
  }
  const std::clock_t begin = std::clock();  // processor time: holds on a busy machine too
  const auto said = corpus::parse(usnjrnl, data, std::string(kPath));
  CHECK(std::clock() - begin < 5 * CLOCKS_PER_SEC);
  CHECK(said.damages.size() <= 101);
}
