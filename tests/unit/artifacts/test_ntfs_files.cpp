// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "artifacts/fs_times.h"
#include "corpus.h"
#include "formats/peek.h"

namespace triage {
extern const ArtifactParser mft;
}
using namespace triage;

TEST_CASE("mft: every base record of a real table is told, none twice, without damage") {
  if (!corpus::present(1)) return;
  const std::string data = corpus::read(corpus::root() / "mft" / "NIST-DFR-16" / "MFT");
  // Counted by signature: base records that have a name or times.
  std::set<std::uint64_t> records;
  for (std::size_t at = 0; at + 1024 <= data.size(); at += 1024) {
    const Bytes record = as_byte_span(data).subspan(at, 1024);
    if (has_at(record, 0, "FILE") && le_at<std::uint64_t>(record, 0x20) == 0) records.insert(at / 1024);
  }
  const auto said = corpus::parse(mft, data, "/MFT");
  CHECK(said.outcome == Outcome::kComplete);
  std::set<std::uint64_t> told;
  for (const Event& event : said.events) told.insert(event.record.value_or(0));
  std::size_t untold = 0;
  for (const std::uint64_t number : records) untold += told.contains(number) ? 0 : 1;
  for (const std::uint64_t number : told) CHECK(records.contains(number));
  CHECK(records.size() > 100);
  CHECK(untold <= 8);  // entries 16 to 23 are reserved: they have neither name nor times
}

TEST_CASE("mft: the table of a mounted volume and the copy of its first entries are left to fs.times") {
  Stream stream;
  stream.path = "/$MFT";
  stream.file_system = "ntfs";
  stream.meta.emplace();
  stream.meta->inode = 0;
  const std::string head("FILE0\0", 6);
  CHECK_FALSE(parser_wants(mft, stream, as_byte_span(head)));
  stream.meta->inode = 70;  // a copy that lies on the volume as a file
  CHECK(parser_wants(mft, stream, as_byte_span(head)));
  stream.file_system.clear();
  stream.path = "C/$MFTMirr";
  CHECK_FALSE(parser_wants(mft, stream, as_byte_span(head)));
  stream.path = "C/$MFT";
  CHECK(parser_wants(mft, stream, as_byte_span(head)));
}

TEST_CASE("odd times: what a forger leaves beside the name record is named, a copied file is not") {
  EntryTimes own, name;
  own.created = from_filetime(134202906671234567);
  name.created = own.created;
  CHECK(odd_times(own, name).empty());
  own.created = from_filetime(134202906671234566);
  CHECK(odd_times(own, name) == "created_before_name");
  own.created = from_filetime(134202906670000000);
  CHECK(odd_times(own, name) == "created_before_name|created_whole_second");
  name.created = from_filetime(134202906660000000);
  CHECK(odd_times(own, name).empty());
  own.created = from_filetime(0);
  CHECK(odd_times(own, name).empty());
}
