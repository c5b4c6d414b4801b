// SPDX-License-Identifier: Apache-2.0
// Damage: what could not be read, where and why. Nothing is dropped in silence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace triage {

enum class DamageKind : std::uint8_t {
  kTruncated,   ///< the data ends before the structure does
  kBadMagic,    ///< a signature is not what it must be
  kChecksum,    ///< a stored checksum does not match
  kRange,       ///< a value points outside its container or cannot be
  kLimit,       ///< a stated limit of ours was reached (size, count, depth, memory)
  kCrash,       ///< the code that read it died; the stream goes on without it
  kTimeout,     ///< the code that read it used up its time
  kVersion,     ///< a version this build does not read
  kUnreadable,  ///< the medium gave an error
  kUnparsed,    ///< no file system could be read here; scanned and carved as bytes
  kEncrypted,   ///< encrypted; recognised but not opened
  kSkipped,     ///< left out on request or by profile
};
inline constexpr std::size_t kDamageKindCount = static_cast<std::size_t>(DamageKind::kSkipped) + 1;
std::string_view damage_kind_name(DamageKind kind);

struct Damage {
  std::string evidence;             ///< evidence id, filled by the engine
  std::string stream;               ///< stream key, filled by the engine
  std::string path;                 ///< path of the stream, filled by the engine
  std::optional<std::uint64_t> at;  ///< bytes from the start of the stream
  DamageKind kind = DamageKind::kRange;
  std::string field;     ///< name of the field or structure; may be empty
  std::string detail;    ///< English sentence: expected and found
  std::string consumer;  ///< parser id or engine part that met it
  bool operator==(const Damage&) const = default;
};

}  // namespace triage
