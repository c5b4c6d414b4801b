// SPDX-License-Identifier: Apache-2.0
#include "artifacts/usn_folders.h"

#include <algorithm>
#include <iterator>

namespace triage {
namespace {

constexpr unsigned kMaxDepth = 255;
constexpr std::uint64_t kNumberMask = 0xffff'ffff'ffffULL;

}  // namespace

void UsnFolders::see(std::uint64_t place, std::uint64_t folder, std::uint64_t parent, std::string_view name,
                     bool renamed_to) {
  if ((folder & kNumberMask) == kMftRootFolder || name.empty()) return;
  std::vector<Name>& known = names_[folder];
  if (!known.empty()) {
    const Name& last = known.back();
    if (last.parent == parent && last.name == name) return;
    changes_.push_back(place);
  }
  known.push_back({place, parent, std::string(name), renamed_to});
}

void UsnFolders::go_to(std::uint64_t place) {
  place_ = place;
  bool changed = false;
  while (next_change_ < changes_.size() && changes_[next_change_] <= place) {
    ++next_change_;
    changed = true;
  }
  if (changed) paths_.clear();
}

bool UsnFolders::name_of(std::uint64_t folder, std::uint64_t& parent, std::string_view& name) const {
  const auto found = names_.find(folder);
  if (found != names_.end()) {
    const std::vector<Name>& known = found->second;
    auto in_force = std::upper_bound(known.begin(), known.end(), place_,
                                     [](std::uint64_t place, const Name& one) { return place < one.from; });
    // Before its first record a folder was called what that record says, unless it says a new name.
    if (in_force != known.begin()) --in_force;
    if (in_force->from > place_ && in_force->renamed_to) return false;
    parent = in_force->parent;
    name = in_force->name;
    return true;
  }
  if (table_ == nullptr) return false;
  const MftFolder* folder_entry = table_->folder({folder & kNumberMask, static_cast<std::uint16_t>(folder >> 48)});
  if (folder_entry == nullptr || folder_entry->name.empty()) return false;
  parent = folder_entry->parent.number | (std::uint64_t{folder_entry->parent.sequence} << 48);
  name = folder_entry->name;
  return true;
}

const UsnFolders::Known& UsnFolders::resolve(std::uint64_t folder, unsigned depth) {
  if (const auto found = paths_.find(folder); found != paths_.end()) return found->second;
  Known known;
  std::uint64_t parent = 0;
  std::string_view name;
  if ((folder & kNumberMask) == kMftRootFolder) {
    known.whole = true;
  } else if (depth < kMaxDepth && name_of(folder, parent, name)) {
    paths_.emplace(folder, Known{});  // a loop ends here
    const Known& above = resolve(parent, depth + 1);
    known.whole = above.whole;
    if (above.whole || !above.text.empty()) known.text = above.text + "/";
    known.text += name;
  }
  return paths_.insert_or_assign(folder, std::move(known)).first->second;
}

std::optional<std::string> UsnFolders::path(std::uint64_t folder, std::string* tail) {
  const Known& known = resolve(folder, 0);
  if (known.whole) return known.text.empty() ? "/" : known.text;
  if (tail != nullptr) *tail = known.text;
  return std::nullopt;
}

}  // namespace triage
