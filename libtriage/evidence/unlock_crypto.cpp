// SPDX-License-Identifier: Apache-2.0
#include "evidence/unlock_crypto.h"

#include <argon2.h>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <limits>

#include "evidence/unlock_openssl.h"

namespace triage {

namespace {

constexpr std::uint64_t kMaxRounds = 1ULL << 28;
constexpr std::uint64_t kMaxArgonKib = 4ULL << 20;
constexpr std::uint64_t kMaxArgonWork = 64ULL << 20;  // KiB × passes
constexpr std::size_t kMaxKeyBytes = 512;

struct MdFree {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
};
using MdHandle = std::unique_ptr<EVP_MD, MdFree>;

MdHandle fetch_hash(std::string_view name) {
  return MdHandle(EVP_MD_fetch(nullptr, std::string(name).c_str(), nullptr));
}

}  // namespace

std::size_t hash_size(std::string_view name) {
  const MdHandle digest = fetch_hash(name);
  return digest ? static_cast<std::size_t>(EVP_MD_get_size(digest.get())) : 0;
}

SecretBytes hash_bytes(std::string_view name, Bytes data) {
  const MdHandle digest = fetch_hash(name);
  if (!digest) return {};
  SecretBytes out(static_cast<std::size_t>(EVP_MD_get_size(digest.get())));
  if (EVP_Digest(data.data(), data.size(), as_octets(out), nullptr, digest.get(), nullptr) != 1) return {};
  return out;
}

Result<SecretBytes> derive_pbkdf2(std::string_view hash, Bytes secret, Bytes salt, std::uint64_t rounds,
                                  std::size_t length) {
  if (rounds == 0 || rounds > kMaxRounds || length == 0 || length > kMaxKeyBytes) {
    return fail(ErrorCode::kUnreadable, fmt::format("a key slot asks for {} rounds of PBKDF2", rounds));
  }
  const MdHandle digest = fetch_hash(hash);
  if (!digest) {
    return fail(ErrorCode::kUnsupported, "the hash of the key derivation is not known to this build",
                std::string(hash));
  }
  SecretBytes out(length);
  if (PKCS5_PBKDF2_HMAC(as_text(secret), static_cast<int>(secret.size()), octets_of(salt),
                        static_cast<int>(salt.size()), static_cast<int>(rounds), digest.get(), static_cast<int>(length),
                        as_octets(out)) != 1) {
    return fail(ErrorCode::kUnsupported, "the key derivation failed", std::string(hash));
  }
  return out;
}

Result<SecretBytes> derive_argon2(const Argon2Cost& cost, Bytes secret, Bytes salt, std::size_t length) {
  const bool fits = cost.passes > 0 && cost.memory_kib > 0 && cost.memory_kib <= kMaxArgonKib && cost.lanes > 0 &&
                    cost.lanes <= 64 && cost.passes <= kMaxArgonWork / cost.memory_kib && length <= kMaxKeyBytes;
  if (!fits) {
    return fail(ErrorCode::kUnreadable,
                fmt::format("a key slot asks for {} passes of Argon2 over {} KiB", cost.passes, cost.memory_kib));
  }
  SecretBytes out(length);
  SecretBytes word(secret.begin(), secret.end());
  SecretBytes grain(salt.begin(), salt.end());
  argon2_context context{};
  context.out = as_octets(out);
  context.outlen = static_cast<std::uint32_t>(out.size());
  context.pwd = as_octets(word);
  context.pwdlen = static_cast<std::uint32_t>(word.size());
  context.salt = as_octets(grain);
  context.saltlen = static_cast<std::uint32_t>(grain.size());
  context.t_cost = static_cast<std::uint32_t>(cost.passes);
  context.m_cost = static_cast<std::uint32_t>(cost.memory_kib);
  context.lanes = static_cast<std::uint32_t>(cost.lanes);
  context.threads = 1;  // the sandbox has no threads; the result is the same
  context.flags = ARGON2_DEFAULT_FLAGS;
  context.version = ARGON2_VERSION_13;
  const int status = cost.both ? argon2id_ctx(&context) : argon2i_ctx(&context);
  if (status == ARGON2_MEMORY_ALLOCATION_ERROR) {
    return fail(ErrorCode::kUnreadable, fmt::format("the key slot needs {} MiB of memory", cost.memory_kib / 1024), {},
                0, "free memory, or use another computer");
  }
  if (status != ARGON2_OK) return fail(ErrorCode::kUnreadable, argon2_error_message(status));
  return out;
}

SecretBytes join_stripes(std::string_view hash, Bytes material, std::size_t key_bytes, std::size_t stripes) {
  const std::size_t digest_bytes = hash_size(hash);
  if (digest_bytes == 0 || key_bytes == 0 || stripes == 0 || material.size() / key_bytes < stripes) return {};
  SecretBytes block(key_bytes);
  for (std::size_t stripe = 0; stripe < stripes; ++stripe) {
    const Bytes part = material.subspan(stripe * key_bytes, key_bytes);
    for (std::size_t i = 0; i < key_bytes; ++i) block[i] ^= part[i];
    if (stripe + 1 == stripes) break;
    for (std::size_t at = 0, index = 0; at < key_bytes; at += digest_bytes, ++index) {
      const std::size_t length = std::min(digest_bytes, key_bytes - at);
      SecretBytes input(4 + length);
      for (std::size_t i = 0; i < 4; ++i) input[i] = std::byte((index >> (24 - 8 * i)) & 0xff);
      std::copy_n(block.begin() + static_cast<std::ptrdiff_t>(at), length, input.begin() + 4);
      const SecretBytes digest = hash_bytes(hash, input);
      std::copy_n(digest.begin(), length, block.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
  return block;
}

SecretBytes open_ccm(Bytes key, Bytes nonce, Bytes tag, Bytes data) {
  if (key.size() != 32 || nonce.size() != 12 || tag.size() != 16 || data.empty() || data.size() > 4096) return {};
  const CipherContext context(EVP_CIPHER_CTX_new());
  SecretBytes authenticator(tag.begin(), tag.end());
  SecretBytes out(data.size());
  int length = 0;
  const bool opened =
      context && EVP_DecryptInit_ex(context.get(), EVP_aes_256_ccm(), nullptr, nullptr, nullptr) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_CCM_SET_IVLEN, 12, nullptr) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_CCM_SET_TAG, 16, authenticator.data()) == 1 &&
      EVP_DecryptInit_ex(context.get(), nullptr, nullptr, octets_of(key), octets_of(nonce)) == 1 &&
      EVP_DecryptUpdate(context.get(), as_octets(out), &length, octets_of(data), static_cast<int>(data.size())) == 1;
  return opened ? out : SecretBytes{};
}

bool same_secret(Bytes a, Bytes b) { return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0; }

void prepare_unlock_crypto() {
  constexpr std::array<std::byte, 1> kOne{};
  for (const char* name : {"sha1", "sha256", "sha512"}) (void)hash_bytes(name, kOne);  // only what it loads counts
  for (const EVP_CIPHER* cipher : {EVP_aes_128_xts(), EVP_aes_256_xts(), EVP_aes_256_cbc(), EVP_aes_256_ecb()}) {
    const CipherContext context(EVP_CIPHER_CTX_new());
    (void)EVP_DecryptInit_ex(context.get(), cipher, nullptr, nullptr, nullptr);
  }
}

}  // namespace triage
