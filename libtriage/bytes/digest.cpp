// SPDX-License-Identifier: Apache-2.0
#include "bytes/digest.h"

#include <openssl/evp.h>

#include "base/check.h"
#include "bytes/text.h"

namespace triage {
namespace {

struct ContextFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// One running OpenSSL digest.
class Evp {
 public:
  explicit Evp(const char* name) : kind_(EVP_MD_fetch(nullptr, name, nullptr)), context_(EVP_MD_CTX_new()) {
    TRIAGE_CHECK(kind_ != nullptr && context_ != nullptr);
    restart();
  }
  ~Evp() { EVP_MD_free(kind_); }
  Evp(const Evp&) = delete;
  Evp& operator=(const Evp&) = delete;
  void update(Bytes data) { TRIAGE_CHECK(EVP_DigestUpdate(context_.get(), data.data(), data.size()) == 1); }
  std::size_t finish(unsigned char* out) {
    unsigned size = 0;
    TRIAGE_CHECK(EVP_DigestFinal_ex(context_.get(), out, &size) == 1);
    restart();
    return size;
  }
  std::string finish_hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
    const std::size_t size = finish(raw.data());
    return to_hex(std::as_bytes(std::span(raw).first(size)));
  }

 private:
  void restart() { TRIAGE_CHECK(EVP_DigestInit_ex(context_.get(), kind_, nullptr) == 1); }
  EVP_MD* kind_;
  std::unique_ptr<EVP_MD_CTX, ContextFree> context_;
};

}  // namespace

struct DigestSet::State {
  Evp md5{"MD5"};
  Evp sha1{"SHA1"};
  Evp sha256{"SHA256"};
};

DigestSet::DigestSet() : state_(std::make_unique<State>()) {}
DigestSet::~DigestSet() = default;
DigestSet::DigestSet(DigestSet&&) noexcept = default;
DigestSet& DigestSet::operator=(DigestSet&&) noexcept = default;

void DigestSet::update(Bytes data) {
  // Small steps keep the bytes in the cache for the second and third digest.
  constexpr std::size_t kStep = 64 * 1024;
  while (!data.empty()) {
    const Bytes step = data.first(std::min(data.size(), kStep));
    state_->md5.update(step);
    state_->sha1.update(step);
    state_->sha256.update(step);
    data = data.subspan(step.size());
  }
}

Digests DigestSet::finish() {
  return {state_->md5.finish_hex(), state_->sha1.finish_hex(), state_->sha256.finish_hex()};
}

struct Sha256::State {
  Evp digest{"SHA256"};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
void Sha256::update(Bytes data) { state_->digest.update(data); }

std::array<std::byte, 32> Sha256::finish_raw() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
  state_->digest.finish(raw.data());
  std::array<std::byte, 32> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::byte{raw[i]};
  return out;
}

std::string Sha256::finish_hex() { return state_->digest.finish_hex(); }

namespace {
constexpr std::array<std::string_view, 4> kDigestNames = {"md5", "sha1", "sha256", "sha512"};
constexpr std::array<const char*, 4> kOpenSslNames = {"MD5", "SHA1", "SHA256", "SHA512"};
}  // namespace

std::string_view digest_kind_name(DigestKind kind) { return kDigestNames[static_cast<std::size_t>(kind)]; }

std::optional<DigestKind> digest_kind_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kDigestNames.size(); ++i) {
    if (kDigestNames[i] == name) return static_cast<DigestKind>(i);
  }
  return std::nullopt;
}

struct RunningDigest::State {
  explicit State(DigestKind kind) : digest(kOpenSslNames[static_cast<std::size_t>(kind)]) {}
  Evp digest;
};

RunningDigest::RunningDigest(DigestKind kind) : state_(std::make_unique<State>(kind)) {}
RunningDigest::~RunningDigest() = default;
RunningDigest::RunningDigest(RunningDigest&&) noexcept = default;
RunningDigest& RunningDigest::operator=(RunningDigest&&) noexcept = default;
void RunningDigest::update(Bytes data) { state_->digest.update(data); }
std::string RunningDigest::finish_hex() { return state_->digest.finish_hex(); }

std::array<std::byte, 32> sha256_raw(Bytes data) {
  Sha256 digest;
  digest.update(data);
  return digest.finish_raw();
}

std::string sha256_hex(Bytes data) {
  Sha256 digest;
  digest.update(data);
  return digest.finish_hex();
}

}  // namespace triage
