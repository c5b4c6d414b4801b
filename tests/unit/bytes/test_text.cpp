// SPDX-License-Identifier: Apache-2.0
// Expected values: Unicode 15 tables 3-7 and 3-8, python3's codecs (cp932, utf-16) and hand-made hex.
#include "bytes/text.h"

#include <doctest/doctest.h>

#include <random>

#include "bytes/digest.h"
#include "bytes/json.h"
#include "bytes/zstd_file.h"

using namespace triage;

TEST_CASE("hex goes there and back, and what is no hex is refused") {
  CHECK(to_hex(as_byte_span(std::string_view("\x00\xff\x10", 3))) == "00ff10");
  CHECK(from_hex("00FF10") == std::string("\x00\xff\x10", 3));
  CHECK_FALSE(from_hex("0").has_value());
  CHECK_FALSE(from_hex("0g").has_value());
}

TEST_CASE("UTF-8 is well-formed or not, to the letter of the standard") {
  CHECK(is_utf8("日本語 ok"));
  CHECK(is_utf8("\xF0\x9F\x98\x80"));
  CHECK_FALSE(is_utf8("\xC0\xAF"));          // overlong
  CHECK_FALSE(is_utf8("\xED\xA0\x80"));      // surrogate
  CHECK_FALSE(is_utf8("\xF4\x90\x80\x80"));  // past U+10FFFF
  CHECK_FALSE(is_utf8("\xE6\x97"));          // cut
}

TEST_CASE("UTF-16 becomes UTF-8, and a lone surrogate is said to be lost") {
  bool lossy = false;
  CHECK(utf16le_to_utf8(as_byte_span(std::string_view("\xe5\x65\x3d\xd8\x00\xde", 6)), &lossy) == "日\xF0\x9F\x98\x80");
  CHECK_FALSE(lossy);
  CHECK(utf16le_to_utf8(as_byte_span(std::string_view("\x00\xd8\x41\x00", 4)), &lossy) ==
        "\xEF\xBF\xBD"
        "A");
  CHECK(lossy);
  CHECK(utf16be_to_utf8(as_byte_span(std::string_view("\x65\xe5", 2))) == "日");
  CHECK(utf16le_zstring(as_byte_span(std::string_view("A\0\0\0B\0", 6))) == "A");
}

TEST_CASE("names in CP932 are read as such and named so") {
  std::string_view guess;
  CHECK(decode_name("\x8c\xda\x8b\x71\x96\xbc\x95\xeb.csv", &guess) == "顧客名簿.csv");
  CHECK(guess == "cp932");
  CHECK(decode_name("plain.txt", &guess) == "plain.txt");
  CHECK(guess == "utf-8");
  CHECK(decode_name("\xff\xfe\xfd", &guess) == "\\xff\\xfe\\xfd");
  CHECK(guess == "bytes");
}

TEST_CASE("nothing that steers a terminal survives the escape") {
  CHECK(escape_terminal("a\x1b[31mb\n") == "a\\x1b[31mb\\x0a");
  CHECK(escape_terminal("x\u202Ey") == "x\\u{202e}y");
  CHECK(escape_terminal("\xff") == "\\xff");
  CHECK(escape_terminal("日本") == "日本");
  std::mt19937 random(3);
  for (int round = 0; round < 5000; ++round) {
    std::string noise(random() % 30, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    const std::string safe = escape_terminal(noise);
    CHECK(is_utf8(safe));
    CHECK(std::none_of(safe.begin(), safe.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
  }
}

TEST_CASE("a full-width character takes two columns") {
  CHECK(display_width("ab") == 2);
  CHECK(display_width("日本") == 4);
  CHECK(display_width("ｶﾅ") == 2);
}

TEST_CASE("globs match paths without regard to case, a star within its segment only") {
  CHECK(glob_match("**/History", "/Users/a/AppData/Default/history"));
  CHECK(glob_match("/Windows/Prefetch/*.pf", "/windows/prefetch/CMD.EXE-1.PF"));
  CHECK_FALSE(glob_match("/a/*.txt", "/a/b/c.txt"));
  CHECK(glob_match("/a/**.txt", "/a/b/c.txt"));
  CHECK(glob_match("**/$UsnJrnl:$J", "/$Extend/$UsnJrnl:$J"));
  CHECK(glob_match("a?c", "abc"));
  CHECK_FALSE(glob_match("a?c", "a/c"));
  CHECK_FALSE(glob_match("", "x"));
  // Many stars over a long name end soon.
  CHECK_FALSE(glob_match("*a*a*a*a*a*a*a*b", std::string(5000, 'a')));
}

TEST_CASE("digests equal the published vectors of \"abc\"") {
  DigestSet digests;
  digests.update(as_byte_span("abc"));
  const Digests found = digests.finish();
  CHECK(found.md5 == "900150983cd24fb0d6963f7d28e17f72");           // RFC 1321
  CHECK(found.sha1 == "a9993e364706816aba3e25717850c26c9cd0d89d");  // FIPS 180
  CHECK(found.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(digests.finish().md5 == "d41d8cd98f00b204e9800998ecf8427e");  // ready for the next pass
  CHECK(sha256_hex(std::string_view("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("a JSON line stays one line of well-formed UTF-8 whatever it holds") {
  JsonLine line;
  line.add("a", "q\"b\\c\n\x01\x7f\xff").add("n", 5).add_null("z").add("t", true);
  CHECK(line.finish() == "{\"a\":\"q\\\"b\\\\c\\n\\u0001\\u007f\\\\xff\",\"n\":5,\"z\":null,\"t\":true}");
}

TEST_CASE("zstd text comes back, a cut or flipped frame is refused, a bomb is stopped") {
  std::string packed;
  ZstdWriter writer([&packed](Bytes data) -> Status {
    packed.append(as_chars(data));
    return {};
  });
  const std::string text(1 << 20, 'r');
  REQUIRE(writer.write(text));
  REQUIRE(writer.finish());
  CHECK(zstd_decompress(as_byte_span(packed), 2 << 20) == text);
  CHECK_FALSE(zstd_decompress(as_byte_span(packed), 1000).has_value());
  CHECK_FALSE(zstd_decompress(as_byte_span(packed).first(packed.size() - 1), 2 << 20).has_value());
  packed[packed.size() - 1] = static_cast<char>(packed[packed.size() - 1] ^ 1);
  CHECK_FALSE(zstd_decompress(as_byte_span(packed), 2 << 20).has_value());
}
