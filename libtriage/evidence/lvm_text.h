// SPDX-License-Identifier: Apache-2.0
// The text of LVM2 metadata as a tree.
//   file    := entry*      entry := name '=' value | name '{' entry* '}'      value := one | '[' one % ',' ']'
//   one     := "string" with \" and \\ | number      # starts a comment up to the end of the line
//   Source: lvm.conf(5) and vgcfgbackup(8), section "metadata".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace triage {

struct LvmNode {
  std::string name;
  bool section = false;
  std::vector<LvmNode> entries;     ///< of a section
  std::vector<std::string> values;  ///< else; numbers as they stand
  [[nodiscard]] const LvmNode* find(std::string_view wanted) const;
  /// First value of `wanted`; "" where it is none.
  [[nodiscard]] std::string_view text(std::string_view wanted) const;
  /// Same as a number; nullopt where it is none or does not fit 63 bits.
  [[nodiscard]] std::optional<std::uint64_t> number(std::string_view wanted) const;
};

/// nullopt where the text breaks the grammar, nests deeper than 8 or has more than 200,000 entries and values.
std::optional<LvmNode> parse_lvm_tree(std::string_view text);

/// A decimal number of at most 63 bits.
std::optional<std::uint64_t> lvm_number(std::string_view digits);

}  // namespace triage
