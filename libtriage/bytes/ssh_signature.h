// SPDX-License-Identifier: Apache-2.0
// Signatures that `ssh-keygen -Y verify` checks: Ed25519 keys in OpenSSH's own file format, signatures as SSHSIG.
// Sources: OpenSSH PROTOCOL.key ("openssh-key-v1") and PROTOCOL.sshsig, RFC 8709 (ssh-ed25519).
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace triage {

/// The public half of an Ed25519 key.
struct SshPublicKey {
  std::array<std::byte, 32> bytes{};
  bool operator==(const SshPublicKey&) const = default;
  /// "ssh-ed25519 AAAA…", as in a .pub file, without a comment.
  [[nodiscard]] std::string line() const;
  /// "SHA256:…", as `ssh-keygen -l` prints it.
  [[nodiscard]] std::string fingerprint() const;
};

/// A private key. Its secret is wiped when it goes.
class SshPrivateKey {
 public:
  /// Reads an OpenSSH private key file. kUnsupported for a key with a passphrase and for other kinds than Ed25519, with
  /// what to do; kUsage for anything that is no key file.
  static Result<SshPrivateKey> parse(std::string_view text);
  SshPrivateKey(SshPrivateKey&& other) noexcept;
  SshPrivateKey& operator=(SshPrivateKey&&) = delete;
  ~SshPrivateKey();

  [[nodiscard]] const SshPublicKey& public_key() const { return public_key_; }
  [[nodiscard]] const std::string& comment() const { return comment_; }
  /// Armored SSHSIG over `message` in `name_space`, hash sha512.
  Result<std::string> sign(std::string_view name_space, std::string_view message) const;

 private:
  SshPrivateKey() = default;
  std::array<std::byte, 32> seed_{};
  SshPublicKey public_key_;
  std::string comment_;
};

/// The key that made `armored` over `message` in `name_space`. kVerification when the signature is not valid, is not
/// written as sign() writes it, or is of another namespace; kUnsupported for other kinds of key.
Result<SshPublicKey> verify_ssh_signature(std::string_view armored, std::string_view name_space,
                                          std::string_view message);

/// One line of an allowed-signers file (ssh-keygen(1), ALLOWED SIGNERS) that limits the key to `name_space`.
std::string allowed_signer_line(std::string_view identity, std::string_view name_space, const SshPublicKey& key);

}  // namespace triage
