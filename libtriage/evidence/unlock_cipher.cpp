// SPDX-License-Identifier: Apache-2.0
// Sector ciphers: dm-crypt's modes and BitLocker's, each sector with its own initial vector.
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <bit>

#include "base/check.h"
#include "evidence/unlock_crypto.h"
#include "evidence/unlock_openssl.h"

namespace triage {

namespace {

using Vector = std::array<std::byte, 16>;

Vector little_endian(std::uint64_t value) {
  Vector out{};
  for (std::size_t i = 0; i < 8; ++i) out[i] = std::byte((value >> (8 * i)) & 0xff);
  return out;
}

/// One direction of one cipher with one key.
class BlockCipher {
 public:
  static std::optional<BlockCipher> make(const EVP_CIPHER* kind, Bytes key, bool encrypt) {
    BlockCipher out;
    out.context_.reset(EVP_CIPHER_CTX_new());
    if (kind == nullptr || !out.context_ || static_cast<std::size_t>(EVP_CIPHER_get_key_length(kind)) != key.size() ||
        EVP_CipherInit_ex(out.context_.get(), kind, nullptr, octets_of(key), nullptr, encrypt ? 1 : 0) != 1) {
      return std::nullopt;
    }
    EVP_CIPHER_CTX_set_padding(out.context_.get(), 0);
    return out;
  }
  /// In place; `data` is whole blocks.
  void run(const Vector& vector, std::span<std::byte> data) {
    int length = 0;
    TRIAGE_CHECK(EVP_CipherInit_ex(context_.get(), nullptr, nullptr, nullptr, octets_of(vector), -1) == 1);
    TRIAGE_CHECK(EVP_CipherUpdate(context_.get(), as_octets(data), &length, octets_of(data),
                                  static_cast<int>(data.size())) == 1);
  }

 private:
  CipherContext context_;
};

enum class VectorKind : std::uint8_t { kPlain, kPlain64, kEssiv, kNone };

class LinuxCipher final : public SectorCipher {
 public:
  LinuxCipher(BlockCipher cipher, std::optional<BlockCipher> essiv, VectorKind vector, std::uint32_t sector_bytes,
              std::uint64_t first_vector)
      : cipher_(std::move(cipher)),
        essiv_(std::move(essiv)),
        vector_(vector),
        sector_bytes_(sector_bytes),
        first_vector_(first_vector) {}

  [[nodiscard]] std::uint32_t sector_bytes() const override { return sector_bytes_; }
  void decrypt(std::uint64_t at, std::span<std::byte> data) override {
    for (; data.size() >= sector_bytes_; data = data.subspan(sector_bytes_), at += sector_bytes_) {
      cipher_.run(vector_of(first_vector_ + at / 512), data.first(sector_bytes_));
    }
  }

 private:
  Vector vector_of(std::uint64_t sector) {
    if (vector_ == VectorKind::kNone) return {};
    Vector out = little_endian(vector_ == VectorKind::kPlain ? sector & 0xffffffff : sector);
    if (essiv_) essiv_->run({}, out);
    return out;
  }
  BlockCipher cipher_;
  std::optional<BlockCipher> essiv_;
  VectorKind vector_;
  std::uint32_t sector_bytes_;
  std::uint64_t first_vector_;
};

/// Elephant diffuser, decrypting direction (N. Ferguson, "AES-CBC + Elephant diffuser", 2006, §4).
class Diffuser {
 public:
  explicit Diffuser(std::uint32_t sector_bytes) : words_(sector_bytes / 4) {}

  void decrypt(std::span<std::byte> sector) {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      std::uint32_t word = 0;
      for (std::size_t b = 4; b-- > 0;) word = word << 8 | std::to_integer<std::uint32_t>(sector[4 * i + b]);
      words_[i] = word;
    }
    mix(3, {0, 10, 0, 25}, 2, 5);
    mix(5, {9, 0, 13, 0}, words_.size() - 2, words_.size() - 5);
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::size_t b = 0; b < 4; ++b) sector[4 * i + b] = std::byte((words_[i] >> (8 * b)) & 0xff);
    }
  }

 private:
  void mix(int cycles, const std::array<int, 4>& turns, std::size_t near, std::size_t far) {
    const std::size_t count = words_.size();
    for (int cycle = 0; cycle < cycles; ++cycle) {
      for (std::size_t i = 0; i < count; ++i) {
        words_[i] += words_[(i + near) % count] ^ std::rotl(words_[(i + far) % count], turns[i % 4]);
      }
    }
  }
  std::vector<std::uint32_t> words_;
};

class BitlockerCipher final : public SectorCipher {
 public:
  BitlockerCipher(BlockCipher cipher, std::optional<BlockCipher> vector, std::optional<BlockCipher> tweak,
                  std::uint32_t sector_bytes)
      : cipher_(std::move(cipher)),
        vector_(std::move(vector)),
        tweak_(std::move(tweak)),
        diffuser_(sector_bytes),
        sector_bytes_(sector_bytes) {}

  [[nodiscard]] std::uint32_t sector_bytes() const override { return sector_bytes_; }
  void decrypt(std::uint64_t at, std::span<std::byte> data) override {
    for (; data.size() >= sector_bytes_; data = data.subspan(sector_bytes_), at += sector_bytes_) {
      const std::span<std::byte> sector = data.first(sector_bytes_);
      if (!vector_) {
        cipher_.run(little_endian(at / sector_bytes_), sector);  // XTS
        continue;
      }
      Vector place = little_endian(at);
      vector_->run({}, place);
      cipher_.run(place, sector);
      if (tweak_) undo_diffuser(at, sector);
    }
  }

 private:
  void undo_diffuser(std::uint64_t at, std::span<std::byte> sector) {
    diffuser_.decrypt(sector);
    std::array<Vector, 2> key = {little_endian(at), little_endian(at)};
    key[1][15] = std::byte{0x80};
    for (Vector& half : key) tweak_->run({}, half);
    for (std::size_t i = 0; i < sector.size(); ++i) sector[i] ^= key[(i / 16) % 2][i % 16];
  }
  BlockCipher cipher_;
  std::optional<BlockCipher> vector_;  // CBC: encrypts the place
  std::optional<BlockCipher> tweak_;   // diffuser: makes the sector key
  Diffuser diffuser_;
  std::uint32_t sector_bytes_;
};

const EVP_CIPHER* cipher_kind(std::string_view cipher, std::string_view mode, std::size_t key_bytes) {
  if (cipher == "aes" && mode == "xts") {
    return key_bytes == 32 ? EVP_aes_128_xts() : (key_bytes == 64 ? EVP_aes_256_xts() : nullptr);
  }
  if (mode != "cbc" && mode != "ecb") return nullptr;
  const bool chained = mode == "cbc";
  if (cipher == "aes") {
    if (key_bytes == 16) return chained ? EVP_aes_128_cbc() : EVP_aes_128_ecb();
    if (key_bytes == 24) return chained ? EVP_aes_192_cbc() : EVP_aes_192_ecb();
    if (key_bytes == 32) return chained ? EVP_aes_256_cbc() : EVP_aes_256_ecb();
  }
  if (cipher == "camellia") {
    if (key_bytes == 16) return chained ? EVP_camellia_128_cbc() : EVP_camellia_128_ecb();
    if (key_bytes == 32) return chained ? EVP_camellia_256_cbc() : EVP_camellia_256_ecb();
  }
  return nullptr;
}

tl::unexpected<Error> unknown_cipher(std::string_view name, std::size_t key_bytes) {
  return fail(ErrorCode::kUnsupported,
              fmt::format("the cipher {} with a key of {} bits is not read by this build", name, 8 * key_bytes), {}, 0,
              "open the volume with cryptsetup on Linux and give the mapped device as evidence");
}

}  // namespace

Result<std::unique_ptr<SectorCipher>> make_linux_cipher(std::string_view name, Bytes key, std::uint32_t sector_bytes,
                                                        std::uint64_t first_vector) {
  const std::size_t first = name.find('-');
  const std::size_t second = first == std::string_view::npos ? first : name.find('-', first + 1);
  if (first == std::string_view::npos) return unknown_cipher(name, key.size());
  const std::string_view cipher = name.substr(0, first);
  const std::string_view mode = name.substr(first + 1, second == std::string_view::npos ? second : second - first - 1);
  const std::string_view vector = second == std::string_view::npos ? "null" : name.substr(second + 1);
  auto payload = BlockCipher::make(cipher_kind(cipher, mode, key.size()), key, false);
  if (!payload || sector_bytes < 512 || sector_bytes > 4096 || !std::has_single_bit(sector_bytes)) {
    return unknown_cipher(name, key.size());
  }
  std::optional<BlockCipher> essiv;
  VectorKind kind = VectorKind::kNone;
  if (vector == "plain") {
    kind = VectorKind::kPlain;
  } else if (vector == "plain64") {
    kind = VectorKind::kPlain64;
  } else if (vector.starts_with("essiv:")) {
    kind = VectorKind::kEssiv;
    const SecretBytes salt = hash_bytes(vector.substr(6), key);
    essiv = BlockCipher::make(cipher_kind(cipher, "ecb", salt.size()), salt, true);
    if (!essiv) return unknown_cipher(name, key.size());
  } else if (vector != "null") {
    return unknown_cipher(name, key.size());
  }
  return std::make_unique<LinuxCipher>(std::move(*payload), std::move(essiv), kind, sector_bytes, first_vector);
}

Result<std::unique_ptr<SectorCipher>> make_bitlocker_cipher(std::uint16_t method, Bytes key,
                                                            std::uint32_t sector_bytes) {
  const bool known = method >= 0x8000 && method <= 0x8005 && (sector_bytes == 512 || sector_bytes == 4096);
  const std::size_t strength = (method & 1) != 0 ? 32 : 16;  // 256 or 128 bits
  const bool xts = method >= 0x8004;
  const bool diffuser = method <= 0x8001;
  const std::size_t needed = xts ? 2 * strength : (diffuser ? 32 + strength : strength);
  if (!known || key.size() < needed) {
    return fail(ErrorCode::kUnsupported, fmt::format("BitLocker's method {:#06x} is not read by this build", method));
  }
  const Bytes main = key.first(xts ? 2 * strength : strength);
  auto cipher = BlockCipher::make(cipher_kind("aes", xts ? "xts" : "cbc", main.size()), main, false);
  std::optional<BlockCipher> vector;
  std::optional<BlockCipher> tweak;
  if (!xts) vector = BlockCipher::make(cipher_kind("aes", "ecb", strength), main, true);
  if (diffuser) tweak = BlockCipher::make(cipher_kind("aes", "ecb", strength), key.subspan(32, strength), true);
  if (!cipher) return fail(ErrorCode::kInternal, "OpenSSL refuses a cipher");
  return std::make_unique<BitlockerCipher>(std::move(*cipher), std::move(vector), std::move(tweak), sector_bytes);
}

}  // namespace triage
