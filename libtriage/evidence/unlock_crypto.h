// SPDX-License-Identifier: Apache-2.0
// The cryptography that opens volumes, by OpenSSL and libargon2: key derivation, authenticated keys, and ciphers that
// decrypt sectors in place. Every parameter comes from hostile headers and is bounded here.
//   dm-crypt names   aes|camellia - xts|cbc|ecb - plain|plain64|essiv:HASH|null   (Linux, drivers/md/dm-crypt.c)
//   BitLocker        0x8000-1 AES-CBC + diffuser, 0x8002-3 AES-CBC, 0x8004-5 AES-XTS (libyal/libbde, BDE format
//   §"Encryption")
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "bytes/cursor.h"
#include "evidence/unlock_keys.h"

namespace triage {

/// Decrypts whole sectors of one volume.
class SectorCipher {
 public:
  virtual ~SectorCipher() = default;
  /// Bytes encrypted as one unit, 512 … 4096.
  [[nodiscard]] virtual std::uint32_t sector_bytes() const = 0;
  /// Decrypts `data` in place. REQUIRES: `at` (bytes from where the scheme counts) and data.size() are whole sectors.
  virtual void decrypt(std::uint64_t at, std::span<std::byte> data) = 0;
};

/// A cipher as dm-crypt names it, for sectors of `sector_bytes` whose initial vectors count in units of 512 bytes from
/// `first_vector`. kUnsupported for names this build does not know, kUnreadable for a key of the wrong length.
Result<std::unique_ptr<SectorCipher>> make_linux_cipher(std::string_view name, Bytes key, std::uint32_t sector_bytes,
                                                        std::uint64_t first_vector);

/// BitLocker's `method` with the decrypted key material as stored (64, 32 or 16 bytes).
Result<std::unique_ptr<SectorCipher>> make_bitlocker_cipher(std::uint16_t method, Bytes key,
                                                            std::uint32_t sector_bytes);

/// Digest of `data` by its Linux name ("sha256"); empty when this build lacks it.
SecretBytes hash_bytes(std::string_view name, Bytes data);
/// Bytes of a digest of that name, 0 when this build lacks it.
std::size_t hash_size(std::string_view name);

/// PBKDF2-HMAC. kUnsupported: unknown hash; kUnreadable: more than 2^28 rounds or an absurd length.
Result<SecretBytes> derive_pbkdf2(std::string_view hash, Bytes secret, Bytes salt, std::uint64_t rounds,
                                  std::size_t length);

struct Argon2Cost {
  bool both = true;  ///< argon2id, else argon2i
  std::uint64_t passes = 0;
  std::uint64_t memory_kib = 0;
  std::uint64_t lanes = 0;
};
/// Argon2 v1.3 on one thread. kUnreadable beyond 4 GiB or 64 GiB of passes × memory, or where memory is short.
Result<SecretBytes> derive_argon2(const Argon2Cost& cost, Bytes secret, Bytes salt, std::size_t length);

/// Joins the stripes of a LUKS key slot (anti-forensic splitter, LUKS on-disk format §2.4); empty on a bad hash.
SecretBytes join_stripes(std::string_view hash, Bytes material, std::size_t key_bytes, std::size_t stripes);

/// AES-256-CCM with a 12-byte nonce and a 16-byte tag; empty when the tag does not fit (wrong key).
SecretBytes open_ccm(Bytes key, Bytes nonce, Bytes tag, Bytes data);

/// Compares without telling by time where two values differ.
bool same_secret(Bytes a, Bytes b);

/// Loads what OpenSSL needs. Called once before the process gives up the file system.
void prepare_unlock_crypto();

}  // namespace triage
