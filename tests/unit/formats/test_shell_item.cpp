// SPDX-License-Identifier: Apache-2.0
#include "formats/shell_item.h"

#include <doctest/doctest.h>

#include <string>

#include "bytes/text.h"

using namespace triage;

namespace {

/// Root folder "My Computer", volume C:\, folder WINDOWS (short name only), terminator: laid out by hand.
std::string list_hex() {
  return "1400"
         "1f50"
         "e04fd020ea3a6910a2d808002b30309d"
         "1900"
         "2f"
         "433a5c00"
         "000000000000000000000000000000000000"
         "1600"
         "3100"
         "00000000"
         "00004a41"
         "1000"
         "57494e444f575300"
         "0000";
}

ShellItemList parse(const std::string& hex) { return parse_shell_items(as_byte_span(*from_hex(hex))); }

}  // namespace

TEST_CASE("shell items: root, volume and folder of a hand-made list") {
  const ShellItemList list = parse(list_hex());
  CHECK(list.complete);
  REQUIRE(list.items.size() == 3);
  CHECK(list.items[0].kind == ShellItemKind::kRoot);
  CHECK(list.items[0].guid == "20d04fe0-3aea-1069-a2d8-08002b30309d");
  CHECK(list.items[1].kind == ShellItemKind::kVolume);
  CHECK(list.items[1].name == "C:\\");
  CHECK(list.items[2].kind == ShellItemKind::kFolder);
  CHECK(list.items[2].name == "WINDOWS");
  CHECK_FALSE(list.items[2].inode.has_value());
  CHECK_FALSE(list.items[2].modified.has_value());  // a date of zero is not set
  CHECK(shell_path(list) == "C:\\WINDOWS");
}

TEST_CASE("shell items: a list that ends early keeps the items before the end and says where it stopped") {
  const std::string whole = list_hex();
  const ShellItemList cut = parse(whole.substr(0, whole.size() - 8));
  CHECK_FALSE(cut.complete);
  CHECK(cut.items.size() == 2);
  CHECK(cut.fault_at == 0x14 + 0x19);
  CHECK_FALSE(parse("").complete);
  CHECK_FALSE(parse("0100").complete);
}

TEST_CASE("shell items: a list without end is cut at 256 items") {
  std::string hex;
  for (int i = 0; i < 300; ++i) hex += "030000";
  const ShellItemList list = parse(hex);
  CHECK(list.items.size() == 256);
  CHECK_FALSE(list.complete);
}

TEST_CASE("shell items: a GUID's first three fields are little-endian, other sizes are none") {
  CHECK(guid_text(as_byte_span(*from_hex("00112233445566778899aabbccddeeff"))) ==
        "33221100-5544-7766-8899-aabbccddeeff");
  CHECK(guid_text(as_byte_span("short")).empty());
}

TEST_CASE("shell items: a volume of This PC, a folder by GUID, the control panel and a user's files") {
  // Laid out by hand from libfwsi, "Users property view", "Users Files Folder" and "Control panel" items.
  const std::string drive =
      "1800"
      "1f00"
      "2f00"
      "10b7a6f5"
      "1900"
      "2f443a5c"
      "0000000000000000";
  const std::string known =
      "1400"
      "2e80"
      "3accbfb42cdb4c42b0297fe99a87c641";
  const std::string panel =
      "1e00"
      "7180"
      "00000000000000000000"
      "e4c006bb93d2754f8a90cb05b6477eee";
  const std::string files =
      "5800"
      "7400"
      "1c00"
      "43465346"
      "1600"
      "3100"
      "00000000"
      "7c4cce00"
      "1000"
      "44726f70626f780000"
      "00"
      "2c00"
      "0900"
      "0400efbe"
      "7c4cce00"
      "7c4cce00"
      "2e00"
      "0000"
      "d020020000000300"
      "0000000000000000"
      "0000"
      "00000000"
      "00000000"
      "410042000000"
      "2200";
  const ShellItemList list = parse(drive + known + panel + files + "0000");
  REQUIRE(list.items.size() == 4);
  CHECK(list.complete);
  CHECK(list.items[0].kind == ShellItemKind::kVolume);
  CHECK(list.items[0].name == "D:\\");
  CHECK(list.items[1].guid == "b4bfcc3a-db2c-424c-b029-7fe99a87c641");
  CHECK(list.items[2].guid == "bb06c0e4-d293-4f75-8a90-cb05b6477eee");
  CHECK(list.items[3].kind == ShellItemKind::kFolder);
  CHECK(list.items[3].type == 0x74);
  CHECK(list.items[3].name == "AB");
  CHECK(list.items[3].inode == 139472);
  CHECK(list.items[3].sequence == 3);
}
