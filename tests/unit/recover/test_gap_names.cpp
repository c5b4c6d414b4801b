// SPDX-License-Identifier: Apache-2.0
// Gaps are built by hand: blocks of 64 bytes, files padded with zeros as a file system does.
#include "recover/gap_names.h"

#include <doctest/doctest.h>

#include "recover/name_fits_type.h"

using namespace triage;

namespace {

constexpr std::uint64_t kBlock = 64;

/// A picture is whole where "IEND" stands in it.
ContentJudgement judge(std::string_view type, Bytes content) {
  if (type != "png") return {};
  const std::size_t end = as_chars(content).find("IEND");
  if (end == std::string_view::npos) return {ContentVerdict::kBroken, 0};
  return {ContentVerdict::kWhole, end + 4};
}

std::string text(std::size_t size) {
  std::string out;
  while (out.size() < size) out += "words of a file, line by line\n";
  out.resize(size);
  return out;
}
std::string picture(std::size_t size) { return "\x89PNG\r\n\x1a\n" + std::string(size - 12, '\x81') + "IEND"; }
std::string binary(std::size_t size) {
  return std::string("\xde\x12\x04\x95\x01\x02", 6) + std::string(size - 6, '\xf0');
}

std::string gap_of(const std::vector<std::string>& files) {
  std::string out;
  for (const std::string& file : files) {
    out += file;
    out.resize((out.size() + kBlock - 1) / kBlock * kBlock);
  }
  return out;
}
std::vector<GapPiece> find(const std::vector<std::string>& files, const std::vector<std::string>& names) {
  const std::string gap = gap_of(files);
  return name_gap(as_byte_span(gap), kBlock, names, judge);
}

}  // namespace

TEST_CASE("gap: files created one after the other fill it in one way, so each has its name") {
  const auto found = find({text(150), picture(100), binary(90)}, {"/a.py", "/b.png", "/c.mo"});
  REQUIRE(found.size() == 3);
  CHECK(found[0] == GapPiece{0, 0, 150, false});
  CHECK(found[1] == GapPiece{1, 192, 100, true});
  CHECK(found[2] == GapPiece{2, 320, 90, false});
}

TEST_CASE("gap: a file that lies elsewhere is left out, and where two fit nothing is said") {
  const auto found = find({text(150), picture(100)}, {"/a.py", "/big.ttf", "/b.png"});
  REQUIRE(found.size() == 2);
  CHECK(found[1].file == 2);
  CHECK(find({text(150)}, {"/a.py", "/b.py"}).empty());
  // The picture can be b or c, the text before it can only be a.
  const auto half = find({text(150), picture(100)}, {"/a.py", "/b.png", "/c.png"});
  REQUIRE(half.size() == 1);
  CHECK(half[0].file == 0);
}

TEST_CASE("gap: blocks left over, a broken structure and bytes behind the end give no names") {
  CHECK(find({text(150), picture(100)}, {"/a.py"}).empty());
  CHECK(find({std::string("\x89PNG\r\n\x1a\n") + std::string(80, '\x81')}, {"/b.png"}).empty());
  CHECK(find({picture(100) + "tail"}, {"/b.png"}).empty());
  CHECK(find({text(150)}, {"/b.png"}).empty());
  CHECK(find({std::string(128, '\0')}, {"/a.py"}).empty());
  CHECK(name_gap({}, kBlock, {"/a.py"}, judge).empty());
}

TEST_CASE("gap: too many ways end the search without a name") {
  std::vector<std::string> files;
  std::vector<std::string> names;
  for (int i = 0; i < 30; ++i) files.push_back(text(40));
  for (int i = 0; i < 60; ++i) names.push_back("/f" + std::to_string(i) + ".txt");
  CHECK(find(files, names).empty());
}

TEST_CASE("names: a name that promises a signature fits that signature only") {
  CHECK(name_fits_type("/x/photo.JPEG", "jpeg", false));
  CHECK(name_fits_type("/x/tool", "elf", false));
  CHECK(name_fits_type("/x/notes.py", "script", true));
  CHECK(name_fits_type("/x/de.mo", "", false));
  CHECK_FALSE(name_fits_type("/x/photo.jpg", "png", false));
  CHECK_FALSE(name_fits_type("/x/photo.jpg", "", false));
  CHECK_FALSE(name_fits_type("/x/photo.jpg", "text", true));
  CHECK_FALSE(name_fits_type("/x/tool", "", false));
  CHECK(extension_of("/a.b/c").empty());
  CHECK(extension_of("/a/.hidden").empty());
}
