// SPDX-License-Identifier: Apache-2.0
// Folders as a change journal knows them: which name and parent a folder had at a place of the journal. A record names
// its folder by MFT entry and sequence number only; the folder's own records say what it was called then, and what they
// leave open the master file table says, as it was when both were copied. Sequence numbers tell a reused entry apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "formats/mft_table.h"

namespace triage {

class UsnFolders {
 public:
  /// A record of a folder at `place` of the journal, in the order of the journal. `renamed_to`: the record gives the
  /// name after a rename, so that it says nothing of the time before.
  void see(std::uint64_t place, std::uint64_t folder, std::uint64_t parent, std::string_view name, bool renamed_to);
  /// The table beside the journal; it must outlive this.
  void set_table(const MftTable* table) { table_ = table; }

  /// Moves on to `place`; places only grow.
  void go_to(std::uint64_t place);
  /// "/a/b" of the folder as it was at the place; "/" for the root. nullopt where a folder on the way is not known;
  /// `*tail` then is what is known of the end ("b"), else "".
  std::optional<std::string> path(std::uint64_t folder, std::string* tail);

 private:
  struct Name {
    std::uint64_t from = 0;  ///< place of the first record that says so
    std::uint64_t parent = 0;
    std::string name;
    bool renamed_to = false;
  };
  struct Known {
    std::string text;
    bool whole = false;
  };
  /// The name in force; false where none is known.
  bool name_of(std::uint64_t folder, std::uint64_t& parent, std::string_view& name) const;
  const Known& resolve(std::uint64_t folder, unsigned depth);

  std::unordered_map<std::uint64_t, std::vector<Name>> names_;  // by reference, each in the order of the journal
  std::vector<std::uint64_t> changes_;                          // places where a known name becomes another one
  std::size_t next_change_ = 0;
  std::uint64_t place_ = 0;
  const MftTable* table_ = nullptr;
  std::unordered_map<std::uint64_t, Known> paths_;  // in force at place_
};

}  // namespace triage
