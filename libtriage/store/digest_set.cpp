// SPDX-License-Identifier: Apache-2.0
#include "store/digest_set.h"

#include <charconv>

namespace triage {

std::optional<DigestPrefixSet::Key> DigestPrefixSet::key_of(std::string_view hex) {
  if (hex.size() < 32) return std::nullopt;
  Key key;
  const auto read = [](std::string_view digits, std::uint64_t& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return error == std::errc{} && end == digits.data() + digits.size();
  };
  if (!read(hex.substr(0, 16), key.high) || !read(hex.substr(16, 16), key.low)) return std::nullopt;
  if (key == Key{}) return std::nullopt;
  return key;
}

std::size_t DigestPrefixSet::slot_of(const Key& key) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = static_cast<std::size_t>(key.low) & mask;
  while (slots_[slot] != Key{} && slots_[slot] != key) slot = (slot + 1) & mask;
  return slot;
}

void DigestPrefixSet::grow() {
  std::vector<Key> old(slots_.empty() ? 1024 : slots_.size() * 2);
  old.swap(slots_);
  for (const Key& key : old) {
    if (key != Key{}) slots_[slot_of(key)] = key;
  }
}

void DigestPrefixSet::insert(std::string_view hex) {
  const auto key = key_of(hex);
  if (!key) return;
  if (count_ * 10 >= slots_.size() * 7) grow();
  Key& slot = slots_[slot_of(*key)];
  if (slot == Key{}) ++count_;
  slot = *key;
}

bool DigestPrefixSet::contains(std::string_view hex) const {
  const auto key = key_of(hex);
  return key && !slots_.empty() && slots_[slot_of(*key)] == *key;
}

}  // namespace triage
