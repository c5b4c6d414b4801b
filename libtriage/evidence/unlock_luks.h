// SPDX-License-Identifier: Apache-2.0
// What LUKS1 and LUKS2 headers say, in one shape, before any key is tried.
#pragma once

#include <string>
#include <vector>

#include "evidence/unlock.h"

namespace triage {

/// How a key slot turns a passphrase into the key of its area.
struct LuksDerivation {
  std::string hash;          ///< PBKDF2's; empty: Argon2
  std::uint64_t rounds = 0;  ///< PBKDF2
  Argon2Cost argon;
  std::vector<std::byte> salt;
};

struct LuksSlot {
  unsigned number = 0;
  LuksDerivation derivation;
  std::string split_hash;  ///< of the anti-forensic splitter
  std::string area_cipher;
  std::size_t area_key_bytes = 0;
  std::uint64_t area_at = 0;  ///< from the volume's first byte
  std::size_t stripes = 0;
  std::size_t key_bytes = 0;  ///< of the volume key
};

/// Proves a volume key.
struct LuksDigest {
  std::string hash;
  std::uint64_t rounds = 0;
  std::vector<std::byte> salt;
  std::vector<std::byte> digest;
  std::vector<unsigned> slots;  ///< it speaks for
};

struct LuksHeader {
  std::vector<LuksSlot> slots;
  std::vector<LuksDigest> digests;
  std::string payload_cipher;
  std::uint64_t payload_at = 0;      ///< from the volume's first byte
  std::uint64_t payload_length = 0;  ///< 0: to the volume's end
  std::uint32_t sector_bytes = 512;
  std::uint64_t first_vector = 0;
};

/// LUKS On-Disk Format Specification 1.2.3, §2.
Result<LuksHeader> parse_luks1(Bytes head);
/// LUKS2 On-Disk Format Specification 1.1.3: one of the two header copies with its JSON area.
Result<LuksHeader> parse_luks2(Bytes header);

}  // namespace triage
