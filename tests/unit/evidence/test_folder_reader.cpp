// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evidence_fixtures.h"

using namespace triage;
using namespace triage::testing;

TEST_CASE("folder: files, links and special files in name order; links are not followed and pipes not opened") {
  const TempFolder folder;
  std::filesystem::create_directories(folder / "b/inner");
  write_file(folder / "b/inner/x.txt", "hello");
  write_file(folder / "a.bin", pattern_bytes(700'000, 1));
  write_file(folder / "\x83\x65.txt", "cp932 name");
  REQUIRE(::symlink("/etc/passwd", (folder / "link").c_str()) == 0);
  REQUIRE(::symlink("/", (folder / "root").c_str()) == 0);
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const timespec stamps[2] = {{1'700'000'000, 5}, {1'600'000'000, 123'456'789}};
  REQUIRE(::utimensat(AT_FDCWD, (folder / "a.bin").c_str(), stamps, 0) == 0);

  const auto mapped = map_evidence(folder.path());
  std::vector<std::string> paths;
  for (const Stream& stream : mapped->sink.streams) paths.push_back(stream.path);
  CHECK(paths ==
        std::vector<std::string>{"a.bin", "b", "b/inner", "b/inner/x.txt", "link", "pipe", "root", "\u30c6.txt"});
  const Stream* file = mapped->find("a.bin");
  REQUIRE(file != nullptr);
  CHECK(file->key == "f" + sha256_hex("a.bin").substr(0, 16));
  CHECK(file->meta->times.modified.text() == "2020-09-13T12:26:40.123456789Z");
  CHECK((mapped->content(*file) == pattern_bytes(700'000, 1)));
  CHECK(mapped->content(*mapped->find("b/inner/x.txt")) == "hello");
  const Stream* japanese = mapped->find("\u30c6.txt");
  REQUIRE(japanese != nullptr);
  CHECK(japanese->raw_path == "\x83\x65.txt");
  CHECK(mapped->content(*japanese) == "cp932 name");
  CHECK(mapped->find("link")->kind == StreamKind::kLink);
  CHECK(mapped->find("link")->meta->link_target == "/etc/passwd");
  CHECK(mapped->find("pipe")->kind == StreamKind::kLink);
  CHECK(mapped->reader->source() == nullptr);
  RecordingSink second;
  REQUIRE(mapped->reader->map({}, second));
  CHECK(second.streams.size() == mapped->sink.streams.size());
}

TEST_CASE("folder: a file that became shorter, or a link in its place, is damage and zeros") {
  const TempFolder folder;
  std::filesystem::create_directories(folder / "sub");
  write_file(folder / "sub/file", std::string(10'000, 'x'));
  const auto mapped = map_evidence(folder.path());
  const Stream* file = mapped->find("sub/file");
  REQUIRE(file != nullptr);
  REQUIRE(::truncate((folder / "sub/file").c_str(), 100) == 0);
  std::vector<Damage> damages;
  CHECK(mapped->content(*file, &damages) == std::string(100, 'x') + std::string(9900, '\0'));
  REQUIRE_FALSE(damages.empty());
  CHECK(damages[0].kind == DamageKind::kTruncated);
  CHECK(damages[0].at == 100);

  const auto fresh = map_evidence(folder.path());
  std::filesystem::rename(folder / "sub", folder / "moved");
  REQUIRE(::symlink((folder / "moved").c_str(), (folder / "sub").c_str()) == 0);
  damages.clear();
  CHECK(fresh->content(*fresh->find("sub/file"), &damages) == std::string(100, '\0'));
  REQUIRE(damages.size() == 1);
  CHECK(damages[0].kind == DamageKind::kUnreadable);
}

TEST_CASE("folder: listing and reading leave the access times of folders and files as they were") {
  const TempFolder folder;
  std::filesystem::create_directories(folder / "sub");
  write_file(folder / "sub/file", std::string(100, 'x'));
  // Older than the modification, so that any read would renew it (relatime).
  const timespec stamps[2] = {{1'600'000'000, 0}, {1'700'000'000, 0}};
  for (const char* name : {"sub/file", "sub", "."})
    REQUIRE(::utimensat(AT_FDCWD, (folder / name).c_str(), stamps, 0) == 0);
  const auto mapped = map_evidence(folder.path());
  const Stream* file = mapped->find("sub/file");
  REQUIRE(file != nullptr);
  CHECK(mapped->content(*file) == std::string(100, 'x'));
  for (const char* name : {"sub/file", "sub", "."}) {
    struct stat info {};
    REQUIRE(::stat((folder / name).c_str(), &info) == 0);
    CHECK_MESSAGE(info.st_atim.tv_sec == 1'600'000'000, name);
  }
}
