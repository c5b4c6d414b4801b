// SPDX-License-Identifier: Apache-2.0
#include "acquire_fixture.h"
#include "bytes/zstd_file.h"
#include "doctest/doctest.h"

using namespace triage;
using namespace triage::testing;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kSize = (9U << 20) + 5 * 512;

std::string name_of(ImageFormat format) { return std::string(image_format_name(format)); }
std::string first_file(const TempFolder& folder, ImageFormat format) {
  return folder / (format == ImageFormat::kEwf ? "disk.E01" : "disk");
}

}  // namespace

TEST_CASE("AO-01 AO-02: zst holds what the source gave; zstd and the evidence layer read the same") {
  const TempFolder folder;
  const auto source = stamped(kSize);
  auto request = request_for(folder / "disk");
  request.hashes = {DigestKind::kMd5, DigestKind::kSha1, DigestKind::kSha512};
  const auto result = acquire(source, request);
  REQUIRE_MESSAGE(result.has_value(), result.error().text());
  CHECK(result->size == kSize);
  CHECK(result->hashes.at(DigestKind::kSha256) == sha256_hex(source));
  DigestSet digests;
  digests.update(source);
  const Digests expected = digests.finish();
  CHECK(result->hashes.at(DigestKind::kMd5) == expected.md5);
  CHECK(result->hashes.at(DigestKind::kSha1) == expected.sha1);
  CHECK(result->hashes.at(DigestKind::kSha512).size() == 128);
  const std::string stored = read_all(folder / "disk");
  const auto plain = zstd_decompress(as_byte_span(stored), kSize);
  REQUIRE(plain.has_value());
  CHECK(sha256_hex(*plain) == sha256_hex(source));
  CHECK(read_image(folder / "disk") == source);
  CHECK(all_good(verify(folder / "disk", true)));
  CHECK(!fs::exists(folder / "disk.state"));
  CHECK(fs::exists(folder / "disk.map"));
}

TEST_CASE("AO-09: raw, split raw, E01 and split E01 hold the same bytes and pass their checks") {
  const auto source = stamped(kSize);
  for (const ImageFormat format : {ImageFormat::kRaw, ImageFormat::kEwf}) {
    for (const std::uint64_t split : {std::uint64_t{0}, std::uint64_t{2} << 20}) {
      CAPTURE(name_of(format));
      CAPTURE(split);
      const TempFolder folder;
      auto request = request_for(folder / "disk", format);
      request.segment_bytes = split;
      const auto result = acquire(source, request);
      REQUIRE_MESSAGE(result.has_value(), result.error().text());
      for (const std::string& file : result->files) {
        CHECK(fs::exists(file));
        const bool segment = file.find(".chunks") == std::string::npos;
        if (split != 0 && segment) CHECK(fs::file_size(file) <= split);  // AO-05
      }
      const std::string first = result->files.front();
      std::vector<ReadFault> faults;
      CHECK(read_image(first, &faults) == source);
      CHECK(faults.empty());
      const auto checks = verify(first, true);
      for (const ImageCheck& check : checks) CHECK_MESSAGE(check.ok, check.name, ": ", check.detail);
      CHECK(!checks.empty());
    }
  }
}

TEST_CASE("AM-09: unreadable sectors are in the result, the map, the log and the image, and read as faults again") {
  for (const ImageFormat format : {ImageFormat::kZst, ImageFormat::kRaw, ImageFormat::kEwf}) {
    CAPTURE(name_of(format));
    const TempFolder folder;
    const auto source = stamped(kSize);
    auto medium = std::make_unique<FakeMedium>(source);
    medium->bad = {3000, 3001, 9000};
    const auto result = acquire(std::move(medium), request_for(folder / "disk", format));
    REQUIRE(result.has_value());
    const std::vector<std::pair<std::uint64_t, std::uint64_t>> expected = {{3000 * 512, 1024}, {9000 * 512, 512}};
    CHECK(result->unreadable == expected);
    const auto map = ErrorMap::parse(read_all(folder / "disk.map"));
    REQUIRE(map.has_value());
    CHECK(map->status_at(3001 * 512).first == MapStatus::kBad);
    CHECK(map->status_at(3002 * 512).first == MapStatus::kRescued);
    CHECK(read_all(folder / "disk.log.jsonl").find("\"event\":\"unreadable\",\"at\":1536000,\"length\":1024") !=
          std::string::npos);
    auto zeroed = source;
    for (const std::uint64_t sector : {3000, 3001, 9000}) {
      std::fill_n(zeroed.begin() + static_cast<std::ptrdiff_t>(sector * 512), 512, std::byte{0});
    }
    std::vector<ReadFault> faults;
    CHECK(read_image(first_file(folder, format), &faults) == zeroed);
    if (format == ImageFormat::kZst) {
      REQUIRE(faults.size() == 2);
      CHECK(faults[0].at.value == 3000 * 512);
      CHECK(faults[1].length.value == 512);
    }
    CHECK(all_good(verify(first_file(folder, format))));
  }
}

TEST_CASE("nothing is overwritten, neither the image nor what lies beside it") {
  const TempFolder folder;
  const auto source = stamped(1U << 20);
  write_all(folder / "disk", "somebody's file");
  auto result = acquire(source, request_for(folder / "disk"));
  REQUIRE(!result);
  CHECK(result.error().code == ErrorCode::kOutput);
  CHECK(read_all(folder / "disk") == "somebody's file");
  write_all(folder / "other.state", "of somebody");
  result = acquire(source, request_for(folder / "other"));
  REQUIRE(!result);
  CHECK(!fs::exists(folder / "other"));
}

TEST_CASE("a source that goes away leaves an image that is gone on with") {
  for (const ImageFormat format : {ImageFormat::kZst, ImageFormat::kRaw, ImageFormat::kEwf}) {
    CAPTURE(name_of(format));
    const TempFolder folder;
    const auto source = stamped(kSize);
    auto medium = std::make_unique<FakeMedium>(source);
    medium->gone_at = 5U << 20;
    medium->bad = {100};
    auto request = request_for(folder / "disk", format);
    request.segment_bytes = format == ImageFormat::kZst ? 0 : 2U << 20;
    auto result = acquire(std::move(medium), request);
    REQUIRE(!result);
    CHECK(result.error().code == ErrorCode::kUnreadable);
    CHECK(fs::exists(folder / "disk.state"));
    const auto map = ErrorMap::parse(read_all(folder / "disk.map"));
    REQUIRE(map.has_value());
    CHECK(map->status_at(6U << 20).first == MapStatus::kUntried);
    CHECK(map->status_at(100 * 512).first == MapStatus::kBad);

    request.resume = true;
    auto rest = std::make_unique<FakeMedium>(source);
    rest->bad = {100};
    FakeMedium* const watched = rest.get();
    const SystemClock clock;
    const auto input = make_medium_input(std::move(rest), {});
    result = acquire_image(*input, request, clock);
    REQUIRE_MESSAGE(result.has_value(), result.error().text());
    CHECK(result->resumed_at == 5U << 20);
    CHECK(watched->bytes_given == kSize - (5U << 20));  // nothing is read twice
    CHECK(result->unreadable.size() == 1);
    auto zeroed = source;
    std::fill_n(zeroed.begin() + 100 * 512, 512, std::byte{0});
    CHECK(result->hashes.at(DigestKind::kSha256) == sha256_hex(zeroed));
    CHECK(read_image(result->files.front()) == zeroed);
    CHECK(all_good(verify(result->files.front(), true)));
  }
}

TEST_CASE("resume: whatever a kill or a power cut left of image and state, the final image is the same") {
  const auto source = stamped(kSize);
  for (const ImageFormat format : {ImageFormat::kZst, ImageFormat::kRaw, ImageFormat::kEwf}) {
    for (unsigned round = 0; round < 24; ++round) {
      CAPTURE(name_of(format));
      CAPTURE(round);
      const TempFolder folder;
      auto request = request_for(folder / "disk", format);
      request.segment_bytes = format != ImageFormat::kZst && round % 2 == 1 ? 2U << 20 : 0;
      auto medium = std::make_unique<FakeMedium>(source);
      medium->gone_at = 7U << 20;
      medium->bad = {2100, 2101, 9999};
      REQUIRE(!acquire(std::move(medium), request));
      // Cut the newest file of the image, the state, or both, anywhere; or leave zeros where bytes did not arrive.
      std::vector<std::string> files;
      for (const auto& entry : fs::directory_iterator(fs::path(folder / "disk").parent_path())) {
        const std::string name = entry.path().filename().string();
        if (name == "disk" || name.starts_with("disk.0") || name.starts_with("disk.E")) files.push_back(entry.path());
      }
      std::sort(files.begin(), files.end());
      std::uint64_t random = (round + 1) * 0x9E3779B97F4A7C15ULL;
      const auto cut = [&random](const std::string& path, bool zero) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        const std::uint64_t size = fs::file_size(path);
        fs::resize_file(path, random % (size + 1));
        if (zero) fs::resize_file(path, size);
      };
      const auto front = [&](const std::string& path) { return fs::file_size(path) < 4096; };
      if (round % 3 != 0 && !front(files.back())) cut(files.back(), round % 4 == 1);
      if (round % 3 != 1) {
        const std::string state = read_all(folder / "disk.state");
        const std::size_t head = 16 + state.find("\"}", 0) + 2;  // the head itself is written first and synced by time
        const std::size_t keep = head + (round * 7919) % (state.size() - head + 1);
        write_all(folder / "disk.state", std::string_view(state).substr(0, keep));
      }
      request.resume = true;
      auto again = std::make_unique<FakeMedium>(source);
      again->bad = {2100, 2101, 9999};
      const auto result = acquire(std::move(again), request);
      if (!result && result.error().code == ErrorCode::kUsage) continue;  // the first bytes themselves are lost
      REQUIRE_MESSAGE(result.has_value(), result.error().text());
      auto zeroed = source;
      for (const std::uint64_t sector : {2100, 2101, 9999}) {
        std::fill_n(zeroed.begin() + static_cast<std::ptrdiff_t>(sector * 512), 512, std::byte{0});
      }
      CHECK(result->hashes.at(DigestKind::kSha256) == sha256_hex(zeroed));
      CHECK(read_image(result->files.front()) == zeroed);
      const auto checks = verify(result->files.front(), true);
      for (const ImageCheck& check : checks) CHECK_MESSAGE(check.ok, check.name, ": ", check.detail);
      const std::vector<std::pair<std::uint64_t, std::uint64_t>> expected = {{2100 * 512, 1024}, {9999 * 512, 512}};
      CHECK(result->unreadable == expected);
    }
  }
}

TEST_CASE("resume: another source, other options and a finished image are refused") {
  const TempFolder folder;
  const auto source = stamped(kSize);
  auto medium = std::make_unique<FakeMedium>(source);
  medium->gone_at = 3U << 20;
  auto request = request_for(folder / "disk");
  REQUIRE(!acquire(std::move(medium), request));
  CHECK(acquire(source, request).error().message.find("begun and not finished") != std::string::npos);
  request.resume = true;
  request.identity = "another disk";
  CHECK(acquire(source, request).error().code == ErrorCode::kUsage);
  request.identity = "the disk of the test";
  request.level = 3;
  CHECK(acquire(source, request).error().code == ErrorCode::kUsage);
  request.level = 1;
  REQUIRE(acquire(source, request).has_value());
  CHECK(acquire(source, request).error().code == ErrorCode::kUsage);  // nothing unfinished is left
}

TEST_CASE("a stop request ends with a resumable image") {
  const TempFolder folder;
  const auto source = stamped(kSize);
  std::atomic<bool> stop{false};
  auto request = request_for(folder / "disk");
  request.stop = &stop;
  request.progress = [&stop](const ImageProgress& now) { stop = now.bytes_done >= (2U << 20); };
  auto result = acquire(source, request);
  REQUIRE(!result);
  CHECK(result.error().code == ErrorCode::kInterrupted);
  stop = false;
  request.progress = {};
  request.resume = true;
  result = acquire(source, request);
  REQUIRE(result.has_value());
  CHECK(result->resumed_at >= 2U << 20);
  CHECK(read_image(folder / "disk") == source);
}

TEST_CASE("a ddrescue run goes on: what its map calls finished comes from its file, the rest from the source") {
  const TempFolder folder;
  const auto source = stamped(kSize);
  // ddrescue's file: the right bytes where finished, something else where not.
  auto rescued = source;
  std::fill_n(rescued.begin() + (1 << 20), 1 << 20, std::byte{0xAA});
  auto medium = std::make_unique<FakeMedium>(source);
  for (std::uint64_t sector = 0; sector < 2048; ++sector) medium->bad.insert(sector);  // got worse since
  medium->bad.insert(3000);
  const auto map = ErrorMap::parse("0 ?\n0 0x100000 +\n0x100000 0x100000 -\n0x200000 0xA00000 +\n");
  REQUIRE(map.has_value());
  const auto input =
      make_rescued_input(make_medium_input(std::move(medium), {}), *map, std::make_unique<FakeMedium>(rescued));
  const SystemClock clock;
  const auto result = acquire_image(*input, request_for(folder / "disk"), clock);
  REQUIRE(result.has_value());
  const std::vector<std::pair<std::uint64_t, std::uint64_t>> expected = {{3000 * 512, 512}};
  CHECK(result->unreadable == expected);
  auto zeroed = source;
  std::fill_n(zeroed.begin() + 3000 * 512, 512, std::byte{0});
  CHECK(read_image(folder / "disk") == zeroed);
}
