// SPDX-License-Identifier: Apache-2.0
// LUKS2 header: 4 KiB of numbers, then JSON. Read: crypt segments of AES or Camellia, key slots of type luks2 with
// PBKDF2 or Argon2. Not read: re-encryption under way, authenticated encryption (dm-integrity), detached headers.
//   header := magic(6) version(be16) size(be64) sequence(be64) label(48) checksum_name(32) salt(64) uuid(40)
//             subsystem(48) place(be64) zeros checksum(64 @ 0x1c0) … JSON @ 0x1000
//   Spec: LUKS2 On-Disk Format Specification 1.1.3, §2-3.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "bytes/base64.h"
#include "evidence/unlock_luks.h"

namespace triage {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kBinaryBytes = 4096;
constexpr std::size_t kChecksumAt = 0x1c0;
constexpr std::size_t kChecksumBytes = 64;
constexpr std::size_t kMaxKeyBytes = 512;
constexpr std::size_t kMaxStripes = 8192;
constexpr std::size_t kMaxSlots = 32;
constexpr std::size_t kMaxBase64 = 4096;

tl::unexpected<Error> damaged(std::string what) {
  return fail(ErrorCode::kUnreadable, "the LUKS2 header is damaged: " + std::move(what));
}

/// Members of hostile JSON: what is missing or of another type reads as empty or 0 and is found out by its use.
const Json& member(const Json& object, const char* name) {
  static const Json kNothing;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() ? *found : kNothing;
}

std::string text(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

/// Numbers of 64 bits are strings in LUKS2, smaller ones are numbers.
std::uint64_t number(const Json& object, const char* name) {
  const Json& value = member(object, name);
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  std::uint64_t out = 0;
  if (!value.is_string()) return 0;
  const std::string& digits = value.get_ref<const std::string&>();
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return fault == std::errc{} && end == digits.data() + digits.size() ? out : 0;
}

std::vector<std::byte> base64(const std::string& encoded) {
  const auto decoded = encoded.size() > kMaxBase64 ? std::nullopt : from_base64(encoded);
  if (!decoded) return {};
  const Bytes bytes = as_byte_span(*decoded);
  return {bytes.begin(), bytes.end()};
}

unsigned index_of(const std::string& name) {
  unsigned out = 0;
  const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), out);
  return fault == std::errc{} && end == name.data() + name.size() ? out : ~0U;
}

Status check_sum(Bytes header) {
  ByteCursor c(header);
  c.seek(0x48, "checksum name");
  const std::string_view field = as_chars(c.take(32, "checksum name"));
  const std::string_view name = field.substr(0, field.find('\0'));
  const std::size_t length = hash_size(name);
  if (length == 0 || length > kChecksumBytes) return damaged("its checksum is of an unknown kind");
  std::vector<std::byte> copy(header.begin(), header.end());
  std::fill_n(copy.begin() + kChecksumAt, kChecksumBytes, std::byte{0});
  if (!same_secret(hash_bytes(name, copy), header.subspan(kChecksumAt, length))) return damaged("wrong checksum");
  return {};
}

LuksSlot slot_of(unsigned index, const Json& object) {
  LuksSlot slot;
  slot.number = index;
  const Json& kdf = member(object, "kdf");
  const std::string kind = text(kdf, "type");
  if (kind == "pbkdf2") {
    slot.derivation.hash = text(kdf, "hash");
    slot.derivation.rounds = number(kdf, "iterations");
  } else {
    slot.derivation.argon = {kind == "argon2id", number(kdf, "time"), number(kdf, "memory"), number(kdf, "cpus")};
  }
  slot.derivation.salt = base64(text(kdf, "salt"));
  const Json& split = member(object, "af");
  slot.split_hash = text(split, "hash");
  slot.stripes = static_cast<std::size_t>(std::min<std::uint64_t>(number(split, "stripes"), kMaxStripes + 1));
  const Json& area = member(object, "area");
  slot.area_at = number(area, "offset");
  slot.area_cipher = text(area, "encryption");
  slot.area_key_bytes = static_cast<std::size_t>(std::min<std::uint64_t>(number(area, "key_size"), kMaxKeyBytes + 1));
  slot.key_bytes = static_cast<std::size_t>(std::min<std::uint64_t>(number(object, "key_size"), kMaxKeyBytes + 1));
  return slot;
}

bool is_usable(const Json& object, const LuksSlot& slot) {
  const std::string kdf = text(member(object, "kdf"), "type");
  return text(object, "type") == "luks2" && slot.number != ~0U && (kdf == "pbkdf2" || kdf.starts_with("argon2i")) &&
         !slot.derivation.salt.empty() && slot.stripes > 0 && slot.stripes <= kMaxStripes && slot.area_key_bytes > 0 &&
         slot.area_key_bytes <= kMaxKeyBytes && slot.key_bytes > 0 && slot.key_bytes <= kMaxKeyBytes;
}

LuksDigest digest_of(const Json& object) {
  LuksDigest out;
  out.hash = text(object, "hash");
  out.rounds = number(object, "iterations");
  out.salt = base64(text(object, "salt"));
  out.digest = base64(text(object, "digest"));
  for (const Json& each : member(object, "keyslots")) {
    if (each.is_string() && out.slots.size() < kMaxSlots) out.slots.push_back(index_of(each.get<std::string>()));
  }
  return out;
}

Status read_segment(const Json& document, LuksHeader& out) {
  const Json& segments = member(document, "segments");
  if (!segments.is_object() || segments.size() != 1) {
    return fail(ErrorCode::kUnsupported, "the LUKS2 volume is being re-encrypted; that state is not read");
  }
  const Json& segment = *segments.begin();
  if (text(segment, "type") != "crypt" || member(segment, "integrity").is_object()) {
    return fail(ErrorCode::kUnsupported, "the LUKS2 volume uses authenticated encryption or another segment type");
  }
  out.payload_at = number(segment, "offset");
  out.payload_length = text(segment, "size") == "dynamic" ? 0 : number(segment, "size");
  out.payload_cipher = text(segment, "encryption");
  out.first_vector = number(segment, "iv_tweak");
  const std::uint64_t sector = number(segment, "sector_size");
  if (sector < 512 || sector > 4096 || out.payload_at == 0) return damaged("its segment makes no sense");
  out.sector_bytes = static_cast<std::uint32_t>(sector);
  return {};
}

}  // namespace

Result<LuksHeader> parse_luks2(Bytes header) {
  if (header.size() <= kBinaryBytes) return damaged("too short");
  TRIAGE_TRY_STATUS(check_sum(header));
  const std::string_view area = as_chars(header.subspan(kBinaryBytes));
  const Json document = Json::parse(area.substr(0, area.find('\0')), nullptr, false);
  if (!document.is_object()) return damaged("its JSON area cannot be read");
  LuksHeader out;
  TRIAGE_TRY_STATUS(read_segment(document, out));
  const Json& slots = member(document, "keyslots");
  if (!slots.is_object()) return damaged("it lists no key slots");
  for (const auto& [name, object] : slots.items()) {
    LuksSlot slot = slot_of(index_of(name), object);
    if (is_usable(object, slot) && out.slots.size() < kMaxSlots) out.slots.push_back(std::move(slot));
  }
  for (const Json& object : member(document, "digests")) {
    if (text(object, "type") == "pbkdf2" && out.digests.size() < kMaxSlots) out.digests.push_back(digest_of(object));
  }
  return out;
}

}  // namespace triage
