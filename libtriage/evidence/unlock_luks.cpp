// SPDX-License-Identifier: Apache-2.0
// LUKS1 header and the opening of key slots for both versions.
//   phdr(592) := "LUKS\xba\xbe" version(be16) cipher(32) mode(32) hash(32) payload(be32, sectors) key_bytes(be32)
//                digest(20) digest_salt(32) digest_rounds(be32) uuid(40) slot(48)*8
//   slot := state(be32) rounds(be32) salt(32) area(be32, sectors) stripes(be32)
//   Spec: LUKS On-Disk Format Specification 1.2.3, §2.1-2.4. LUKS2's header is in unlock_luks2.cpp.
#include "evidence/unlock_luks.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace triage {

namespace {

constexpr std::size_t kHeadBytes = 4096;
constexpr std::uint32_t kActive = 0x00ac71f3;
constexpr std::uint64_t kSector = 512;
constexpr std::size_t kMaxKeyBytes = 512;
constexpr std::size_t kMaxStripes = 8192;
constexpr std::uint64_t kMaxHeader = 4ULL << 20;

std::string text_of(Bytes field) {
  const std::string_view text = as_chars(field);
  return std::string(text.substr(0, text.find('\0')));
}

std::vector<std::byte> copy_of(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

bool is_copy(Bytes head, std::string_view magic) {
  using std::string_view_literals::operator""sv;
  return has_at(head, 0, magic) && has_at(head, 6, "\0\x02"sv);
}

/// The first of the two copies that is whole. The second begins at one of fixed places (LUKS2 §3.1).
Result<LuksHeader> read_luks2(const UnlockRequest& request, Bytes head) {
  using std::string_view_literals::operator""sv;
  Result<LuksHeader> parsed = fail(ErrorCode::kUnreadable, "the LUKS2 header is damaged");
  const auto attempt = [&](Bytes first, std::uint64_t at) -> Status {
    ByteCursor cursor(first);
    cursor.seek(8, "header size");
    const auto size = cursor.be<std::uint64_t>("header size");
    if (size < kHeadBytes || size > kMaxHeader || at + size > request.range.end - request.range.begin) return {};
    TRIAGE_TRY(const std::vector<std::byte> whole,
               read_whole(request.image, request.range.begin + at, static_cast<std::size_t>(size)));
    parsed = parse_luks2(whole);
    return {};
  };
  if (is_copy(head, "LUKS\xba\xbe"sv)) TRIAGE_TRY_STATUS(attempt(head, 0));
  for (std::uint64_t at = 0x4000; !parsed && parsed.error().code == ErrorCode::kUnreadable && at <= kMaxHeader;
       at *= 2) {
    if (at + kHeadBytes > request.range.end - request.range.begin) break;
    TRIAGE_TRY(const std::vector<std::byte> copy, read_whole(request.image, request.range.begin + at, kHeadBytes));
    if (is_copy(copy, "SKUL\xba\xbe"sv)) TRIAGE_TRY_STATUS(attempt(copy, at));
  }
  return parsed;
}

Result<SecretBytes> derive(const LuksDerivation& how, Bytes secret, std::size_t length) {
  if (how.hash.empty()) return derive_argon2(how.argon, secret, how.salt, length);
  return derive_pbkdf2(how.hash, secret, how.salt, how.rounds, length);
}

/// The volume key where `secret` opens `slot`; nullopt where it does not.
Result<std::optional<SecretBytes>> open_slot(const UnlockRequest& request, const LuksHeader& header,
                                             const LuksSlot& slot, Bytes secret) {
  const std::size_t bytes = slot.key_bytes * slot.stripes;
  const std::size_t padded = (bytes + kSector - 1) / kSector * kSector;
  if (slot.area_at > request.range.end - request.range.begin ||
      padded > request.range.end - request.range.begin - slot.area_at) {
    return fail(ErrorCode::kUnreadable, fmt::format("key slot {} lies outside the volume", slot.number));
  }
  TRIAGE_TRY(const SecretBytes area_key, derive(slot.derivation, secret, slot.area_key_bytes));
  TRIAGE_TRY(std::vector<std::byte> area, read_whole(request.image, request.range.begin + slot.area_at, padded));
  TRIAGE_TRY(const std::unique_ptr<SectorCipher> cipher, make_linux_cipher(slot.area_cipher, area_key, kSector, 0));
  SecretBytes material(area.begin(), area.end());
  cipher->decrypt(0, material);
  const SecretBytes key = join_stripes(slot.split_hash, Bytes(material).first(bytes), slot.key_bytes, slot.stripes);
  if (key.empty()) return fail(ErrorCode::kUnsupported, "the hash of a key slot is not known", slot.split_hash);
  for (const LuksDigest& digest : header.digests) {
    if (std::find(digest.slots.begin(), digest.slots.end(), slot.number) == digest.slots.end()) continue;
    TRIAGE_TRY(const SecretBytes proof,
               derive_pbkdf2(digest.hash, key, digest.salt, digest.rounds, digest.digest.size()));
    if (same_secret(proof, digest.digest)) return key;
  }
  return std::nullopt;
}

Result<UnlockedVolume> opened(const UnlockRequest& request, const LuksHeader& header, Bytes key) {
  const std::uint64_t room = request.range.end - request.range.begin;
  if (header.payload_at >= room) return fail(ErrorCode::kUnreadable, "the LUKS payload lies outside the volume");
  std::uint64_t length = room - header.payload_at;
  if (header.payload_length != 0) length = std::min(length, header.payload_length);
  length -= length % header.sector_bytes;
  UnlockedVolume out;
  out.scheme = "luks";
  out.plain_begin = request.range.begin + header.payload_at;
  out.runs.push_back({{out.plain_begin, out.plain_begin + length}, false, out.plain_begin, 0});
  TRIAGE_TRY(out.cipher, make_linux_cipher(header.payload_cipher, key, header.sector_bytes, header.first_vector));
  return out;
}

}  // namespace

Result<LuksHeader> parse_luks1(Bytes head) {
  ByteCursor c(head);
  LuksHeader out;
  c.seek(8, "cipher");
  const std::string cipher = text_of(c.take(32, "cipher"));
  const std::string mode = text_of(c.take(32, "mode"));
  const std::string hash = text_of(c.take(32, "hash"));
  out.payload_cipher = cipher + "-" + mode;
  out.payload_at = kSector * c.be<std::uint32_t>("payload");
  const auto key_bytes = c.be<std::uint32_t>("key bytes");
  LuksDigest digest;
  digest.hash = hash;
  digest.digest = copy_of(c.take(20, "digest"));
  digest.salt = copy_of(c.take(32, "digest salt"));
  digest.rounds = c.be<std::uint32_t>("digest rounds");
  c.skip(40, "uuid");
  for (unsigned i = 0; i < 8; ++i) {
    LuksSlot slot;
    slot.number = i;
    const bool active = c.be<std::uint32_t>("slot state") == kActive;
    slot.derivation.hash = hash;
    slot.derivation.rounds = c.be<std::uint32_t>("slot rounds");
    slot.derivation.salt = copy_of(c.take(32, "slot salt"));
    slot.area_at = kSector * c.be<std::uint32_t>("slot area");
    slot.stripes = c.be<std::uint32_t>("slot stripes");
    slot.split_hash = hash;
    slot.area_cipher = out.payload_cipher;
    slot.area_key_bytes = slot.key_bytes = key_bytes;
    if (!active || slot.stripes == 0 || slot.stripes > kMaxStripes) continue;
    digest.slots.push_back(i);
    out.slots.push_back(std::move(slot));
  }
  if (!c.ok() || key_bytes == 0 || key_bytes > kMaxKeyBytes || out.payload_at == 0) {
    return fail(ErrorCode::kUnreadable, "the LUKS header is damaged");
  }
  out.digests.push_back(std::move(digest));
  return out;
}

Result<UnlockedVolume> unlock_luks(const UnlockRequest& request) {
  using std::string_view_literals::operator""sv;
  if (request.range.end - request.range.begin < kHeadBytes)
    return fail(ErrorCode::kUnreadable, "the volume is too small");
  TRIAGE_TRY(const std::vector<std::byte> head, read_whole(request.image, request.range.begin, kHeadBytes));
  const bool first_version = has_at(head, 0, "LUKS\xba\xbe\0\x01"sv);
  TRIAGE_TRY(const LuksHeader header, first_version ? parse_luks1(head) : read_luks2(request, head));
  if (header.slots.empty()) return fail(ErrorCode::kUnreadable, "the LUKS header has no key slot in use");
  std::optional<Error> fault;
  bool tried = false;
  for (const KeyToTry& key : request.keys) {
    if (key.kind == KeyKind::kRecoveryKey) continue;
    for (const LuksSlot& slot : header.slots) {
      if (request.step) request.step();
      auto volume_key = open_slot(request, header, slot, key.secret);
      if (!volume_key) {
        fault = volume_key.error();
        continue;
      }
      tried = true;
      if (!*volume_key) continue;
      TRIAGE_TRY(UnlockedVolume volume, opened(request, header, **volume_key));
      volume.key_kind = key_kind_word(key.kind);
      volume.protector = fmt::format("key slot {}", slot.number);
      return volume;
    }
  }
  if (!tried && fault) return tl::unexpected(*fault);
  return fail(ErrorCode::kUsage, fmt::format("LUKS with {} key slot(s): passphrase or keyfile", header.slots.size()));
}

}  // namespace triage
