// SPDX-License-Identifier: Apache-2.0
#include "bytes/ssh_signature.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "bytes/base64.h"
#include "bytes/cursor.h"
#include "bytes/digest.h"
#include "bytes/text.h"

namespace triage {
namespace {

constexpr std::string_view kKeyBegin = "-----BEGIN OPENSSH PRIVATE KEY-----";
constexpr std::string_view kKeyEnd = "-----END OPENSSH PRIVATE KEY-----";
constexpr std::string_view kKeyMagic{"openssh-key-v1\0", 15};
constexpr std::string_view kSignatureBegin = "-----BEGIN SSH SIGNATURE-----\n";
constexpr std::string_view kSignatureEnd = "-----END SSH SIGNATURE-----\n";
constexpr std::string_view kSignatureMagic = "SSHSIG";
constexpr std::string_view kKeyType = "ssh-ed25519";
constexpr std::string_view kHash = "sha512";
constexpr std::size_t kArmorWidth = 70;  // PROTOCOL.sshsig: as ssh-keygen writes it
constexpr std::size_t kMaxText = 64 * 1024;

struct KeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct DigestFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyFree>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, DigestFree>;

const unsigned char* raw(Bytes bytes) {
  return static_cast<const unsigned char*>(static_cast<const void*>(bytes.data()));
}

/// RFC 4251 section 5: a string is its length as 32 bits, big-endian, and its bytes.
void put_string(std::string& out, std::string_view text) {
  for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<char>((text.size() >> shift) & 0xff));
  out += text;
}
std::string_view take_string(ByteCursor& in, std::string_view field) {
  const auto length = in.be<std::uint32_t>(field);
  return as_chars(in.take(length, field));
}

std::string public_blob(const SshPublicKey& key) {
  std::string blob;
  put_string(blob, kKeyType);
  put_string(blob, as_chars(Bytes(key.bytes)));
  return blob;
}
std::optional<SshPublicKey> parse_public_blob(std::string_view blob) {
  ByteCursor in(as_byte_span(blob));
  const std::string_view type = take_string(in, "key type");
  const std::string_view bytes = take_string(in, "public key");
  if (!in.ok() || !in.at_end() || type != kKeyType || bytes.size() != 32) return std::nullopt;
  SshPublicKey key;
  std::ranges::copy(as_byte_span(bytes), key.bytes.begin());
  return key;
}

/// What is signed: PROTOCOL.sshsig section 3.
std::string signed_data(std::string_view name_space, std::string_view message) {
  RunningDigest digest(DigestKind::kSha512);
  digest.update(as_byte_span(message));
  std::string out(kSignatureMagic);
  put_string(out, name_space);
  put_string(out, "");
  put_string(out, kHash);
  put_string(out, from_hex(digest.finish_hex()).value_or(""));
  return out;
}

std::string armor(std::string_view blob) {
  const std::string text = to_base64(as_byte_span(blob));
  std::string out(kSignatureBegin);
  for (std::size_t at = 0; at < text.size(); at += kArmorWidth) {
    out += std::string_view(text).substr(at, kArmorWidth);
    out += '\n';
  }
  out += kSignatureEnd;
  return out;
}

/// Base64 lines between two marks; nullopt when they are not there.
std::optional<std::string> between(std::string_view text, std::string_view begin, std::string_view end) {
  const std::size_t from = text.find(begin);
  if (text.size() > kMaxText || from == std::string_view::npos) return std::nullopt;
  const std::size_t to = text.find(end, from);
  if (to == std::string_view::npos) return std::nullopt;
  std::string lines(text.substr(from + begin.size(), to - from - begin.size()));
  std::erase_if(lines, [](char one) { return one == '\n' || one == '\r'; });
  auto out = from_base64(lines);
  OPENSSL_cleanse(lines.data(), lines.size());
  return out;
}

}  // namespace

std::string SshPublicKey::line() const {
  return std::string(kKeyType) + " " + to_base64(as_byte_span(public_blob(*this)));
}

std::string SshPublicKey::fingerprint() const {
  const auto digest = sha256_raw(as_byte_span(public_blob(*this)));
  std::string text = to_base64(Bytes(digest));
  while (text.ends_with('=')) text.pop_back();
  return "SHA256:" + text;
}

SshPrivateKey::SshPrivateKey(SshPrivateKey&& other) noexcept
    : seed_(other.seed_), public_key_(other.public_key_), comment_(std::move(other.comment_)) {
  OPENSSL_cleanse(other.seed_.data(), other.seed_.size());
}

SshPrivateKey::~SshPrivateKey() { OPENSSL_cleanse(seed_.data(), seed_.size()); }

Result<SshPrivateKey> SshPrivateKey::parse(std::string_view text) {
  auto blob = between(text, kKeyBegin, kKeyEnd);
  if (!blob || !blob->starts_with(kKeyMagic)) return fail(ErrorCode::kUsage, "not an OpenSSH private key");
  const auto wipe = [](std::string* secret) { OPENSSL_cleanse(secret->data(), secret->size()); };
  const std::unique_ptr<std::string, decltype(wipe)> wiped(&*blob, wipe);
  ByteCursor in(as_byte_span(*blob));
  in.skip(kKeyMagic.size(), "magic");
  const std::string_view cipher = take_string(in, "cipher");
  take_string(in, "kdf");
  take_string(in, "kdf options");
  const auto count = in.be<std::uint32_t>("number of keys");
  const auto outer = parse_public_blob(take_string(in, "public key"));
  const std::string_view secret = take_string(in, "private section");
  if (!in.ok() || count != 1) return fail(ErrorCode::kUsage, "not a whole OpenSSH private key");
  if (!outer) {
    return fail(ErrorCode::kUnsupported, "the key is not an Ed25519 key", {}, 0, "make one: ssh-keygen -t ed25519");
  }
  if (cipher != "none") {
    return fail(ErrorCode::kUnsupported, "the key has a passphrase", {}, 0,
                "sign with a key without one, made for this purpose: ssh-keygen -t ed25519 -N ''");
  }
  ByteCursor inner(as_byte_span(secret));
  const auto check = inner.be<std::uint32_t>("check");
  const auto again = inner.be<std::uint32_t>("check");
  const std::string_view type = take_string(inner, "key type");
  take_string(inner, "public key");
  const std::string_view both = take_string(inner, "private key");  // 32 bytes seed, 32 bytes public key
  const std::string_view comment = take_string(inner, "comment");
  if (!inner.ok() || check != again || type != kKeyType || both.size() != 64) {
    return fail(ErrorCode::kUsage, "not a whole Ed25519 private key");
  }
  SshPrivateKey key;
  std::ranges::copy(as_byte_span(both.substr(0, 32)), key.seed_.begin());
  key.public_key_ = *outer;
  key.comment_ = comment;
  return key;
}

Result<std::string> SshPrivateKey::sign(std::string_view name_space, std::string_view message) const {
  const Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw(Bytes(seed_)), seed_.size()));
  const DigestContext context(EVP_MD_CTX_new());
  const std::string data = signed_data(name_space, message);
  std::array<unsigned char, 64> signature{};
  std::size_t length = signature.size();
  if (!key || !context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &length, raw(as_byte_span(data)), data.size()) != 1) {
    return fail(ErrorCode::kInternal, "OpenSSL cannot sign with the key");
  }
  std::string inner;
  put_string(inner, kKeyType);
  put_string(inner, as_chars(std::as_bytes(std::span(signature))));
  std::string blob(kSignatureMagic);
  blob += std::string_view("\0\0\0\1", 4);  // version 1
  put_string(blob, public_blob(public_key_));
  put_string(blob, name_space);
  put_string(blob, "");
  put_string(blob, kHash);
  put_string(blob, inner);
  return armor(blob);
}

Result<SshPublicKey> verify_ssh_signature(std::string_view armored, std::string_view name_space,
                                          std::string_view message) {
  const auto blob = between(armored, kSignatureBegin, kSignatureEnd);
  // A changed line break would else go unseen.
  if (!blob || armor(*blob) != armored) return fail(ErrorCode::kVerification, "not an SSH signature");
  ByteCursor in(as_byte_span(*blob));
  const std::string_view magic = as_chars(in.take(kSignatureMagic.size(), "magic"));
  const auto version = in.be<std::uint32_t>("version");
  const auto key = parse_public_blob(take_string(in, "public key"));
  const std::string_view signed_space = take_string(in, "namespace");
  const std::string_view reserved = take_string(in, "reserved");
  const std::string_view hash = take_string(in, "hash algorithm");
  const std::string_view signature = take_string(in, "signature");
  if (!in.ok() || !in.at_end() || magic != kSignatureMagic || version != 1 || !reserved.empty()) {
    return fail(ErrorCode::kVerification, "not an SSH signature of version 1");
  }
  if (!key || hash != kHash) {
    return fail(ErrorCode::kUnsupported, "not an Ed25519 signature over SHA-512", {}, 0, "check it with ssh-keygen");
  }
  if (signed_space != name_space) {
    return fail(ErrorCode::kVerification, "the signature was made for another purpose", std::string(signed_space));
  }
  ByteCursor inner(as_byte_span(signature));
  const std::string_view type = take_string(inner, "signature type");
  const std::string_view bytes = take_string(inner, "signature bytes");
  const std::string data = signed_data(name_space, message);
  const Key public_key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw(Bytes(key->bytes)), 32));
  const DigestContext context(EVP_MD_CTX_new());
  const bool valid =
      inner.ok() && inner.at_end() && type == kKeyType && bytes.size() == 64 && public_key && context &&
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, public_key.get()) == 1 &&
      EVP_DigestVerify(context.get(), raw(as_byte_span(bytes)), 64, raw(as_byte_span(data)), data.size()) == 1;
  if (!valid) return fail(ErrorCode::kVerification, "the signature is not valid for this content");
  return *key;
}

std::string allowed_signer_line(std::string_view identity, std::string_view name_space, const SshPublicKey& key) {
  return fmt::format("{} namespaces=\"{}\" {}\n", identity, name_space, key.line());
}

}  // namespace triage
