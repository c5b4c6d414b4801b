// SPDX-License-Identifier: Apache-2.0
#include "recover/jbd2_log.h"

#include <algorithm>
#include <array>
#include <set>

#include "recover/crc32c.h"

namespace triage {

namespace {

constexpr std::uint32_t kMagic = 0xc03b3998;
constexpr std::uint32_t kDescriptor = 1;
constexpr std::uint32_t kCommit = 2;
constexpr std::uint32_t kSuperblockV1 = 3;
constexpr std::uint32_t kSuperblockV2 = 4;
constexpr std::uint32_t kIncompat64Bit = 0x2;
constexpr std::uint32_t kIncompatChecksumV2 = 0x8;
constexpr std::uint32_t kIncompatChecksumV3 = 0x10;
constexpr std::uint32_t kTagEscaped = 1;
constexpr std::uint32_t kTagSameUuid = 2;
constexpr std::uint32_t kTagLast = 8;
constexpr std::size_t kHeaderBytes = 12;
constexpr std::uint64_t kLastSecond = 9'000'000'000;  ///< year 2255, the last that nanoseconds in 64 bits hold

struct JournalFormat {
  std::uint32_t first = 1;   ///< first block of the ring
  std::uint32_t length = 0;  ///< blocks with the superblock
  std::uint32_t newest = 0;  ///< sequence of the next transaction
  bool wide = false;
  bool v2 = false;
  bool v3 = false;
  std::uint32_t seed = 0;  ///< of block checksums
};

struct Tag {
  std::uint64_t block = 0;
  std::uint32_t flags = 0;
  std::uint32_t checksum = 0;
};

std::optional<JournalFormat> parse_superblock(Bytes raw, std::size_t place_count) {
  ByteCursor cursor(raw);
  const auto magic = cursor.be<std::uint32_t>("h_magic");
  const auto type = cursor.be<std::uint32_t>("h_blocktype");
  if (magic != kMagic || (type != kSuperblockV1 && type != kSuperblockV2)) return std::nullopt;
  cursor.skip(4, "h_sequence");
  const auto block_size = cursor.be<std::uint32_t>("s_blocksize");
  JournalFormat format;
  format.length = cursor.be<std::uint32_t>("s_maxlen");
  format.first = cursor.be<std::uint32_t>("s_first");
  format.newest = cursor.be<std::uint32_t>("s_sequence");
  cursor.skip(8, "s_start, s_errno");
  std::uint32_t incompat = 0;
  if (type == kSuperblockV2) {
    cursor.skip(4, "s_feature_compat");
    incompat = cursor.be<std::uint32_t>("s_feature_incompat");
    cursor.skip(4, "s_feature_ro_compat");
    format.seed = crc32c(cursor.take(16, "s_uuid"), ~0U);
  }
  format.wide = (incompat & kIncompat64Bit) != 0;
  format.v2 = (incompat & kIncompatChecksumV2) != 0;
  format.v3 = (incompat & kIncompatChecksumV3) != 0;
  if (!cursor.ok() || block_size != raw.size() || format.first == 0) return std::nullopt;
  format.length = static_cast<std::uint32_t>(std::min<std::size_t>(format.length, place_count));
  if (format.first >= format.length) return std::nullopt;
  return format;
}

/// journal.rst "Descriptor Block": the three layouts of a tag.
Tag read_tag(ByteCursor& cursor, const JournalFormat& format) {
  Tag tag;
  tag.block = cursor.be<std::uint32_t>("t_blocknr");
  if (format.v3) {
    tag.flags = cursor.be<std::uint32_t>("t_flags");
    tag.block |= std::uint64_t{cursor.be<std::uint32_t>("t_blocknr_high")} << 32;
    tag.checksum = cursor.be<std::uint32_t>("t_checksum");
  } else {
    tag.checksum = cursor.be<std::uint16_t>("t_checksum");
    tag.flags = cursor.be<std::uint16_t>("t_flags");
    if (format.wide) tag.block |= std::uint64_t{cursor.be<std::uint32_t>("t_blocknr_high")} << 32;
    if (format.v2) cursor.skip(2, "tag tail");
  }
  if ((tag.flags & kTagSameUuid) == 0) cursor.skip(16, "t_uuid");
  return tag;
}

class JournalReader {
 public:
  JournalReader(ImageBytes& image, const std::vector<std::uint64_t>& places, std::uint32_t block_size,
                std::size_t max_copies)
      : image_(image), places_(places), block_(block_size), max_copies_(max_copies) {}

  JournalLog run() {
    if (places_.empty() || !image_.read_into(places_.front(), block_)) {
      log_.fault = "its superblock cannot be read";
      return std::move(log_);
    }
    const auto format = parse_superblock(block_, places_.size());
    if (!format) {
      log_.fault = "its superblock is not one";
      return std::move(log_);
    }
    format_ = *format;
    for (std::uint64_t at = format_.first; at < format_.length;) at += block_at(at);
    log_.transactions = sequences_.size();
    std::sort(log_.copies.begin(), log_.copies.end(), [](const JournalCopy& a, const JournalCopy& b) {
      return a.block != b.block ? a.block < b.block : a.order < b.order;
    });
    return std::move(log_);
  }

 private:
  /// Looks at one block of the ring; returns how far to go on.
  std::uint64_t block_at(std::uint64_t at) {
    std::array<std::byte, kHeaderBytes> head{};
    if (!image_.read_into(places_[at], head)) {
      log_.fault = image_.exhausted() ? "it is larger than the budget" : "parts of it cannot be read";
      return 1;
    }
    ByteCursor cursor(head);
    if (cursor.be<std::uint32_t>("h_magic") != kMagic) return 1;
    const auto type = cursor.be<std::uint32_t>("h_blocktype");
    const auto sequence = cursor.be<std::uint32_t>("h_sequence");
    if (type == kCommit) note_commit(places_[at], sequence);
    if (type != kDescriptor) return 1;
    if (!image_.read_into(places_[at], block_)) return 1;
    return 1 + tags(at, sequence);
  }

  /// journal.rst "Commit Block": seconds at 0x30, nanoseconds at 0x38.
  void note_commit(std::uint64_t place, std::uint32_t sequence) {
    std::array<std::byte, 12> raw{};
    if (!image_.read_into(place + 0x30, raw)) return;
    ByteCursor cursor(raw);
    const auto seconds = cursor.be<std::uint64_t>("h_commit_sec");
    const auto nanos = cursor.be<std::uint32_t>("h_commit_nsec");
    if (seconds == 0 || seconds > kLastSecond || nanos > 999'999'999) return;
    log_.commits.insert_or_assign(order_of(sequence), static_cast<std::int64_t>(seconds) * 1'000'000'000 + nanos);
  }

  [[nodiscard]] std::int64_t order_of(std::uint32_t sequence) const {
    return static_cast<std::int32_t>(sequence - format_.newest);
  }

  /// Takes the copies that a descriptor at `at` names; returns how many there are.
  std::uint64_t tags(std::uint64_t at, std::uint32_t sequence) {
    const std::size_t tail = format_.v2 || format_.v3 ? 4 : 0;
    ByteCursor cursor(Bytes(block_).first(block_.size() - tail));
    cursor.skip(kHeaderBytes, "header");
    std::vector<Tag> found;
    const std::size_t smallest = format_.v3 ? 16 : 8;
    while (cursor.remaining() >= smallest) {
      const Tag tag = read_tag(cursor, format_);
      if (!cursor.ok()) break;
      found.push_back(tag);
      if ((tag.flags & kTagLast) != 0) break;
    }
    sequences_.insert(sequence);
    std::uint64_t place = at;
    for (const Tag& tag : found) {
      place = place + 1 < format_.length ? place + 1 : format_.first;
      keep(tag, place, sequence);
    }
    return found.size();
  }

  void keep(const Tag& tag, std::uint64_t at, std::uint32_t sequence) {
    if (log_.copies.size() >= max_copies_) {
      log_.fault = "it holds more copies than are looked at";
      return;
    }
    JournalCopy copy;
    copy.block = tag.block;
    copy.place = places_[at];
    copy.order = order_of(sequence);
    copy.escaped = (tag.flags & kTagEscaped) != 0;
    if ((format_.v2 || format_.v3) && !matches(tag, copy.place, sequence)) {
      ++log_.bad_checksums;
      return;
    }
    log_.copies.push_back(copy);
  }

  /// The checksum covers the transaction's sequence and the block as it lies in the journal.
  bool matches(const Tag& tag, std::uint64_t place, std::uint32_t sequence) {
    data_.resize(block_.size());
    if (!image_.read_into(place, data_)) return false;
    const std::array<std::byte, 4> big_endian = {
        static_cast<std::byte>(sequence >> 24), static_cast<std::byte>((sequence >> 16) & 0xff),
        static_cast<std::byte>((sequence >> 8) & 0xff), static_cast<std::byte>(sequence & 0xff)};
    const std::uint32_t sum = crc32c(data_, crc32c(big_endian, format_.seed));
    return format_.v3 ? sum == tag.checksum : (sum & 0xffff) == tag.checksum;
  }

  ImageBytes& image_;
  const std::vector<std::uint64_t>& places_;
  std::vector<std::byte> block_;
  std::vector<std::byte> data_;
  std::size_t max_copies_;
  JournalFormat format_;
  JournalLog log_;
  std::set<std::uint32_t> sequences_;
};

}  // namespace

JournalLog read_journal(ImageBytes& image, const std::vector<std::uint64_t>& places, std::uint32_t block_size,
                        std::size_t max_copies) {
  return JournalReader(image, places, block_size, max_copies).run();
}

std::optional<std::vector<std::byte>> journal_block(ImageBytes& image, const JournalCopy& copy,
                                                    std::uint32_t block_size) {
  auto raw = image.read(copy.place, block_size);
  if (raw && copy.escaped && raw->size() >= 4) {
    static constexpr std::array kStart = {std::byte{0xc0}, std::byte{0x3b}, std::byte{0x39}, std::byte{0x98}};
    std::copy(kStart.begin(), kStart.end(), raw->begin());
  }
  return raw;
}

}  // namespace triage
