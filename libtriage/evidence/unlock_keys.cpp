// SPDX-License-Identifier: Apache-2.0
#include "evidence/unlock_keys.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

namespace triage {

namespace {

constexpr std::array<std::string_view, 3> kWords = {"recovery-key", "passphrase", "keyfile"};
constexpr std::size_t kRecoveryGroups = 8;

template <typename T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_digit(std::byte each) { return each >= std::byte{'0'} && each <= std::byte{'9'}; }

/// Digits and their separators only: BitLocker's form. FileVault's has letters.
bool looks_like_bitlocker(Bytes text) {
  return std::all_of(text.begin(), text.end(),
                     [](std::byte each) { return is_digit(each) || each == std::byte{'-'} || each == std::byte{' '}; });
}

}  // namespace

void wipe_memory(void* memory, std::size_t bytes) { OPENSSL_cleanse(memory, bytes); }

std::string_view key_kind_word(KeyKind kind) { return kWords[static_cast<std::size_t>(kind)]; }

std::optional<KeyKind> key_kind_of_word(std::string_view word) {
  const auto found = std::find(kWords.begin(), kWords.end(), word);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<KeyKind>(found - kWords.begin());
}

std::optional<VolumeSelector> VolumeSelector::parse(std::string_view text) {
  VolumeSelector out;
  if (text == "*") return out;
  if (text.starts_with('v')) {
    out.offset_ = number<std::uint64_t>(text.substr(1));
    return out.offset_ ? std::optional(out) : std::nullopt;
  }
  out.index_ = number<std::uint32_t>(text);
  return out.index_ ? std::optional(out) : std::nullopt;
}

bool VolumeSelector::matches(std::uint32_t index, ByteOffset offset) const {
  if (index_) return *index_ == index;
  return !offset_ || *offset_ == offset.value;
}

std::string VolumeSelector::text() const {
  if (index_) return fmt::format("{}", *index_);
  return offset_ ? fmt::format("v{}", *offset_) : "*";
}

Result<UnlockKeys> UnlockKeys::make() {
  UnlockKeys out;
  out.store_.reset(::memfd_create("keys", MFD_CLOEXEC));
  if (!out.store_.valid()) return fail(ErrorCode::kInternal, "cannot make a place for keys", {}, errno);
  return out;
}

Status UnlockKeys::add(VolumeSelector volume, KeyKind kind, int fd) {
  SecretBytes secret(kMaxSecretBytes + 1);
  std::size_t have = 0;
  while (have < secret.size()) {
    const ssize_t got = ::read(fd, secret.data() + have, secret.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorCode::kUsage, "the key cannot be read", {}, errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  return add(volume, kind, SecretBytes(secret.begin(), secret.begin() + static_cast<std::ptrdiff_t>(have)));
}

Status UnlockKeys::add(VolumeSelector volume, KeyKind kind, SecretBytes secret) {
  if (kind != KeyKind::kKeyFile) {
    if (!secret.empty() && secret.back() == std::byte{'\n'}) secret.pop_back();
    if (!secret.empty() && secret.back() == std::byte{'\r'}) secret.pop_back();
  }
  if (secret.empty()) return fail(ErrorCode::kUsage, "the key is empty");
  if (secret.size() > kMaxSecretBytes) return fail(ErrorCode::kUsage, "the key is longer than 8 MiB");
  if (kind == KeyKind::kRecoveryKey && looks_like_bitlocker(secret)) {
    auto checked = bitlocker_recovery_bytes(secret);
    if (!checked) return tl::unexpected(checked.error());
  }
  const ssize_t written = ::pwrite(store_.get(), secret.data(), secret.size(), static_cast<off_t>(used_));
  if (written != static_cast<ssize_t>(secret.size())) {
    return fail(ErrorCode::kInternal, "the key cannot be kept", {}, errno);
  }
  keys_.push_back({volume, kind, used_, secret.size()});
  used_ += secret.size();
  return {};
}

Result<SecretBytes> UnlockKeys::secret(const UnlockKey& key) const {
  SecretBytes out(static_cast<std::size_t>(key.length));
  const ssize_t got = ::pread(store_.get(), out.data(), out.size(), static_cast<off_t>(key.at));
  if (got != static_cast<ssize_t>(out.size()))
    return fail(ErrorCode::kInternal, "a key cannot be read back", {}, errno);
  return out;
}

Result<SecretBytes> bitlocker_recovery_bytes(Bytes text) {
  constexpr const char* kNext = "a BitLocker recovery key has 8 groups of 6 digits; compare it with the original";
  SecretBytes out;
  std::size_t at = 0;
  while (at < text.size() && out.size() < 2 * kRecoveryGroups) {
    while (at < text.size() && !is_digit(text[at])) ++at;
    std::uint32_t group = 0;
    std::size_t digits = 0;
    for (; at < text.size() && digits < 6 && is_digit(text[at]); ++at, ++digits) {
      group = group * 10 + (std::to_integer<std::uint32_t>(text[at]) - '0');
    }
    if (digits == 0) break;
    if (digits != 6 || group % 11 != 0 || group / 11 > 0xffff) {
      return fail(ErrorCode::kUsage, fmt::format("group {} of the recovery key cannot be right", out.size() / 2 + 1),
                  {}, 0, kNext);
    }
    const std::uint32_t value = group / 11;
    out.push_back(std::byte(value & 0xff));
    out.push_back(std::byte(value >> 8));
  }
  const bool rest = std::any_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_digit);
  if (out.size() != 2 * kRecoveryGroups || rest) {
    return fail(ErrorCode::kUsage, "the recovery key has not 8 groups of 6 digits", {}, 0, kNext);
  }
  return out;
}

}  // namespace triage
