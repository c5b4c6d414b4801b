// SPDX-License-Identifier: Apache-2.0
#include "formats/binxml.h"

#include "bytes/text.h"

using namespace triage;

namespace {

std::string bytes_of(std::string_view hex) { return from_hex(hex).value(); }

std::string shown(BinXmlType type, const std::string& data, bool array = false) {
  std::string out;
  append_text(out,
              {static_cast<std::uint8_t>(static_cast<unsigned>(type) | (array ? 0x80U : 0U)), 0, as_byte_span(data)});
  return out;
}

}  // namespace

TEST_CASE("binxml: values of every type are shown as MS-EVEN6 and XML schema write them") {
  CHECK(shown(BinXmlType::kInt8, bytes_of("80")) == "-128");
  CHECK(shown(BinXmlType::kUint64, bytes_of("ffffffffffffffff")) == "18446744073709551615");
  CHECK(shown(BinXmlType::kHex32, bytes_of("6d0000c0")) == "0xc000006d");
  CHECK(shown(BinXmlType::kBool, bytes_of("01000000")) == "true");
  CHECK(shown(BinXmlType::kBool, bytes_of("ff000000")) == "true");  // any non-zero
  // 2009-07-25T23:00:00Z is (1248562800 + 11644473600) * 10^7.
  CHECK(shown(BinXmlType::kFiletime, bytes_of("0058fba27b0dca01")) == "2009-07-25T23:00:00.0000000Z");
  CHECK(shown(BinXmlType::kGuid, bytes_of("2596845478549449a5ba3e3b0328c30d")) ==
        "54849625-5478-4994-a5ba-3e3b0328c30d");
  CHECK(shown(BinXmlType::kSid, bytes_of("0101000000000005"
                                         "12000000")) == "S-1-5-18");
  CHECK(shown(BinXmlType::kString, bytes_of("61000000")) == "a");
  CHECK(shown(BinXmlType::kString, bytes_of("42304b30")) == "あか");
  CHECK(shown(BinXmlType::kSize, bytes_of("34120000")) == "0x1234");
  CHECK(shown(BinXmlType::kBinary, bytes_of("00ff")) == "00ff");
}

TEST_CASE("binxml: a value of the wrong size is shown as its bytes, never as a number") {
  CHECK(shown(BinXmlType::kUint32, bytes_of("0102")) == "0102");
  CHECK(shown(BinXmlType::kGuid, bytes_of("01")) == "01");
  CHECK(shown(BinXmlType::kSid, bytes_of("0103")) == "0103");
}

TEST_CASE("binxml: arrays are split by their element's size, strings by their NULs") {
  CHECK(shown(BinXmlType::kUint16, bytes_of("010002000300"), true) == "1, 2, 3");
  CHECK(shown(BinXmlType::kString, bytes_of("6100000062000000"), true) == "a, b");
  std::vector<BinXmlValue> elements;
  const std::string three = bytes_of("61000000000062000000");
  append_elements(elements, {0x81, 0, as_byte_span(three)});
  CHECK(elements.size() == 3);
  CHECK(elements[1].empty());
}

TEST_CASE("binxml: numbers come from integer types, hex types and their text only") {
  const auto number = [](BinXmlType type, const std::string& data) {
    return unsigned_of({static_cast<std::uint8_t>(type), 0, as_byte_span(data)});
  };
  CHECK(number(BinXmlType::kUint16, bytes_of("1012")) == 0x1210);
  CHECK(number(BinXmlType::kHex64, bytes_of("0100000000000000")) == 1);
  CHECK(number(BinXmlType::kText, "0x10") == 16);
  CHECK(number(BinXmlType::kText, "4624") == 4624);
  CHECK_FALSE(number(BinXmlType::kText, "46 24").has_value());
  CHECK_FALSE(number(BinXmlType::kText, "").has_value());
  CHECK_FALSE(number(BinXmlType::kGuid, bytes_of("2596845478549449a5ba3e3b0328c30d")).has_value());
}

TEST_CASE("binxml: a fragment of nonsense is a fault with its place, not a value") {
  const std::string noise(600, '\x7e');
  BinXmlReader reader(as_byte_span(noise));
  std::vector<BinXmlField> fields;
  const BinXmlFault fault = reader.read(512, 600, fields);
  CHECK(fields.empty());
  CHECK_FALSE(fault.field.empty());
  CHECK(fault.at >= 512);
}

TEST_CASE("binxml: a file cannot pass bytes off as text that is known to be UTF-8") {
  // A template instance without a definition: one value of type 0x7f that is no UTF-8.
  std::string chunk(512, '\0');
  chunk += bytes_of(
      "0f010100"
      "0c01"
      "05000000"
      "00000000"
      "01000000"
      "01007f00"
      "ff"
      "00");
  BinXmlReader reader(as_byte_span(chunk));
  std::vector<BinXmlField> fields;
  (void)reader.read(512, chunk.size(), fields);  // the missing definition is a fault; the value is given without a name
  REQUIRE(fields.size() == 1);
  CHECK(text_of(fields[0].value) == "ff");
}
