// SPDX-License-Identifier: Apache-2.0
// Names that directories of ext2/3/4 held at some time, and the paths they make.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "recover/ext_directory.h"
#include "recover/volume_facts.h"

namespace triage {

/// A name of an inode, with the newest transaction that shows it.
struct ExtName {
  std::int64_t order = 0;
  std::optional<std::int64_t> live_order = std::nullopt;  ///< newest transaction that shows it in use
  std::uint64_t parent = 0;
  std::uint8_t type = 0;
  std::string name;
};

class ExtNames {
 public:
  /// `directories`: paths of directories in use, which outlives this object.
  explicit ExtNames(const std::unordered_map<std::uint64_t, std::string>& directories) : live_(directories) {}

  /// `parent` 0: the directory is not known. Later calls come with newer orders.
  void add(std::uint64_t parent, const ExtEntry& entry, std::int64_t order);
  /// The name that fits best to a file (`type` 1, 2 or 7) seen between `first` and `last`; nullptr where there is none.
  [[nodiscard]] const ExtName* find(std::uint64_t inode, std::uint8_t type, std::int64_t first,
                                    std::int64_t last) const;
  /// The name of a file that was in use last; nullptr where none was seen in use.
  [[nodiscard]] const ExtName* newest_in_use(std::uint64_t inode, std::uint8_t type) const;
  /// Inodes that have names, in order.
  [[nodiscard]] std::vector<std::uint64_t> inodes() const;
  /// "/dir/name"; what is not known begins with "/$OrphanFiles".
  [[nodiscard]] std::string path(const ExtName& name) const;
  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  [[nodiscard]] std::string directory_path(std::uint64_t inode, int depth) const;

  const std::unordered_map<std::uint64_t, std::string>& live_;
  std::unordered_map<std::uint64_t, std::vector<ExtName>> names_;
  std::size_t count_ = 0;
};

}  // namespace triage
