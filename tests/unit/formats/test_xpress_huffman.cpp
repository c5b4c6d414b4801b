// SPDX-License-Identifier: Apache-2.0
// The two examples of MS-XCA §3.2, and what must not come out of damaged data.
#include "formats/xpress_huffman.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace triage;
using namespace std::string_view_literals;

namespace {

/// 256 bytes of code lengths, zero but for `at` → bytes.
std::string table(std::initializer_list<std::pair<std::size_t, std::string_view>> parts) {
  std::string out(256, '\0');
  for (const auto& [at, bytes] : parts) out.replace(at, bytes.size(), bytes);
  return out;
}

std::string alphabet() {
  return table({{48, "\x50\x55\x55\x55\x55\x55\x55\x55\x55\x55\x55\x45\x44\x04"sv}, {128, "\x04"sv}}) +
         std::string("\xd8\x52\x3e\xd7\x94\x11\x5b\xe9\x19\x5f\xf9\xd6\x7c\xdf\x8d\x04\x00\x00\x00\x00"sv);
}

std::string hundred_times_abc() {
  return table({{48, "\x30\x23"sv}, {128, "\x02"sv}, {143, "\x20"sv}}) + std::string("\xa8\xdc\x00\x00\xff\x26\x01"sv);
}

}  // namespace

TEST_CASE("xpress: the specification's literals come out") {
  const XpressResult result = xpress_huffman_decompress(as_byte_span(alphabet()), 26);
  CHECK(result.complete);
  CHECK(result.output == "abcdefghijklmnopqrstuvwxyz");
}

TEST_CASE("xpress: the specification's long match comes out") {
  std::string expected;
  for (int i = 0; i < 100; ++i) expected += "abc";
  const XpressResult result = xpress_huffman_decompress(as_byte_span(hundred_times_abc()), 300);
  CHECK(result.complete);
  CHECK(result.output == expected);
}

TEST_CASE("xpress: no cut of the input gives all of the output or a wrong byte") {
  const std::string whole = alphabet();
  for (std::size_t size = 0; size < 256 + 14; ++size) {
    const XpressResult result = xpress_huffman_decompress(as_byte_span(whole).first(size), 26);
    CHECK_FALSE(result.complete);
    CHECK(result.output.size() < 26);
  }
}

TEST_CASE("xpress: a table whose code is not complete is refused") {
  const std::string half = table({{48, "\x10"sv}}) + std::string(20, '\0');
  CHECK_FALSE(xpress_huffman_decompress(as_byte_span(half), 10).complete);
  CHECK(xpress_huffman_decompress(as_byte_span(half), 10).output.empty());
}

TEST_CASE("xpress: a match before the start of the output is refused") {
  // One-bit codes for 'a' and for a match of length 3 at distance 2 or 3 (symbol 0x110): the match comes first.
  const std::string data = table({{48, "\x10"sv}, {136, "\x01"sv}}) + std::string("\xff\xff\xff\xff\xff\xff"sv);
  const XpressResult result = xpress_huffman_decompress(as_byte_span(data), 10);
  CHECK_FALSE(result.complete);
  CHECK(result.output.empty());
}
