// SPDX-License-Identifier: Apache-2.0
#include "store/content_store.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "store_fixture.h"

using namespace triage;
using namespace triage::store_test;

namespace {

/// A slot as the engine has them: a memfd.
UniqueFd slot_with(const std::string& content) {
  UniqueFd fd(::memfd_create("slot", MFD_CLOEXEC));
  REQUIRE(::write(fd.get(), content.data(), content.size()) == static_cast<ssize_t>(content.size()));
  return fd;
}

OutputRecord record_of(const std::string& content, std::uint64_t offset) {
  OutputRecord out;
  out.sha256 = sha256_hex(content);
  out.extension = "jpg";
  out.slot_offset = offset;
  out.length = content.size();
  out.modified_nanos = -1'500'000'000;
  out.accessed_nanos = 1'700'000'000'000'000'007;
  return out;
}

}  // namespace

TEST_CASE("content store: a kept file has the name sha256sum gives, its times and mode 0600") {
  const Folder folder;
  const UniqueFd root(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
  auto store = ContentStore::open(root.get(), "3-investigation/recovered");
  REQUIRE(store);
  const std::string content = "the content\0with a NUL";
  const UniqueFd slot = slot_with("before" + content + "after");
  const auto kept = store->keep(slot.get(), record_of(content, 6));
  REQUIRE(kept);
  CHECK_FALSE(kept->existed);
  const std::string path = folder / kept->path;
  CHECK(output_of("stat -c '%a %.9Y %.9X' '" + path + "'") == "600 -1.500000000 1700000000.000000007");
  const std::string hash = output_of("sha256sum '" + path + "' | cut -c1-64");
  CHECK(kept->path == "3-investigation/recovered/" + hash.substr(0, 2) + "/" + hash.substr(0, 32) + ".jpg");
  CHECK(store->keep(slot.get(), record_of(content, 6))->existed);
  CHECK(store->sync());
  auto again = ContentStore::open(root.get(), "3-investigation/recovered");
  CHECK(again->keep(slot.get(), record_of(content, 6))->existed);
  CHECK(output_of("find '" + folder.path() + "' -type f | wc -l") == "1");
}

TEST_CASE("content store: a wrong hash, a short slot and forged names leave nothing behind") {
  const Folder folder;
  const UniqueFd root(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
  auto store = ContentStore::open(root.get(), "");
  REQUIRE(store);
  const UniqueFd slot = slot_with("0123456789");
  OutputRecord record = record_of("0123456789", 0);
  record.sha256[5] = record.sha256[5] == 'a' ? 'b' : 'a';
  CHECK(store->keep(slot.get(), record).error().code == ErrorCode::kVerification);
  record = record_of("0123456789", 1);
  CHECK(store->keep(slot.get(), record).error().code == ErrorCode::kUnreadable);
  for (const std::string& forged : {std::string(64, '/'), std::string("../x"), std::string(64, 'A'), std::string()}) {
    record.sha256 = forged;
    CHECK(store->keep(slot.get(), record).error().code == ErrorCode::kVerification);
  }
  record = record_of("0123456789", ~0ULL);
  CHECK_FALSE(store->keep(slot.get(), record));
  record = record_of("0123456789", 0);
  record.extension = "../../x";
  const auto kept = store->keep(slot.get(), record);
  REQUIRE(kept);
  CHECK(kept->path.ends_with(".bin"));
  CHECK(output_of("find '" + folder.path() + "' -type f | wc -l") == "1");
}

TEST_CASE("content store: a copy torn by a power cut is replaced, windows give the same file") {
  const Folder folder;
  const UniqueFd root(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
  std::string content;
  for (int i = 0; i < 3'000'000; ++i) content.push_back(static_cast<char>(i * 2654435761U >> 13));
  const UniqueFd slot = slot_with(content);
  const OutputRecord record = record_of(content, 0);
  const std::string path = folder / content_path(record.sha256, "jpg");
  std::filesystem::create_directory(folder / record.sha256.substr(0, 2));
  write_file(path, std::string(content.size(), '\0'));
  auto store = ContentStore::open(root.get(), "");
  REQUIRE(store);
  const auto kept = store->keep(slot.get(), record);
  REQUIRE(kept);
  CHECK_FALSE(kept->existed);
  CHECK(read_file(path) == content);
  std::filesystem::remove(path);
  auto other = ContentStore::open(root.get(), "");
  auto windows = other->begin_windows();
  REQUIRE(windows);
  REQUIRE(windows->add(slot.get(), 0, 1'000'000));
  REQUIRE(windows->add(slot.get(), 1'000'000, 2'000'000));
  REQUIRE(other->finish_windows(std::move(*windows), record));
  CHECK(read_file(path) == content);
  CHECK(output_of("find '" + folder.path() + "' -name '*.part' -o -name 'window-*' | wc -l") == "0");
}
