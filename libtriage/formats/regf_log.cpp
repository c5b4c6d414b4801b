// SPDX-License-Identifier: Apache-2.0
// Old log: base block (512) "DIRT" bitmap (a bit per 512-byte page) [pad to 512] pages…
// New log: base block (512) entry…; entry := "HvLE" u32 size, u32 flags, u32 sequence, u32 bins size, u32 pages,
//          u64 hash-1 (from byte 40), u64 hash-2 (of the first 32 bytes), {u32 offset, u32 size}…, pages…
// Old logs apply when their last-written stamp is the hive's; new ones when their entries go on from its sequence.
// Spec: msuhanov/regf, "Windows registry file format specification", "Format of transaction log files".
#include "formats/regf_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "bytes/text.h"

namespace triage {
namespace {

constexpr std::size_t kSector = 512;
constexpr std::size_t kEntryHeader = 40;
constexpr std::size_t kBinAlignment = 4096;
constexpr std::uint64_t kHashSeed = 0x82ef4d887a4e55c5ULL;
constexpr std::size_t kMaxGrowth = std::size_t{512} << 20;
constexpr std::uint32_t kNewLog = 6;

std::uint32_t xor32(Bytes block) {
  ByteCursor c(block);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 127; ++i) sum ^= c.le<std::uint32_t>("word");
  if (sum == 0xffffffff) return 0xfffffffe;
  return sum == 0 ? 1 : sum;
}

struct Page {
  std::uint32_t offset = 0;  ///< from the first hive bin
  Bytes data;
};

struct Entry {
  std::uint32_t sequence = 0;
  std::uint32_t bins_bytes = 0;
  std::vector<Page> pages;
};

struct Log {
  std::string_view name;
  Bytes data;
  RegfBaseBlock base;
};

void grow(std::vector<std::byte>& image, std::uint64_t bins_bytes) {
  const std::uint64_t size = kRegfBaseBlock + bins_bytes;
  if (size > image.size() && size - image.size() <= kMaxGrowth) image.resize(size);
}

/// False when the page does not fit into the image.
bool put(std::vector<std::byte>& image, const Page& page) {
  const std::uint64_t at = kRegfBaseBlock + std::uint64_t{page.offset};
  if (at > image.size() || page.data.size() > image.size() - at) return false;
  std::copy(page.data.begin(), page.data.end(), image.begin() + static_cast<std::ptrdiff_t>(at));
  return true;
}

/// Why `raw`, an entry of its stated size, is not to be applied; empty when it is sound.
std::string_view read_entry(Bytes raw, Entry& out) {
  ByteCursor c(raw);
  c.skip(12, "signature, size, flags");
  out.sequence = c.le<std::uint32_t>("sequence");
  out.bins_bytes = c.le<std::uint32_t>("hive bins size");
  const auto promised = c.le<std::uint32_t>("pages");
  const auto first = c.le<std::uint64_t>("hash-1");
  const auto second = c.le<std::uint64_t>("hash-2");
  if (marvin32(raw.first(32), kHashSeed) != second) return "hash-2 does not match";
  if (marvin32(raw.subspan(kEntryHeader), kHashSeed) != first) return "hash-1 does not match";
  if (out.bins_bytes % kBinAlignment != 0) return "size of the hive bins is no multiple of 4096";
  if (promised > c.remaining() / 8) return "more pages than fit";
  out.pages.resize(promised);
  std::vector<std::uint32_t> sizes(promised);
  for (std::size_t i = 0; i < promised; ++i) {
    out.pages[i].offset = c.le<std::uint32_t>("page offset");
    sizes[i] = c.le<std::uint32_t>("page size");
  }
  for (std::size_t i = 0; i < promised; ++i) out.pages[i].data = c.take(sizes[i], "page");
  return c.ok() ? std::string_view{} : "pages go past the entry";
}

class Recovery {
 public:
  Recovery(Bytes hive, RegfReplay& out) : hive_(hive), out_(out) {}

  void fault(const Log& log, std::uint64_t at, std::string_view why) {
    out_.faults.push_back({DamageKind::kChecksum, at, fmt::format("log {}", log.name), std::string(why)});
  }

  void apply_old(const Log& log) {
    ByteCursor c(log.data);
    c.seek(kSector, "dirty vector");
    if (as_chars(c.take(4, "DIRT")) != "DIRT") {
      fault(log, kSector, "no dirty vector where one must be");
      return;
    }
    const Bytes bitmap = c.take(log.base.bins_bytes / kSector / 8, "dirty vector");
    if (!c.ok()) {
      fault(log, kSector, "the dirty vector is cut off");
      return;
    }
    c.seek((c.position() + kSector - 1) / kSector * kSector, "dirty pages");
    begin(log);
    grow(out_.image, log.base.bins_bytes);
    for (std::size_t bit = 0; bit < bitmap.size() * 8; ++bit) {
      if ((std::to_integer<unsigned>(bitmap[bit / 8]) >> (bit % 8) & 1U) == 0) continue;
      const std::size_t at = c.position();
      const Page page{static_cast<std::uint32_t>(bit * kSector), c.take(kSector, "dirty page")};
      if (!c.ok() || !put(out_.image, page)) {
        fault(log, at, "the dirty pages are cut off");
        break;
      }
    }
    ++out_.applied;
  }

  /// Applies the entries of `log` that go on from `next`; nullopt stays "whatever the log begins with".
  void apply_new(const Log& log, std::optional<std::uint32_t>& next, std::uint32_t lowest) {
    std::size_t at = kSector;
    while (at < log.data.size() && log.data.size() - at >= kEntryHeader && has_at(log.data, at, "HvLE")) {
      ByteCursor c(log.data.subspan(at));
      c.skip(4, "signature");
      const auto size = c.le<std::uint32_t>("entry size");
      if (size < kEntryHeader || size % kSector != 0 || size > log.data.size() - at) break;
      Entry entry;
      const std::string_view why = read_entry(log.data.subspan(at, size), entry);
      // What follows the newest entry is left over from a former round of the log.
      const std::uint32_t wanted = next.value_or(log.base.primary_sequence);
      if (entry.sequence != wanted || entry.sequence < lowest) break;
      if (!why.empty()) {
        fault(log, at, fmt::format("entry {} is not applied: {}", entry.sequence, why));
        break;
      }
      begin(log);
      grow(out_.image, entry.bins_bytes);
      for (const Page& page : entry.pages)
        if (!put(out_.image, page)) fault(log, at, "a page lies outside the hive");
      next = entry.sequence + 1;
      ++out_.applied;
      at += size;
    }
  }

 private:
  void begin(const Log& log) {
    if (out_.image.empty()) out_.image.assign(hive_.begin(), hive_.end());
    if (out_.applied_logs.empty() || out_.applied_logs.back() != log.name) out_.applied_logs.emplace_back(log.name);
  }

  Bytes hive_;
  RegfReplay& out_;
};

/// Stamp of the first hive bin, which stands in for a base block that is broken.
std::uint64_t stamp_of(Bytes hive, const RegfBaseBlock& base) {
  if (base.checksum_ok) return base.last_written;
  ByteCursor c(hive);
  c.seek(kRegfBaseBlock + 20, "hbin stamp");
  return c.le<std::uint64_t>("hbin stamp");
}

/// The root's place of a hive whose base block is broken comes from the log.
void restore_base_block(std::vector<std::byte>& image, Bytes log) {
  if (image.size() < kSector || log.size() < kSector) return;
  std::copy_n(log.begin(), kSector, image.begin());
  std::fill_n(image.begin() + 28, 4, std::byte{0});  // file type: a hive
}

void apply_all(std::vector<Log>& logs, Bytes hive, const RegfBaseBlock& base, RegfReplay& out) {
  Recovery recovery(hive, out);
  std::stable_sort(logs.begin(), logs.end(), [](const Log& a, const Log& b) {
    return a.base.primary_sequence < b.base.primary_sequence;  // the log with the earlier entries first
  });
  std::vector<const Log*> fresh;
  const Log* old = nullptr;
  for (const Log& log : logs) {
    if (log.base.type == kNewLog) {
      fresh.push_back(&log);
    } else if (log.base.primary_sequence == log.base.secondary_sequence &&
               log.base.last_written == stamp_of(hive, base)) {
      old = &log;
    }
  }
  if (!base.checksum_ok && fresh.size() > 1) fresh.erase(fresh.begin(), fresh.end() - 1);
  std::optional<std::uint32_t> next;
  for (const Log* log : fresh) recovery.apply_new(*log, next, base.checksum_ok ? base.secondary_sequence : 0);
  if (fresh.empty() && old != nullptr) recovery.apply_old(*old);
  if (out.applied == 0 || base.checksum_ok) return;
  restore_base_block(out.image, fresh.empty() ? old->data : fresh.back()->data);
}

}  // namespace

std::uint64_t marvin32(Bytes data, std::uint64_t seed) {
  auto low = static_cast<std::uint32_t>(seed);
  auto high = static_cast<std::uint32_t>(seed >> 32);
  const auto mix = [&low, &high](std::uint32_t word) {
    low += word;
    high ^= low;
    low = std::rotl(low, 20) + high;
    high = std::rotl(high, 9) ^ low;
    low = std::rotl(low, 27) + high;
    high = std::rotl(high, 19);
  };
  ByteCursor c(data);
  while (c.remaining() >= 4) mix(c.le<std::uint32_t>("word"));
  std::uint32_t last = 0x80;
  const Bytes tail = c.take(c.remaining(), "tail");
  for (std::size_t i = tail.size(); i > 0; --i) last = last << 8 | std::to_integer<std::uint32_t>(tail[i - 1]);
  mix(last);
  mix(0);
  return std::uint64_t{high} << 32 | low;
}

std::optional<RegfBaseBlock> parse_regf_base_block(Bytes data) {
  if (data.size() < kSector || !has_at(data, 0, "regf")) return std::nullopt;
  ByteCursor c(data.first(kSector));
  c.skip(4, "signature");
  RegfBaseBlock out;
  out.primary_sequence = c.le<std::uint32_t>("primary sequence");
  out.secondary_sequence = c.le<std::uint32_t>("secondary sequence");
  out.last_written = c.le<std::uint64_t>("last written");
  out.major = c.le<std::uint32_t>("major version");
  out.minor = c.le<std::uint32_t>("minor version");
  out.type = c.le<std::uint32_t>("file type");
  c.skip(4, "file format");
  out.root = c.le<std::uint32_t>("root cell");
  out.bins_bytes = c.le<std::uint32_t>("hive bins size");
  c.skip(4, "clustering factor");
  out.file_name = utf16le_zstring(c.take(64, "file name"));
  c.seek(508, "checksum");
  out.checksum_ok = c.le<std::uint32_t>("checksum") == xor32(data);
  return out;
}

RegfReplay replay_regf_logs(Bytes hive, std::span<const RegfLogFile> logs) {
  RegfReplay out;
  const auto base = parse_regf_base_block(hive);
  if (!base || !base->dirty()) return out;
  std::vector<Log> usable;
  for (const RegfLogFile& file : logs) {
    const auto block = parse_regf_base_block(file.data);
    if (!block) {
      if (!std::all_of(file.data.begin(), file.data.end(), [](std::byte b) { return b == std::byte{0}; }))
        out.faults.push_back({DamageKind::kBadMagic, 0, fmt::format("log {}", file.name), "no base block"});
      continue;
    }
    if (!block->checksum_ok) {
      out.faults.push_back({DamageKind::kChecksum, 508, fmt::format("log {}", file.name), "its base block is damaged"});
      continue;
    }
    usable.push_back({file.name, file.data, *block});
  }
  apply_all(usable, hive, *base, out);
  return out;
}

}  // namespace triage
