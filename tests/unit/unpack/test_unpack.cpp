// SPDX-License-Identifier: Apache-2.0
// Archives made by other programs (make_archives.py) come apart; damaged ones give what is left and say so.
#include "unpack/unpack.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

using namespace triage;

namespace {

class Archives {
 public:
  Archives() {
    std::string pattern = (std::filesystem::temp_directory_path() / "triage-unpack-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
    const std::string command =
        fmt::format("python3 '{}/tests/unit/unpack/make_archives.py' '{}'", TRIAGE_SOURCE_DIR, path_);
    REQUIRE(std::system(command.c_str()) == 0);  // NOLINT(concurrency-mt-unsafe): one thread
  }
  ~Archives() {
    std::error_code ignored;  // leftovers of a failed test do no harm
    std::filesystem::remove_all(path_, ignored);
  }
  Archives(const Archives&) = delete;
  Archives& operator=(const Archives&) = delete;
  [[nodiscard]] const std::string& read(const std::string& name) {
    std::string& content = contents_[name];
    std::ifstream in(path_ + "/" + name, std::ios::binary);
    content.assign(std::istreambuf_iterator<char>(in), {});
    REQUIRE(!content.empty());
    return content;
  }

 private:
  std::string path_;
  std::map<std::string, std::string> contents_;
};

Archives& archives() {
  static Archives made;
  return made;
}

struct Taken : UnpackSink {
  struct One {
    std::string content;
    std::string transform;
    std::uint64_t at = 0;
    bool whole = false;
    bool checked = false;
  };
  bool member(const UnpackedMember& member) override {
    members[member.name] = {std::string(as_chars(member.content)), std::string(member.transform), member.at,
                            member.whole, member.checked};
    return true;
  }
  void damage(DamageKind kind, std::uint64_t, std::string_view, std::string detail) override {
    damages.emplace_back(kind, std::move(detail));
  }
  std::map<std::string, One> members;
  std::vector<std::pair<DamageKind, std::string>> damages;
};

Taken taken(const std::string& name, std::string_view type) {
  Taken out;
  UnpackBudget budget;
  unpack(as_byte_span(archives().read(name)), type, "/folder/" + name, budget, out);
  return out;
}

}  // namespace

TEST_CASE("unpack: members have the content that went in") {
  const std::string text = archives().read("list.txt");
  const std::string noise = archives().read("noise.bin");
  for (const auto& [name, type] : std::map<std::string, std::string>{{"plain.zip", "zip"},
                                                                     {"stored.zip", "zip"},
                                                                     {"shifted.zip", "zip"},
                                                                     {"plain.tar", "tar"},
                                                                     {"plain.a", "ar"}}) {
    CAPTURE(name);
    Taken got = taken(name, type);
    CHECK(got.damages.empty());
    const std::string list = type == "ar" ? "list.txt" : "docs/list.txt";
    CHECK(got.members[list].content == text);
    CHECK(got.members["noise.bin"].content == noise);
    CHECK(got.members[list].whole);
    CHECK(got.members[list].checked == (type == "zip"));
    if (type == "tar") CHECK(got.members.size() == 3);
  }
  // The place in the container is where the packed bytes stand.
  const std::string& stored = archives().read("stored.zip");
  Taken got = taken("stored.zip", "zip");
  CHECK(stored.compare(got.members["noise.bin"].at, noise.size(), noise) == 0);
}

TEST_CASE("unpack: compressed files are one member with a name of its own") {
  const std::string text = archives().read("list.txt");
  for (const auto& [name, type] :
       std::map<std::string, std::string>{{"list.txt.gz", "gzip"}, {"list.txt.xz", "xz"}, {"list.txt.bz2", "bzip2"}}) {
    CAPTURE(name);
    Taken got = taken(name, type);
    CHECK(got.damages.empty());
    REQUIRE(got.members.size() == 1);
    CHECK(got.members["list.txt"].content == text);
    CHECK(got.members["list.txt"].whole);
  }
  CHECK(taken("two.gz", "gzip").members["two"].content == text + archives().read("noise.bin"));
}

TEST_CASE("unpack: long and Japanese names are whole") {
  std::string deep;
  for (int i = 0; i < 30; ++i) deep += "deep/";
  CHECK(taken("plain.tar", "tar").members[deep + "end.txt"].content == "far away");
  CHECK(taken("japanese.zip", "zip").members.contains("顧客名簿.txt"));
}

TEST_CASE("unpack: damaged archives give what is left and say so") {
  const std::string text = archives().read("list.txt");
  Taken cut = taken("cut.zip", "zip");
  CHECK(cut.members["docs/list.txt"].content == text);
  CHECK(!cut.damages.empty());

  Taken broken = taken("broken.zip", "zip");
  CHECK(!broken.members["docs/list.txt"].checked);
  CHECK(broken.members["noise.bin"].checked);
  CHECK(!broken.damages.empty());

  Taken encrypted = taken("encrypted.zip", "zip");
  CHECK(!encrypted.members.contains("docs/list.txt"));
  CHECK(encrypted.members["noise.bin"].checked);
  REQUIRE(encrypted.damages.size() == 1);
  CHECK(encrypted.damages[0].first == DamageKind::kVersion);

  Taken cut_tar = taken("cut.tar", "tar");
  CHECK(!cut_tar.members["docs/list.txt"].whole);
  CHECK(cut_tar.damages.size() == 1);
  CHECK(!taken("broken.tar", "tar").damages.empty());

  for (const char* name : {"broken.gz", "cut.gz"}) {
    Taken gzip = taken(name, "gzip");
    REQUIRE(gzip.damages.size() == 1);
    CHECK(gzip.members.size() == 1);
    CHECK(!gzip.members.begin()->second.checked);
  }
  CHECK(!taken("cut.bz2", "bzip2").damages.empty());
}

TEST_CASE("unpack: a bomb is damage, and what stands beside it still comes out") {
  Taken bomb = taken("bomb.zip", "zip");
  REQUIRE(bomb.damages.size() == 1);
  CHECK(bomb.damages[0].first == DamageKind::kLimit);
  CHECK(!bomb.members.contains("zeros"));
  CHECK(bomb.members["after.txt"].checked);

  Taken few;
  UnpackBudget budget;
  budget.members = 1;
  unpack(as_byte_span(archives().read("plain.tar")), "tar", "a.tar", budget, few);
  CHECK(few.members.size() == 1);
  REQUIRE(few.damages.size() == 1);
  CHECK(few.damages[0].first == DamageKind::kLimit);
}

TEST_CASE("unpack: no change of a byte and no cut makes it fail or give more than it may") {
  for (const auto& [name, type] : std::map<std::string, std::string>{{"plain.zip", "zip"},
                                                                     {"plain.tar", "tar"},
                                                                     {"list.txt.gz", "gzip"},
                                                                     {"list.txt.xz", "xz"},
                                                                     {"list.txt.bz2", "bzip2"},
                                                                     {"plain.a", "ar"}}) {
    const std::string& whole = archives().read(name);
    std::uint32_t value = 12345;
    for (int round = 0; round < 400; ++round) {
      std::string data = whole;
      for (int change = 0; change <= round % 4; ++change) {
        value = value * 1664525 + 1013904223;
        data[value % data.size()] = static_cast<char>(value >> 24);
      }
      if (round % 5 == 0) data.resize(value % data.size());
      Taken got;
      UnpackBudget budget;
      budget.bytes = 8 << 20;
      unpack(as_byte_span(data), type, name, budget, got);
      std::uint64_t sum = 0;
      for (const auto& [member, one] : got.members) sum += one.content.size();
      CHECK(sum <= 8U << 20);
    }
  }
}
