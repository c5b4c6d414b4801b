// SPDX-License-Identifier: Apache-2.0
// Folders only are kept in memory (a tenth of all entries); everything else is read again from the bytes.
#include "formats/mft_table.h"

#include <algorithm>
#include <iterator>

#include "formats/peek.h"

namespace triage {
namespace {

constexpr std::size_t kUsualRecord = 1024;
constexpr unsigned kMaxDepth = 255;
constexpr std::size_t kMaxExtensions = 1024;  // of one entry; a heavily fragmented file needs some dozens
constexpr std::size_t kMaxMerged = 4096;      // attributes of one entry with all its records
constexpr std::uint64_t kNumberMask = 0xffff'ffff'ffffULL;
constexpr std::uint16_t kDirectoryFlag = 2;

std::uint64_t key_of(MftReference reference) { return reference.number | (std::uint64_t{reference.sequence} << 48); }

/// Adds what an extension record of the same entry holds.
void merge(MftRecord& base, MftRecord&& more) {
  std::move(more.names.begin(), more.names.end(), std::back_inserter(base.names));
  for (MftAttribute& attribute : more.attributes) {
    if (base.attributes.size() >= kMaxMerged) return;
    // Later parts of one attribute hold its further runs; its sizes stand in the first.
    const auto same = std::find_if(base.attributes.begin(), base.attributes.end(), [&](const MftAttribute& known) {
      return known.type == attribute.type && known.name == attribute.name && !known.resident && !attribute.resident;
    });
    if (same == base.attributes.end()) {
      base.attributes.push_back(std::move(attribute));
    } else if (attribute.first_vcn == 0) {
      *same = std::move(attribute);
    }
  }
}

}  // namespace

MftTable::MftTable(Bytes table) : table_(table) {
  record_size_ = mft_record_size(table).value_or(kUsualRecord);
  // §6.1: the record's own number is there where the update sequence begins behind it.
  if (le_at<std::uint16_t>(table, 4) >= 0x30) first_ = le_at<std::uint32_t>(table, 0x2c);
  for (std::size_t i = 0; i < count(); ++i) index_record(i);
}

void MftTable::index_record(std::size_t index) {
  const Bytes record = raw(index);
  if (!has_at(record, 0, "FILE")) return;
  const std::uint64_t base = le_at<std::uint64_t>(record, 0x20);
  if (base != 0) {
    std::vector<std::uint32_t>& list = extensions_[base & kNumberMask];
    if (list.size() < kMaxExtensions) list.push_back(static_cast<std::uint32_t>(index));
    return;
  }
  if ((le_at<std::uint16_t>(record, 0x16) & kDirectoryFlag) == 0) return;
  std::optional<MftRecord> read = parse_mft_record(record);
  if (!read) return;
  MftFolder folder;
  if (const MftName* name = best_name(*read)) {
    folder.name = name->name;
    folder.parent = name->parent;
  }
  folder.sequence = read->sequence;
  folder.in_use = read->in_use;
  folders_.emplace(number(index), std::move(folder));
}

std::span<const std::uint32_t> MftTable::extensions(std::uint64_t number) const {
  const auto found = extensions_.find(number);
  return found == extensions_.end() ? std::span<const std::uint32_t>{} : std::span(found->second);
}

std::optional<MftRecord> MftTable::entry(std::size_t index) const {
  std::optional<MftRecord> base = parse_mft_record(raw(index));
  if (!base || base->base != MftReference{}) return std::nullopt;
  for (const std::uint32_t place : extensions(number(index))) {
    std::optional<MftRecord> more = parse_mft_record(raw(place));
    if (more && more->base.sequence == base->sequence && more->in_use == base->in_use) merge(*base, std::move(*more));
  }
  return base;
}

const MftFolder* MftTable::folder(MftReference reference) const {
  const auto found = folders_.find(reference.number);
  if (found == folders_.end()) return nullptr;
  const MftFolder& folder = found->second;
  const bool is_same = folder.sequence == reference.sequence ||
                       (!folder.in_use && folder.sequence == static_cast<std::uint16_t>(reference.sequence + 1));
  return is_same ? &folder : nullptr;
}

const MftTable::Known& MftTable::resolve(MftReference reference, unsigned depth) {
  const std::uint64_t key = key_of(reference);
  if (const auto found = paths_.find(key); found != paths_.end()) return found->second;
  Known known;
  if (reference.number == kMftRootFolder) {
    known.whole = true;
  } else if (const MftFolder* here = folder(reference); here != nullptr && depth < kMaxDepth) {
    paths_.emplace(key, Known{});  // a loop ends here
    std::string name = here->name;
    MftReference parent = here->parent;
    if (name.empty()) {  // its name lies in an extension record
      if (const auto whole = entry(static_cast<std::size_t>(reference.number - first_)))
        if (const MftName* best = best_name(*whole)) {
          name = best->name;
          parent = best->parent;
        }
    }
    if (!name.empty()) {
      const Known& above = resolve(parent, depth + 1);
      known.whole = above.whole;
      known.text = above.whole || !above.text.empty() ? above.text + "/" + name : name;
    }
  }
  return paths_.insert_or_assign(key, std::move(known)).first->second;
}

std::optional<std::string> MftTable::folder_path(MftReference reference, std::string* tail) {
  const Known& known = resolve(reference, 0);
  if (known.whole) return known.text.empty() ? "/" : known.text;
  if (tail != nullptr) *tail = known.text;
  return std::nullopt;
}

}  // namespace triage
