// SPDX-License-Identifier: Apache-2.0
#include "engine/plan.h"

#include <doctest/doctest.h>

#include "engine/unnamed_file.h"

using namespace triage;

namespace {

constexpr std::uint64_t kMiB = 1U << 20;

PlanOptions small_options() {
  PlanOptions options;
  options.window = 4 * kMiB;
  options.region_carry = kMiB;
  options.max_file = 16 * kMiB;
  return options;
}

Plan make_plan(const PlanOptions& options) {
  auto store = make_unnamed_file("/tmp");
  REQUIRE(store.has_value());
  return {options, std::move(*store)};
}

Stream region(std::uint64_t at, std::uint64_t size) {
  Stream stream;
  stream.key = "v0.unalloc";
  stream.kind = StreamKind::kUnallocated;
  stream.volume = 0;
  stream.size = ByteCount{size};
  stream.extents.push_back({ByteOffset{at}, ByteCount{size}, false});
  return stream;
}

/// A file whose bytes belong to another stream, too.
Stream view_file(std::uint64_t inode, std::uint64_t at, std::uint64_t size, bool deleted) {
  Stream stream;
  stream.key = "v0.i" + std::to_string(inode) + ".a1-0";
  stream.path = "/file" + std::to_string(inode);
  stream.volume = 0;
  stream.size = ByteCount{size};
  stream.extents.push_back({ByteOffset{at}, ByteCount{size}, false});
  stream.view = true;
  EntryMeta meta;
  meta.inode = inode;
  meta.allocated = !deleted;
  stream.meta = meta;
  return stream;
}

/// (read, left out for the limit) of all pieces.
std::pair<unsigned, unsigned> count_pieces(const Plan& plan) {
  unsigned read = 0, left_out = 0;
  for (std::uint64_t batch = 0; batch < plan.batch_count(); ++batch) {
    for (const PlannedPiece& piece : plan.batch(batch)) {
      if (piece.readable) ++read;
      if (piece.over_limit) ++left_out;
    }
  }
  return {read, left_out};
}

}  // namespace

TEST_CASE("plan: files that share their bytes are read until the limit is used up, then named only") {
  for (const bool deleted : {false, true}) {
    CAPTURE(deleted);
    PlanOptions options = small_options();
    options.shared_limit = 10 * kMiB;
    Plan plan = make_plan(options);
    for (std::uint64_t inode = 1; inode <= 8; ++inode) REQUIRE(plan.add(view_file(inode, 0, 3 * kMiB, deleted)));
    REQUIRE(plan.finish());
    CHECK(count_pieces(plan) == std::pair{3U, 5U});
    CHECK(plan.total_bytes() == 9 * kMiB);
  }
}

TEST_CASE("plan: views into a region count against the limit, too; the region itself does not") {
  PlanOptions options = small_options();
  options.shared_limit = 2 * kMiB;
  Plan plan = make_plan(options);
  for (std::uint64_t inode = 1; inode <= 5; ++inode) REQUIRE(plan.add(view_file(inode, 0, kMiB, true)));
  REQUIRE(plan.add(region(0, 32 * kMiB)));
  REQUIRE(plan.finish());
  CHECK(count_pieces(plan) == std::pair{2U + 8U, 3U});
  CHECK(plan.total_bytes() == 32 * kMiB);
}

TEST_CASE("plan: every window that shows bytes of a deleted file knows it") {
  Plan plan = make_plan(small_options());
  // In the tail of the first window, which the second shows again; across both; in one place that is shown once.
  REQUIRE(plan.add(view_file(1, 3 * kMiB + 4096, 8192, true)));
  REQUIRE(plan.add(view_file(2, 4 * kMiB - 4096, 8192, true)));
  REQUIRE(plan.add(view_file(3, kMiB, 8192, true)));
  REQUIRE(plan.add(region(0, 8 * kMiB)));
  REQUIRE(plan.finish());
  REQUIRE(plan.batch_count() == 2);
  REQUIRE(plan.batch(0).size() == 3);  // the window, files 1 and 3
  REQUIRE(plan.batch(1).size() == 2);  // the window and file 2
  // The second window's bytes begin at 3 MiB of the region.
  const auto second = plan.known_views(1);
  REQUIRE(second.size() == 1);
  CHECK(second[0].offset == 4096);
  CHECK(second[0].length == 8192);
  CHECK_FALSE(second[0].cut);
  const auto first = plan.known_views(0);
  REQUIRE(first.size() == 1);
  CHECK(first[0].offset == 4 * kMiB - 4096);
  CHECK(first[0].length == 4096);
}

TEST_CASE("plan: a deleted file too long for a window is known to all of them, with its beginning told apart") {
  Plan plan = make_plan(small_options());
  REQUIRE(plan.add(view_file(1, 2 * kMiB, 9 * kMiB, true)));
  REQUIRE(plan.add(region(0, 16 * kMiB)));
  REQUIRE(plan.finish());
  REQUIRE(plan.batch_count() == 5);
  std::uint64_t known = 0;
  for (std::uint64_t batch = 1; batch < 5; ++batch) {
    for (const ViewSpan& span : plan.known_views(batch)) {
      ++known;
      CHECK(span.cut == (batch != 1));
    }
  }
  CHECK(known == 3);
}

TEST_CASE("plan: records of a master file table whose content is a stream are marked") {
  Plan plan = make_plan(small_options());
  Stream table = view_file(0, 0, 4096, false);
  table.file_system = "ntfs";
  table.view = false;
  REQUIRE(plan.add(table));
  Stream file = view_file(65, 0, 20, false);
  file.file_system = "ntfs";
  file.extents.clear();
  file.inline_content = std::string(20, 'x');
  REQUIRE(plan.add(file));
  REQUIRE(plan.finish());
  const std::string bits = plan.resident_records(table);
  REQUIRE(bits.size() >= 9);
  CHECK(bits[8] == 2);
  CHECK(bits.substr(0, 8) == std::string(8, '\0'));
  CHECK(plan.resident_records(file).empty());
}

TEST_CASE("plan: a companion is found whatever the case of its name, on its own volume only") {
  PlanOptions options = small_options();
  options.companion_suffixes = {".LOG1"};
  Plan plan = make_plan(options);
  const auto add = [&plan](std::uint64_t inode, const std::string& path, std::uint32_t volume) {
    Stream stream = view_file(inode, inode * kMiB, 4096, false);
    stream.path = path;
    stream.volume = volume;
    REQUIRE(plan.add(std::move(stream)));
  };
  add(1, "/Users/a/NTUSER.DAT", 0);
  add(2, "/Users/a/ntuser.dat.log1", 0);  // Windows writes the hive's name in another case than its log's
  add(3, "/Users/a/ntuser.dat.LOG1", 1);
  const auto found = plan.companions(0);
  REQUIRE(found.size() == 1);
  CHECK(found[0].first == ".LOG1");
  CHECK(found[0].second == 1);
}

TEST_CASE("plan: a companion named by its place is found from every name its owner may have, in its own folder only") {
  PlanOptions options = small_options();
  options.companion_suffixes = {"$MFT|$Extend/$UsnJrnl:$J|$J"};
  Plan plan = make_plan(options);
  const auto add = [&plan](std::uint64_t inode, const std::string& path) {
    Stream stream = view_file(inode, inode * kMiB, 4096, false);
    stream.path = path;
    REQUIRE(plan.add(std::move(stream)));
  };
  add(1, "/$Extend/$UsnJrnl:$J");
  add(2, "C/$J");
  add(3, "/other/$Extend/$J");
  add(4, "/$MFT");
  add(5, "C/$mft");
  REQUIRE(plan.companions(0).size() == 1);
  CHECK(plan.companions(0)[0].first == "$MFT");
  CHECK(plan.companions(0)[0].second == 3);
  REQUIRE(plan.companions(1).size() == 1);
  CHECK(plan.companions(1)[0].second == 4);
  CHECK(plan.companions(2).empty());
}
