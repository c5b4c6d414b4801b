// SPDX-License-Identifier: Apache-2.0
// Access databases (Jet 3, Jet 4, ACE): pages of 2048 or 4096 bytes that begin with their type; the file ends with the
// last of them.      page := type(1: 0 header, 1 data, 2 table, 3 and 4 index, 5 usage) 01 …
// Spec: mdbtools HACKING.md "Pages". Nothing in a page tells its number: a page of another database that follows cannot
// be told apart.
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver jet;

namespace {

using namespace std::string_view_literals;
CarveResult validate(Bytes data) {
  const bool ace = has_at(data, 4, "Standard ACE DB\0"sv);
  if (!has_at(data, 0, "\0\1\0\0"sv) || (!ace && !has_at(data, 4, "Standard Jet DB\0"sv)) || data.size() < 64)
    return {};
  const auto version = le_at<std::uint32_t>(data, 20);
  if (version > 5) return {};
  const std::uint64_t page = version == 0 ? 2048 : 4096;
  const std::string_view extension = ace ? "accdb" : "mdb";
  std::uint64_t at = page;
  std::uint64_t tables = 0;
  while (holds(data, at, 2)) {
    const auto type = le_at<std::uint8_t>(data, at);
    if (type == 0 || type > 5 || le_at<std::uint8_t>(data, at + 1) != 1) break;
    if (type == 2) ++tables;
    at += page;
  }
  if (at > data.size() || data.size() - at == 1) return carve_more(data, extension);
  if (at == data.size() && tables > 0) return carve_whole_so_far(at, extension);
  return tables > 0 ? carve_whole(at, extension) : CarveResult{};
}

constexpr CarveMagic kMagics[] = {{4, "Standard Jet DB\0"sv}, {4, "Standard ACE DB\0"sv}};
constexpr std::string_view kReferences[] = {"mdbtools HACKING.md"};

}  // namespace

constinit const Carver jet{
    .id = "jet",
    .extension = "mdb",
    .title_en = "Access database",
    .title_ja = "Access データベース",
    .magics = kMagics,
    .min_length = ByteCount{8192},
    .max_length = ByteCount{2ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
