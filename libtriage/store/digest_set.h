// SPDX-License-Identifier: Apache-2.0
// DigestPrefixSet: which contents were seen, by the first 128 bits of their SHA-256 (the same part that names a kept
// file). Open addressing, 16 bytes a slot, at most 70 % full: 32 MiB for a million files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace triage {

class DigestPrefixSet {
 public:
  /// `hex`: at least 32 hex digits; anything else is ignored.
  void insert(std::string_view hex);
  [[nodiscard]] bool contains(std::string_view hex) const;
  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  struct Key {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    bool operator==(const Key&) const = default;
  };
  static std::optional<Key> key_of(std::string_view hex);
  [[nodiscard]] std::size_t slot_of(const Key& key) const;
  void grow();

  std::vector<Key> slots_;  ///< the zero key means empty; its real owner cannot be found and is never claimed
  std::size_t count_ = 0;
};

}  // namespace triage
