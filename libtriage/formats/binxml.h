// SPDX-License-Identifier: Apache-2.0
// Binary XML of Windows event logs (Vista and later): a record's XML as a flat list of named values.
//   fragment := 0f version flags (element | template) 00
//   template := 0c id definition values     definition := next, GUID, size, fragment (once in a chunk, then pointed to)
//   element  := 01 [dependency] size name [attributes] (02 content 04 | 03)    content := value | substitution |
//   element
// A template is compiled once a chunk into its leaves; a record then only looks up its values. Nested fragments
// (substitutions of type 0x21) are read in place. Spec: libyal/libevtx, "Windows XML Event Log (EVTX) format" §4.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "formats/binxml_value.h"

namespace triage {

/// Where a value stands in an Event document (MS-EVEN6 §2.2.13, Event schema).
enum class EventPlace : std::uint8_t {
  kData,  ///< anything but the System element
  kProvider,
  kProviderGuid,
  kEventSource,  ///< Provider/@EventSourceName
  kEventId,
  kQualifiers,
  kVersion,
  kLevel,
  kTask,
  kOpcode,
  kKeywords,
  kTimeCreated,
  kRecordId,
  kActivityId,
  kRelatedActivityId,
  kProcessId,
  kThreadId,
  kChannel,
  kComputer,
  kUserId,
  kOtherSystem,
};

/// One value of a record. Views live until the next read of the same reader.
struct BinXmlField {
  EventPlace place = EventPlace::kData;
  /// Of data: the Name attribute of a Data element ("" where it has none), else the element's name, with "@" and the
  /// attribute's name for attributes; the second of one name in a template gets "#2".
  std::string_view name;
  BinXmlValue value;
};

/// Why a fragment could not be read to its end.
struct BinXmlFault {
  std::string_view field;  ///< what was wanted; nullptr-free constant text, empty = no fault
  std::size_t at = 0;      ///< bytes from the start of the chunk
  bool limit = false;      ///< a budget of ours ran out
};

/// Reads the fragments of one chunk. Keeps the chunk's templates; views `chunk`, which must outlive it. One thread.
class BinXmlReader {
 public:
  /// `chunk`: one chunk from its signature, whole or cut.
  explicit BinXmlReader(Bytes chunk);
  ~BinXmlReader();
  BinXmlReader(const BinXmlReader&) = delete;
  BinXmlReader& operator=(const BinXmlReader&) = delete;

  /// Appends the values of the fragment at [begin, end) to `out`, as far as they can be read. Where the template is
  /// not there any more (slack), the values are given without names.
  BinXmlFault read(std::size_t begin, std::size_t end, std::vector<BinXmlField>& out);

 private:
  struct Program;
  struct Values;
  struct Names;
  class Compiler;

  void read_fragment(std::size_t begin, std::size_t end, bool nested, unsigned depth);
  void read_inline(std::size_t begin, std::size_t end, bool nested, unsigned depth);
  void read_template(ByteCursor& c, unsigned depth);
  const Program* definition(std::size_t at, std::uint32_t id);
  void run(const Program& program, const Values& values, unsigned depth);
  void give_unnamed(const Values& values, unsigned depth);
  void fail(std::string_view field, std::size_t at, bool limit = false);
  bool spend(std::size_t steps);

  Bytes chunk_;
  std::unique_ptr<Names> names_;
  std::unordered_map<std::uint32_t, std::unique_ptr<Program>> templates_;
  std::deque<std::unique_ptr<Program>> inline_programs_;  // of the record being read
  std::deque<std::string> made_text_;                     // of the record being read
  std::vector<BinXmlValue> values_;                       // of the templates being read, innermost last
  std::vector<BinXmlField>* out_ = nullptr;
  BinXmlFault fault_;
  std::size_t steps_left_;
};

}  // namespace triage
