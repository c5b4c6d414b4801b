// SPDX-License-Identifier: Apache-2.0
// Digests by OpenSSL: MD5, SHA-1 and SHA-256 in one pass over the same bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bytes/cursor.h"

namespace triage {

/// Lower-case hex digests of one run of bytes.
struct Digests {
  std::string md5;
  std::string sha1;
  std::string sha256;
};

/// Feeds bytes to MD5, SHA-1 and SHA-256 at once.
class DigestSet {
 public:
  DigestSet();
  ~DigestSet();
  DigestSet(DigestSet&&) noexcept;
  DigestSet& operator=(DigestSet&&) noexcept;
  void update(Bytes data);
  /// Ends the pass and makes the object ready for the next one.
  Digests finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 as a running digest.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(Bytes data);
  void update(std::string_view text) { update(as_byte_span(text)); }
  /// 32 raw bytes; the object is ready for the next pass.
  std::array<std::byte, 32> finish_raw();
  std::string finish_hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Digests by name.
enum class DigestKind : std::uint8_t { kMd5, kSha1, kSha256, kSha512 };
/// "md5", "sha1", "sha256", "sha512".
std::string_view digest_kind_name(DigestKind kind);
std::optional<DigestKind> digest_kind_from_name(std::string_view name);

/// One running digest of a kind known only at run time.
class RunningDigest {
 public:
  explicit RunningDigest(DigestKind kind);
  ~RunningDigest();
  RunningDigest(RunningDigest&&) noexcept;
  RunningDigest& operator=(RunningDigest&&) noexcept;
  void update(Bytes data);
  /// The object is ready for the next pass.
  std::string finish_hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of `data`, 32 raw bytes.
std::array<std::byte, 32> sha256_raw(Bytes data);
/// Lower-case hex SHA-256 of `data`.
std::string sha256_hex(Bytes data);
inline std::string sha256_hex(std::string_view text) { return sha256_hex(as_byte_span(text)); }

}  // namespace triage
