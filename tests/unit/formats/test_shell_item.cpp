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
