// SPDX-License-Identifier: Apache-2.0
// BitLocker: from a key of the person to the volume key.
//   recovery key or passphrase → SHA-256 → 2^20 rounds with salt → AES-CCM → master key → AES-CCM → volume key
//   startup key, clear key     →                                   AES-CCM → master key …
//   Spec: libyal/libbde, "BitLocker Drive Encryption (BDE) format", §5-6. Own code and not libbde: its last Debian
//   package is of 2019, its AES knows no AES-NI, and the reader opens no files by name.
#include "evidence/unlock_bitlocker.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>

#include "bytes/text.h"
#include "evidence/unlock_openssl.h"

namespace triage {

namespace {

constexpr std::uint64_t kRounds = 1ULL << 20;
constexpr std::size_t kKeyDataAt = 12;  // size, role, kind, version, method
constexpr std::uint64_t kCopyBytes = 64 * 1024;

/// UTF-16LE of a UTF-8 passphrase, as Windows hashes it; empty where it is no UTF-8.
SecretBytes utf16_of(Bytes text) {
  SecretBytes out;
  if (!is_utf8(as_chars(text))) return out;
  const auto put = [&out](std::uint32_t unit) {
    out.push_back(std::byte(unit & 0xff));
    out.push_back(std::byte((unit >> 8) & 0xff));
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = std::to_integer<std::uint32_t>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : (lead < 0xe0 ? 2 : (lead < 0xf0 ? 3 : 4));
    std::uint32_t point = length == 1 ? lead : lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) point = point << 6 | (std::to_integer<std::uint32_t>(text[at + i]) & 0x3f);
    at += length;
    if (point >= 0x10000) {
      put(0xd800 + ((point - 0x10000) >> 10));
      put(0xdc00 + ((point - 0x10000) & 0x3ff));
    } else {
      put(point);
    }
  }
  return out;
}

/// state := last(32) first(32) salt(16) round(u64)
SecretBytes stretch(Bytes first, Bytes salt) {
  SecretBytes state(32 + 32 + 16 + 8);
  if (first.size() != 32 || salt.size() != 16) return {};
  std::copy(first.begin(), first.end(), state.begin() + 32);
  std::copy(salt.begin(), salt.end(), state.begin() + 64);
  SecretBytes last(32);
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < 8; ++i) state[80 + i] = std::byte((round >> (8 * i)) & 0xff);
    SHA256(octets_of(state), state.size(), as_octets(last));
    std::copy(last.begin(), last.end(), state.begin());
  }
  return last;
}

/// The key inside a sealed one; empty where `key` does not open it.
SecretBytes unseal(const std::optional<SealedKey>& sealed, Bytes key) {
  if (!sealed) return {};
  const SecretBytes plain = open_ccm(key, sealed->nonce, sealed->tag, sealed->data);
  if (plain.size() <= kKeyDataAt) return {};
  return SecretBytes(plain.begin() + kKeyDataAt, plain.end());
}

/// The key `key` makes for `protector`; empty where it is of another kind.
SecretBytes intermediate(const UnlockRequest& request, const BitlockerProtector& protector, const KeyToTry& key) {
  if (protector.kind == 0x0800 && key.kind == KeyKind::kRecoveryKey) {
    const auto bytes = bitlocker_recovery_bytes(key.secret);
    if (!bytes) return {};
    if (request.step) request.step();
    return stretch(hash_bytes("sha256", *bytes), protector.salt);
  }
  if (protector.kind == 0x2000 && key.kind == KeyKind::kPassphrase) {
    const SecretBytes words = utf16_of(key.secret);
    if (words.empty()) return {};
    if (request.step) request.step();
    return stretch(hash_bytes("sha256", hash_bytes("sha256", words)), protector.salt);
  }
  if (protector.kind == 0x0200 && key.kind == KeyKind::kKeyFile) {
    auto startup = parse_startup_key(key.secret);
    if (startup) return std::move(startup->key);
  }
  return {};
}

/// The volume's first bytes lie encrypted elsewhere; BitLocker's own areas show as zeros.
std::vector<PlainRun> runs_of(const BitlockerMetadata& metadata, ByteRange range) {
  const std::uint64_t room = range.end - range.begin;
  const std::uint64_t sector = metadata.sector_bytes;
  const std::uint64_t stated = metadata.encrypted_bytes == 0 ? room : std::min(metadata.encrypted_bytes, room);
  const std::uint64_t end = stated / sector * sector;
  RangeSet own;
  for (const std::uint64_t copy : metadata.copies) {
    if (copy < room) own.insert({copy, std::min(room, copy + kCopyBytes)});
  }
  own.insert({metadata.moved_at, metadata.moved_at + metadata.moved_bytes});
  std::vector<PlainRun> out;
  if (metadata.moved_bytes != 0) {
    out.push_back({{0, metadata.moved_bytes}, false, range.begin + metadata.moved_at, metadata.moved_at});
  }
  RangeSet payload;
  for (const ByteRange part : own.outside({metadata.moved_bytes, std::max(metadata.moved_bytes, end)})) {
    payload.insert(part);
    out.push_back({part, false, range.begin + part.begin, part.begin});
  }
  payload.insert({0, metadata.moved_bytes});
  for (const ByteRange part : payload.outside({0, end})) out.push_back({part, true, 0, 0});
  for (PlainRun& run : out) run.range = {range.begin + run.range.begin, range.begin + run.range.end};
  std::sort(out.begin(), out.end(), [](const PlainRun& a, const PlainRun& b) { return a.range.begin < b.range.begin; });
  return out;
}

Result<UnlockedVolume> opened(const UnlockRequest& request, const BitlockerMetadata& metadata, Bytes volume_key) {
  UnlockedVolume out;
  out.scheme = "bitlocker";
  out.plain_begin = request.range.begin;
  TRIAGE_TRY(out.cipher, make_bitlocker_cipher(metadata.method, volume_key, metadata.sector_bytes));
  out.runs = runs_of(metadata, request.range);
  return out;
}

std::string locks_text(const BitlockerMetadata& metadata) {
  std::string out = "BitLocker, opened by: ";
  for (const BitlockerProtector& each : metadata.protectors) {
    if (&each != &metadata.protectors.front()) out += ", ";
    out += fmt::format("{} {}", bitlocker_protector_name(each.kind), each.id);
  }
  return out;
}

}  // namespace

Result<UnlockedVolume> unlock_bitlocker(const UnlockRequest& request) {
  TRIAGE_TRY(const BitlockerMetadata metadata, read_bitlocker(request.image, request.range));
  const auto finish = [&](const BitlockerProtector& protector, Bytes key,
                          std::string_view kind) -> Result<std::optional<UnlockedVolume>> {
    const SecretBytes master = unseal(protector.master, key);
    const SecretBytes volume_key = master.empty() ? SecretBytes{} : unseal(metadata.volume_key, master);
    if (volume_key.empty()) return std::nullopt;
    TRIAGE_TRY(UnlockedVolume volume, opened(request, metadata, volume_key));
    volume.key_kind = kind;
    volume.protector = protector.id;
    return volume;
  };
  for (const BitlockerProtector& protector : metadata.protectors) {
    if (protector.kind != 0 || protector.clear_key.empty()) continue;
    TRIAGE_TRY(auto volume, finish(protector, protector.clear_key, "clear-key"));
    if (volume) return std::move(*volume);
  }
  for (const KeyToTry& key : request.keys) {
    for (const BitlockerProtector& protector : metadata.protectors) {
      const SecretBytes made = intermediate(request, protector, key);
      if (made.empty()) continue;
      TRIAGE_TRY(auto volume, finish(protector, made, key_kind_word(key.kind)));
      if (volume) return std::move(*volume);
    }
  }
  return fail(ErrorCode::kUsage, locks_text(metadata));
}

}  // namespace triage
