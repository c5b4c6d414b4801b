// SPDX-License-Identifier: Apache-2.0
#include "store/carved_overlap.h"

#include <doctest/doctest.h>

using namespace triage;

namespace {

FileRecord carved(std::uint64_t at, std::uint64_t length, FileGrade grade = FileGrade::kComplete) {
  FileRecord file;
  file.evidence = "e0123456789abcdef";
  file.stream = "v0.unalloc";
  file.kind = "file";
  file.method = "carved";
  file.allocated = false;
  file.grade = grade;
  file.size = length;
  file.runs = {{ByteOffset{at}, ByteCount{length}, false}};
  file.digests = Digests{"", "", std::string(56, '0') + std::to_string(10000000 + at)};
  return file;
}

BatchRecords batch(std::vector<FileRecord> files) {
  BatchRecords out;
  for (const FileRecord& file : files) {
    OutputRecord output;
    output.sha256 = file.digests->sha256;
    output.carved = true;
    out.outputs.push_back(output);
  }
  out.files = std::move(files);
  return out;
}

}  // namespace

TEST_CASE("carved overlap: what begins inside a complete file of the window before is told once") {
  CarvedOverlap overlap;
  BatchRecords first = batch({carved(1000, 5000), carved(9000, 5000, FileGrade::kTruncated)});
  overlap.filter(first);
  CHECK(first.files.size() == 2);
  overlap.end_batch();
  // Inside the complete one; inside the cut one; at the complete one's end; of another stream.
  FileRecord other = carved(3000, 10);
  other.stream = "v1.unalloc";
  BatchRecords second = batch({carved(3000, 100), carved(9500, 100), carved(6000, 100), other});
  overlap.filter(second);
  REQUIRE(second.files.size() == 3);
  CHECK(second.files[0].runs[0].at.value == 9500);
  CHECK(second.files[1].runs[0].at.value == 6000);
  CHECK(second.files[2].stream == "v1.unalloc");
  // The other stream's file has the same content: its copy stays.
  CHECK(second.outputs.size() == 4);
  overlap.end_batch();
  for (int i = 0; i < 4; ++i) overlap.end_batch();
  BatchRecords late = batch({carved(3000, 100)});
  overlap.filter(late);
  CHECK(late.files.size() == 1);
}
