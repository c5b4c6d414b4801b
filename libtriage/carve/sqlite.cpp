// SPDX-License-Identifier: Apache-2.0
// SQLite 3 database: header, then every page must be one that can be there. The length is the header's page count where
// it is valid, else the pages are walked as far as they hold (writers before 3.7.0 left the count stale).
// Page kinds: b-tree (first byte 2 5 10 13), overflow and freelist trunk (begin with a page number), pointer map
// (5-byte entries), freelist leaves (anything), the lock-byte page.      Spec: sqlite.org/fileformat2.html §1.
#include <algorithm>
#include <vector>

#include "carve/carver.h"

namespace triage {

extern const Carver sqlite;

namespace {

constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr std::uint64_t kLockByte = 0x40000000;

struct Header {
  std::uint32_t page_size = 0;
  std::uint32_t usable = 0;
  std::uint64_t page_count = 0;  ///< 0 where it is not valid
  std::uint32_t freelist_trunk = 0;
  std::uint32_t freelist_count = 0;
  bool pointer_maps = false;
};

/// §1.3; page_size stays 0 when the header cannot be one.
Header read_header(Bytes data) {
  ByteCursor cursor(data);
  Header h;
  cursor.skip(16, "magic");
  const std::uint32_t size = cursor.be<std::uint16_t>("page_size");
  const auto write_version = cursor.le<std::uint8_t>("write_version");
  const auto read_version = cursor.le<std::uint8_t>("read_version");
  const std::uint32_t reserved = cursor.le<std::uint8_t>("reserved");
  const Bytes fractions = cursor.take(3, "payload fractions");
  const auto change_counter = cursor.be<std::uint32_t>("change_counter");
  const auto page_count = cursor.be<std::uint32_t>("page_count");
  h.freelist_trunk = cursor.be<std::uint32_t>("freelist_trunk");
  h.freelist_count = cursor.be<std::uint32_t>("freelist_count");
  cursor.skip(4, "schema cookie");
  const auto schema_format = cursor.be<std::uint32_t>("schema_format");
  cursor.skip(4, "cache size");
  h.pointer_maps = cursor.be<std::uint32_t>("largest_root") != 0;
  const auto encoding = cursor.be<std::uint32_t>("encoding");
  cursor.seek(92, "version_valid_for");
  const auto valid_for = cursor.be<std::uint32_t>("version_valid_for");
  const std::uint32_t page_size = size == 1 ? 65536 : size;
  const bool power = page_size >= 512 && (page_size & (page_size - 1)) == 0;
  const bool versions = write_version >= 1 && write_version <= 2 && read_version >= 1 && read_version <= 2;
  if (!cursor.ok() || !power || !versions || reserved > page_size - 480 || as_chars(fractions) != "\x40\x20\x20" ||
      schema_format > 4 || encoding > 3)
    return h;
  h.page_size = page_size;
  h.usable = page_size - reserved;
  h.page_count = change_counter == valid_for ? page_count : 0;
  return h;
}

std::uint32_t be32(Bytes data, std::size_t at) {
  ByteCursor cursor(data);
  cursor.seek(at, "number");
  return cursor.be<std::uint32_t>("number");
}

/// §1.6: the header of a b-tree page at `at` of the page, its cells inside the page.
bool is_btree(Bytes page, std::size_t at, std::uint32_t usable) {
  ByteCursor cursor(page);
  cursor.seek(at, "page header");
  const auto kind = cursor.le<std::uint8_t>("kind");
  const std::uint32_t first_free = cursor.be<std::uint16_t>("first_free");
  const std::uint32_t cells = cursor.be<std::uint16_t>("cells");
  const std::uint32_t content = cursor.be<std::uint16_t>("content");
  const std::uint32_t fragments = cursor.le<std::uint8_t>("fragments");
  const bool interior = kind == 2 || kind == 5;
  if (!cursor.ok() || (!interior && kind != 10 && kind != 13)) return false;
  const std::size_t header_end = at + (interior ? 12 : 8) + std::size_t{cells} * 2;
  const std::uint32_t content_at = content == 0 ? 65536 : content;
  return header_end <= usable && content_at <= usable && (content_at >= header_end || cells == 0) &&
         first_free < usable && fragments <= 255;
}

/// §1.8: 5-byte entries, a kind of 1 to 5 and a parent; the rest is zero.
bool is_pointer_map(Bytes page, std::uint32_t usable) {
  for (std::size_t at = 0; at + 5 <= usable; at += 5) {
    const auto kind = std::to_integer<unsigned>(page[at]);
    if (kind == 0) return at != 0;
    if (kind > 5) return false;
  }
  return true;
}

bool is_pointer_map_place(const Header& h, std::uint64_t number) {
  if (!h.pointer_maps || number < 2) return false;
  const std::uint64_t group = h.usable / 5 + 1;
  std::uint64_t place = (number - 2) / group * group + 2;
  if (place == kLockByte / h.page_size + 1) ++place;
  return place == number;
}

/// Marks the leaves of the freelist, whose content is anything. At most one step a page.
std::vector<bool> free_leaves(Bytes data, const Header& h, std::uint64_t page_count) {
  std::vector<bool> out(static_cast<std::size_t>(page_count) + 1, false);
  std::uint64_t trunk = h.freelist_trunk;
  for (std::uint64_t steps = 0; trunk > 1 && trunk <= page_count && steps < page_count; ++steps) {
    const std::uint64_t at = (trunk - 1) * h.page_size;
    if (at > data.size() || h.page_size > data.size() - at) break;
    ByteCursor cursor(data.subspan(static_cast<std::size_t>(at), h.usable));
    const auto next = cursor.be<std::uint32_t>("next_trunk");
    const auto leaves = std::min(cursor.be<std::uint32_t>("leaf_count"), h.usable / 4 - 2);
    for (std::uint32_t i = 0; i < leaves; ++i) {
      const auto leaf = cursor.be<std::uint32_t>("leaf");
      if (leaf != 0 && leaf <= page_count) out[leaf] = true;
    }
    trunk = next;
  }
  return out;
}

bool is_possible_page(Bytes page, const Header& h, std::uint64_t number, std::uint64_t page_count) {
  if (number == kLockByte / h.page_size + 1) return true;
  if (is_btree(page, 0, h.usable)) return true;
  if (is_pointer_map_place(h, number)) return is_pointer_map(page, h.usable);
  return be32(page, 0) <= page_count && be32(page, 0) != number;  // overflow page or freelist trunk
}

/// Number of pages from the first that hold, up to `limit` whole pages of `data`; page numbers are held against
/// `page_count`, which may be more than is at hand.
std::uint64_t pages_that_hold(Bytes data, const Header& h, std::uint64_t limit, std::uint64_t page_count) {
  const std::vector<bool> free = free_leaves(data, h, limit);
  for (std::uint64_t i = 1; i < limit; ++i) {
    const Bytes page = data.subspan(static_cast<std::size_t>(i * h.page_size), h.page_size);
    if (!free[static_cast<std::size_t>(i + 1)] && !is_possible_page(page, h, i + 1, page_count)) return i;
  }
  return limit;
}

bool is_empty_page(Bytes data, const Header& h, std::uint64_t index) {
  const Bytes page = data.subspan(static_cast<std::size_t>(index * h.page_size), h.page_size);
  return std::all_of(page.begin(), page.end(), [](std::byte b) { return b == std::byte{0}; });
}

CarveResult validate(Bytes data) {
  CarveResult result;
  if (!has_at(data, 0, kMagic)) return result;
  const Header h = read_header(data);
  if (h.page_size == 0) return result;
  result.extension = "sqlite";
  if (h.page_size > data.size()) {
    result.grade = CarveGrade::kTruncated;
    result.more_needed = true;
    result.length = ByteCount{data.size()};
    return result;
  }
  const Bytes first = data.first(h.page_size);
  if (!is_btree(first, 100, h.usable)) return result;
  const std::uint64_t at_hand = data.size() / h.page_size;
  const std::uint64_t stated = h.page_count;
  const std::uint64_t limit = stated == 0 ? at_hand : std::min(stated, at_hand);
  std::uint64_t held = pages_that_hold(data, h, limit, stated == 0 ? at_hand : stated);
  if (stated == 0) {  // the end is where pages stop to hold; empty ones there are no part of the file
    while (held > 1 && is_empty_page(data, h, held - 1)) --held;
  }
  // Without a count the end is known only where something else follows.
  const bool whole = stated == 0 ? held < at_hand : held == stated;
  result.grade = whole ? CarveGrade::kComplete : CarveGrade::kTruncated;
  result.more_needed = held == at_hand && held != stated;
  result.length = ByteCount{held * h.page_size};
  return result;
}

constexpr CarveMagic kMagics[] = {{0, kMagic}};
constexpr std::string_view kReferences[] = {"https://www.sqlite.org/fileformat2.html §1"};

}  // namespace

constinit const Carver sqlite{
    .id = "sqlite",
    .extension = "sqlite",
    .title_en = "SQLite database",
    .title_ja = "SQLite データベース",
    .magics = kMagics,
    .min_length = ByteCount{512},
    .max_length = ByteCount{4ULL << 30},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
