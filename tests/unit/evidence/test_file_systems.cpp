// SPDX-License-Identifier: Apache-2.0
// File systems made by stock tools; fls and icat are the independent source.
#include <doctest/doctest.h>

#include "evidence_fixtures.h"

using namespace triage;
using namespace triage::testing;

namespace {

/// A tree with small, large, empty and Japanese-named files; fixed contents.
void make_tree(const TempFolder& folder) {
  std::filesystem::create_directories(folder / "tree/docs/deep/deeper");
  write_file(folder / "tree/empty", "");
  write_file(folder / "tree/small.txt", "a few bytes\n");
  write_file(folder / "tree/docs/large.bin", pattern_bytes(777'777, 1));
  write_file(folder / "tree/docs/\u8cc7\u6599.txt", "report\n");
  for (int i = 0; i < 40; ++i) {
    write_file(folder / ("tree/docs/deep/f" + std::to_string(i)), pattern_bytes(static_cast<std::size_t>(i) * 700, 2));
  }
}

std::string make_ext(const TempFolder& folder, const std::string& type, const std::string& options = "") {
  make_tree(folder);
  run("cd " + folder.path() + " && ln tree/small.txt tree/docs/hard && ln -s small.txt tree/soft");
  const std::string image = folder / (type + ".img");
  REQUIRE(run("mke2fs -q -F -t " + type + " " + options + " -L sample -U 00112233-4455-6677-8899-aabbccddeeff -d " +
              (folder / "tree") + " " + image + " 16M"));
  return image;
}

}  // namespace

TEST_CASE("ext: entries and contents as fls and icat see them; every byte has one owner") {
  if (!have("mke2fs fls icat")) return;
  for (const char* type : {"ext2", "ext3", "ext4"}) {
    const TempFolder folder;
    const std::string image = make_ext(folder, type);
    const auto mapped = map_evidence(image);
    REQUIRE(mapped->sink.volumes.size() == 1);
    const VolumeRecord& volume = mapped->sink.volumes[0];
    CHECK(volume.file_system == type);
    CHECK(volume.status == "parsed");
    CHECK(volume.table == "none");
    CHECK(volume.label == "sample");
    CHECK(volume.serial == "00112233445566778899aabbccddeeff");
    const FlsComparison counts = compare_with_fls(*mapped, image, 0);
    CHECK(counts.hashed > 40);
    check_is_partition(*mapped);
    CHECK(mapped->find("/soft")->meta->link_target == "small.txt");
  }
}

TEST_CASE("ext: the second name of a hard link is an alias of the first and owns nothing") {
  if (!have("mke2fs")) return;
  const TempFolder folder;
  const auto mapped = map_evidence(make_ext(folder, "ext4"));
  const Stream* one = mapped->find("/small.txt");
  const Stream* other = mapped->find("/docs/hard");
  REQUIRE(one != nullptr);
  REQUIRE(other != nullptr);
  const Stream* owner = one->alias_of ? other : one;
  const Stream* alias = one->alias_of ? one : other;
  CHECK(alias->alias_of == owner->sequence);
  CHECK(mapped->sink.streams[*alias->alias_of].key == alias->key);
  CHECK(alias->view);
  CHECK_FALSE(owner->view);
  CHECK(mapped->content(*alias) == "a few bytes\n");
}

TEST_CASE("ext: slack runs from the end of a file to the end of its block") {
  if (!have("mke2fs")) return;
  const TempFolder folder;
  const auto mapped = map_evidence(make_ext(folder, "ext4", "-b 4096"));
  const Stream* file = mapped->find("/docs/large.bin");
  REQUIRE(file != nullptr);
  CHECK(file->slack_bytes == 4096 - 777'777 % 4096);
  const Stream& slack = mapped->sink.streams[file->sequence + 1];
  CHECK(slack.key == file->key + ".slack");
  CHECK(slack.kind == StreamKind::kSlack);
  CHECK(mapped->content(slack) == std::string(file->slack_bytes, '\0'));
}

TEST_CASE("ext: a deleted file whose blocks are forgotten is a name only") {
  if (!have("mke2fs debugfs")) return;
  const TempFolder folder;
  const std::string image = make_ext(folder, "ext4");
  REQUIRE(run("debugfs -w -R 'rm /docs/large.bin' " + image));
  const auto mapped = map_evidence(image);
  const Stream* file = mapped->find("/docs/large.bin");
  REQUIRE(file != nullptr);
  CHECK_FALSE(file->meta->name_allocated);
  CHECK(file->view);
  compare_with_fls(*mapped, image, 0);
  check_is_partition(*mapped);
}

TEST_CASE("ntfs: named streams, metadata files and deleted entries as fls sees them") {
  if (!have("mkntfs ntfscp fls icat")) return;
  const TempFolder folder;
  make_tree(folder);
  const std::string image = folder / "ntfs.img";
  REQUIRE(run("truncate -s 24M " + image + " && mkntfs -F -Q -q -L Sample " + image));
  REQUIRE(run("ntfscp -f " + image + " " + (folder / "tree/docs/large.bin") + " large.bin"));
  REQUIRE(run("ntfscp -f " + image + " " + (folder / "tree/small.txt") + " small.txt"));
  REQUIRE(run("ntfscp -f -N hidden " + image + " " + (folder / "tree/docs/deep/f39") + " small.txt"));
  const auto mapped = map_evidence(image);
  CHECK(mapped->sink.volumes.at(0).file_system == "ntfs");
  CHECK(mapped->sink.volumes.at(0).label == "Sample");
  CHECK(compare_with_fls(*mapped, image, 0).hashed > 10);
  check_is_partition(*mapped);
  const Stream* hidden = mapped->find("/small.txt:hidden");
  REQUIRE(hidden != nullptr);
  CHECK(hidden->kind == StreamKind::kNamedStream);
  CHECK((mapped->content(*hidden) == pattern_bytes(39 * 700, 2)));
  const Stream* small = mapped->find("/small.txt");
  REQUIRE(small != nullptr);
  CHECK(small->extents.empty());  // resident
  CHECK(mapped->content(*small) == "a few bytes\n");
  REQUIRE(small->meta->file_name_times);
  CHECK(small->meta->times.created.precision == Precision::kHundredNanoseconds);
  CHECK(small->meta->times.created.status == TimeStatus::kOk);
  CHECK(small->meta->sid.has_value());
  REQUIRE(mapped->find("/$MFT") != nullptr);
}

TEST_CASE("fat: a deleted file is whole until its clusters are taken, then overwritten") {
  if (!have("mkfs.vfat mcopy mdel fls icat")) return;
  const TempFolder folder;
  const std::string image = folder / "fat.img";
  write_file(folder / "one", pattern_bytes(300'000, 5));
  write_file(folder / "two", pattern_bytes(150'000, 6));
  REQUIRE(run("truncate -s 8M " + image + " && mkfs.vfat -F 16 -s 1 -n STICK -i 1a2b3c4d " + image));
  REQUIRE(run("mmd -i " + image + " ::/SUB; mcopy -i " + image + " " + (folder / "one") + " ::/ONE.BIN && mdel -i " +
              image + " ::/ONE.BIN"));
  const auto before = map_evidence(image);
  CHECK(before->sink.volumes.at(0).serial == "1a2b3c4d");
  CHECK(before->sink.volumes.at(0).label == "STICK");
  const auto deleted = [](const Mapped& mapped) -> const Stream* {
    for (const Stream& stream : mapped.sink.streams) {
      if (stream.meta && !stream.meta->name_allocated && stream.size == ByteCount{300'000}) return &stream;
    }
    return nullptr;
  };
  REQUIRE(deleted(*before) != nullptr);
  CHECK(deleted(*before)->availability == Availability::kWhole);
  CHECK((before->content(*deleted(*before)) == pattern_bytes(300'000, 5)));
  compare_with_fls(*before, image, 0);
  check_is_partition(*before);
  REQUIRE(run("mcopy -i " + image + " " + (folder / "two") + " ::/SUB/TWO.BIN"));
  const auto after = map_evidence(image);
  REQUIRE(deleted(*after) != nullptr);
  CHECK(deleted(*after)->availability != Availability::kWhole);
  compare_with_fls(*after, image, 0);
  check_is_partition(*after);
}

TEST_CASE("fat: local times do not depend on the zone of the process") {
  if (!have("mkfs.vfat mcopy")) return;
  const TempFolder folder;
  const std::string image = folder / "fat.img";
  write_file(folder / "file", "x");
  REQUIRE(run("TZ=UTC touch -d '2024-05-01 10:20:30' " + (folder / "file")));
  REQUIRE(run("truncate -s 4M " + image + " && mkfs.vfat " + image));
  REQUIRE(run("TZ=UTC mcopy -m -i " + image + " " + (folder / "file") + " ::/FILE.TXT"));
  for (const char* zone : {"UTC", "Asia/Tokyo", "America/New_York", "Australia/Lord_Howe"}) {
    ::setenv("TZ", zone, 1);
    ::tzset();
    const auto mapped = map_evidence(image);
    const Stream* file = mapped->find("/FILE.TXT");
    REQUIRE(file != nullptr);
    CHECK(file->meta->times.modified.text() == "2024-05-01T10:20:30Z");
    CHECK(file->meta->times.modified.basis == TimeBasis::kUnknown);
    CHECK(file->meta->times.modified.precision == Precision::kTwoSeconds);
  }
  ::setenv("TZ", "UTC", 1);
  ::tzset();
}

TEST_CASE("exfat, iso9660: read as fls and icat read them") {
  if (!have("mkfs.exfat genisoimage fls icat")) return;
  const TempFolder folder;
  make_tree(folder);
  const std::string exfat = folder / "exfat.img";
  REQUIRE(run("truncate -s 8M " + exfat + " && mkfs.exfat " + exfat));
  const auto first = map_evidence(exfat);
  CHECK(first->sink.volumes.at(0).file_system == "exfat");
  compare_with_fls(*first, exfat, 0);
  check_is_partition(*first);
  const std::string iso = folder / "disc.iso";
  REQUIRE(run("genisoimage -quiet -J -R -o " + iso + " " + (folder / "tree")));
  const auto second = map_evidence(iso);
  CHECK(second->sink.volumes.at(0).file_system == "iso9660");
  CHECK(compare_with_fls(*second, iso, 0).hashed > 40);
  check_is_partition(*second);
}

TEST_CASE("gpt: partitions in order, gaps between them, an encrypted and an unknown one said") {
  if (!have("sgdisk mke2fs mkfs.vfat fls icat")) return;
  const TempFolder folder;
  const std::string ext = make_ext(folder, "ext4");
  const std::string disk = folder / "disk.img";
  write_file(folder / "luks", "LUKS\xba\xbe" + pattern_bytes(2'000'000, 3));
  REQUIRE(run("truncate -s 48M " + disk + " && sgdisk -n1:2048:+16M -c1:linux -n2:40960:+4M -n3:53248:+4M " + disk));
  REQUIRE(run("dd conv=notrunc bs=512 seek=2048 if=" + ext + " of=" + disk));
  REQUIRE(run("dd conv=notrunc bs=512 seek=40960 if=" + (folder / "luks") + " of=" + disk));
  const auto mapped = map_evidence(disk);
  REQUIRE(mapped->sink.volumes.size() == 3);
  CHECK(mapped->sink.volumes[0].table == "gpt");
  CHECK(mapped->sink.volumes[0].description == "linux");
  CHECK(mapped->sink.volumes[0].file_system == "ext4");
  CHECK(mapped->sink.volumes[1].status == "encrypted");
  CHECK(mapped->sink.volumes[1].encryption == "luks");
  CHECK(mapped->sink.volumes[2].status == "unparsed");
  CHECK(mapped->has_damage(DamageKind::kEncrypted));
  CHECK(mapped->has_damage(DamageKind::kUnparsed));
  compare_with_fls(*mapped, disk, 2048 * 512);
  check_is_partition(*mapped);
}

TEST_CASE("an inode an earlier reader died on keeps its name and loses its content; a file system likewise") {
  if (!have("mke2fs")) return;
  const TempFolder folder;
  const std::string image = make_ext(folder, "ext4");
  const auto whole = map_evidence(image);
  const std::uint64_t inode = whole->find("/docs/large.bin")->meta->inode;
  CHECK(std::count(whole->sink.crumbs.begin(), whole->sink.crumbs.end(),
                   std::pair<std::uint64_t, std::uint64_t>{0, inode}) == 1);
  MapOptions options;
  options.skip_inodes.insert({0, inode});
  const auto without = map_evidence(image, options);
  const Stream* file = without->find("/docs/large.bin");
  REQUIRE(file != nullptr);
  CHECK(file->availability == Availability::kNameOnly);
  CHECK(without->has_damage(DamageKind::kSkipped));
  CHECK(std::count(without->sink.crumbs.begin(), without->sink.crumbs.end(),
                   std::pair<std::uint64_t, std::uint64_t>{0, inode}) == 0);
  check_is_partition(*without);
  MapOptions none;
  none.skip_file_systems.insert(0);
  const auto unparsed = map_evidence(image, none);
  CHECK(unparsed->sink.volumes.at(0).status == "unparsed");
  check_is_partition(*unparsed);
}
