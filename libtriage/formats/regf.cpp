// SPDX-License-Identifier: Apache-2.0
// A hive: base block (4096), then hive bins of cells. Offsets count from the first bin.
//   bin  := "hbin" u32 offset, u32 size, u64, u64 stamp, u32, cell…      cell := i32 size (negative: in use), content
//   nk   := "nk" u16 flags, u64 written, u32, u32 parent, u32 subkeys, u32, u32 list, u32, u32 values, u32 list,
//           u32 security, u32 class, 5 × u32, u16 name bytes, u16 class bytes, name
//   list := "lf"|"lh" u16 count, {u32 nk, u32 hash}…  |  "li" u16 count, {u32 nk}…  |  "ri" u16 count, {u32 list}…
// Versions 1.2 to 1.6; not 1.0 and 1.1 (Windows NT 3.1).
// Spec: msuhanov/regf, "Windows registry file format specification".
#include "formats/regf.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace triage {
namespace {

constexpr std::uint32_t kNowhere = 0xffffffff;
constexpr std::size_t kBinHeader = 32;
constexpr std::size_t kBinAlignment = 4096;
constexpr std::size_t kMinKey = 76;
constexpr std::uint16_t kRootFlag = 0x04;
constexpr std::size_t kMaxDepth = 512;  // of the registry itself
constexpr std::size_t kMaxFaults = 64;
constexpr std::uint64_t kYear1990 = 122756256000000000ULL, kYear2100 = 157784544000000000ULL;  // FILETIME

/// One bit per 8 bytes of the hive.
class Marks {
 public:
  explicit Marks(std::size_t bytes) : bits_(bytes / 8 + 1) {}
  /// False when it was set before or lies outside.
  bool set(std::uint32_t offset) {
    const std::size_t i = offset / 8;
    if (i >= bits_.size() || bits_[i]) return false;
    bits_[i] = true;
    return true;
  }
  [[nodiscard]] bool has(std::uint32_t offset) const { return offset / 8 < bits_.size() && bits_[offset / 8]; }

 private:
  std::vector<bool> bits_;
};

}  // namespace

/// Reads the live tree: every cell belongs to one parent, so that loops and shared lists end at once.
class RegfTreeReader {
 public:
  RegfTreeReader(RegfHive& hive, Marks& seen) : hive_(hive), seen_(seen) {}

  void read() {
    std::uint32_t root = hive_.base_block_.root;
    if (!hive_.key_record(root)) {
      hive_.fault(DamageKind::kRange, kRegfBaseBlock + std::uint64_t{root}, "root cell", "there is no key");
      root = find_root();
      if (root == kNowhere) return;
    }
    (void)seen_.set(root);  // nothing was marked before
    hive_.nodes_.push_back({root});
    struct Level {
      std::uint32_t node;
      std::size_t depth;
    };
    std::vector<Level> open = {{0, 0}};
    std::vector<std::uint32_t> children;
    while (!open.empty()) {
      const Level level = open.back();
      open.pop_back();
      children.clear();
      collect(level.node, children);
      if (children.empty()) continue;
      if (level.depth + 1 >= kMaxDepth) {
        hive_.fault(DamageKind::kLimit, hive_.key(level.node).at(), "subkeys", "keys lie deeper than 512 levels");
        continue;
      }
      const auto first = static_cast<std::uint32_t>(hive_.nodes_.size());
      for (const std::uint32_t cell : children) {
        const auto index = static_cast<std::uint32_t>(hive_.nodes_.size());
        hive_.nodes_.push_back({cell, level.node});
        if (index > first) hive_.nodes_[index - 1].next_sibling = index;
      }
      hive_.nodes_[level.node].first_child = first;
      for (std::size_t i = children.size(); i > 0; --i)
        open.push_back({first + static_cast<std::uint32_t>(i - 1), level.depth + 1});
    }
  }

 private:
  /// The first key in use that says it is a root, by its flag.
  [[nodiscard]] std::uint32_t find_root() const {
    const std::size_t end = std::min<std::size_t>(hive_.image_.size() - kRegfBaseBlock, kNowhere - 8);
    for (std::size_t at = kBinHeader; at + kMinKey < end; at += 8) {
      if (!has_at(hive_.image_, kRegfBaseBlock + at + 4, "nk")) continue;
      const auto record = hive_.key_record(static_cast<std::uint32_t>(at));
      if (record && (record->flags & kRootFlag) != 0) return static_cast<std::uint32_t>(at);
    }
    return kNowhere;
  }

  void collect(std::uint32_t node, std::vector<std::uint32_t>& out) {
    const auto record = hive_.key_record(hive_.nodes_[node].cell);
    if (record) check_values(node, *record);
    if (!record || record->subkey_count == 0 || record->subkey_list == kNowhere) return;
    read_list(record->subkey_list, 0, out);
    if (out.size() < record->subkey_count)
      hive_.fault(DamageKind::kRange, hive_.key(node).at() + 20, "subkeys",
                  fmt::format("{} of {} subkeys could be reached", out.size(), record->subkey_count));
  }

  /// Values themselves are read when they are asked for; how many there are is said here.
  void check_values(std::uint32_t node, const RegfKeyRecord& record) {
    if (record.value_count == 0) return;
    const std::size_t listed = hive_.cell(record.value_list).size() / 4;
    if (listed < record.value_count)
      hive_.fault(DamageKind::kRange, hive_.key(node).at() + 36, "values",
                  fmt::format("the list of {} values has room for {}", record.value_count, listed));
  }

  void read_list(std::uint32_t offset, int nested, std::vector<std::uint32_t>& out) {
    const Bytes list = hive_.cell(offset);
    ByteCursor c(list);
    const std::string_view kind = as_chars(c.take(2, "list signature"));
    const auto promised = c.le<std::uint16_t>("list count");
    const bool hashed = kind == "lf" || kind == "lh";
    if (!c.ok() || nested > 2 || (!hashed && kind != "li" && kind != "ri") || !seen_.set(offset)) {
      hive_.fault(DamageKind::kBadMagic, kRegfBaseBlock + std::uint64_t{offset} + 4, "subkey list",
                  "there is no list of subkeys, or it was read before");
      return;
    }
    const std::size_t count = std::min<std::size_t>(promised, c.remaining() / (hashed ? 8 : 4));
    for (std::size_t i = 0; i < count; ++i) {
      const auto child = c.le<std::uint32_t>("subkey");
      if (hashed) c.skip(4, "hash");
      if (kind == "ri") {
        read_list(child, nested + 1, out);
      } else if (hive_.key_record(child) && seen_.set(child)) {
        out.push_back(child);
      }
    }
  }

  RegfHive& hive_;
  Marks& seen_;
};

/// Finds keys and values in free cells, and keys in use that nothing leads to.
class RegfRecovery {
 public:
  RegfRecovery(RegfHive& hive, const Marks& seen)
      : hive_(hive), seen_(seen), bins_(hive.image_.size() - kRegfBaseBlock) {}

  void run() {
    scan();
    link();
    keep_lost_values();
  }

 private:
  static bool plausible(const RegfKeyRecord& record) {
    return !record.name.empty() && record.name.size() <= 512 && record.last_write > kYear1990 &&
           record.last_write < kYear2100 && record.subkey_count < (1U << 24) && record.value_count < (1U << 24);
  }

  void consider(std::uint32_t offset) {
    const std::size_t at = kRegfBaseBlock + offset + 4ULL;
    if (has_at(hive_.image_, at, "nk")) {
      const auto record = hive_.key_record(offset);
      if (record && plausible(*record) && !seen_.has(offset)) keys_.push_back(offset);
    } else if (has_at(hive_.image_, at, "vk")) {
      values_.push_back(offset);
    }
  }

  void scan_cell(std::uint32_t offset, std::uint32_t size, bool used) {
    if (used) {
      if (has_at(hive_.image_, kRegfBaseBlock + offset + 4ULL, "nk")) consider(offset);
      return;
    }
    for (std::uint32_t at = offset; at + 8 < offset + size; at += 8) consider(at);
  }

  void scan() {
    std::size_t bin_fault = 0;
    ByteCursor c(hive_.image_.subspan(kRegfBaseBlock));
    std::size_t bin = 0;
    while (bin + kBinHeader <= bins_) {
      c.seek(bin, "hbin");
      if (as_chars(c.take(4, "hbin")) != "hbin") {
        if (bin < hive_.base_block_.bins_bytes && bin_fault++ == 0)
          hive_.fault(DamageKind::kBadMagic, kRegfBaseBlock + bin, "hbin", "there is no hive bin");
        bin += kBinAlignment;
        continue;
      }
      c.skip(4, "offset");
      std::size_t size = c.le<std::uint32_t>("hbin size");
      if (size < kBinAlignment || size % kBinAlignment != 0 || size > bins_ - bin) {
        hive_.fault(size > bins_ - bin ? DamageKind::kTruncated : DamageKind::kRange, kRegfBaseBlock + bin, "hbin size",
                    fmt::format("a hive bin of {} bytes cannot be", size));
        size = std::min<std::size_t>(kBinAlignment, bins_ - bin);
      }
      scan_bin(bin, size);
      bin += size;
    }
  }

  void scan_bin(std::size_t bin, std::size_t size) {
    ByteCursor c(hive_.image_.subspan(kRegfBaseBlock + bin, size));
    for (std::size_t at = kBinHeader; at + 4 <= size;) {
      c.seek(at, "cell");
      const auto stored = c.le<std::int32_t>("cell size");
      const std::int64_t length = stored < 0 ? -std::int64_t{stored} : stored;
      if (length < 8 || static_cast<std::uint64_t>(length) > size - at) {
        hive_.fault(DamageKind::kRange, kRegfBaseBlock + bin + at, "cell size",
                    fmt::format("a cell of {} bytes cannot be here", stored));
        scan_cell(static_cast<std::uint32_t>(bin + at), static_cast<std::uint32_t>(size - at), false);
        return;
      }
      scan_cell(static_cast<std::uint32_t>(bin + at), static_cast<std::uint32_t>(length), stored < 0);
      at += static_cast<std::size_t>(length);
    }
  }

  /// Puts each found key below the key it names as its parent, where that is one and no loop comes of it.
  void link() {
    if (keys_.empty()) return;
    std::unordered_map<std::uint32_t, std::uint32_t> by_cell;
    for (std::uint32_t i = 0; i < hive_.nodes_.size(); ++i) by_cell.emplace(hive_.nodes_[i].cell, i);
    const auto first = static_cast<std::uint32_t>(hive_.nodes_.size());
    for (const std::uint32_t cell : keys_) {
      by_cell.emplace(cell, static_cast<std::uint32_t>(hive_.nodes_.size()));
      RegfHive::Node node{cell};
      node.recovered = true;
      hive_.nodes_.push_back(node);
    }
    for (std::uint32_t i = first; i < hive_.nodes_.size(); ++i) {
      const auto record = hive_.key_record(hive_.nodes_[i].cell);
      const auto parent = record ? by_cell.find(record->parent) : by_cell.end();
      if (parent == by_cell.end() || leads_to(parent->second, i)) continue;
      RegfHive::Node& node = hive_.nodes_[i];
      node.parent = parent->second;
      node.next_sibling = hive_.nodes_[node.parent].first_child;  // before the others: lists stay short to extend
      hive_.nodes_[node.parent].first_child = i;
    }
  }

  [[nodiscard]] bool leads_to(std::uint32_t from, std::uint32_t wanted) const {
    for (std::size_t depth = 0; depth < kMaxDepth; ++depth) {
      if (from == wanted) return true;
      from = hive_.nodes_[from].parent;
      if (from == RegfHive::kNoNode) return false;
    }
    return true;
  }

  void keep_lost_values() {
    Marks named(bins_);
    for (std::uint32_t i = hive_.live_; i < hive_.nodes_.size(); ++i) {
      const auto record = hive_.key_record(hive_.nodes_[i].cell);
      if (!record || record->value_count == 0) continue;
      const Bytes list = hive_.cell(record->value_list);
      ByteCursor c(list);
      const std::size_t count = std::min<std::size_t>(record->value_count, list.size() / 4);
      if (!hive_.spend(count * 4)) return;
      for (std::size_t k = 0; k < count; ++k) (void)named.set(c.le<std::uint32_t>("value"));  // twice is no fault
    }
    for (const std::uint32_t offset : values_) {
      if (named.has(offset)) continue;
      auto value = hive_.value_record(offset);
      if (!value || value->type > 0xffff || !hive_.spend(16 + value->data().size())) continue;
      value->recovered = true;
      hive_.lost_values_.push_back(std::move(*value));
    }
  }

  RegfHive& hive_;
  const Marks& seen_;
  std::size_t bins_;
  std::vector<std::uint32_t> keys_;
  std::vector<std::uint32_t> values_;
};

std::unique_ptr<RegfHive> RegfHive::open(Bytes data, std::span<const RegfLogFile> logs) {
  const auto found = parse_regf_base_block(data);
  if (!found || found->type != 0 || data.size() <= kRegfBaseBlock) return nullptr;
  std::unique_ptr<RegfHive> hive(new RegfHive());
  hive->base_ = data;
  hive->replay_ = replay_regf_logs(data, logs);
  hive->faults_ = hive->replay_.faults;
  hive->image_ = hive->replay_.image.empty() ? data : Bytes(hive->replay_.image);
  hive->base_block_ = parse_regf_base_block(hive->image_).value_or(*found);
  hive->work_left_ = 8 * std::uint64_t{hive->image_.size()} + (1U << 20);
  if (!found->checksum_ok)
    hive->fault(DamageKind::kChecksum, 508, "base block", "the checksum of the base block does not hold");
  if (hive->base_block_.bins_bytes > hive->image_.size() - kRegfBaseBlock)
    hive->fault(DamageKind::kTruncated, hive->image_.size(), "hive bins",
                fmt::format("{} bytes of hive bins are promised, {} are there", hive->base_block_.bins_bytes,
                            hive->image_.size() - kRegfBaseBlock));
  if (hive->base_block_.major != 1 || hive->base_block_.minor < 2) return hive;
  Marks seen(hive->image_.size() - kRegfBaseBlock);
  RegfTreeReader(*hive, seen).read();
  hive->live_ = hive->key_count();
  RegfRecovery(*hive, seen).run();
  if (hive->faults_left_out_ != 0) {
    hive->faults_.push_back(
        {DamageKind::kLimit, 0, "", fmt::format("{} more faults of this hive are not listed", hive->faults_left_out_)});
  }
  return hive;
}

void RegfHive::fault(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail) {
  if (faults_.size() >= kMaxFaults) {
    ++faults_left_out_;
    return;
  }
  faults_.push_back({kind, at, std::string(field), std::move(detail)});
}

std::optional<RegfKey> RegfHive::root() const {
  if (live_ == 0) return std::nullopt;
  return RegfKey(*this, 0);
}

Bytes RegfHive::cell(std::uint32_t offset) const {
  const std::uint64_t at = kRegfBaseBlock + std::uint64_t{offset};
  if (offset < kBinHeader || at > image_.size() || image_.size() - at < 8) return {};
  ByteCursor c(image_.subspan(at));
  const auto stored = c.le<std::int32_t>("cell size");
  const std::int64_t length = stored < 0 ? -std::int64_t{stored} : stored;
  if (length < 8) return {};
  return c.take(std::min<std::size_t>(static_cast<std::size_t>(length) - 4, c.remaining()), "cell");
}

std::optional<RegfKeyRecord> RegfHive::key_record(std::uint32_t offset) const {
  const Bytes content = cell(offset);
  if (content.size() < kMinKey || !has_at(content, 0, "nk")) return std::nullopt;
  ByteCursor c(content);
  c.skip(2, "signature");
  RegfKeyRecord out;
  out.flags = c.le<std::uint16_t>("flags");
  out.last_write = c.le<std::uint64_t>("last written");
  c.skip(4, "access bits");
  out.parent = c.le<std::uint32_t>("parent");
  out.subkey_count = c.le<std::uint32_t>("subkeys");
  c.skip(4, "volatile subkeys");
  out.subkey_list = c.le<std::uint32_t>("subkey list");
  c.skip(4, "volatile subkey list");
  out.value_count = c.le<std::uint32_t>("values");
  out.value_list = c.le<std::uint32_t>("value list");
  out.security = c.le<std::uint32_t>("security");
  out.class_name = c.le<std::uint32_t>("class name");
  c.skip(20, "largest lengths, work variable");
  const auto name_bytes = c.le<std::uint16_t>("name length");
  out.class_bytes = c.le<std::uint16_t>("class length");
  out.name = c.take(name_bytes, "name");
  if (!c.ok()) return std::nullopt;
  return out;
}

bool RegfHive::differs(std::uint64_t at, std::uint64_t length) const {
  if (replay_.image.empty()) return false;
  if (at > base_.size() || length > base_.size() - at) return true;
  if (at > image_.size() || length > image_.size() - at) return false;
  const auto now = image_.subspan(at, length);
  return !std::equal(now.begin(), now.end(), base_.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace triage
