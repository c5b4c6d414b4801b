// SPDX-License-Identifier: Apache-2.0
#include "carve/carve_scan.h"

#include <doctest/doctest.h>

#include <chrono>
#include <ctime>

#include "bytes/text.h"

using namespace triage;

namespace triage {
extern const Carver bmp;
extern const Carver gif;
extern const Carver jpeg;
extern const Carver pdf;
extern const Carver png;
extern const Carver sqlite;
extern const Carver zip;
}  // namespace triage

namespace {

constexpr const Carver* kCarvers[] = {&bmp, &gif, &jpeg, &pdf, &png, &sqlite, &zip};

/// 1x1 pixel, three whole formats small enough to write by hand.
std::string small_gif() { return *from_hex("47494638396101000100800000ffffff0000002c000000000100010000020144003b"); }

std::string small_png() {  // made with python3's zlib: 1x1 grey
  return *from_hex(
      "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
      "3a7e9b55"
      "0000000a49444154789c63600000"
      "00020001"
      "48afa471"
      "0000000049454e44ae426082");
}

std::string at(std::size_t size, const std::vector<std::pair<std::size_t, std::string>>& parts) {
  std::string out(size, '\0');
  for (const auto& [place, content] : parts) out.replace(place, content.size(), content);
  return out;
}

CarveScanResult scan(const std::string& data, std::uint64_t step, std::uint64_t own = ~std::uint64_t{0},
                     std::uint64_t begin = 0) {
  return CarveScan(kCarvers).scan(as_byte_span(data), own, {.step = step, .begin = begin});
}

std::string stored_zip(const std::string& name, const std::string& content) {
  const auto le = [](std::size_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
    return out;
  };
  const std::string sizes = le(0, 4) + le(content.size(), 4) + le(content.size(), 4) + le(name.size(), 2) + le(0, 2);
  const std::string local = "PK\x03\x04" + le(20, 2) + le(0, 8) + sizes + name + content;
  const std::string central = "PK\x01\x02" + le(20, 2) + le(20, 2) + le(0, 8) + sizes + le(0, 14) + name;
  return local + central + "PK\x05\x06" + le(0, 4) + le(1, 2) + le(1, 2) + le(central.size(), 4) + le(local.size(), 4) +
         le(0, 2);
}

double gigabytes_per_second(const std::string& data, std::uint64_t step) {
  const CarveScan scanner(kCarvers);
  double best = 0;
  for (int round = 0; round < 3; ++round) {
    const std::clock_t start = std::clock();  // processor time: the machine may be busy
    const auto result = scanner.scan(as_byte_span(data), data.size(), {step, 0});
    const double took = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    CHECK(result.hits.empty());
    best = std::max(best, static_cast<double>(data.size()) / std::max(took, 1e-6) / 1e9);
  }
  return best;
}

}  // namespace

TEST_CASE("carve scan: files on sector boundaries are found in one pass, in order") {
  const std::string data = at(8192, {{512, small_gif()}, {2048, small_png()}, {4096, stored_zip("a.txt", "hello")}});
  const CarveScanResult result = scan(data, 512);
  REQUIRE(result.hits.size() == 3);
  CHECK(result.hits[0].offset == 512);
  CHECK(result.hits[0].extension == "gif");
  CHECK(result.hits[0].length == small_gif().size());
  CHECK(result.hits[1].offset == 2048);
  CHECK(result.hits[1].length == small_png().size());
  CHECK(result.hits[2].extension == "zip");
  for (const CarveHit& hit : result.hits) CHECK(hit.grade == CarveGrade::kComplete);
  CHECK_FALSE(result.out_of_budget);
}

TEST_CASE("carve scan: files off the boundaries are found with step 1 only") {
  const std::string data = at(4096, {{700, small_gif()}, {1500, small_png()}});
  CHECK(scan(data, 512).hits.empty());
  const CarveScanResult result = scan(data, 1);
  REQUIRE(result.hits.size() == 2);
  CHECK(result.hits[0].offset == 700);
  CHECK(result.hits[1].offset == 1500);
}

TEST_CASE("carve scan: what lies inside a complete file is not told again") {
  const std::string outer = stored_zip("picture.png", small_png());
  const std::string data = at(4096, {{0, outer}, {outer.size(), small_gif()}});
  const CarveScanResult result = scan(data, 1);
  REQUIRE(result.hits.size() == 2);
  CHECK(result.hits[0].length == outer.size());
  CHECK(result.hits[1].offset == outer.size());
}

TEST_CASE("carve scan: candidates of the overlap belong to the next window, ends may lie in it") {
  const std::string data = at(2048, {{0, small_gif()}, {1024, small_png()}});
  REQUIRE(scan(data, 512, 1024).hits.size() == 1);
  CHECK(scan(data, 1, 1024).hits.size() == 1);
  CHECK(scan(data, 512, 1025).hits.size() == 2);
  const CarveScanResult later = scan(data, 512, 2048, 1);
  REQUIRE(later.hits.size() == 1);
  CHECK(later.hits[0].offset == 1024);
}

TEST_CASE("carve scan: a file that the window cuts asks for more, and others in it are still told") {
  std::string data = at(4096, {{0, small_png().substr(0, 41)}});
  data.replace(33, 4, std::string("\x00\x01\x00\x00", 4));  // a chunk of 64 KiB, more than the window
  data.replace(1024, small_gif().size(), small_gif());
  const CarveScanResult result = scan(data, 512);
  REQUIRE(result.hits.size() == 2);
  CHECK(result.hits[0].more_needed);
  CHECK(result.hits[0].grade == CarveGrade::kTruncated);
  CHECK(result.hits[1].offset == 1024);
}

TEST_CASE("carve scan: a file that the window cuts ends before the next whole one and before the zeros behind it") {
  std::string data = at(16384, {{0, small_png().substr(0, 41)}});
  data.replace(33, 4, std::string("\x00\x01\x00\x00", 4));  // a chunk of 64 KiB, more than the window
  data.replace(3000, 5, "bytes");
  CHECK(scan(data, 512).hits.at(0).length == 3005);
  data.replace(8000, 5, "other");
  data.replace(4096, small_gif().size(), small_gif());
  const CarveScanResult result = scan(data, 512);
  REQUIRE(result.hits.size() == 2);
  CHECK(result.hits[0].length == 3005);
  CHECK(result.hits[1].offset == 4096);
}

TEST_CASE("carve scan: a window full of costly beginnings ends in bounded time") {
  // Every sector claims a JPEG whose coded data goes on and on: each judgement reads to the next beginning only.
  const std::string header = *from_hex("ffd8ffc0000b080010001001011100ffda0008010100003f00");
  std::string data(4 << 20, 'a');
  for (std::size_t place = 0; place < data.size(); place += 512) data.replace(place, header.size(), header);
  // Every sector claims a PNG with one chunk to the window's end.
  std::string chunks(4 << 20, 'a');
  const std::string png_head = small_png().substr(0, 33) + std::string("\x00\x3f\x00\x00IDAT", 8);
  for (std::size_t place = 0; place < chunks.size(); place += 512) chunks.replace(place, png_head.size(), png_head);
  const auto start = std::chrono::steady_clock::now();
  CHECK(scan(data, 512).hits.size() <= 8192);  // coded data that does not decode is none
  const CarveScanResult result = scan(chunks, 512);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  CHECK(result.out_of_budget);
  CHECK(took.count() < 60);
  MESSAGE("two hostile windows of 4 MiB took " << took.count() << " s");
}

TEST_CASE("carve scan: rate on data without files") {
  const std::string zeros(16 << 20, '\0');
  std::string random(16 << 20, '\0');
  std::uint64_t value = 88172645463325252ULL;
  for (char& c : random) {
    value ^= value << 13;
    value ^= value >> 7;
    value ^= value << 17;
    c = static_cast<char>(value);
  }
  MESSAGE("step 512: zeros " << gigabytes_per_second(zeros, 512) << " GB/s, random "
                             << gigabytes_per_second(random, 512) << " GB/s");
  MESSAGE("step 1:   zeros " << gigabytes_per_second(zeros, 1) << " GB/s, random " << gigabytes_per_second(random, 1)
                             << " GB/s");
}
