// SPDX-License-Identifier: Apache-2.0
// A fragment of binary XML compiled into the leaves that carry values. Internal to binxml*.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "formats/binxml.h"

namespace triage {

/// A run of literal text, or a substitution.
struct BinXmlPart {
  std::optional<std::uint16_t> substitution;
  std::string text;  ///< of a literal
};

/// One attribute or one run of text of an element.
struct BinXmlLeaf {
  EventPlace place = EventPlace::kData;
  std::string name;
  std::vector<BinXmlPart> parts;
  std::optional<std::uint16_t> name_substitution;  ///< the Name attribute is itself a substitution
};

struct BinXmlReader::Program {
  std::vector<BinXmlLeaf> leaves;
  std::size_t end = 0;  ///< where reading stopped
  BinXmlFault fault;
};

/// Compiles the tokens of one fragment. `steps` is the budget, lowered as tokens are read.
class BinXmlReader::Compiler {
 public:
  Compiler(Bytes chunk, bool has_dependency_id, std::size_t& steps)
      : chunk_(chunk), has_dependency_id_(has_dependency_id), steps_(steps) {}
  /// Tokens from `begin` to the end-of-file token or `end`.
  Program compile(std::size_t begin, std::size_t end);

 private:
  struct Element {
    std::string name;
    std::string data_name;  // literal Name attribute
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
  void add_part(BinXmlPart part);
  BinXmlLeaf& text_leaf();
  std::string read_name(ByteCursor& c);
  std::string name_at(std::size_t at);
  std::string unique_name(std::string name);
  EventPlace place_of(std::string_view attribute) const;

  Bytes chunk_;
  bool has_dependency_id_;
  std::size_t& steps_;
  std::vector<Element> stack_;
  std::optional<std::string> attribute_;  // name of the attribute whose value follows
  std::vector<BinXmlPart> attribute_parts_;
  std::unordered_map<std::string, unsigned> names_;
  Program program_;
};

}  // namespace triage
