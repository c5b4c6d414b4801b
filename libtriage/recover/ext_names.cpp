// SPDX-License-Identifier: Apache-2.0
#include "recover/ext_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "recover/recovery_context.h"

namespace triage {

namespace {

constexpr int kMaxDepth = 128;
constexpr std::size_t kMaxNames = 4'000'000;
constexpr std::uint8_t kDirectory = 2;
constexpr std::uint64_t kRoot = 2;  ///< inode of the root directory

/// How far `order` lies from the time a file was seen in use; newer than its end is worse than older.
std::uint64_t distance(std::int64_t order, std::int64_t first, std::int64_t last) {
  if (order > last) return 2 * static_cast<std::uint64_t>(order - last) + 1;
  return order < first ? 2 * static_cast<std::uint64_t>(first - order) : 0;
}

}  // namespace

void ExtNames::add(std::uint64_t parent, const ExtEntry& entry, std::int64_t order) {
  std::vector<ExtName>& known = names_[entry.inode];
  const auto same = std::find_if(known.begin(), known.end(), [&](const ExtName& one) {
    return one.parent == parent && one.name == entry.name && one.type == entry.type;
  });
  if (same != known.end()) {
    same->order = std::max(same->order, order);
    if (!entry.deleted) same->live_order = std::max(same->live_order.value_or(order), order);
    return;
  }
  if (count_ >= kMaxNames || known.size() >= 64) return;
  ++count_;
  const std::optional<std::int64_t> live = entry.deleted ? std::nullopt : std::optional(order);
  known.push_back({order, live, parent, entry.type, entry.name});
}

const ExtName* ExtNames::find(std::uint64_t inode, std::uint8_t type, std::int64_t first, std::int64_t last) const {
  const auto found = names_.find(inode);
  if (found == names_.end()) return nullptr;
  const ExtName* best = nullptr;
  for (const ExtName& one : found->second) {
    if (one.type != 0 && one.type != type) continue;
    if (best == nullptr) {
      best = &one;
      continue;
    }
    const std::uint64_t here = distance(one.order, first, last);
    const std::uint64_t there = distance(best->order, first, last);
    if (here < there || (here == there && one.order > best->order)) best = &one;
  }
  return best;
}

const ExtName* ExtNames::newest_in_use(std::uint64_t inode, std::uint8_t type) const {
  const auto found = names_.find(inode);
  if (found == names_.end()) return nullptr;
  const ExtName* best = nullptr;
  for (const ExtName& one : found->second) {
    if (!one.live_order || (one.type != 0 && one.type != type)) continue;
    if (best == nullptr || *one.live_order > *best->live_order) best = &one;
  }
  return best;
}

std::vector<std::uint64_t> ExtNames::inodes() const {
  std::vector<std::uint64_t> out;
  out.reserve(names_.size());
  for (const auto& [inode, names] : names_) out.push_back(inode);
  std::sort(out.begin(), out.end());
  return out;
}

std::string ExtNames::directory_path(std::uint64_t inode, int depth) const {
  if (inode == kRoot) return "";
  if (const auto live = live_.find(inode); live != live_.end()) return live->second == "/" ? "" : live->second;
  const std::int64_t newest = std::numeric_limits<std::int32_t>::max();
  const ExtName* name = depth < kMaxDepth && inode != 0 ? find(inode, kDirectory, newest, newest) : nullptr;
  if (name == nullptr || name->parent == inode)
    return inode == 0 ? "/$OrphanFiles" : fmt::format("/$OrphanFiles/OrphanFile-{}", inode);
  return directory_path(name->parent, depth + 1) + "/" + path_component(name->name);
}

std::string ExtNames::path(const ExtName& name) const {
  return directory_path(name.parent, 0) + "/" + path_component(name.name);
}

}  // namespace triage
