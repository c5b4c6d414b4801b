// SPDX-License-Identifier: Apache-2.0
// Real prefetch files: the file's name holds the executable's name and its path hash, so each file checks itself.
#include <fmt/format.h>

#include <ctime>
#include <filesystem>

#include "corpus.h"

namespace triage {
extern const ArtifactParser prefetch;
}
using namespace triage;

namespace {

struct Counts {
  int files = 0;
  int events = 0;
};

/// NAME.EXE-0123ABCD.pf, without what a copy added in front.
void check_file(const std::filesystem::path& file, Counts& counts) {
  const std::string name = file.filename().string();
  CAPTURE(name);
  const std::string data = corpus::read(file);
  const corpus::Said said = corpus::parse(prefetch, data, "/Windows/Prefetch/" + name);
  REQUIRE(said.outcome == Outcome::kComplete);
  CHECK(said.damages.empty());
  REQUIRE_FALSE(said.events.empty());
  const std::size_t dash = name.rfind('-');
  std::string executable = name.substr(0, dash);
  if (executable.starts_with("_")) executable.erase(0, 1);  // renamed by whoever collected it
  const Event& first = said.events.front();
  CHECK(first.object == executable);
  CHECK(corpus::attribute(first, "path_hash") == ascii_lower(name.substr(dash + 1, 8)));
  CHECK(first.path.has_value());
  CHECK(first.volume.has_value());
  for (const Event& event : said.events) {
    CHECK(event.what == action::kProgramRun);
    CHECK(event.when.status == TimeStatus::kOk);
    // Taken between 2008 and 2026: a stamp read from a wrong place is elsewhere.
    CHECK(*event.when.utc_nanos > 1199145600LL * 1'000'000'000);
    CHECK(*event.when.utc_nanos < 1798761600LL * 1'000'000'000);
  }
  CHECK(std::stoul(corpus::attribute(first, "run_count")) >= said.events.size());
  ++counts.files;
  counts.events += static_cast<int>(said.events.size());
}

}  // namespace

TEST_CASE("prefetch: every real file is complete and agrees with its own name") {
  if (!corpus::present(26)) return;
  Counts counts;
  for (const char* folder : {"prefetch", "plaso/winprefetch"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus::root() / folder))
      if (entry.path().extension() == ".pf") check_file(entry.path(), counts);
  CHECK(counts.files == 26);
  MESSAGE(counts.files << " real prefetch files, " << counts.events << " runs");
}

TEST_CASE("prefetch: the values plaso's tests assert come out") {
  if (!corpus::present(3)) return;
  const auto folder = corpus::root() / "plaso" / "winprefetch";
  const auto said = corpus::parse(prefetch, corpus::read(folder / "CMD.EXE-087B4001.pf"), "/CMD.EXE-087B4001.pf");
  REQUIRE(said.events.size() == 1);
  CHECK(said.events[0].when.text() == "2013-03-10T10:11:49.2812500Z");
  CHECK(corpus::attribute(said.events[0], "run_count") == "2");
  CHECK(corpus::attribute(said.events[0], "volume_serials") == "24cb074b");
  CHECK(corpus::attribute(said.events[0], "volume_created") == "2013-03-10T10:19:46.2343750Z");
  const auto ping = corpus::parse(prefetch, corpus::read(folder / "PING.EXE-B29F6629.pf"), "/PING.EXE-B29F6629.pf");
  REQUIRE(ping.events.size() == 1);
  CHECK(ping.events[0].when.text() == "2012-04-06T19:00:55.9329556Z");
  CHECK(corpus::attribute(ping.events[0], "run_count") == "14");
  CHECK(corpus::attribute(ping.events[0], "volume_serials") == "ac036525");
}

TEST_CASE("prefetch: millions of one-letter names are a limit, not a long wait") {
  // Version 26, names at 308: 'a' and NUL over and over, 8 MiB.
  std::string data(308, '\0');
  const auto put = [&data](std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) data[at + i] = static_cast<char>(value >> (8 * i));
  };
  put(0, 26);
  data.replace(4, 4, "SCCA");
  data[16] = 'x';
  put(84 + 16, 308);      // strings offset
  put(84 + 20, 8 << 20);  // strings size
  put(84 + 24, 308);      // volumes
  while (data.size() < 308 + (8U << 20)) data += std::string("a\0\0\0", 4);
  put(12, static_cast<std::uint32_t>(data.size()));
  const std::clock_t begin = std::clock();
  const auto said = corpus::parse(prefetch, data, "/X.EXE-00000000.pf");
  CHECK(std::clock() - begin < 1 * CLOCKS_PER_SEC);
  CHECK(said.outcome == Outcome::kPartial);
  REQUIRE(said.damages.size() == 1);
  CHECK(said.damages[0].field == "strings");
}
