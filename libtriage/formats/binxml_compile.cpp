// SPDX-License-Identifier: Apache-2.0
// Tokens of binary XML → leaves. Token bytes: libevtx documentation §4.2 to §4.6; 0x40 marks "more follows" and is only
// needed for elements, whose attribute list it announces.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "bytes/text.h"
#include "formats/binxml_program.h"
#include "formats/peek.h"

namespace triage {
namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxNames = 4U << 20;  // bytes of names kept of one chunk, which has 65,536
constexpr std::uint8_t kMore = 0x40;

enum Token : std::uint8_t {
  kEndOfFile = 0x00,
  kOpenElement = 0x01,
  kCloseStart = 0x02,
  kCloseEmpty = 0x03,
  kEndElement = 0x04,
  kValue = 0x05,
  kAttribute = 0x06,
  kCdata = 0x07,
  kCharacter = 0x08,
  kEntity = 0x09,
  kInstructionTarget = 0x0a,
  kInstructionData = 0x0b,
  kTemplate = 0x0c,
  kNormalSubstitution = 0x0d,
  kOptionalSubstitution = 0x0e,
  kFragment = 0x0f,
};

struct SystemPlace {
  std::string_view element;
  std::string_view attribute;
  EventPlace place;
};
constexpr std::array kSystemPlaces = {
    SystemPlace{"Provider", "Name", EventPlace::kProvider},
    SystemPlace{"Provider", "Guid", EventPlace::kProviderGuid},
    SystemPlace{"Provider", "EventSourceName", EventPlace::kEventSource},
    SystemPlace{"EventID", "", EventPlace::kEventId},
    SystemPlace{"EventID", "Qualifiers", EventPlace::kQualifiers},
    SystemPlace{"Version", "", EventPlace::kVersion},
    SystemPlace{"Level", "", EventPlace::kLevel},
    SystemPlace{"Task", "", EventPlace::kTask},
    SystemPlace{"Opcode", "", EventPlace::kOpcode},
    SystemPlace{"Keywords", "", EventPlace::kKeywords},
    SystemPlace{"TimeCreated", "SystemTime", EventPlace::kTimeCreated},
    SystemPlace{"EventRecordID", "", EventPlace::kRecordId},
    SystemPlace{"Correlation", "ActivityID", EventPlace::kActivityId},
    SystemPlace{"Correlation", "RelatedActivityID", EventPlace::kRelatedActivityId},
    SystemPlace{"Execution", "ProcessID", EventPlace::kProcessId},
    SystemPlace{"Execution", "ThreadID", EventPlace::kThreadId},
    SystemPlace{"Channel", "", EventPlace::kChannel},
    SystemPlace{"Computer", "", EventPlace::kComputer},
    SystemPlace{"Security", "UserID", EventPlace::kUserId},
};

std::string_view entity_text(std::string_view name) {
  if (name == "amp") return "&";
  if (name == "lt") return "<";
  if (name == "gt") return ">";
  if (name == "quot") return "\"";
  if (name == "apos") return "'";
  return name;
}

/// u16 count, UTF-16LE characters: as they stand.
BinXmlValue counted_text(ByteCursor& c, std::string_view field) {
  const auto units = c.le<std::uint16_t>(field);
  const auto at = static_cast<std::uint32_t>(c.position());
  return {static_cast<std::uint8_t>(BinXmlType::kString), at, c.take(std::size_t{units} * 2, field)};
}

/// Text that is not in the chunk and outlives the reader's use of it.
BinXmlValue kept_text(std::string_view text) {
  return {static_cast<std::uint8_t>(BinXmlType::kText), 0, as_byte_span(text)};
}

}  // namespace

BinXmlReader::Program BinXmlReader::Compiler::compile(std::size_t begin, std::size_t end) {
  ByteCursor c(chunk_.first(std::min(end, chunk_.size())));
  c.seek(begin, "fragment");
  while (c.ok() && !c.at_end() && token(c)) {
  }
  if (attribute_) end_attribute();
  program_.end = c.position();
  if (!c.ok()) program_.fault = {c.fault()->field, c.fault()->at, steps_ == 0};
  return std::move(program_);
}

bool BinXmlReader::Compiler::token(ByteCursor& c) {
  if (steps_ == 0) {
    c.reject("token budget");
    return false;
  }
  --steps_;
  const auto kind = c.le<std::uint8_t>("token");
  const auto base = static_cast<std::uint8_t>(kind & ~unsigned{kMore});
  if (attribute_ && (base <= kEndElement || base == kAttribute)) end_attribute();
  return more_tokens(c, base, (kind & kMore) != 0);
}

bool BinXmlReader::Compiler::more_tokens(ByteCursor& c, std::uint8_t kind, bool has_more) {
  switch (kind) {
    case kEndOfFile: return false;
    case kOpenElement: open_element(c, has_more); break;
    case kCloseStart: break;
    case kCloseEmpty:
    case kEndElement:
      if (stack_.empty()) return false;
      stack_.pop_back();
      break;
    case kValue: value(c); break;
    case kAttribute: attribute(c); break;
    case kCdata: add_part({std::nullopt, counted_text(c, "CDATA")}); break;
    case kCharacter: {
      const auto at = static_cast<std::uint32_t>(c.position());
      add_part({std::nullopt, {static_cast<std::uint8_t>(BinXmlType::kString), at, c.take(2, "character")}});
      break;
    }
    case kEntity: add_part({std::nullopt, kept_text(entity_text(read_name(c).text))}); break;
    case kInstructionTarget: (void)read_name(c); break;  // processing instructions carry no fact of the event
    case kInstructionData: (void)counted_text(c, "instruction"); break;
    case kNormalSubstitution:
    case kOptionalSubstitution: substitution(c); break;
    case kFragment: c.skip(3, "fragment header"); break;
    default: c.reject("token"); break;
  }
  return c.ok();
}

void BinXmlReader::Compiler::open_element(ByteCursor& c, bool has_attributes) {
  if (stack_.size() >= kMaxDepth) {
    c.reject("depth of elements");
    return;
  }
  if (!stack_.empty()) stack_.back().open_leaf.reset();
  if (has_dependency_id_) c.skip(2, "dependency identifier");
  c.skip(4, "element size");
  Element element;
  element.name = read_name(c);
  if (has_attributes) c.skip(4, "attribute list size");
  stack_.push_back(element);
}

void BinXmlReader::Compiler::attribute(ByteCursor& c) {
  attribute_ = read_name(c);
  attribute_parts_.clear();
}

void BinXmlReader::Compiler::end_attribute() {
  const Names::Name name = *std::exchange(attribute_, std::nullopt);
  if (stack_.empty() || attribute_parts_.empty() || name.text.starts_with("xmlns")) return;
  Element& element = stack_.back();
  if (name.text == "Name" && (element.name.text == "Data" || element.name.text == "ComplexData")) {
    std::string text;
    for (const BinXmlPart& part : attribute_parts_) {
      append_text(text, part.literal);
      if (part.substitution) element.data_name_substitution = part.substitution;
    }
    element.data_name = names_.keep(std::move(text));
    return;
  }
  BinXmlLeaf leaf;
  leaf.place = place_of(name.text);
  if (leaf.place == EventPlace::kData) leaf.name = unique_name(joined_name(element.name, name));
  leaf.first_part = program_.parts.size();
  leaf.part_count = attribute_parts_.size();
  program_.parts.insert(program_.parts.end(), attribute_parts_.begin(), attribute_parts_.end());
  program_.leaves.push_back(leaf);
}

/// §4.5: a literal is text; other types are rare and become their text here.
void BinXmlReader::Compiler::value(ByteCursor& c) {
  const auto type = c.le<std::uint8_t>("value type");
  if (type == static_cast<std::uint8_t>(BinXmlType::kString)) {
    add_part({std::nullopt, counted_text(c, "value")});
    return;
  }
  c.reject("value type");
}

void BinXmlReader::Compiler::substitution(ByteCursor& c) {
  const auto index = c.le<std::uint16_t>("substitution");
  c.skip(1, "substitution type");
  if (c.ok()) add_part({index, {}});
}

void BinXmlReader::Compiler::add_part(const BinXmlPart& part) {
  if (attribute_) {
    attribute_parts_.push_back(part);
  } else if (!stack_.empty()) {
    ++text_leaf().part_count;
    program_.parts.push_back(part);
  }
}

BinXmlLeaf& BinXmlReader::Compiler::text_leaf() {
  Element& element = stack_.back();
  if (!element.open_leaf) {
    BinXmlLeaf leaf;
    leaf.place = place_of({});
    leaf.name_substitution = element.data_name_substitution;
    if (leaf.place == EventPlace::kData && element.data_name_substitution == std::nullopt) {
      const bool is_data = element.name.text == "Data" || element.name.text == "ComplexData";
      leaf.name = is_data ? element.data_name : element.name.text;
      if (!leaf.name.empty()) leaf.name = unique_name(leaf.name);
    }
    leaf.first_part = program_.parts.size();
    element.open_leaf = program_.leaves.size();
    program_.leaves.push_back(leaf);
  }
  return program_.leaves[*element.open_leaf];
}

/// A name stands where it is first used; later uses point to it. §4.6.
BinXmlReader::Names::Name BinXmlReader::Compiler::read_name(ByteCursor& c) {
  const auto at = c.le<std::uint32_t>("name offset");
  if (!c.ok()) return {};
  if (at == c.position()) {
    c.skip(6, "name header");
    const auto units = c.le<std::uint16_t>("name length");
    c.skip(std::size_t{units} * 2 + 2, "name");
  }
  const std::string_view text = name_at(at);
  if (text.empty()) c.reject("name");
  return {at, text};
}

std::string_view BinXmlReader::Compiler::name_at(std::uint32_t at) {
  if (const auto found = names_.by_place.find(at); found != names_.by_place.end()) return found->second;
  ByteCursor c(chunk_);
  c.seek(at, "name");
  c.skip(4, "next name");
  const auto hash = c.le<std::uint16_t>("name hash");
  const auto units = c.le<std::uint16_t>("name length");
  const Bytes raw = c.take(std::size_t{units} * 2, "name");
  if (!c.ok() || units == 0 || units > 1024 || names_.bytes > kMaxNames) return {};
  std::uint32_t sum = 0;  // §4.6: hash = hash * 65599 + unit, low 16 bits
  for (std::size_t i = 0; i < raw.size(); i += 2) sum = sum * 65599 + le_at<std::uint16_t>(raw, i);
  if ((sum & 0xffff) != hash) return {};
  std::string out;
  append_utf16(out, raw);
  return names_.by_place[at] = names_.keep(std::move(out));
}

/// "Element@Attribute".
std::string_view BinXmlReader::Compiler::joined_name(const Names::Name& element, const Names::Name& attribute) {
  std::string_view& kept = names_.element_and_attribute[std::uint64_t{element.at} << 32 | attribute.at];
  if (kept.empty()) kept = names_.keep(fmt::format("{}@{}", element.text, attribute.text));
  return kept;
}

std::string_view BinXmlReader::Compiler::unique_name(std::string_view name) {
  const unsigned count = ++uses_[name];
  return count == 1 ? name : names_.keep(fmt::format("{}#{}", name, count));
}

EventPlace BinXmlReader::Compiler::place_of(std::string_view attribute) const {
  if (stack_.size() != 3 || stack_[1].name.text != "System" || stack_[0].name.text != "Event") return EventPlace::kData;
  for (const SystemPlace& row : kSystemPlaces)
    if (row.element == stack_.back().name.text && row.attribute == attribute) return row.place;
  return EventPlace::kOtherSystem;
}

}  // namespace triage
