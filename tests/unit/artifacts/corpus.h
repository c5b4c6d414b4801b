// SPDX-License-Identifier: Apache-2.0
// Real artifacts beside the checkout (../shared/corpus), and a parser run over one file of them.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "artifacts/parser.h"
#include "bytes/text.h"

namespace triage::corpus {

inline std::filesystem::path root() {
  return std::filesystem::path(TRIAGE_SOURCE_DIR).parent_path() / "shared" / "corpus";
}

/// True when the corpus is there; otherwise says how many cases are skipped.
inline bool present(int cases) {
  if (std::filesystem::exists(root())) return true;
  MESSAGE("skipped " << cases << " cases: no corpus beside the checkout");
  return false;
}

inline std::string read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// What a parser said of some bytes.
struct Said final : EventSink {
  void event(Event event) override { events.push_back(std::move(event)); }
  void damage(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail) override {
    Damage damage;
    damage.kind = kind;
    damage.at = at;
    damage.field = field;
    damage.detail = std::move(detail);
    damages.push_back(std::move(damage));
  }
  std::vector<Event> events;
  std::vector<Damage> damages;
  Outcome outcome = Outcome::kNotMine;
};

inline Said parse(const ArtifactParser& parser, std::string_view data, const std::string& path) {
  Said said;
  Stream stream;
  stream.key = "v0.i64.a128-1";
  stream.path = path;
  stream.size = ByteCount{data.size()};
  Locator base;
  base.evidence = "e0000000000000000";
  base.stream = stream.key;
  const Artifact artifact{stream, as_byte_span(data), true, {}, base};
  said.outcome = parser.parse(artifact, said);
  return said;
}

/// What plaso's tests assert of `file`: the seventh column of expected/plaso.csv.
inline std::size_t expected_of(const std::string& table, const std::string& file) {
  const std::size_t at = table.find('\n' + file + ',');
  REQUIRE_MESSAGE(at != std::string::npos, file);
  std::istringstream row(table.substr(at + 1, table.find('\n', at + 1) - at - 1));
  std::string column;
  for (int i = 0; i < 7; ++i) std::getline(row, column, ',');
  return std::stoul(column);
}

/// The registered parser of that id.
inline const ArtifactParser& parser(std::string_view id) {
  for (const ArtifactParser* one : all_parsers())
    if (one->id == id) return *one;
  FAIL("no parser " << std::string(id));
  return *all_parsers().front();
}

/// The value of an attribute, "" when the event has none of that name.
inline std::string attribute(const Event& event, std::string_view name) {
  for (const Attribute& one : event.attributes)
    if (one.name == name) return one.value;
  return {};
}

}  // namespace triage::corpus
