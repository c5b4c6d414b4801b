// SPDX-License-Identifier: Apache-2.0
#include "acquire_fixture.h"
#include "doctest/doctest.h"
#include "evidence/zst_image.h"

using namespace triage;
using namespace triage::testing;

namespace {

constexpr std::size_t kSize = (2U << 20) + 512;
constexpr std::size_t kChunk = 256 * 1024;

/// Where each frame of the image begins and ends.
std::vector<ZstImage::Frame> frames_of(const std::string& path) {
  const auto image = ZstImage::open(path);
  REQUIRE(image.has_value());
  std::vector<ZstImage::Frame> out;
  for (std::size_t i = 0; i < (*image)->frame_count(); ++i) out.push_back((*image)->frame(i));
  return out;
}

}  // namespace

TEST_CASE("AO-07 AO-08: a flipped byte anywhere in the data is named as its chunk of the source") {
  const TempFolder folder;
  REQUIRE(acquire(stamped(kSize), request_for(folder / "disk")).has_value());
  const std::string good = read_all(folder / "disk");
  const auto frames = frames_of(folder / "disk");
  REQUIRE(frames.size() == 9 + 2);
  for (std::size_t i = 1; i + 1 < frames.size(); ++i) {
    for (const std::uint64_t at : {frames[i].stored_at, frames[i].stored_at + frames[i].stored_bytes / 2,
                                   frames[i].stored_at + frames[i].stored_bytes - 1}) {
      std::string changed = good;
      changed[at] = static_cast<char>(changed[at] ^ 0x10);
      write_all(folder / "changed", changed);
      const auto checks = verify(folder / "changed");
      const std::uint64_t begin = (i - 1) * kChunk;
      const std::uint64_t end = std::min<std::uint64_t>(begin + kChunk, kSize) - 1;
      const std::string range = std::to_string(begin) + " to " + std::to_string(end);
      CHECK_MESSAGE(detail_of(checks, "chunks").find("FAIL changed: bytes " + range + " of the source") == 0,
                    detail_of(checks, "chunks"));
    }
  }
}

TEST_CASE("AO-07: a flipped byte anywhere outside the data fails too") {
  const TempFolder folder;
  REQUIRE(acquire(stamped(kSize), request_for(folder / "disk")).has_value());
  const std::string good = read_all(folder / "disk");
  const auto frames = frames_of(folder / "disk");
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < frames[1].stored_at; ++at) places.push_back(at);
  for (std::size_t at = frames.back().stored_at; at < good.size(); ++at) places.push_back(at);
  std::size_t unseen = 0;
  for (const std::size_t at : places) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 0x01);
    write_all(folder / "changed", changed);
    const bool seen = !all_good(verify(folder / "changed"));
    CHECK_MESSAGE(seen, at, " from the end ", good.size() - at);
    if (!seen) ++unseen;
  }
  CHECK(unseen == 0);
}

TEST_CASE("an image cut anywhere is refused and read as far as its frames go") {
  const TempFolder folder;
  const auto source = stamped(kSize);
  REQUIRE(acquire(source, request_for(folder / "disk")).has_value());
  const std::string good = read_all(folder / "disk");
  const auto frames = frames_of(folder / "disk");
  for (std::size_t cut = frames[1].stored_at; cut < good.size(); cut += 1 + good.size() / 97) {
    CAPTURE(cut);
    write_all(folder / "cut", std::string_view(good).substr(0, cut));
    CHECK(!all_good(verify(folder / "cut")));
    std::uint64_t whole = 0;
    for (const auto& frame : frames) {
      if (frame.stored_at + frame.stored_bytes <= cut) whole = frame.at + frame.content_bytes;
    }
    const auto image = ZstImage::open(folder / "cut");
    REQUIRE(image.has_value());
    CHECK((*image)->truncated());
    CHECK((*image)->size() == whole);
    if (whole == 0) continue;
    const auto bytes = read_image(folder / "cut");
    CHECK(std::equal(bytes.begin(), bytes.end(), source.begin()));
  }
}

TEST_CASE("frames in another order are refused and the places named") {
  const TempFolder folder;
  auto source = stamped(kSize);
  REQUIRE(acquire(source, request_for(folder / "disk")).has_value());
  const std::string good = read_all(folder / "disk");
  const auto frames = frames_of(folder / "disk");
  // Two frames change places, in the data and in the seek table: every checksum of a frame still fits.
  const auto& a = frames[3];
  const auto& b = frames[4];
  std::string changed = good.substr(0, a.stored_at) + good.substr(b.stored_at, b.stored_bytes) +
                        good.substr(a.stored_at, a.stored_bytes) + good.substr(b.stored_at + b.stored_bytes);
  const std::size_t table = good.size() - kSeekFooterBytes - frames.size() * 8;
  std::swap_ranges(changed.begin() + static_cast<std::ptrdiff_t>(table + 3 * 8),
                   changed.begin() + static_cast<std::ptrdiff_t>(table + 4 * 8),
                   changed.begin() + static_cast<std::ptrdiff_t>(table + 4 * 8));
  write_all(folder / "changed", changed);
  CHECK(detail_of(verify(folder / "changed"), "chunks").find("FAIL changed: bytes 524288 to 1048575 of the source") ==
        0);
}

TEST_CASE("the footer of another image of the same source is refused") {
  const TempFolder folder;
  const auto source = stamped(kSize);
  REQUIRE(acquire(source, request_for(folder / "one")).has_value());
  REQUIRE(acquire(source, request_for(folder / "two")).has_value());
  const auto one = frames_of(folder / "one");
  const auto two = frames_of(folder / "two");
  const std::string first = read_all(folder / "one");
  const std::string second = read_all(folder / "two");
  write_all(folder / "mixed", first.substr(0, one.back().stored_at) + second.substr(two.back().stored_at));
  const auto checks = verify(folder / "mixed");
  CHECK(detail_of(checks, "footer").find("it belongs to another image") != std::string::npos);
  CHECK(detail_of(checks, "chunks").starts_with("ok"));
}

TEST_CASE("raw: a changed byte, a cut file and a changed list are found and named") {
  const TempFolder folder;
  REQUIRE(acquire(stamped(kSize), request_for(folder / "disk", ImageFormat::kRaw)).has_value());
  CHECK(all_good(verify(folder / "disk", true)));
  const std::string good = read_all(folder / "disk");
  std::string changed = good;
  changed[kChunk * 2 + 77] ^= 1;
  write_all(folder / "disk", changed);
  CHECK(detail_of(verify(folder / "disk"), "chunks") == "FAIL changed: bytes 524288 to 786431 of the source");
  write_all(folder / "disk", std::string_view(good).substr(0, kSize - 512));
  CHECK(detail_of(verify(folder / "disk"), "size").starts_with("FAIL"));
  write_all(folder / "disk", good);
  std::string list = read_all(folder / "disk.chunks");
  list[40] ^= 1;
  write_all(folder / "disk.chunks", list);
  CHECK(detail_of(verify(folder / "disk"), "merkle root").starts_with("FAIL"));
}

TEST_CASE("ewf: a changed byte is found by the container and named by the list beside it") {
  const TempFolder folder;
  REQUIRE(acquire(stamped(kSize), request_for(folder / "disk", ImageFormat::kEwf)).has_value());
  CHECK(all_good(verify(folder / "disk.E01", true)));
  std::string changed = read_all(folder / "disk.E01");
  changed[changed.size() / 2] ^= 1;
  write_all(folder / "disk.E01", changed);
  const auto checks = verify(folder / "disk.E01");
  CHECK(detail_of(checks, "checksums").starts_with("FAIL damaged: bytes"));
  CHECK(detail_of(checks, "chunks").starts_with("FAIL changed: bytes"));
}

TEST_CASE("hostile footers and tables are refused, never a crash") {
  const TempFolder folder;
  REQUIRE(acquire(stamped(kSize), request_for(folder / "disk")).has_value());
  const std::string good = read_all(folder / "disk");
  std::uint64_t random = 42;
  for (int round = 0; round < 300; ++round) {
    std::string changed = good;
    for (int k = 0; k < 4; ++k) {
      random = random * 6364136223846793005ULL + 1442695040888963407ULL;
      const std::size_t back = static_cast<std::size_t>(random >> 33) % 1200;
      changed[changed.size() - 1 - back] = static_cast<char>(random >> 20);
    }
    write_all(folder / "changed", changed);
    CHECK(!all_good(verify(folder / "changed")));
    (void)read_image(folder / "changed");  // whatever it gives, it comes back
  }
}
