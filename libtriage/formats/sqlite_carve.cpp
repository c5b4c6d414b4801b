// SPDX-License-Identifier: Apache-2.0
// Leaf page of a table: 0x0d, u16 first free block, u16 cells, u16 content start, u8 fragments, u16 cell pointer…
//   cell := varint payload, varint row id, record        free block := u16 next, u16 size, rest of what was there
//   record := varint header size, varint serial type{columns}, values            all big-endian
// A cell that became a free block has lost its first four bytes: sizes, row id and perhaps the first type, which is
// the row id's own column and holds nothing. Spec: sqlite.org/fileformat2.html §1.5, §1.6, §2.1, §4.1.
#include "formats/sqlite_carve.h"

#include <algorithm>
#include <array>
#include <bit>
#include <unordered_set>

#include "bytes/text.h"
#include "formats/peek.h"
#include "formats/sqlite_view.h"

namespace triage {
namespace {

enum KindBit : std::uint8_t { kNull = 1, kInteger = 2, kReal = 4, kText = 8, kBlob = 16 };

constexpr std::size_t kFileHeader = 100;
constexpr std::size_t kWalHeader = 32;
constexpr std::size_t kFrameHeader = 24;
constexpr std::size_t kLostBytes = 4;
constexpr std::uint64_t kMaxPayload = 1 << 24;
constexpr std::size_t kMaxColumns = 512;
constexpr std::uint64_t kMaxSteps = 1 << 30;  // serial types looked at and bytes of values copied
constexpr std::uint8_t kTableLeaf = 0x0d;

std::uint8_t kinds_of(std::string_view declared) {
  const std::string type = ascii_lower(declared);
  const auto has = [&type](std::string_view part) { return type.find(part) != std::string::npos; };
  if (has("int")) return kNull | kInteger;
  if (has("char") || has("clob") || has("text")) return kNull | kText;
  if (type.empty() || has("blob")) return kNull | kInteger | kReal | kText | kBlob;
  if (has("real") || has("floa") || has("doub")) return kNull | kInteger | kReal;
  return kNull | kInteger | kReal | kText;
}

/// Big-endian base-128 number of at most nine bytes; false past the end.
bool read_varint(Bytes data, std::size_t& at, std::uint64_t& value) {
  value = 0;
  for (int i = 0; i < 9; ++i) {
    if (at >= data.size()) return false;
    const auto byte = std::to_integer<std::uint64_t>(data[at++]);
    if (i == 8) {
      value = value << 8 | byte;
      return true;
    }
    value = value << 7 | (byte & 0x7f);
    if ((byte & 0x80) == 0) return true;
  }
  return true;
}

std::uint8_t kind_of_type(std::uint64_t type) {
  if (type == 0) return kNull;
  if (type == 7) return kReal;
  if (type <= 9) return kInteger;
  if (type < 12) return 0;  // reserved
  return (type & 1) != 0 ? kText : kBlob;
}

std::uint64_t size_of_type(std::uint64_t type) {
  static constexpr std::array<std::uint8_t, 10> kSizes = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
  return type < kSizes.size() ? kSizes[static_cast<std::size_t>(type)] : (type - 12) / 2;
}

/// The serial type of a value of `size` bytes that such a column may hold; nullopt for none.
std::optional<std::uint64_t> type_of_size(std::uint64_t size, std::uint8_t kinds) {
  if ((kinds & kText) != 0) return 13 + 2 * size;
  if ((kinds & kInteger) == 0) return std::nullopt;
  if (size <= 4) return size;
  if (size == 6) return 5;
  if (size == 8) return 6;
  return std::nullopt;
}

/// What a text that a program wrote does not hold: control bytes other than tab and line ends.
bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r'; });
}

CarvedValue value_of(std::uint64_t type, Bytes data) {
  if (type == 0) return {};
  if (type == 8 || type == 9) return static_cast<std::int64_t>(type - 8);
  if (type >= 12) return std::string(as_chars(data));
  std::uint64_t bits = 0;
  for (const std::byte b : data) bits = bits << 8 | std::to_integer<std::uint64_t>(b);
  if (type == 7) return std::bit_cast<double>(bits);
  const unsigned unused = 64 - 8 * static_cast<unsigned>(data.size());
  return static_cast<std::int64_t>(bits << unused) >> unused;
}

/// What is told apart: everything but the row id and its column.
std::size_t fingerprint(const std::vector<CarvedValue>& values) {
  std::string all;
  for (std::size_t i = 1; i < values.size(); ++i) {
    const CarvedValue& value = values[i];
    all += static_cast<char>('0' + value.index());
    if (const auto* number = std::get_if<std::int64_t>(&value)) all += std::to_string(*number);
    if (const auto* real = std::get_if<double>(&value)) all += std::to_string(std::bit_cast<std::uint64_t>(*real));
    if (const auto* text = std::get_if<std::string>(&value)) all += *text;
    all += '\x1f';
  }
  return std::hash<std::string>{}(all);
}

struct Geometry {
  std::size_t page = 0;
  std::size_t usable = 0;

  static std::optional<Geometry> of(Bytes image) {
    Geometry out;
    out.page = be_at<std::uint16_t>(image, 16);
    if (out.page == 1) out.page = 65536;
    const std::size_t reserved = be_at<std::uint8_t>(image, 20);
    if (image.size() < kFileHeader || out.page < 512 || !std::has_single_bit(out.page) || reserved > out.page - 480)
      return std::nullopt;
    out.usable = out.page - reserved;
    return out;
  }
  /// Bytes of a payload that lie in its cell (§1.6).
  [[nodiscard]] std::uint64_t local(std::uint64_t payload) const {
    const std::uint64_t most = usable - 35;
    if (payload <= most) return payload;
    const std::uint64_t least = (usable - 12) * 32 / 255 - 23;
    const std::uint64_t k = least + (payload - least) % (usable - 4);
    return k <= most ? k : least;
  }
};

class Carving {
 public:
  Carving(const Geometry& geometry, const CarveTable& table, const std::function<bool(const CarvedRow&)>& believable,
          const std::function<void(const CarvedRow&)>& on_row, const CarveLimits& limits)
      : geometry_(geometry), table_(table), believable_(believable), on_row_(on_row), limits_(limits) {}

  void remember_page(Bytes page, std::size_t header);
  /// `page` stands at `at` of its file; `cells`: its rows too, not only what lies between them.
  void look_at_page(Bytes page, std::size_t header, std::uint64_t at, CarvePlace place, bool cells);
  void scan(Bytes region, std::uint64_t at, CarvePlace place, bool free_block);
  CarveResult result;
  bool beheaded = false;  ///< look for rows whose begin is lost, too

 private:
  struct Found {
    CarvedRow row;
    std::size_t end = 0;  ///< behind the row, in the region
  };
  [[nodiscard]] bool take_types(Bytes data, std::size_t& at, std::size_t header_end, std::vector<std::uint64_t>& types);
  [[nodiscard]] bool take_values(Bytes data, std::size_t at, std::size_t end, const std::vector<std::uint64_t>& types,
                                 Found& found);
  [[nodiscard]] std::optional<Found> whole_cell(Bytes data, std::size_t at);
  [[nodiscard]] std::optional<Found> beheaded_cell(Bytes data, std::size_t at);
  bool give(Found& found, std::uint64_t at, CarvePlace place);
  bool spend(std::uint64_t bytes) {
    if (bytes > limits_.bytes - spent_) result.limited = true;
    if (result.limited) return false;
    spent_ += bytes;
    return true;
  }

  Geometry geometry_;
  const CarveTable& table_;
  const std::function<bool(const CarvedRow&)>& believable_;
  const std::function<void(const CarvedRow&)>& on_row_;
  CarveLimits limits_;
  std::uint64_t spent_ = 0;
  std::uint64_t steps_ = 0;
  std::unordered_set<std::size_t> known_;
};

/// Serial types up to `header_end` (0: as many as the table has columns); false when they are not the table's.
bool Carving::take_types(Bytes data, std::size_t& at, std::size_t header_end, std::vector<std::uint64_t>& types) {
  while (header_end != 0 ? at < header_end : types.size() < table_.kinds.size()) {
    std::uint64_t type = 0;
    if (types.size() >= table_.kinds.size() || !read_varint(data, at, type)) return false;
    if ((kind_of_type(type) & table_.kinds[types.size()]) == 0 || size_of_type(type) > kMaxPayload) return false;
    types.push_back(type);
    if (++steps_ > kMaxSteps) result.limited = true;
  }
  return !result.limited && types.size() >= table_.least_columns && (header_end == 0 || at == header_end);
}

/// Values from `at`; those that end behind `end` lie on other pages and stay unknown.
bool Carving::take_values(Bytes data, std::size_t at, std::size_t end, const std::vector<std::uint64_t>& types,
                          Found& found) {
  found.row.table = &table_;
  for (const std::uint64_t type : types) {
    const auto size = static_cast<std::size_t>(size_of_type(type));
    if (found.row.partial || at > end || size > end - at) {
      found.row.partial = true;
      found.row.values.emplace_back();
      continue;
    }
    const Bytes raw = data.subspan(at, size);
    if (kind_of_type(type) == kText && as_chars(raw).find('\0') != std::string_view::npos) return false;
    found.row.values.push_back(value_of(type, raw));
    at += size;
    steps_ += size;
  }
  found.row.values.resize(table_.columns.size());
  found.end = end;
  return true;
}

std::optional<Carving::Found> Carving::whole_cell(Bytes data, std::size_t at) {
  std::uint64_t payload = 0, id = 0, header = 0;
  std::size_t p = at;
  if (!read_varint(data, p, payload) || payload < 3 || payload > kMaxPayload) return std::nullopt;
  if (!read_varint(data, p, id) || id > (std::uint64_t{1} << 53)) return std::nullopt;
  const std::size_t record = p;
  if (!read_varint(data, p, header) || header < 2 || header > payload || header > 3 * kMaxColumns) return std::nullopt;
  const std::uint64_t local = geometry_.local(payload);
  if (local > data.size() - record || header > local) return std::nullopt;
  std::vector<std::uint64_t> types;
  if (!take_types(data, p, record + static_cast<std::size_t>(header), types)) return std::nullopt;
  std::uint64_t total = header;
  for (const std::uint64_t type : types) total += size_of_type(type);
  if (total != payload) return std::nullopt;
  Found found;
  if (!take_values(data, p, record + static_cast<std::size_t>(local), types, found)) return std::nullopt;
  found.row.id = static_cast<std::int64_t>(id);
  return found;
}

/// A cell at `at` whose first four bytes are lost. The header's size may stand behind them, or be lost with or without
/// the first type. A first type that is lost is that of the row id, or one whose size makes the row fit exactly.
std::optional<Carving::Found> Carving::beheaded_cell(Bytes data, std::size_t at) {
  if (at > data.size() || data.size() - at < kLostBytes + 2) return std::nullopt;
  for (std::size_t variant = 0; variant < 5; ++variant) {
    const bool sized = variant < 3;
    std::size_t p = at + kLostBytes + (sized ? variant : 0);
    std::vector<std::uint64_t> types;
    std::uint64_t header = 0;
    std::size_t header_end = 0;
    if (sized) {
      const std::size_t from = p;
      if (!read_varint(data, p, header) || header < 2 || header > data.size() - from) continue;
      header_end = from + static_cast<std::size_t>(header);
    } else if (variant == 4) {
      types.push_back(0);
    }
    if (!take_types(data, p, header_end, types)) continue;
    std::uint64_t total = 0;
    for (const std::uint64_t type : types) total += size_of_type(type);
    if (total == 0 || total > data.size() - p) continue;
    if (variant == 4 && !table_.first_is_row_id) {
      const auto type = type_of_size(data.size() - p - total, table_.kinds[0]);
      if (!type) continue;
      types[0] = *type;
      total += size_of_type(*type);
    }
    Found found;
    if (!take_values(data, p, p + static_cast<std::size_t>(total), types, found)) continue;
    found.row.partial = true;
    const bool clean = std::ranges::none_of(found.row.values, [](const CarvedValue& value) {
      const auto* text = std::get_if<std::string>(&value);
      return text != nullptr && has_control(*text);
    });
    if (clean && believable_(found.row)) return found;
  }
  return std::nullopt;
}

bool Carving::give(Found& found, std::uint64_t at, CarvePlace place) {
  found.row.place = place;
  found.row.at = at;
  if (!believable_(found.row)) return false;
  if (!known_.insert(fingerprint(found.row.values)).second) return true;
  if (result.rows >= limits_.rows) {
    result.limited = true;
    return true;
  }
  ++result.rows;
  on_row_(found.row);
  return true;
}

void Carving::scan(Bytes region, std::uint64_t at, CarvePlace place, bool free_block) {
  if (!spend(region.size())) return;
  const bool headless = free_block && beheaded;
  bool begins = headless;
  for (std::size_t p = 0; p < region.size() && !result.limited;) {
    auto found = whole_cell(region, p);
    if (found && !believable_(found->row)) found.reset();
    if (!found && begins) found = beheaded_cell(region, p);
    if (found) found->row.length = found->end - p;
    begins = false;
    if (found && give(*found, at + p, place)) {
      begins = headless;  // free blocks that touch are one: the next may have lost its begin too
      p = std::max(found->end, p + 1);
    } else {
      ++p;
    }
  }
}

void Carving::remember_page(Bytes page, std::size_t header) {
  if (be_at<std::uint8_t>(page, header) != kTableLeaf) return;
  const std::size_t cells = std::min<std::size_t>(be_at<std::uint16_t>(page, header + 3), page.size() / 4);
  for (std::size_t i = 0; i < cells && known_.size() < limits_.known; ++i)
    if (const auto found = whole_cell(page, be_at<std::uint16_t>(page, header + 8 + 2 * i)))
      known_.insert(fingerprint(found->row.values));
}

void Carving::look_at_page(Bytes page, std::size_t header, std::uint64_t at, CarvePlace place, bool cells) {
  if (be_at<std::uint8_t>(page, header) != kTableLeaf) return;
  const std::size_t count = std::min<std::size_t>(be_at<std::uint16_t>(page, header + 3), page.size() / 4);
  if (cells && spend(page.size()))
    for (std::size_t i = 0; i < count && !result.limited; ++i) {
      const std::size_t cell = be_at<std::uint16_t>(page, header + 8 + 2 * i);
      auto found = whole_cell(page, cell);
      if (!found) continue;
      found->row.length = found->end - cell;
      (void)give(*found, at + cell, place);  // what is not believable is not given
    }
  std::size_t content = be_at<std::uint16_t>(page, header + 5);
  if (content == 0) content = 65536;
  const std::size_t gap = header + 8 + 2 * count;
  const CarvePlace between = place == CarvePlace::kFreePage ? CarvePlace::kUnallocated : place;
  if (content > gap && content <= page.size()) scan(page.subspan(gap, content - gap), at + gap, between, false);
  std::size_t block = be_at<std::uint16_t>(page, header + 1);
  for (std::size_t last = 0; block > last && holds(page, block, 4) && !result.limited;) {
    const std::size_t size = be_at<std::uint16_t>(page, block + 2);
    if (size < 4 || size > page.size() - block) break;
    scan(page.subspan(block, size), at + block, between, true);
    last = block;
    block = be_at<std::uint16_t>(page, block);
  }
}

/// Numbers of the pages on the free list, sorted; trunks too.
std::vector<std::uint32_t> free_pages(Bytes image, const Geometry& geometry) {
  std::vector<std::uint32_t> out;
  const std::size_t pages = image.size() / geometry.page;
  std::uint32_t trunk = be_at<std::uint32_t>(image, 32);
  while (trunk != 0 && trunk <= pages && out.size() <= pages) {
    const Bytes page = image.subspan((trunk - 1) * geometry.page, geometry.page);
    out.push_back(trunk);
    const std::size_t count = std::min<std::size_t>(be_at<std::uint32_t>(page, 4), geometry.usable / 4 - 2);
    for (std::size_t i = 0; i < count && out.size() <= pages; ++i) {
      const auto leaf = be_at<std::uint32_t>(page, 8 + 4 * i);
      if (leaf != 0 && leaf <= pages) out.push_back(leaf);
    }
    trunk = be_at<std::uint32_t>(page, 0);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Bytes page_of(Bytes file, const Geometry& geometry, std::size_t number) {
  return part(file, (number - 1) * static_cast<std::uint64_t>(geometry.page), geometry.page);
}

std::size_t header_of(std::size_t page_number) { return page_number == 1 ? kFileHeader : 0; }

void look_at_file(Carving& carving, Bytes image, Bytes database, const Geometry& geometry,
                  const std::vector<std::uint32_t>& free) {
  for (std::size_t n = 1; n <= database.size() / geometry.page; ++n) {
    const Bytes page = page_of(database, geometry, n);
    const std::uint64_t at = (n - 1) * static_cast<std::uint64_t>(geometry.page);
    const Bytes now = page_of(image, geometry, n);
    const std::size_t compared = header_of(n);  // the header of the image is another: it says that there is no log
    const bool replaced =
        now.size() != page.size() || !std::ranges::equal(page.subspan(compared), now.subspan(compared));
    if (replaced) {
      carving.look_at_page(page, header_of(n), at, CarvePlace::kOldPage, true);
    } else if (!std::binary_search(free.begin(), free.end(), n)) {
      carving.look_at_page(page, header_of(n), at, CarvePlace::kUnallocated, false);
    } else if (be_at<std::uint8_t>(page, 0) == kTableLeaf) {
      carving.look_at_page(page, 0, at, CarvePlace::kFreePage, true);
    } else {
      carving.scan(page, at, CarvePlace::kFreePage, false);  // a trunk keeps what it did not need
    }
  }
}

void look_at_log(Carving& carving, Bytes wal, const Geometry& geometry) {
  const std::size_t frame = kFrameHeader + geometry.page;
  for (std::uint64_t at = kWalHeader; holds(wal, at, frame); at += frame) {
    const auto number = be_at<std::uint32_t>(wal, at);
    if (number == 0) continue;
    carving.look_at_page(part(wal, at + kFrameHeader, geometry.page), header_of(number), at + kFrameHeader,
                         CarvePlace::kLog, true);
  }
}

}  // namespace

std::string_view carve_place_name(CarvePlace place) {
  switch (place) {
    case CarvePlace::kFreePage: return "free page";
    case CarvePlace::kUnallocated: return "unallocated part of a page";
    case CarvePlace::kOldPage: return "page replaced by the log";
    case CarvePlace::kLog: return "write-ahead log";
  }
  return "free page";
}

const CarvedValue* CarvedRow::find(std::string_view column) const {
  const auto found = std::find(table->columns.begin(), table->columns.end(), column);
  const auto index = static_cast<std::size_t>(found - table->columns.begin());
  return index < values.size() ? &values[index] : nullptr;
}

std::optional<std::int64_t> CarvedRow::integer(std::string_view column) const {
  const CarvedValue* value = find(column);
  const auto* number = value == nullptr ? nullptr : std::get_if<std::int64_t>(value);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

std::optional<std::string> CarvedRow::text(std::string_view column) const {
  const CarvedValue* value = find(column);
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
  return text == nullptr || text->empty() ? std::nullopt : std::optional(to_valid_utf8(*text));
}

std::optional<CarveTable> carve_table(SqliteView& view, std::string_view table,
                                      const std::vector<std::string_view>& needed) {
  CarveTable out;
  out.name = std::string(table);
  for (const SqliteColumn& column : view.columns(table)) {
    out.columns.push_back(column.name);
    out.kinds.push_back(kinds_of(column.declared));
    if (out.columns.size() == 1) out.first_is_row_id = column.row_id;
  }
  if (out.columns.empty() || out.columns.size() > kMaxColumns) return std::nullopt;
  for (const std::string_view name : needed) {
    const auto found = std::find(out.columns.begin(), out.columns.end(), name);
    if (found == out.columns.end()) return std::nullopt;
    out.least_columns = std::max(out.least_columns, static_cast<std::size_t>(found - out.columns.begin()) + 1);
  }
  return out;
}

CarveResult carve_rows(Bytes image, Bytes database, Bytes wal, const CarveTable& table,
                       const std::function<bool(const CarvedRow&)>& believable,
                       const std::function<void(const CarvedRow&)>& on_row, const CarveLimits& limits) {
  const auto geometry = Geometry::of(image);
  if (!geometry) return {};
  Carving carving(*geometry, table, believable, on_row, limits);
  const std::vector<std::uint32_t> free = free_pages(image, *geometry);
  const std::size_t pages = image.size() / geometry->page;
  for (std::size_t n = 1; n <= pages; ++n)
    if (!std::binary_search(free.begin(), free.end(), n))
      carving.remember_page(page_of(image, *geometry, n), header_of(n));
  const auto look = [&] {
    look_at_file(carving, image, database, *geometry, free);
    look_at_log(carving, wal, *geometry);
  };
  look();
  carving.beheaded = true;
  look();
  return carving.result;
}

}  // namespace triage
