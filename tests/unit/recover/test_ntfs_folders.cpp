// SPDX-License-Identifier: Apache-2.0
#include "recover/ntfs_folders.h"

#include <doctest/doctest.h>

#include <cstring>
#include <vector>

using namespace triage;

namespace {

/// A page of a change journal, filled as Microsoft's USN_RECORD_V2 is laid out.
struct Page {
  std::vector<std::byte> bytes = std::vector<std::byte>(4096);
  std::size_t end = 0;

  void le(std::size_t at, std::uint64_t value, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) bytes[at + i] = static_cast<std::byte>(value >> (8 * i));
  }
  void add(MftReference file, MftReference parent, std::string_view name, std::uint32_t attributes = 0x10) {
    const std::size_t length = (0x3c + 2 * name.size() + 7) / 8 * 8;
    le(end, length, 4);
    le(end + 4, 2, 2);
    le(end + 8, file.number | std::uint64_t{file.sequence} << 48, 8);
    le(end + 16, parent.number | std::uint64_t{parent.sequence} << 48, 8);
    le(end + 0x34, attributes, 4);
    le(end + 0x38, 2 * name.size(), 2);
    le(end + 0x3a, 0x3c, 2);
    for (std::size_t i = 0; i < name.size(); ++i) le(end + 0x3c + 2 * i, static_cast<unsigned char>(name[i]), 2);
    end += length;
  }
};

VolumeFacts volume() {
  VolumeFacts out;
  out.directories = {{5, "/"}, {40, "/Users"}};
  out.sequences = {{5, 5}, {40, 3}};
  return out;
}

}  // namespace

TEST_CASE("ntfs folders: a folder whose record is used again has its path from the change journal") {
  Page page;
  page.add({60, 2}, {40, 3}, "old name");
  page.add({60, 2}, {40, 3}, "Reports");
  page.add({61, 7}, {60, 2}, "2024");
  page.add({62, 1}, {60, 2}, "a file.txt", 0x20);
  NtfsFolders folders;
  folders.add_journal_page(page.bytes);
  CHECK(folders.size() == 2);
  CHECK(folders.path({61, 7}, volume()) == "/Users/Reports/2024");
  CHECK(folders.path({5, 5}, volume()).empty());
  // Record 40 in another life is another folder, and 61 in its next life is not known.
  CHECK(folders.path({40, 4}, volume()) == "/$OrphanFiles");
  CHECK(folders.path({61, 8}, volume()) == "/$OrphanFiles");
}

TEST_CASE("ntfs folders: weak names give way, loops and hostile names end as orphans") {
  NtfsFolders folders;
  folders.add({70, 1}, {71, 1}, "slack", true);
  folders.add({70, 1}, {71, 1}, "strong");
  folders.add({70, 1}, {71, 1}, "slack again", true);
  CHECK(folders.path({70, 1}, volume()) == "/$OrphanFiles/strong");
  folders.add({71, 1}, {70, 1}, "loop");
  CHECK(folders.path({70, 1}, volume()).starts_with("/$OrphanFiles/"));
  folders.add({80, 1}, {40, 3}, "..");
  folders.add({81, 1}, {40, 3}, "a/../b");
  CHECK(folders.path({80, 1}, volume()) == "/Users/\\..");
  CHECK(folders.path({81, 1}, volume()) == "/Users/a\\x2f..\\x2fb");
}

TEST_CASE("ntfs folders: torn journal pages give what came before the tear") {
  Page page;
  page.add({60, 2}, {40, 3}, "Reports");
  const std::size_t second = page.end;
  page.add({61, 7}, {60, 2}, "2024");
  for (const std::uint64_t length :
       {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{0x3c}, std::uint64_t{4096}, std::uint64_t{0xffff'fff8}}) {
    page.le(second, length, 4);
    NtfsFolders folders;
    folders.add_journal_page(page.bytes);
    CHECK(folders.size() == 1);
  }
  page.le(second, 0x48, 4);
  page.le(second + 0x38, 0xfffe, 2);  // the name leaves its record
  NtfsFolders folders;
  folders.add_journal_page(page.bytes);
  CHECK(folders.size() == 1);
}
