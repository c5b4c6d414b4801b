// SPDX-License-Identifier: Apache-2.0
// UnlockKeys: the secrets a person gave to open encrypted volumes, and which volume each is for. The secrets lie in an
// anonymous sealed file (memfd) and nowhere else: the process that takes them in wipes its copy at once, only the
// reader process keeps the descriptor, and it wipes each secret after use. No secret is ever an argument, an
// environment variable, a record or part of a message.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "bytes/cursor.h"

namespace triage {

/// Overwrites memory in a way no compiler leaves out.
void wipe_memory(void* memory, std::size_t bytes);

/// Memory that is overwritten before it is given back.
template <typename T>
struct WipingAllocator {
  using value_type = T;
  WipingAllocator() = default;
  template <typename U>
  WipingAllocator(const WipingAllocator<U>&) {}
  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* memory, std::size_t count) {
    wipe_memory(memory, count * sizeof(T));
    std::allocator<T>().deallocate(memory, count);
  }
  bool operator==(const WipingAllocator&) const { return true; }
};
using SecretBytes = std::vector<std::byte, WipingAllocator<std::byte>>;

enum class KeyKind : std::uint8_t { kRecoveryKey, kPassphrase, kKeyFile };
/// "recovery-key", "passphrase", "keyfile": the words of --unlock.
std::string_view key_kind_word(KeyKind kind);
std::optional<KeyKind> key_kind_of_word(std::string_view word);

/// Which volume a key is for: "2" the volume of that index, "v1048576" the one that begins at that byte, "*" any.
class VolumeSelector {
 public:
  /// nullopt when `text` is none of the three forms.
  static std::optional<VolumeSelector> parse(std::string_view text);
  [[nodiscard]] bool matches(std::uint32_t index, ByteOffset offset) const;
  [[nodiscard]] bool any() const { return !index_ && !offset_; }
  /// As it was written.
  [[nodiscard]] std::string text() const;

 private:
  std::optional<std::uint32_t> index_;
  std::optional<std::uint64_t> offset_;
};

/// One key without its secret.
struct UnlockKey {
  VolumeSelector volume;
  KeyKind kind = KeyKind::kPassphrase;
  std::uint64_t at = 0;  ///< of the secret in the anonymous file
  std::uint64_t length = 0;
};

class UnlockKeys {
 public:
  static constexpr std::size_t kMaxSecretBytes = 8 * 1024 * 1024;  // what cryptsetup takes as a key file

  static Result<UnlockKeys> make();
  /// Reads the secret from `fd` to its end. One line end after a passphrase or recovery key is not part of it. kUsage
  /// where it is empty, too long, or a recovery key of 48 digits that has a typing error.
  Status add(VolumeSelector volume, KeyKind kind, int fd);
  Status add(VolumeSelector volume, KeyKind kind, SecretBytes secret);
  [[nodiscard]] const std::vector<UnlockKey>& keys() const { return keys_; }
  /// The secret of `key`. kInternal when the file cannot be read.
  [[nodiscard]] Result<SecretBytes> secret(const UnlockKey& key) const;
  /// Must stay open in the process that unlocks, and only there.
  [[nodiscard]] int fd() const { return store_.get(); }

 private:
  UniqueFd store_;
  std::uint64_t used_ = 0;
  std::vector<UnlockKey> keys_;
};

/// The 16 bytes a BitLocker recovery key of 8 groups of 6 digits stands for; kUsage names the group that cannot be.
Result<SecretBytes> bitlocker_recovery_bytes(Bytes text);

}  // namespace triage
