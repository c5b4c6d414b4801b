// SPDX-License-Identifier: Apache-2.0
// Fragmented files: the pieces are placed by hand, so that where each lies is known.
#include "carve/gap_search.h"

#include <doctest/doctest.h>

#include <string>

#include "carve/carve_scan.h"
#include "formats/checksum.h"

using namespace triage;

namespace triage {
extern const Carver png;
}  // namespace triage

namespace {

constexpr std::size_t kGrid = 4096;

std::string be32(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xff));
  return out;
}

std::string chunk(const std::string& type, const std::string& body) {
  const std::string typed = type + body;
  return be32(static_cast<std::uint32_t>(body.size())) + typed + be32(crc32(as_byte_span(typed)));
}

std::string noise(std::size_t size, std::uint32_t seed) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24));
  return out;
}

/// A picture as far as its chunks go; what the data chunks hold is noise.
std::string picture() {
  std::string out = "\x89PNG\r\n\x1a\n" + chunk("IHDR", std::string("\0\0\0\x20\0\0\0\x20\x08\0\0\0\0", 13));
  for (std::uint32_t i = 0; i < 5; ++i) out += chunk("IDAT", noise(8000, i));
  return out + chunk("IEND", "");
}

std::string split(const std::string& file, std::size_t head, std::size_t gap, std::size_t before) {
  return noise(before, 77) + file.substr(0, head) + noise(gap, 99) + file.substr(head) + noise(3 * kGrid, 55);
}

CarveScanResult scan(const std::string& data) {
  static constexpr const Carver* kCarvers[] = {&png};
  return CarveScan(kCarvers).scan(as_byte_span(data), data.size(), {});
}

}  // namespace

TEST_CASE("gap search: a picture in two pieces is put together and its pieces are told") {
  const std::string file = picture();
  const std::string data = split(file, 3 * kGrid, 5 * kGrid, 2 * kGrid);
  const CarveScanResult result = scan(data);
  REQUIRE(result.hits.size() == 1);
  const CarveHit& hit = result.hits[0];
  CHECK(hit.grade == CarveGrade::kComplete);
  CHECK(hit.length == file.size());
  REQUIRE(hit.parts.size() == 2);
  CHECK(hit.parts[0].offset == 2 * kGrid);
  CHECK(hit.parts[0].length == 3 * kGrid);
  CHECK(hit.parts[1].offset == 10 * kGrid);
  CHECK(hit.parts[1].length == file.size() - 3 * kGrid);
}

TEST_CASE("gap search: a second piece with a wrong byte is never called whole") {
  std::string data = split(picture(), 3 * kGrid, 5 * kGrid, 2 * kGrid);
  data[12 * kGrid] = static_cast<char>(data[12 * kGrid] ^ 1);
  for (const CarveHit& hit : scan(data).hits) CHECK(hit.grade != CarveGrade::kComplete);
}

TEST_CASE("gap search: a gap off the grid is not found, and the search ends") {
  const std::string data = split(picture(), 3 * kGrid + 100, 5 * kGrid, 2 * kGrid);
  for (const CarveHit& hit : scan(data).hits) CHECK(hit.grade != CarveGrade::kComplete);
}

TEST_CASE("gap search: a used-up budget finds nothing") {
  const std::string data = split(picture(), 3 * kGrid, 5 * kGrid, 0);
  GapSearch search(as_byte_span(data), kGrid, 1000);
  const CarveResult first = png.validate(as_byte_span(data));
  REQUIRE(first.grade == CarveGrade::kTruncated);
  CHECK_FALSE(search.find(0, png, first).has_value());
}
