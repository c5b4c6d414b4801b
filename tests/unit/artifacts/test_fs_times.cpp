// SPDX-License-Identifier: Apache-2.0
#include "artifacts/fs_times.h"

#include "corpus.h"

using namespace triage;
using corpus::Said;

namespace {

// 2026-04-10T10:31:07.1234567Z; seconds from `date -u -d … +%s`, FILETIME = (seconds + 11644473600) * 10^7 + fraction.
constexpr std::uint64_t kFiletime = 134202906671234567ULL;
constexpr std::int64_t kNanos = 1775817067123456700LL;

Stream entry(std::string path) {
  Stream stream;
  stream.key = "v1048576.i64.a128-1";
  stream.path = std::move(path);
  stream.size = ByteCount{77};
  stream.meta.emplace();
  stream.meta->inode = 64;
  return stream;
}

Locator base_of(const Stream& stream) {
  Locator base;
  base.evidence = "e0123456789abcdef";
  base.stream = stream.key;
  base.begin = 5;
  base.length = 6;
  return base;
}

Said emit(const Stream& stream) {
  Said said;
  emit_fs_times(stream, base_of(stream), said);
  return said;
}

}  // namespace

TEST_CASE("fs times: four equal stamps are one event with four meanings") {
  Stream stream = entry("/docs/a.txt");
  const Timestamp when = from_filetime(kFiletime);
  stream.meta->times = {when, when, when, when};
  stream.meta->sid = "S-1-5-18";
  const Said said = emit(stream);
  REQUIRE(said.events.size() == 1);
  const Event& event = said.events[0];
  CHECK(event.when.utc_nanos == kNanos);
  CHECK(event.when.text() == "2026-04-10T10:31:07.1234567Z");
  CHECK(event.when_meaning.text() == "created,modified,accessed,changed");
  CHECK(event.what == action::kFileCreated);
  CHECK(event.artifact == "fs.times");
  CHECK(event.path == "/docs/a.txt");
  CHECK(event.object_kind == "file");
  CHECK(event.object_size == 77);
  CHECK(event.sid == "S-1-5-18");
  CHECK_FALSE(event.recovered);
  CHECK(event.locator.text() == "e0123456789abcdef/v1048576.i64.a128-1");
  CHECK(corpus::attribute(event, "inode") == "64");
}

TEST_CASE("fs times: distinct stamps are events of their own and name what they mean") {
  Stream stream = entry("/docs");
  stream.kind = StreamKind::kDirectory;
  stream.meta->mode = 040755;
  stream.meta->uid = 1000;
  stream.meta->times.created = from_unix(1775817067);
  stream.meta->times.modified = from_unix(1775817068);
  stream.meta->times.changed = from_unix(1775817068);
  stream.meta->times.accessed = from_unix(1775817070);
  const Said said = emit(stream);
  REQUIRE(said.events.size() == 3);
  CHECK(said.events[0].what == action::kFileCreated);
  CHECK(said.events[1].what == action::kFileModified);
  CHECK(said.events[1].when_meaning.text() == "modified,changed");
  CHECK(said.events[2].what == action::kFileAccessed);
  CHECK(said.events[2].when.text() == "2026-04-10T10:31:10Z");
  CHECK(said.events[0].object_kind == "directory");
  CHECK_FALSE(said.events[0].object_size.has_value());
  CHECK(said.events[0].uid == 1000);
  CHECK(corpus::attribute(said.events[0], "mode") == "040755");
}

TEST_CASE("fs times: NTFS name stamps carry their own artifact id") {
  Stream stream = entry("/forged.exe");
  stream.meta->times.created = from_filetime(kFiletime - 864000000000ULL);  // a day before
  stream.meta->file_name_times.emplace();
  stream.meta->file_name_times->created = from_filetime(kFiletime);
  stream.meta->file_name_times->modified = from_filetime(kFiletime);
  const Said said = emit(stream);
  REQUIRE(said.events.size() == 2);
  CHECK(said.events[0].artifact == "fs.times");
  CHECK(said.events[0].when.text() == "2026-04-09T10:31:07.1234567Z");
  CHECK(said.events[1].artifact == "ntfs.filename");
  CHECK(said.events[1].when_meaning.text() == "created,modified");
}

TEST_CASE("fs times: a deletion time is a deletion, and a deleted entry is recovered") {
  Stream stream = entry("/gone.txt");
  stream.meta->allocated = false;
  stream.meta->times.modified = from_unix(1775817068);
  stream.meta->times.changed = from_unix(1775817068);
  stream.meta->deleted = from_unix(1775817068);
  const Said said = emit(stream);
  REQUIRE(said.events.size() == 1);
  CHECK(said.events[0].what == action::kFileDeleted);
  CHECK(said.events[0].when_meaning.text() == "modified,changed,deleted");
  CHECK(said.events[0].recovered);
}

TEST_CASE("fs times: what is not set gives nothing, what is no date gives no time") {
  Stream stream = entry("/odd.txt");
  stream.meta->times.created = from_filetime(0);
  stream.meta->times.modified = from_filetime(0x7000000000000000ULL);
  const Said said = emit(stream);
  REQUIRE(said.events.size() == 1);
  CHECK(said.events[0].what == action::kFileModified);
  CHECK_FALSE(said.events[0].when.utc_nanos.has_value());
  CHECK(said.events[0].when.raw == "0x7000000000000000");
}

TEST_CASE("fs times: a further name of an entry has a locator of its own") {
  Stream stream = entry("/second-name.txt");
  stream.alias_of = 3;
  stream.meta->times.created = from_filetime(kFiletime);
  const Said said = emit(stream);
  REQUIRE(said.events.size() == 1);
  const Locator& locator = said.events[0].locator;
  CHECK(locator.stream.starts_with("v1048576.i64.a128-1.n"));
  CHECK(Locator::parse(locator.text()) == locator);
}

TEST_CASE("fs times: regions without a name or without meta give nothing") {
  Stream stream = entry("");
  stream.meta->times.created = from_filetime(kFiletime);
  CHECK(emit(stream).events.empty());
  stream.path = "/x";
  stream.meta.reset();
  CHECK(emit(stream).events.empty());
}
