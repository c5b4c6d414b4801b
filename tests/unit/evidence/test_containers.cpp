// SPDX-License-Identifier: Apache-2.0
// The same image raw, split and as E01 gives the same map and bytes; damaged evidence ends in damage, never worse.
#include <doctest/doctest.h>
#include <unistd.h>

#include "evidence_fixtures.h"

using namespace triage;
using namespace triage::testing;

namespace {

std::string make_image(const TempFolder& folder) {
  const std::string image = folder / "image.dd";
  std::filesystem::create_directories(folder / "tree/sub");
  write_file(folder / "tree/a.bin", pattern_bytes(500'000, 1));
  write_file(folder / "tree/sub/b.txt", "text");
  REQUIRE(run("mke2fs -q -F -t ext4 -d " + (folder / "tree") + " " + image + " 8M"));
  return image;
}

void check_same(const Mapped& a, const Mapped& b) {
  REQUIRE(a.sink.streams.size() == b.sink.streams.size());
  for (std::size_t i = 0; i < a.sink.streams.size(); ++i) {
    const Stream& ours = a.sink.streams[i];
    const Stream& theirs = b.sink.streams[i];
    REQUIRE(ours.key == theirs.key);
    REQUIRE(ours.extents == theirs.extents);
    CHECK_MESSAGE(sha256_hex(a.content(ours)) == sha256_hex(b.content(theirs)), ours.key);
  }
}

}  // namespace

TEST_CASE("containers: split raw and E01 equal the raw image, and E01 gives its stored hashes") {
  if (!have("mke2fs split ewfacquirestream md5sum")) return;
  const TempFolder folder;
  const std::string image = make_image(folder);
  REQUIRE(run("cd " + folder.path() + " && split -b 3000000 -a 3 --numeric-suffixes=1 image.dd part."));
  REQUIRE(run("cd " + folder.path() + " && ewfacquirestream -t ewf -d sha1 -S 1100000 -c none < image.dd"));
  const auto raw = map_evidence(image);
  const auto split = map_evidence(folder / "part.001");
  const auto ewf = map_evidence(folder / "ewf.E01");
  CHECK(split->reader->record().format == "split_raw");
  CHECK(ewf->reader->record().format == "ewf");
  CHECK(ewf->reader->record().size == raw->reader->record().size);
  CHECK(ewf->reader->record().container_md5 == output_of("md5sum < " + image).substr(0, 32));
  CHECK(ewf->reader->record().container_sha1 == output_of("sha1sum < " + image).substr(0, 40));
  check_same(*raw, *split);
  check_same(*raw, *ewf);
  check_is_partition(*ewf);
}

TEST_CASE("containers: an E01 without its later pieces says so and gives what is there") {
  if (!have("mke2fs ewfacquirestream")) return;
  const TempFolder folder;
  make_image(folder);
  REQUIRE(run("cd " + folder.path() + " && ewfacquirestream -t ewf -S 1100000 -c none < image.dd"));
  CHECK_FALSE(map_evidence(folder / "ewf.E01")->has_damage(DamageKind::kTruncated));
  REQUIRE(run("cd " + folder.path() + " && rm ewf.E03"));
  const auto mapped = map_evidence(folder / "ewf.E01");
  CHECK(mapped->has_damage(DamageKind::kTruncated));
  check_is_partition(*mapped);
  const auto raw = map_evidence(folder / "image.dd");
  std::string theirs(1'000'000, 'x');
  std::string ours(1'000'000, 'y');
  std::vector<ReadFault> faults;
  raw->reader->source()->read(ByteOffset{0}, std::as_writable_bytes(std::span(theirs)), faults);
  mapped->reader->source()->read(ByteOffset{0}, std::as_writable_bytes(std::span(ours)), faults);
  CHECK((ours == theirs));
  CHECK(faults.empty());
  mapped->reader->source()->read(ByteOffset{6'000'000}, std::as_writable_bytes(std::span(ours)), faults);
  CHECK(ours == std::string(1'000'000, '\0'));
}

TEST_CASE("damaged: an image cut off anywhere is still a partition") {
  if (!have("mke2fs")) return;
  const TempFolder folder;
  const std::string image = make_image(folder);
  for (const off_t size : {7'000'001, 3'000'000, 70'000, 2'048, 1'500, 511, 1}) {
    REQUIRE(::truncate(image.c_str(), size) == 0);
    const auto mapped = map_evidence(image);
    check_is_partition(*mapped);
  }
}

TEST_CASE("damaged: an image that vanishes while it is read gives zeros and says so") {
  if (!have("mke2fs")) return;
  const TempFolder folder;
  const std::string image = make_image(folder);
  const auto mapped = map_evidence(image);
  REQUIRE(::truncate(image.c_str(), 0) == 0);
  std::vector<Damage> damages;
  std::size_t met = 0;
  for (const Stream& stream : mapped->sink.streams) {
    (void)mapped->content(stream, &damages);  // zeros by now; the damage counts
    met += damages.size();
  }
  CHECK(met > 0);
}

TEST_CASE("damaged: random bytes over the metadata of each file system never break the partition") {
  if (!have("mke2fs mkfs.vfat mkntfs genisoimage")) return;
  const TempFolder folder;
  const std::string ext = make_image(folder);
  const std::string fat = folder / "fat.img";
  const std::string ntfs = folder / "ntfs.img";
  const std::string iso = folder / "iso.img";
  REQUIRE(run("truncate -s 2M " + fat + " && mkfs.vfat " + fat));
  REQUIRE(run("mcopy -i " + fat + " " + (folder / "tree/sub/b.txt") + " ::/B.TXT"));
  REQUIRE(run("truncate -s 4M " + ntfs + " && mkntfs -F -Q -q " + ntfs));
  REQUIRE(run("genisoimage -quiet -o " + iso + " " + (folder / "tree")));
  std::uint32_t state = 11;
  for (const std::string& original : {ext, fat, ntfs, iso}) {
    for (int round = 0; round < 12; ++round) {
      const std::string copy = folder / "copy.img";
      std::filesystem::copy_file(original, copy, std::filesystem::copy_options::overwrite_existing);
      std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
      for (int hit = 0; hit < 40; ++hit) {
        state = state * 1664525U + 1013904223U;
        file.seekp(static_cast<std::streamoff>((state >> 8) % 200'000));
        file.put(static_cast<char>(state >> 24));
      }
      file.close();
      const auto mapped = map_evidence(copy);
      check_is_partition(*mapped);
    }
  }
}
