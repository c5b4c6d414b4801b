// SPDX-License-Identifier: Apache-2.0
// ArtifactParser: one artifact kind. artifacts/<stem>.cpp defines exactly one `constinit const ArtifactParser <stem>`;
// the registry is generated from the file names (cmake/TriageModule.cmake), so a new parser edits no other file.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/ids.h"
#include "bytes/cursor.h"
#include "model/sink.h"
#include "model/stream.h"

namespace triage {

/// A signature: `bytes` at `offset` from the start of the stream.
struct Magic {
  std::uint64_t offset = 0;
  std::string_view bytes;
};

/// An extra field that a parser puts into Event::attributes.
struct FieldSpec {
  std::string_view name;
  std::string_view unit;     ///< "" for text, "bytes", "count", "hex" …
  std::string_view meaning;  ///< one English sentence
};

/// A file beside the parsed one, read along: "-wal", ".LOG1".
struct Companion {
  /// The entry of ArtifactParser::companions it answers; of "NAME|OWNER…" the NAME.
  std::string_view suffix;
  Bytes data;
};

/// What a parser gets: one stream's bytes and what is known about it. Views live as long as the call.
struct Artifact {
  const Stream& stream;
  Bytes data;
  bool whole = true;  ///< false: `data` is the first part of a larger stream
  std::span<const Companion> companions;
  Locator base;             ///< this stream; use at()
  std::uint64_t begin = 0;  ///< where `data` begins in the stream (a sparse stream is given from its first real byte)

  /// Locator of `length` bytes at `offset` of `data`.
  [[nodiscard]] Locator at(std::uint64_t offset, std::uint64_t length) const { return base.at(begin + offset, length); }
};

enum class Outcome : std::uint8_t {
  kComplete,            ///< everything the format holds was read
  kPartial,             ///< facts before a fault were given; the fault is in damage
  kNotMine,             ///< the magic matched but it is something else; nothing was given
  kUnsupportedVersion,  ///< recognised, but of a version this parser does not read
};
std::string_view outcome_name(Outcome outcome);

struct RegistryPlugin;

struct ArtifactParser {
  std::string_view id;        ///< "windows.prefetch"; stored in every event, never renamed
  std::uint16_t version;      ///< raised whenever emitted events change
  std::string_view title_en;  ///< what it reads, for people
  std::string_view title_ja;
  std::span<const Magic> magics;            ///< any may match; empty = by `paths` only
  std::span<const std::string_view> paths;  ///< globs (bytes/text.h glob_match), any may match; empty = by magic
  /// Files read along. A suffix of siblings: ".LOG1", "-wal". Or "NAME|OWNER|OWNER…": the file NAME of the folder below
  /// which the parsed one is called one of OWNER ("$MFT|$Extend/$J").
  std::span<const std::string_view> companions;
  std::span<const FieldSpec> fields;             ///< names it may put into attributes
  std::span<const std::string_view> references;  ///< specs it was written from; at least one
  ByteCount max_input;                           ///< larger input becomes Damage{limit}
  /// Pure: no I/O, no globals, memory bounded by the input's size.
  Outcome (*parse)(const Artifact& in, EventSink& out);
  /// Further kinds of facts read from the same open container, each an artifact of its own (registry_plugin.h).
  std::span<const RegistryPlugin* const> (*plugins)() = nullptr;
  /// True for a stream that is told elsewhere, whatever its magic and path: it is not parsed.
  bool (*skips)(const Stream& stream) = nullptr;
};

/// Where both `magics` and `paths` are given, both must match unless the path list is empty.
bool parser_wants(const ArtifactParser& parser, const Stream& stream, Bytes head);

/// Every registered parser, sorted by file name.
std::span<const ArtifactParser* const> all_parsers();

}  // namespace triage
