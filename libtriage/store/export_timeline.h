// SPDX-License-Identifier: Apache-2.0
// The exported forms of a case: event lines for stdout and the files under 3-investigation/, all rebuilt from case.db.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/case_db.h"
#include "store/case_folder.h"
#include "store/csv.h"
#include "store/timeline_query.h"

namespace triage {

/// How times are shown beside UTC. The offset is asked for each time, so that daylight saving is right.
struct DisplayZone {
  std::string name = "Asia/Tokyo";
  /// Minutes east of UTC at a time in ns since 1970.
  std::function<int(std::int64_t)> offset_minutes = [](std::int64_t) { return 540; };
};

/// Receives text, in order; its Error ends the export.
using TextOutput = std::function<Status(std::string_view)>;

/// Header of timeline.csv: kEventColumns with `when_local` after `when`: the time in the display zone with its offset,
/// or the reading as it stands, without one, where its zone is not known.
std::string timeline_csv_header();
/// One event as a CSV record with CRLF.
std::string_view timeline_csv_record(CsvRecord& record, const Statement& row, const DisplayZone& zone);

Status write_timeline_jsonl(Database& database, const TimelineFilter& filter, const TextOutput& out);
/// With the byte order mark.
Status write_timeline_csv(Database& database, const TimelineFilter& filter, const DisplayZone& zone,
                          const TextOutput& out);
/// mactime 3.x: MD5|name|inode|mode|UID|GID|size|atime|mtime|ctime|crtime, from fs.times and ntfs.filename events, one
/// line for each file and kind of stamp. Seconds; 0 where a stamp is unknown (the format has no other word).
Status write_bodyfile(Database& database, const TimelineFilter& filter, const TextOutput& out);

/// Writes timeline.jsonl.zst, timeline.csv, findings.jsonl, damage.jsonl, files.csv, recovered/recovered.jsonl and
/// carved/recovered.jsonl, each in one step, and notes their rows and SHA-256 in case.db for verify.
Status export_case(const CaseFolder& folder, CaseDb& database, const DisplayZone& zone);

/// Lines {sha256 grade method path runs type size file} of the saved deleted files, or of the carved ones.
/// `file` is the name below the folder the index lies in. Returns the number of lines.
Result<std::uint64_t> write_recovered_index(Database& database, bool carved, const TextOutput& out);

}  // namespace triage
