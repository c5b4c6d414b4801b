// SPDX-License-Identifier: Apache-2.0
// A fragment of binary XML compiled into the leaves that carry values. Internal to binxml*.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "formats/binxml.h"

namespace triage {

/// A run of literal text as it stands in the chunk, or a substitution.
struct BinXmlPart {
  std::optional<std::uint16_t> substitution;
  BinXmlValue literal;
};

/// One attribute or one run of text of an element. `name` lives as long as the reader.
struct BinXmlLeaf {
  EventPlace place = EventPlace::kData;
  std::string_view name;
  std::size_t first_part = 0, part_count = 0;        ///< of Program::parts
  std::optional<std::uint16_t> name_substitution{};  ///< the Name attribute is itself a substitution
};

struct BinXmlReader::Program {
  std::vector<BinXmlLeaf> leaves;
  std::vector<BinXmlPart> parts;  ///< those of one leaf stand together
  std::size_t end = 0;            ///< where reading stopped
  BinXmlFault fault;
};

/// Names of a chunk: decoded once, kept as long as the reader.
struct BinXmlReader::Names {
  struct Name {
    std::uint32_t at = 0;
    std::string_view text;  ///< empty where none stands there
  };
  std::unordered_set<std::string> texts;                                      // node-based: views stay good
  std::unordered_map<std::uint32_t, std::string_view> by_place;               // of the chunk
  std::unordered_map<std::uint64_t, std::string_view> element_and_attribute;  // by both places
  std::size_t bytes = 0;                                                      ///< of all texts
  std::string_view keep(std::string text) {
    bytes += text.size();
    return *texts.insert(std::move(text)).first;
  }
};

/// Compiles the tokens of one fragment. `steps` is the budget, lowered as tokens are read.
class BinXmlReader::Compiler {
 public:
  Compiler(Bytes chunk, bool has_dependency_id, std::size_t& steps, Names& names)
      : chunk_(chunk), has_dependency_id_(has_dependency_id), steps_(steps), names_(names) {}
  /// Tokens from `begin` to the end-of-file token or `end`.
  Program compile(std::size_t begin, std::size_t end);

 private:
  struct Element {
    Names::Name name;
    std::string_view data_name;  // literal Name attribute
    std::optional<std::uint16_t> data_name_substitution;
    std::optional<std::size_t> open_leaf;  // text that goes on
  };

  bool token(ByteCursor& c);
  bool more_tokens(ByteCursor& c, std::uint8_t kind, bool has_more);
  void open_element(ByteCursor& c, bool has_attributes);
  void attribute(ByteCursor& c);
  void end_attribute();
  void value(ByteCursor& c);
  void substitution(ByteCursor& c);
  void add_part(const BinXmlPart& part);
  BinXmlLeaf& text_leaf();
  Names::Name read_name(ByteCursor& c);
  std::string_view name_at(std::uint32_t at);
  std::string_view joined_name(const Names::Name& element, const Names::Name& attribute);
  std::string_view unique_name(std::string_view name);
  EventPlace place_of(std::string_view attribute) const;

  Bytes chunk_;
  bool has_dependency_id_;
  std::size_t& steps_;
  std::vector<Element> stack_;
  Names& names_;
  std::optional<Names::Name> attribute_;  // whose value follows
  std::vector<BinXmlPart> attribute_parts_;
  std::unordered_map<std::string_view, unsigned> uses_;  // of names in this fragment
  Program program_;
};

}  // namespace triage
