// SPDX-License-Identifier: Apache-2.0
#include "cli/image_record.h"

#include <pwd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bytes/time_formats.h"
#include "cli/case_session.h"
#include "cli/version.h"
#include "store/output_file.h"

namespace triage::cli {

Result<std::unique_ptr<ImageRecord>> ImageRecord::open(const Context& context, const std::string& write_block) {
  std::unique_ptr<ImageRecord> record(new ImageRecord(context));
  CaseInit init;
  init.lang = context.lang == Lang::kJapanese ? "ja" : "en";
  TRIAGE_TRY(CaseFolder folder, CaseFolder::open_or_create(context.case_dir, init));
  record->folder_.emplace(std::move(folder));
  TRIAGE_TRY(CaseDb database, CaseDb::open(record->folder_->database_path()));
  record->database_.emplace(std::move(database));
  TRIAGE_TRY(Custody custody, Custody::open(*record->folder_, *record->database_, record->clock_));
  record->custody_.emplace(std::move(custody));
  RunEntry& entry = record->entry_;
  utsname system{};
  if (::uname(&system) == 0) {
    entry.host = system.nodename;
    entry.os = std::string(system.sysname) + " " + system.release;
  }
  const passwd* user = ::getpwuid(::geteuid());
  entry.user = user != nullptr ? user->pw_name : std::to_string(::geteuid());
  entry.write_block = write_block;
  entry.argv = context.argv;
  entry.tool_version = version_line();
  if (auto digest = own_executable_sha256()) entry.tool_sha256 = *digest;
  entry.start = utc_text(record->clock_.utc_nanos(), 3);
  TRIAGE_TRY_STATUS(record->custody_->append("run_begun", entry.fields()));
  return record;
}

Status ImageRecord::note_unlocked(const std::string& source, const VolumeRecord& volume) {
  VolumeRecord named = volume;
  named.evidence = source;
  TRIAGE_TRY_STATUS(custody_->append("unlocked", unlocked_fields(named, entry_)));
  return {};
}

Status ImageRecord::finish(ExitCode exit, const Acquired& acquired) {
  entry_.end = utc_text(clock_.utc_nanos(), 3);
  entry_.exit_status = to_int(exit);
  entry_.inputs.push_back({"", acquired.source, acquired.size, acquired.sha256});
  entry_.outputs = acquired.outputs;
  if (acquired.unreadable_runs != 0) entry_.damage["unreadable"] = acquired.unreadable_runs;
  if (!acquired.id.empty()) {
    const std::string name = "2-initial-response/acquisition-" + acquired.id + ".json";
    TRIAGE_TRY(OutputFile file, OutputFile::create(folder_->fd(), name, OutputFile::Existing::kRefuse));
    TRIAGE_TRY_STATUS(file.write(acquired.facts_json + "\n"));
    TRIAGE_TRY_STATUS(file.commit());
  }
  TRIAGE_TRY_STATUS(custody_->append("run", entry_.fields()));
  return close_database(context_, *database_);
}

}  // namespace triage::cli
