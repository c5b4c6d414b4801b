// SPDX-License-Identifier: Apache-2.0
#include "bytes/cursor.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace triage;

TEST_CASE("a cursor reads integers in both byte orders") {
  const std::string data("\x01\x02\x03\x04\xff\xfe\xff\xff\xff", 9);
  ByteCursor c(as_byte_span(data));
  CHECK(c.le<std::uint16_t>("a") == 0x0201);
  CHECK(c.be<std::uint16_t>("b") == 0x0304);
  CHECK(c.le<std::uint8_t>("c") == 0xff);
  CHECK(c.le<std::int32_t>("d") == -2);
  CHECK(c.at_end());
  CHECK(c.ok());
}

TEST_CASE("after the first bad read a cursor yields zeros and keeps the place of the fault") {
  const std::string data(6, '\x7f');
  ByteCursor c(as_byte_span(data));
  CHECK(c.le<std::uint32_t>("head") == 0x7f7f7f7f);
  CHECK(c.le<std::uint32_t>("size") == 0);
  CHECK(c.le<std::uint8_t>("flag") == 0);
  CHECK(c.take(1, "more").empty());
  REQUIRE_FALSE(c.ok());
  CHECK(c.fault()->field == "size");
  CHECK(c.fault()->at == 4);
  CHECK(c.fault()->wanted == 4);
  CHECK(c.position() == 4);
}

TEST_CASE("seek, sub and reject never leave the data") {
  const std::string data(10, 'x');
  ByteCursor c(as_byte_span(data));
  c.seek(10, "end");
  CHECK(c.ok());
  c.seek(11, "past");
  CHECK_FALSE(c.ok());
  ByteCursor d(as_byte_span(data));
  CHECK(d.sub(4, 6, "part").size() == 6);
  CHECK(d.sub(4, 7, "part").size() == 0);
  CHECK_FALSE(d.ok());
  ByteCursor e(as_byte_span(data));
  CHECK(e.sub(~std::size_t{0}, 2, "wrap").size() == 0);
  ByteCursor f(as_byte_span(data));
  f.reject("version");
  CHECK(f.fault()->wanted == 0);
}

TEST_CASE("any sequence of reads stays within any data") {
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    const std::string data(random() % 40, 'z');
    ByteCursor c(as_byte_span(data));
    for (int step = 0; step < 8; ++step) {
      switch (random() % 5) {
        case 0: (void)c.le<std::uint64_t>("q"); break;
        case 1: (void)c.be<std::uint16_t>("w"); break;
        case 2: (void)c.take(random() % 50, "t"); break;
        case 3: c.seek(random() % 60, "s"); break;
        default: (void)c.sub(random() % 60, random() % 60, "u"); break;
      }
      REQUIRE(c.position() <= c.size());
    }
  }
}
