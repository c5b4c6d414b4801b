// SPDX-License-Identifier: Apache-2.0
#include "formats/binxml.h"

#include <algorithm>
#include <span>

#include "formats/binxml_program.h"
#include "formats/peek.h"

namespace triage {
namespace {

constexpr std::size_t kStepsPerChunk = 250000;  // tokens, leaves and 64-byte pieces of text; real chunks need 30,000
constexpr unsigned kMaxNesting = 16;
constexpr std::size_t kDefinitionHeader = 24;
constexpr std::uint8_t kFragmentToken = 0x0f;
constexpr std::uint8_t kTemplateToken = 0x0c;

BinXmlValue made_value(std::string_view text) {
  return {static_cast<std::uint8_t>(BinXmlType::kText), 0, as_byte_span(text)};
}

}  // namespace

/// Values [first, first + count) of BinXmlReader::values_.
struct BinXmlReader::Values {
  std::size_t first = 0;
  std::size_t count = 0;
};

BinXmlReader::BinXmlReader(Bytes chunk)
    : chunk_(chunk), names_(std::make_unique<Names>()), steps_left_(kStepsPerChunk) {}
BinXmlReader::~BinXmlReader() = default;

void BinXmlReader::fail(std::string_view field, std::size_t at, bool limit) {
  if (fault_.field.empty()) fault_ = {field, at, limit};
}

bool BinXmlReader::spend(std::size_t steps) {
  if (steps > steps_left_) {
    steps_left_ = 0;
    fail("work on one chunk", 0, true);
    return false;
  }
  steps_left_ -= steps;
  return true;
}

BinXmlFault BinXmlReader::read(std::size_t begin, std::size_t end, std::vector<BinXmlField>& out) {
  inline_programs_.clear();
  made_text_.clear();
  values_.clear();
  fault_ = {};
  out_ = &out;
  read_fragment(begin, std::min(end, chunk_.size()), false, 0);
  out_ = nullptr;
  return fault_;
}

void BinXmlReader::read_fragment(std::size_t begin, std::size_t end, bool nested, unsigned depth) {
  if (depth > kMaxNesting) {
    fail("depth of nested fragments", begin, true);
    return;
  }
  ByteCursor c(chunk_.first(end));
  c.seek(begin, "fragment");
  std::size_t at = begin;
  auto kind = c.le<std::uint8_t>("token");
  if (c.ok() && kind == kFragmentToken) {
    c.skip(3, "fragment header");
    at = c.position();
    kind = c.le<std::uint8_t>("token");
  }
  if (c.ok() && kind == kTemplateToken) {
    read_template(c, depth);
  } else if (c.ok()) {
    read_inline(at, end, nested, depth);
  }
  if (!c.ok()) fail(c.fault()->field, c.fault()->at);
}

/// Elements without a template. Those of a nested fragment have no dependency identifier (§4.3), but not every writer
/// knows that: the other form is tried where no name can be read.
void BinXmlReader::read_inline(std::size_t begin, std::size_t end, bool nested, unsigned depth) {
  auto program = std::make_unique<Program>(Compiler(chunk_, !nested, steps_left_, *names_).compile(begin, end));
  if (program->leaves.empty() && !program->fault.field.empty()) {
    auto other = std::make_unique<Program>(Compiler(chunk_, nested, steps_left_, *names_).compile(begin, end));
    if (other->fault.field.empty() || !other->leaves.empty()) program = std::move(other);
  }
  if (!program->fault.field.empty()) fail(program->fault.field, program->fault.at, program->fault.limit);
  inline_programs_.push_back(std::move(program));
  const Program& kept = *inline_programs_.back();
  run(kept, {}, depth);
}

/// §4.4: u8, u32 id, u32 offset of the definition, [definition], u32 count, {u16 size, u8 type, u8}, values.
void BinXmlReader::read_template(ByteCursor& c, unsigned depth) {
  c.skip(1, "template");
  const auto id = c.le<std::uint32_t>("template id");
  const auto at = c.le<std::uint32_t>("template definition");
  if (c.ok() && at == c.position()) {
    c.skip(20, "template header");
    const auto size = c.le<std::uint32_t>("template size");
    c.skip(size, "template body");
  }
  const auto promised = c.le<std::uint32_t>("count of values");
  std::size_t count = promised;
  if (count > c.remaining() / 4) {  // the values begin after all sizes: none can be placed
    fail("count of values", c.position());
    count = 0;
  }
  if (!spend(count)) return;
  ByteCursor sizes = c.sub(c.position(), count * 4, "sizes of values");
  c.skip(count * 4, "sizes of values");
  const Values values{values_.size(), count};
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t size = sizes.le<std::uint16_t>("value size");
    auto type = sizes.le<std::uint8_t>("value type");
    // Our own mark for text that is known to be UTF-8: never believed of a file.
    if (type == static_cast<std::uint8_t>(BinXmlType::kText)) type = static_cast<std::uint8_t>(BinXmlType::kBinary);
    sizes.skip(1, "value padding");
    const std::size_t value_at = c.position();
    const Bytes data = c.take(size, "value");
    values_.push_back({type, static_cast<std::uint32_t>(value_at), data});
  }
  const Program* program = definition(at, id);
  if (program != nullptr) {
    run(*program, values, depth);
  } else {
    give_unnamed(values, depth);
  }
  values_.resize(values.first);
}

/// The compiled template at `at`; nullptr where none stands there (its identifier must begin with `id`).
const BinXmlReader::Program* BinXmlReader::definition(std::size_t at, std::uint32_t id) {
  const auto key = static_cast<std::uint32_t>(at);
  if (const auto found = templates_.find(key); found != templates_.end()) {
    if (found->second == nullptr) fail("template definition", at);
    return found->second.get();
  }
  std::unique_ptr<Program>& kept = templates_[key];
  const std::size_t size = le_at<std::uint32_t>(chunk_, at + 20);
  if (!holds(chunk_, at, kDefinitionHeader) || le_at<std::uint32_t>(chunk_, at + 4) != id || id == 0 ||
      !holds(chunk_, at + kDefinitionHeader, size)) {
    fail("template definition", at);
    return nullptr;
  }
  const std::size_t body = at + kDefinitionHeader;
  Program program = Compiler(chunk_, true, steps_left_, *names_).compile(body, body + size);
  if (!program.fault.field.empty()) {
    fail(program.fault.field, program.fault.at, program.fault.limit);
    if (program.leaves.empty()) return nullptr;
  }
  kept = std::make_unique<Program>(std::move(program));
  return kept.get();
}

void BinXmlReader::run(const Program& program, const Values& values, unsigned depth) {
  const auto value_of = [&](std::uint16_t index) {
    return index < values.count ? values_[values.first + index] : BinXmlValue{};
  };
  for (const BinXmlLeaf& leaf : program.leaves) {
    std::string_view name = leaf.name;
    BinXmlValue value;
    const std::span parts = std::span(program.parts).subspan(leaf.first_part, leaf.part_count);
    const auto value_of_part = [&](const BinXmlPart& part) {
      return part.substitution ? value_of(*part.substitution) : part.literal;
    };
    if (parts.size() == 1) {
      value = value_of_part(parts.front());
      if (value.is(BinXmlType::kBinXml)) {
        if (!spend(1)) return;
        if (!value.data.empty()) read_fragment(value.at, value.at + value.data.size(), true, depth + 1);
        continue;
      }
    } else {
      std::string& text = made_text_.emplace_back();
      for (const BinXmlPart& part : parts) {
        const BinXmlValue piece = value_of_part(part);
        if (!spend(1 + piece.data.size() / 64)) return;
        append_text(text, piece);
      }
      value = made_value(text);
    }
    if (!spend(1 + value.data.size() / 64)) return;
    const bool is_numbered = leaf.place == EventPlace::kData && name.empty() && !leaf.name_substitution;
    if (value.empty() && !is_numbered) continue;
    if (leaf.name_substitution) name = made_text_.emplace_back(text_of(value_of(*leaf.name_substitution)));
    out_->push_back({leaf.place, name, value});
  }
}

void BinXmlReader::give_unnamed(const Values& values, unsigned depth) {
  for (std::size_t i = 0; i < values.count; ++i) {
    const BinXmlValue& value = values_[values.first + i];
    if (!spend(1 + value.data.size() / 64)) return;
    if (value.empty()) continue;
    if (value.is(BinXmlType::kBinXml)) {
      read_fragment(value.at, value.at + value.data.size(), true, depth + 1);
      continue;
    }
    const std::string& name = made_text_.emplace_back("%" + std::to_string(i));
    out_->push_back({EventPlace::kData, name, value});
  }
}

}  // namespace triage
