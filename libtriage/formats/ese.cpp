// SPDX-License-Identifier: Apache-2.0
// Header (page 0, shadow in page 1): 4 u32 0x89abcdef, u32 version, …, 52 u32 state, …, 232 u32 revision, u32 page
// size. Page n lies at (n + 1) × page size:
//   u64 checksum, u64, u32 previous, u32 next, u32 object, u16 free, u16, u16 first free, u16 tags, u32 flags
//   [16 KiB and more: u64 × 5], values …, tags from the end: u16 size, u16 offset (13 or 15 bits, flags above)
//   value := [u16 common key bytes,] u16 key bytes, key, data (a leaf's record, a branch's u32 child page)
// Catalog: the tree of page 4. Versions 0x620 from revision 2 (Windows XP and later).
// Spec: libyal/libesedb, "Extensible Storage Engine (ESE) Database File (EDB) format".
#include "formats/ese.h"

#include <fmt/format.h>

#include <algorithm>

#include "bytes/text.h"

namespace triage {
namespace {

constexpr std::uint32_t kSignature = 0x89abcdef;
constexpr std::uint32_t kCatalogPage = 4;
constexpr std::uint32_t kCatalogObject = 2;
constexpr std::uint32_t kLeaf = 0x02, kEmpty = 0x08, kSpace = 0x20, kIndex = 0x40, kLongValue = 0x80;
constexpr unsigned kDeleted = 2, kCommonKey = 4;
constexpr unsigned kTagCount = 0x0fff;  // newer revisions keep flags above
constexpr std::size_t kMaxFaults = 64;
constexpr int kMaxLevels = 16;
constexpr std::uint32_t kDirtyState = 2;

struct Header {
  std::uint32_t page_bytes = 0, revision = 0, state = 0;
};

std::optional<Header> read_header(Bytes data) {
  ByteCursor c(data);
  c.skip(4, "checksum");
  if (c.le<std::uint32_t>("signature") != kSignature) return std::nullopt;
  Header out;
  c.seek(52, "state");
  out.state = c.le<std::uint32_t>("state");
  c.seek(232, "revision");
  out.revision = c.le<std::uint32_t>("revision");
  out.page_bytes = c.le<std::uint32_t>("page size");
  const bool known = out.page_bytes == 2048 || out.page_bytes == 4096 || out.page_bytes == 8192 ||
                     out.page_bytes == 16384 || out.page_bytes == 32768;
  if (!c.ok() || !known) return std::nullopt;
  return out;
}

EseTable catalog_table() {
  EseTable out;
  out.name = "MSysObjects";
  out.object = kCatalogObject;
  out.root_page = kCatalogPage;
  const auto add = [&out](std::uint32_t id, EseType type, std::uint32_t size, std::string_view name) {
    out.columns.push_back({id, type, 0, size, std::string(name)});
  };
  add(1, EseType::kI32, 4, "ObjidTable");
  add(2, EseType::kI16, 2, "Type");
  add(3, EseType::kI32, 4, "Id");
  add(4, EseType::kI32, 4, "ColtypOrPgnoFDP");
  add(5, EseType::kI32, 4, "SpaceUsage");
  add(6, EseType::kI32, 4, "Flags");
  add(7, EseType::kI32, 4, "PagesOrLocale");
  add(128, EseType::kText, 0, "Name");
  add(130, EseType::kText, 0, "TemplateTable");
  return out;
}

}  // namespace

const EseColumn* EseTable::column(std::string_view wanted) const {
  const std::string lower = ascii_lower(wanted);
  for (const EseColumn& one : columns)
    if (ascii_lower(one.name) == lower) return &one;
  return nullptr;
}

void EseView::fault(DamageKind kind, std::uint64_t at, std::string_view field, std::string detail) {
  if (faults_.size() < kMaxFaults) faults_.push_back({kind, at, std::string(field), std::move(detail)});
}

std::optional<EseView> EseView::open(Bytes data) {
  auto header = read_header(data);
  std::string broken;
  for (const std::size_t at : {2048U, 4096U, 8192U, 16384U, 32768U}) {
    if (header || at >= data.size()) break;
    header = read_header(data.subspan(at));
    if (header && header->page_bytes != at) header.reset();
    if (header) broken = "the header is broken; its shadow is used";
  }
  if (!header) return std::nullopt;
  EseView out;
  out.data_ = data;
  out.page_bytes_ = header->page_bytes;
  out.pages_ = static_cast<std::uint32_t>(std::min<std::size_t>(data.size() / out.page_bytes_, 0x7fffffff));
  out.large_pages_ = out.page_bytes_ >= 16384 && header->revision >= 0x11;
  out.dirty_ = header->state == kDirtyState;
  out.work_left_ = 64 * std::uint64_t{data.size()} + (1U << 24);
  if (!broken.empty()) out.fault(DamageKind::kChecksum, 0, "header", broken);
  if (data.size() % out.page_bytes_ != 0)
    out.fault(DamageKind::kTruncated, data.size(), "page", "the last page is cut off");
  out.read_catalog();
  return out;
}

std::optional<EseView::Page> EseView::page(std::uint32_t number) const {
  const std::uint64_t at = (std::uint64_t{number} + 1) * page_bytes_;
  if (number == 0 || number >= pages_ || at > data_.size() || data_.size() - at < page_bytes_) return std::nullopt;
  const Bytes bytes = data_.subspan(at, page_bytes_);
  ByteCursor c(bytes);
  Page out;
  c.skip(20, "checksum, time, previous");
  out.next = c.le<std::uint32_t>("next");
  out.object = c.le<std::uint32_t>("object");
  c.skip(6, "free");
  const unsigned tags = c.le<std::uint16_t>("tags") & kTagCount;
  out.flags = c.le<std::uint32_t>("flags");
  const std::size_t header = large_pages_ ? 80 : 40;
  const unsigned mask = large_pages_ ? 0x7fff : 0x1fff;
  const std::size_t count = std::min<std::size_t>(tags, (page_bytes_ - header) / 4);
  work_left_ -= std::min<std::uint64_t>(work_left_, page_bytes_);
  std::string common;
  for (std::size_t i = 0; i < count; ++i) {
    ByteCursor tag(bytes.subspan(page_bytes_ - 4 * (i + 1), 4));
    const std::size_t size = tag.le<std::uint16_t>("size") & mask;
    const unsigned place = tag.le<std::uint16_t>("offset");
    const std::size_t offset = header + (place & mask);
    if (offset > page_bytes_ || size > page_bytes_ - offset) continue;
    const Bytes value = bytes.subspan(offset, size);
    if (i == 0) {
      common = std::string(as_chars(value));
      continue;
    }
    ByteCursor v(value);
    auto first = v.le<std::uint16_t>("key");
    unsigned flags = place >> 13;
    if (large_pages_) {
      flags = first >> 13;
      first &= 0x1fff;
    }
    Leaf leaf;
    std::size_t key_bytes = first;
    if ((flags & kCommonKey) != 0) {
      leaf.key = common.substr(0, first);
      key_bytes = v.le<std::uint16_t>("key");
    }
    leaf.key += as_chars(v.take(key_bytes, "key"));
    if (!v.ok()) continue;
    leaf.at = at + offset + v.position();
    leaf.data = v.take(v.remaining(), "data");
    leaf.deleted = (flags & kDeleted) != 0;
    out.values.push_back(std::move(leaf));
  }
  return out;
}

void EseView::walk(std::uint32_t root, std::vector<bool>& seen, const std::function<void(const Leaf&)>& on_leaf) {
  struct Open {
    std::uint32_t page;
    int level;
  };
  std::vector<Open> open = {{root, 0}};
  while (!open.empty() && work_left_ != 0) {
    const Open one = open.back();
    open.pop_back();
    const std::uint64_t at = (std::uint64_t{one.page} + 1) * page_bytes_;
    if (one.page >= seen.size() || seen[one.page] || one.level > kMaxLevels) {
      fault(DamageKind::kRange, std::min<std::uint64_t>(at, data_.size()), "page",
            fmt::format("page {} is outside the file or named twice", one.page));
      continue;
    }
    seen[one.page] = true;
    const auto found = page(one.page);
    if (!found) {
      fault(DamageKind::kTruncated, std::min<std::uint64_t>(at, data_.size()), "page",
            fmt::format("page {} is not there", one.page));
      continue;
    }
    if ((found->flags & kLeaf) != 0) {
      for (const Leaf& leaf : found->values) on_leaf(leaf);
      continue;
    }
    for (auto it = found->values.rbegin(); it != found->values.rend(); ++it) {
      ByteCursor c(it->data);
      const auto child = c.le<std::uint32_t>("child");
      if (c.ok()) open.push_back({child, one.level + 1});
    }
  }
}

void EseView::note_catalog(const EseRow& row) {
  const auto type = row.integer("Type").value_or(0);
  const auto object = static_cast<std::uint32_t>(row.integer("ObjidTable").value_or(0));
  const auto place = static_cast<std::uint32_t>(row.integer("ColtypOrPgnoFDP").value_or(0));
  const auto name = row.text("Name").value_or("");
  if (type == 1) {
    EseTable table;
    table.name = name;
    table.object = object;
    table.root_page = place;
    tables_.push_back(std::move(table));
    return;
  }
  const auto table =
      std::find_if(tables_.rbegin(), tables_.rend(), [object](const EseTable& t) { return t.object == object; });
  if (table == tables_.rend()) return;
  if (type == 4) table->long_root = place;
  if (type != 2 || place > static_cast<std::uint32_t>(EseType::kU16)) return;
  EseColumn column;
  column.id = static_cast<std::uint32_t>(row.integer("Id").value_or(0));
  column.type = static_cast<EseType>(place);
  column.size = static_cast<std::uint32_t>(row.integer("SpaceUsage").value_or(0));
  column.code_page = static_cast<std::uint32_t>(row.integer("PagesOrLocale").value_or(0));
  column.name = name;
  table->columns.push_back(std::move(column));
}

void EseView::read_catalog() {
  const EseTable catalog = catalog_table();
  std::vector<bool> seen(pages_ + std::size_t{1});
  const auto note = [&](const Leaf& leaf) {
    if (!leaf.deleted) note_catalog(EseRow(*this, catalog, leaf.data, leaf.at));
  };
  walk(kCatalogPage, seen, note);
  if (tables_.empty()) {  // the tree's root is gone: its leaves are found by their object
    for (std::uint32_t i = 1; i < pages_ && work_left_ != 0; ++i)
      if (const auto found = page(i); found && found->object == kCatalogObject && (found->flags & kLeaf) != 0)
        for (const Leaf& leaf : found->values) note(leaf);
    fault(DamageKind::kRange, (kCatalogPage + 1ULL) * page_bytes_, "catalog", "the catalog's tree cannot be read");
  }
  for (EseTable& table : tables_) {
    std::stable_sort(table.columns.begin(), table.columns.end(),
                     [](const EseColumn& a, const EseColumn& b) { return a.id < b.id; });
  }
}

const EseTable* EseView::table(std::string_view name) const {
  for (const EseTable& one : tables_)
    if (one.name == name) return &one;
  return nullptr;
}

void EseView::index_long_values(const EseTable& table) {
  if (long_values_of_ == table.object) return;
  long_values_.clear();
  long_values_of_ = table.object;
  if (table.long_root == 0) return;
  std::vector<bool> seen(pages_ + std::size_t{1});
  walk(table.long_root, seen, [this](const Leaf& leaf) {
    // A key of four (or eight) bytes is the value's head; four bytes more, its offset, name a segment.
    const std::size_t id_bytes = leaf.key.size() >= 12 ? 8 : 4;
    if (leaf.deleted || leaf.key.size() < id_bytes + 4) return;
    ByteCursor c(as_byte_span(leaf.key).subspan(id_bytes));
    long_values_[leaf.key.substr(0, id_bytes)][c.be<std::uint32_t>("offset")] = leaf.data;
  });
}

std::vector<std::byte> EseView::long_value(const EseTable&, Bytes id) const {
  std::string key(as_chars(id));
  std::reverse(key.begin(), key.end());
  std::vector<std::byte> out;
  const auto found = long_values_.find(key);
  if (found == long_values_.end()) return out;
  for (const auto& [offset, segment] : found->second) {
    if (work_left_ < segment.size()) break;
    work_left_ -= segment.size();
    out.insert(out.end(), segment.begin(), segment.end());
  }
  return out;
}

void EseView::rows(const EseTable& table, const std::function<void(const EseRow&)>& on_row) {
  index_long_values(table);
  std::vector<bool> seen(pages_ + std::size_t{1});
  std::vector<Leaf> deleted;
  walk(table.root_page, seen, [&](const Leaf& leaf) {
    if (leaf.deleted) {
      deleted.push_back(leaf);
    } else {
      on_row(EseRow(*this, table, leaf.data, leaf.at));
    }
  });
  for (std::uint32_t i = 1; i < pages_ && work_left_ != 0; ++i) {
    if (seen[i]) continue;
    ByteCursor c(data_.subspan(std::min<std::size_t>((std::size_t{i} + 1) * page_bytes_, data_.size())));
    c.skip(24, "page");
    if (c.le<std::uint32_t>("object") != table.object) continue;
    const auto lost = page(i);
    constexpr std::uint32_t kOther = kEmpty | kSpace | kIndex | kLongValue;
    if (!lost || (lost->flags & kLeaf) == 0 || (lost->flags & kOther) != 0) continue;
    deleted.insert(deleted.end(), lost->values.begin(), lost->values.end());
  }
  for (const Leaf& leaf : deleted) {
    EseRow row(*this, table, leaf.data, leaf.at);
    row.recovered_ = true;
    on_row(row);
  }
  if (work_left_ == 0)
    fault(DamageKind::kLimit, 0, table.name, "more work than a sound database of this size can ask for");
}

}  // namespace triage
