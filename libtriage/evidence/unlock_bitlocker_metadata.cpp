// SPDX-License-Identifier: Apache-2.0
// BitLocker's metadata (Windows 7 and later) and startup key files. Little-endian.
//   volume  := … "-FVE-FS-" @3 sector(u16 @11) … kind(GUID @160) copy(u64)*3          (To Go: GUID @424)
//   copy    := "-FVE-FS-" size(u16, 16 bytes) version(u16) state(u16) next(u16) encrypted(u64) unknown(u32)
//              moved_sectors(u32) copy(u64)*3 moved_at(u64) header(48) entry*
//   header  := size(u32) version(u32) header_size(u32) size(u32) GUID nonce(u32) method(u32) created(FILETIME)
//   entry   := size(u16) role(u16) kind(u16) version(u16) data
//   Spec: libyal/libbde, "BitLocker Drive Encryption (BDE) format", §3-5.
#include <fmt/format.h>

#include <algorithm>

#include "bytes/text.h"
#include "evidence/unlock_bitlocker.h"

namespace triage {

namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kSignature = "-FVE-FS-";
constexpr std::string_view kNormal = "\x3b\xd6\x67\x49\x29\x2e\xd8\x4a\x83\x99\xf6\xa3\x39\xe3\xd0\x01"sv;
constexpr std::string_view kOnWrite = "\x3b\x4d\xa8\x92\x80\xdd\x0e\x4d\x9e\x4e\xb1\xe3\x28\x4e\xae\xd8"sv;
constexpr std::size_t kCopyBytes = 64 * 1024;
constexpr std::size_t kBlockHeader = 64;
constexpr std::size_t kHeader = 48;
constexpr std::size_t kMaxProtectors = 64;
constexpr std::uint64_t kMaxMoved = 16ULL << 20;

enum Role : std::uint16_t { kMasterKey = 2, kVolumeKey = 3, kStartup = 6, kMoved = 0xf };
enum Kind : std::uint16_t { kKey = 1, kStretch = 3, kSealed = 5, kProtector = 8, kExternal = 9, kPlace = 0xf };

struct Entry {
  std::uint16_t role = 0;
  std::uint16_t kind = 0;
  Bytes data;
};

/// Entries one after the other; a size that cannot be ends them.
std::vector<Entry> entries_of(Bytes data) {
  std::vector<Entry> out;
  ByteCursor c(data);
  while (c.remaining() >= 8 && out.size() < 4 * kMaxProtectors) {
    const auto size = c.le<std::uint16_t>("entry size");
    Entry entry;
    entry.role = c.le<std::uint16_t>("entry role");
    entry.kind = c.le<std::uint16_t>("entry kind");
    c.skip(2, "entry version");
    if (size < 8) break;
    entry.data = c.take(size - 8U, "entry data");
    if (!c.ok()) break;
    out.push_back(entry);
  }
  return out;
}

std::string guid_text(Bytes raw) {
  ByteCursor c(raw);
  const auto a = c.le<std::uint32_t>("guid");
  const auto b = c.le<std::uint16_t>("guid");
  const auto d = c.le<std::uint16_t>("guid");
  const std::string tail = to_hex(c.take(8, "guid"));
  if (!c.ok()) return "";
  std::string out = fmt::format("{{{:08X}-{:04X}-{:04X}-{}-{}}}", a, b, d, tail.substr(0, 4), tail.substr(4));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char each) { return each >= 'a' && each <= 'f' ? static_cast<char>(each - 'a' + 'A') : each; });
  return out;
}

std::vector<std::byte> copy_of(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

std::optional<SealedKey> sealed_key(Bytes data) {
  ByteCursor c(data);
  SealedKey out;
  out.nonce = copy_of(c.take(12, "nonce"));
  out.tag = copy_of(c.take(16, "tag"));
  out.data = copy_of(c.take(c.remaining(), "sealed key"));
  if (!c.ok() || out.data.empty() || out.data.size() > 1024) return std::nullopt;
  return out;
}

std::optional<BitlockerProtector> protector_of(Bytes data) {
  ByteCursor c(data);
  BitlockerProtector out;
  out.id = guid_text(c.take(16, "protector"));
  c.skip(8 + 2, "changed");
  out.kind = c.le<std::uint16_t>("protection");
  if (!c.ok()) return std::nullopt;
  for (const Entry& entry : entries_of(c.take(c.remaining(), "properties"))) {
    ByteCursor inner(entry.data);
    inner.skip(4, "method");
    if (entry.kind == kStretch) out.salt = copy_of(inner.take(16, "salt"));
    if (entry.kind == kKey) out.clear_key = copy_of(inner.take(inner.remaining(), "clear key"));
    if (entry.kind == kSealed && !out.master) out.master = sealed_key(entry.data);
  }
  return out;
}

struct Boot {
  std::uint32_t sector_bytes = 512;
  std::array<std::uint64_t, 3> copies{};
};

Result<Boot> read_boot(Bytes head) {
  const bool to_go = has_at(head, 424, kNormal);
  if (has_at(head, 160, kOnWrite) || has_at(head, 424, kOnWrite)) {
    return fail(ErrorCode::kUnsupported, "BitLocker is still encrypting this volume (encrypt on write); not read", {},
                0, "let Windows finish the encryption on a copy, then image it again");
  }
  if (!to_go && !has_at(head, 160, kNormal)) {
    return fail(ErrorCode::kUnsupported, "BitLocker of Windows Vista is not read by this build");
  }
  ByteCursor c(head);
  Boot out;
  c.seek(11, "sector size");
  const auto sector = c.le<std::uint16_t>("sector size");
  if (sector != 0) out.sector_bytes = sector;
  c.seek(to_go ? 440 : 176, "metadata places");
  for (std::uint64_t& copy : out.copies) copy = c.le<std::uint64_t>("metadata place");
  if (!c.ok() || (out.sector_bytes != 512 && out.sector_bytes != 4096)) {
    return fail(ErrorCode::kUnreadable, "BitLocker's boot sector is damaged");
  }
  return out;
}

void take_entries(Bytes data, BitlockerMetadata& out) {
  for (const Entry& entry : entries_of(data)) {
    if (entry.role == kMasterKey && entry.kind == kProtector && out.protectors.size() < kMaxProtectors) {
      if (auto protector = protector_of(entry.data)) out.protectors.push_back(std::move(*protector));
    } else if (entry.role == kVolumeKey && entry.kind == kSealed && !out.volume_key) {
      out.volume_key = sealed_key(entry.data);
    } else if (entry.role == kMoved && entry.kind == kPlace) {
      ByteCursor c(entry.data);
      const auto at = c.le<std::uint64_t>("moved header");
      const auto length = c.le<std::uint64_t>("moved header");
      if (c.ok() && length != 0) {
        out.moved_at = at;
        out.moved_bytes = length;
      }
    }
  }
}

}  // namespace

std::string_view bitlocker_protector_name(std::uint16_t kind) {
  switch (kind) {
    case 0x0000: return "clear key";
    case 0x0100: return "TPM";
    case 0x0200: return "startup key (keyfile)";
    case 0x0400:
    case 0x0500: return "TPM and PIN";
    case 0x0800: return "recovery key";
    case 0x1000: return "smart card";
    case 0x2000: return "passphrase";
    default: return "unknown protector";
  }
}

Result<BitlockerMetadata> parse_bitlocker(Bytes metadata) {
  ByteCursor c(metadata);
  BitlockerMetadata out;
  const bool signed_copy = has_at(metadata, 0, kSignature);
  c.skip(8 + 2, "signature");
  const auto version = c.le<std::uint16_t>("version");
  c.skip(4, "states");
  out.encrypted_bytes = c.le<std::uint64_t>("encrypted bytes");
  c.skip(4, "unknown");
  out.moved_sectors = c.le<std::uint32_t>("moved sectors");
  for (std::uint64_t& copy : out.copies) copy = c.le<std::uint64_t>("copies");
  out.moved_at = c.le<std::uint64_t>("moved place");
  const auto size = c.le<std::uint32_t>("metadata size");
  c.skip(8, "header");
  const auto again = c.le<std::uint32_t>("metadata size");
  c.skip(16 + 4, "volume, nonce");
  out.method = c.le<std::uint16_t>("method");
  if (!c.ok() || !signed_copy || version != 2 || size != again || size < kHeader ||
      size > metadata.size() - kBlockHeader) {
    return fail(ErrorCode::kUnreadable, "BitLocker's metadata is damaged");
  }
  take_entries(metadata.subspan(kBlockHeader + kHeader, size - kHeader), out);
  if (!out.volume_key) return fail(ErrorCode::kUnreadable, "BitLocker's metadata has no volume key");
  return out;
}

Result<BitlockerMetadata> read_bitlocker(Source& image, ByteRange range) {
  const std::uint64_t room = range.end - range.begin;
  if (room < kCopyBytes) return fail(ErrorCode::kUnreadable, "the volume is too small for BitLocker");
  TRIAGE_TRY(const std::vector<std::byte> head, read_whole(image, range.begin, 512));
  TRIAGE_TRY(const Boot boot, read_boot(head));
  Result<BitlockerMetadata> parsed = fail(ErrorCode::kUnreadable, "no copy of BitLocker's metadata lies in the volume");
  for (const std::uint64_t copy : boot.copies) {
    if (copy > room - kCopyBytes) continue;
    auto block = read_whole(image, range.begin + copy, kCopyBytes);
    if (!block) {
      parsed = tl::unexpected(block.error());
      continue;
    }
    parsed = parse_bitlocker(*block);
    if (parsed) break;
  }
  if (!parsed) return parsed;
  parsed->sector_bytes = boot.sector_bytes;
  if (parsed->moved_bytes == 0) parsed->moved_bytes = parsed->moved_sectors * boot.sector_bytes;
  const bool placed = parsed->moved_bytes <= kMaxMoved && parsed->moved_bytes % boot.sector_bytes == 0 &&
                      parsed->moved_at % boot.sector_bytes == 0 && parsed->moved_at <= room &&
                      parsed->moved_bytes <= room - parsed->moved_at && parsed->moved_at >= parsed->moved_bytes;
  if (!placed) return fail(ErrorCode::kUnreadable, "BitLocker's copy of the volume's first bytes lies nowhere");
  return parsed;
}

Result<StartupKey> parse_startup_key(Bytes file) {
  for (const Entry& entry : entries_of(file.size() > kHeader ? file.subspan(kHeader) : Bytes{})) {
    if (entry.role != kStartup || entry.kind != kExternal) continue;
    ByteCursor c(entry.data);
    StartupKey out;
    out.id = guid_text(c.take(16, "key id"));
    c.skip(8, "changed");
    for (const Entry& inner : entries_of(c.take(c.remaining(), "properties"))) {
      if (inner.kind != kKey || inner.data.size() < 4 + 32) continue;
      const Bytes key = inner.data.subspan(4, 32);
      out.key.assign(key.begin(), key.end());
      return out;
    }
  }
  return fail(ErrorCode::kUsage, "the keyfile is no BitLocker startup key (.BEK)");
}

}  // namespace triage
