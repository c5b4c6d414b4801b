// SPDX-License-Identifier: Apache-2.0
#include "recover/ext_directory.h"

#include <algorithm>

namespace triage {

namespace {

constexpr std::size_t kHeader = 8;

std::size_t needed(std::size_t name_length) { return (kHeader + name_length + 3) & ~std::size_t{3}; }

bool is_name(Bytes name) {
  return std::none_of(name.begin(), name.end(), [](std::byte b) { return b == std::byte{0} || b == std::byte{'/'}; });
}

/// Leftovers are believed only where every byte could be typed.
bool is_plain_name(Bytes name) {
  return is_name(name) && std::none_of(name.begin(), name.end(), [](std::byte b) {
           return std::to_integer<unsigned>(b) < 0x20 || b == std::byte{0x7f};
         });
}

struct RawEntry {
  std::uint32_t inode = 0;
  std::uint16_t length = 0;
  std::uint8_t name_length = 0;
  std::uint8_t type = 0;
  Bytes name;
};

RawEntry read_entry(ByteCursor& cursor, std::size_t at) {
  RawEntry out;
  cursor.seek(at, "entry");
  out.inode = cursor.le<std::uint32_t>("inode");
  out.length = cursor.le<std::uint16_t>("rec_len");
  out.name_length = cursor.le<std::uint8_t>("name_len");
  out.type = cursor.le<std::uint8_t>("file_type");
  out.name = cursor.take(out.name_length, "name");
  return out;
}

class DirectoryReader {
 public:
  DirectoryReader(Bytes block, std::uint32_t inode_count, bool typed)
      : block_(block), inode_count_(inode_count), typed_(typed) {}

  ExtDirectoryBlock run() {
    std::size_t at = 0;
    while (at + kHeader <= block_.size()) {
      ByteCursor cursor(block_);
      const RawEntry entry = read_entry(cursor, at);
      const bool possible = cursor.ok() && entry.length >= needed(entry.name_length) && entry.length % 4 == 0 &&
                            entry.length <= block_.size() - at;
      if (!possible) return std::move(out_);
      take(entry, at == 0);
      const std::size_t used = entry.inode == 0 ? kHeader : needed(entry.name_length);
      leftovers(at + used, at + entry.length);
      at += entry.length;
    }
    out_.sound = at == block_.size();
    return std::move(out_);
  }

 private:
  void take(const RawEntry& entry, bool first) {
    if (entry.inode == 0 || entry.inode > inode_count_ || entry.name_length == 0 || !is_name(entry.name)) return;
    const std::string_view name = as_chars(entry.name);
    if (name == ".") {
      if (first) out_.self = entry.inode;
    } else if (name == "..") {
      out_.parent = entry.inode;
    } else {
      add(entry, false);
    }
  }

  void leftovers(std::size_t from, std::size_t to) {
    for (std::size_t at = from; at + kHeader < to;) {
      ByteCursor cursor(block_.first(to));
      const RawEntry entry = read_entry(cursor, at);
      const bool possible = cursor.ok() && entry.inode != 0 && entry.inode <= inode_count_ && entry.name_length != 0 &&
                            entry.length >= needed(entry.name_length) && entry.length % 4 == 0 &&
                            (!typed_ || (entry.type >= 1 && entry.type <= 7)) && is_plain_name(entry.name);
      if (!possible) {
        at += 4;
        continue;
      }
      add(entry, true);
      at += needed(entry.name_length);
    }
  }

  void add(const RawEntry& entry, bool deleted) {
    out_.entries.push_back(
        {entry.inode, typed_ ? entry.type : std::uint8_t{0}, std::string(as_chars(entry.name)), deleted});
  }

  Bytes block_;
  std::uint32_t inode_count_;
  bool typed_;
  ExtDirectoryBlock out_;
};

}  // namespace

ExtDirectoryBlock parse_ext_directory(Bytes block, std::uint32_t inode_count, bool typed) {
  return DirectoryReader(block, inode_count, typed).run();
}

}  // namespace triage
