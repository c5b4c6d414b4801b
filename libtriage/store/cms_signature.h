// SPDX-License-Identifier: Apache-2.0
// Seals that `openssl cms` and `openssl ts` check: a detached CMS signature (RFC 5652) that
// names its certificate (signing-certificate-v2, RFC 5035), a time-stamp request
// (RFC 3161) and encryption to certificates (CMS EnvelopedData, AES-256). All through OpenSSL.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace triage {

/// A private key and its certificate, read from one PEM text that holds both.
class CmsSigner {
 public:
  /// kUsage when key or certificate is missing or they do not belong together; kUnsupported for an Ed25519 key, which
  /// OpenSSL 3.0 cannot use here, and for a key with a passphrase.
  static Result<CmsSigner> parse(std::string_view pem);
  CmsSigner(CmsSigner&&) noexcept;
  ~CmsSigner();
  /// Detached signature over `message`, DER.
  Result<std::string> sign(std::string_view message) const;
  /// Subject of the certificate in one line.
  [[nodiscard]] std::string subject() const;
  /// SHA-256 of the certificate's DER, lower-case hex.
  [[nodiscard]] std::string certificate_sha256() const;

 private:
  struct State;
  explicit CmsSigner(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Who made a CMS signature.
struct CmsSignerInfo {
  std::string subject;
  std::string certificate_sha256;
};
/// Checks a detached signature over `message` against the certificate inside it. `authorities_pem` is a list of
/// certificates to trust; empty: the chain is not checked. kVerification when it does not hold.
Result<CmsSignerInfo> verify_cms_signature(std::string_view der, std::string_view message,
                                           std::string_view authorities_pem);

/// An RFC 3161 request for the SHA-256 of `message` that asks for the authority's certificate, DER. It has no nonce:
/// equal content gives equal bytes.
Result<std::string> timestamp_request(std::string_view message);

/// Encrypts a stream to certificates.
class CmsEncryptor {
 public:
  using Output = std::function<Status(std::string_view)>;
  /// `certificates_pem`: one or more PEM certificates. kUsage when there is none.
  static Result<CmsEncryptor> begin(const std::vector<std::string>& certificates_pem, Output output);
  CmsEncryptor(CmsEncryptor&&) noexcept;
  ~CmsEncryptor();
  Status write(std::string_view content);
  Status finish();

 private:
  struct State;
  explicit CmsEncryptor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace triage
