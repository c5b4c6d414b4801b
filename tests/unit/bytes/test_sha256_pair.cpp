// SPDX-License-Identifier: Apache-2.0
// Sha256Pair against OpenSSL on random bytes, and against published vectors (FIPS 180-4 examples by NIST).
#include <doctest/doctest.h>

#include <ctime>
#include <random>

#include "bytes/digest.h"
#include "bytes/sha256_pair.h"
#include "bytes/text.h"

using namespace triage;

namespace {

std::vector<std::byte> noise(std::size_t size, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<std::byte> out(size);
  for (std::byte& each : out) each = static_cast<std::byte>(random());
  return out;
}

}  // namespace

TEST_CASE("sha256 pair: the examples of FIPS 180-4") {
  for (const bool instructions : {true, false}) {
    CAPTURE(instructions);
    Sha256Pair empty(instructions);
    CHECK(empty.finish_hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    Sha256Pair one(instructions);
    CHECK(to_hex(one.add_chunk(as_byte_span("abc"))) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(one.finish_hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    Sha256Pair two(instructions);
    CHECK(to_hex(two.add_chunk(as_byte_span("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))) ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  }
}

TEST_CASE("sha256 pair: whole and chunks are what OpenSSL makes of random bytes, whatever the sizes") {
  MESSAGE("the processor has the instructions: ", Sha256Pair::is_fast());
  std::mt19937 random(5);
  for (unsigned round = 0; round < 60; ++round) {
    const std::size_t chunk = 64 * (1 + random() % 70);
    const std::size_t size = round < 4 ? round * chunk : random() % (9 * chunk);
    const std::vector<std::byte> data = noise(size, round);
    for (const bool instructions : {true, false}) {
      CAPTURE(size);
      CAPTURE(chunk);
      Sha256Pair pair(instructions);
      for (Bytes rest = data; !rest.empty();) {
        const Bytes part = rest.first(std::min(rest.size(), chunk));
        rest = rest.subspan(part.size());
        if (random() % 4 == 0) {
          pair.add(part);
        } else {
          CHECK(pair.add_chunk(part) == sha256_raw(part));
        }
      }
      CHECK(pair.finish_hex() == sha256_hex(Bytes(data)));
    }
  }
}

TEST_CASE("sha256 pair: every length from 0 to 300 bytes is padded as OpenSSL pads it") {
  const std::vector<std::byte> data = noise(300, 99);
  for (std::size_t size = 0; size <= data.size(); ++size) {
    Sha256Pair pair;
    const Bytes part = Bytes(data).first(size);
    CHECK(pair.add_chunk(part) == sha256_raw(part));
    CHECK(pair.finish_hex() == sha256_hex(part));
  }
}

TEST_CASE("bench: whole and chunk digests of 256 KiB chunks" * doctest::skip()) {
  constexpr std::size_t kChunk = 256 * 1024;
  constexpr int kChunks = 2000;
  const std::vector<std::byte> data = noise(kChunk, 1);
  const auto time = [](const auto& work) {
    const std::clock_t start = std::clock();
    for (int i = 0; i < kChunks; ++i) work();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  };
  Sha256 whole;
  Sha256Pair pair;
  Sha256Pair single;
  const double one = time([&] { whole.update(Bytes(data)); });
  const double both = time([&] { pair.add_chunk(data); });
  const double own = time([&] { single.add(data); });
  constexpr double kGb = kChunk * 1e-9 * kChunks;
  MESSAGE("OpenSSL ", kGb / one, " GB/s, ours ", kGb / own, " GB/s, whole and chunk together ", kGb / both, " GB/s");
}
