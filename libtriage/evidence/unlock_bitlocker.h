// SPDX-License-Identifier: Apache-2.0
// What BitLocker's metadata says before any key is tried.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "evidence/unlock.h"

namespace triage {

/// Nonce, tag and ciphertext of a key sealed by AES-CCM.
struct SealedKey {
  std::vector<std::byte> nonce;  ///< 12 bytes
  std::vector<std::byte> tag;    ///< 16 bytes
  std::vector<std::byte> data;
};

/// One lock: the volume master key sealed for one way of opening.
struct BitlockerProtector {
  std::string id;          ///< "{GUID}" in upper case: what Windows and Active Directory call the key ID
  std::uint16_t kind = 0;  ///< 0 clear, 0x100 TPM, 0x200 startup key, 0x500 TPM+PIN, 0x800 recovery, 0x2000 passphrase
  std::vector<std::byte> salt;       ///< 16 bytes; recovery key and passphrase
  std::vector<std::byte> clear_key;  ///< 32 bytes; clear key only
  std::optional<SealedKey> master;
};

struct BitlockerMetadata {
  std::uint32_t sector_bytes = 512;
  std::uint16_t method = 0;
  std::uint64_t encrypted_bytes = 0;      ///< from the volume's first byte; what follows is plaintext
  std::array<std::uint64_t, 3> copies{};  ///< places of the metadata in the volume
  std::uint64_t moved_at = 0;             ///< where the volume's first bytes lie encrypted
  std::uint64_t moved_sectors = 0;        ///< the header's own count; `moved_bytes` is made from it where no entry says
  std::uint64_t moved_bytes = 0;
  std::vector<BitlockerProtector> protectors;
  std::optional<SealedKey> volume_key;
};

/// Names a protector's kind for people: "recovery key", "TPM" …
std::string_view bitlocker_protector_name(std::uint16_t kind);

/// Reads the first of the three metadata copies that is whole. kUnsupported: Windows Vista's version 1, encryption of
/// used space still going on ("encrypt on write"); kUnreadable: no copy is whole.
Result<BitlockerMetadata> read_bitlocker(Source& image, ByteRange range);
/// One copy of the metadata (at most 64 KiB).
Result<BitlockerMetadata> parse_bitlocker(Bytes metadata);
/// Key of a startup key file (.BEK) and the protector it is for.
struct StartupKey {
  std::string id;
  SecretBytes key;
};
Result<StartupKey> parse_startup_key(Bytes file);

}  // namespace triage
