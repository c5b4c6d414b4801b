// SPDX-License-Identifier: Apache-2.0
// Java classes: constants, fields, methods, attributes, each with its count and sizes, to the exact end.
// Spec: "The Java Virtual Machine Specification" (SE 21) §4.1, §4.4–§4.7.
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver javaclass;

namespace {
/// §4.4: steps over the constants; false where a tag cannot be.
bool skip_constants(ByteCursor& cursor, unsigned count) {
  for (unsigned i = 1; i < count && cursor.ok(); ++i) {
    switch (cursor.be<std::uint8_t>("tag")) {
      case 1: cursor.skip(cursor.be<std::uint16_t>("size"), "text"); break;
      case 5:
      case 6:
        cursor.skip(8, "long");
        ++i;  // takes two places
        break;
      case 3:
      case 4:
      case 9:
      case 10:
      case 11:
      case 12:
      case 17:
      case 18: cursor.skip(4, "constant"); break;
      case 7:
      case 8:
      case 16:
      case 19:
      case 20: cursor.skip(2, "constant"); break;
      case 15: cursor.skip(3, "handle"); break;
      default: return !cursor.ok();
    }
  }
  return true;
}

void skip_attributes(ByteCursor& cursor) {
  const auto count = cursor.be<std::uint16_t>("attributes");
  for (unsigned i = 0; i < count && cursor.ok(); ++i) {
    cursor.skip(2, "name");
    cursor.skip(cursor.be<std::uint32_t>("size"), "attribute");
  }
}

CarveResult validate(Bytes data) {
  ByteCursor cursor(data);
  cursor.skip(4, "magic");
  cursor.skip(2, "minor");
  const auto major = cursor.be<std::uint16_t>("major");
  const auto constants = cursor.be<std::uint16_t>("constants");
  if (!has_at(data, 0, "\xca\xfe\xba\xbe") || !cursor.ok() || major < 45 || major > 75 || constants < 5) return {};
  if (!skip_constants(cursor, constants)) return {};
  cursor.skip(6, "flags, class, superclass");
  cursor.skip(2 * std::size_t{cursor.be<std::uint16_t>("interfaces")}, "interfaces");
  for (int table = 0; table < 2; ++table) {  // fields, methods
    const auto count = cursor.be<std::uint16_t>("members");
    for (unsigned i = 0; i < count && cursor.ok(); ++i) {
      cursor.skip(6, "flags, name, type");
      skip_attributes(cursor);
    }
  }
  skip_attributes(cursor);
  return cursor.ok() ? carve_whole(cursor.position(), "class") : carve_more(data, "class");
}

constexpr CarveMagic kMagics[] = {{0, "\xca\xfe\xba\xbe"}};
constexpr std::string_view kReferences[] = {"The Java Virtual Machine Specification SE 21 §4"};

}  // namespace

constinit const Carver javaclass{
    .id = "javaclass",
    .extension = "class",
    .title_en = "Java class",
    .title_ja = "Java クラス",
    .magics = kMagics,
    .min_length = ByteCount{60},
    .max_length = ByteCount{16ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
