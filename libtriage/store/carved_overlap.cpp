// SPDX-License-Identifier: Apache-2.0
#include "store/carved_overlap.h"

#include <algorithm>
#include <set>

#include "store/dfxml.h"

namespace triage {
namespace {

constexpr std::uint32_t kWindowsReached = 3;  // by the longest file that one window can show

bool is_carved(const FileRecord& file) { return file.method == "carved" && file.kind == "file" && !file.runs.empty(); }

}  // namespace

bool CarvedOverlap::is_told(const FileRecord& file) const {
  const auto runs = told_.find(file.evidence + "/" + file.stream);
  if (runs == told_.end()) return false;
  const std::uint64_t at = file.runs.front().at.value;
  auto after = runs->second.upper_bound(at);
  if (after == runs->second.begin()) return false;
  --after;
  return at < after->second.end;
}

void CarvedOverlap::note(const std::string& stream, const std::vector<Extent>& runs) {
  for (const Extent& run : runs) {
    Run& known = open_[stream][run.at.value];
    known.end = std::max(known.end, run.at.value + run.length.value);
  }
}

void CarvedOverlap::filter(BatchRecords& records) {
  std::set<std::string> kept;
  std::set<std::string> dropped;
  const auto told = [&](const FileRecord& file) {
    const bool again = is_carved(file) && is_told(file);
    if (file.digests) (again ? dropped : kept).insert(file.digests->sha256);
    return again;
  };
  records.files.erase(std::remove_if(records.files.begin(), records.files.end(), told), records.files.end());
  const auto orphan = [&](const OutputRecord& output) {
    return output.carved && dropped.contains(output.sha256) && !kept.contains(output.sha256);
  };
  records.outputs.erase(std::remove_if(records.outputs.begin(), records.outputs.end(), orphan), records.outputs.end());
  for (const FileRecord& file : records.files)
    if (is_carved(file) && file.grade == FileGrade::kComplete) note(file.evidence + "/" + file.stream, file.runs);
}

void CarvedOverlap::end_batch() {
  for (auto stream = told_.begin(); stream != told_.end();) {
    for (auto& [at, run] : stream->second) ++run.age;
    std::erase_if(stream->second, [](const auto& run) { return run.second.age >= kWindowsReached; });
    stream = stream->second.empty() ? told_.erase(stream) : std::next(stream);
  }
  for (auto& [stream, runs] : open_) told_[stream].merge(runs);
  open_.clear();
}

Status CarvedOverlap::load(Database& database, const std::string& evidence) {
  told_.clear();
  open_.clear();
  TRIAGE_TRY(
      Statement rows,
      database.prepare("SELECT (SELECT text FROM t_text WHERE id = f.stream), f.runs FROM t_file f WHERE f.evidence "
                       "= (SELECT num FROM t_evidence WHERE id = ?1) AND f.method = 'carved' AND f.kind = 'file' "
                       "AND f.grade = 'complete' ORDER BY f.seq DESC LIMIT 100000"));
  rows.bind(1, std::string_view(evidence));
  while (true) {
    TRIAGE_TRY(const bool row, rows.step());
    if (!row) break;
    note(evidence + "/" + std::string(rows.text(0)), runs_of_json(rows.text(1)));
  }
  end_batch();
  return {};
}

}  // namespace triage
