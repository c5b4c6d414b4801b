// SPDX-License-Identifier: Apache-2.0
// unpack(): the members of an archive, a compressed file or a compound document, each handed over as bytes in memory.
// Pure and bounded: nothing is written, no name becomes a path, and what comes out is counted against a budget that
// all levels of nesting share, so that a bomb ends as damage.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bytes/cursor.h"
#include "model/damage.h"

namespace triage {

/// What may come out of one stream, all levels together. Counts down.
struct UnpackBudget {
  std::uint64_t bytes = 512ULL << 20;
  std::uint32_t members = 20'000;
  std::uint64_t member_bytes = 64ULL << 20;  ///< the largest single member
  std::uint32_t depth = 6;                   ///< levels below this one
  /// A member may be this many times larger than what it was packed into; deflate itself ends at 1032. The first MiB
  /// is free.
  std::uint64_t ratio = 256;
};

/// One member. Views live as long as the call.
struct UnpackedMember {
  std::string name;            ///< UTF-8 as far as it could be decoded, "/" between folders; hostile
  std::string_view transform;  ///< of the locator's step: zip gzip xz zstd tar cfb archive
  std::uint64_t at = 0;        ///< first byte of the packed content in the container, where it has one place
  Bytes content;
  bool whole = false;    ///< as long as the container says
  bool checked = false;  ///< a checksum of the container agrees
};

class UnpackSink {
 public:
  virtual ~UnpackSink() = default;
  /// False ends unpacking.
  virtual bool member(const UnpackedMember& member) = 0;
  /// `at`: offset in the container.
  virtual void damage(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail) = 0;
};

/// True for types (type_by_content()) that unpack() takes apart.
bool is_container(std::string_view type);

/// `name`: the container's own name, from which a gzip without a stored one takes its member's. What is packed in a
/// way that is not read, encrypted or broken is said as damage; the other members are told all the same.
void unpack(Bytes container, std::string_view type, std::string_view name, UnpackBudget& budget, UnpackSink& sink);

}  // namespace triage
