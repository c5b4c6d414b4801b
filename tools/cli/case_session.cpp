// SPDX-License-Identifier: Apache-2.0
#include "cli/case_session.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>

#include "bytes/digest.h"
#include "bytes/json.h"
#include "bytes/time_formats.h"
#include "cli/display_zone.h"
#include "cli/output.h"
#include "cli/version.h"

namespace triage::cli {
namespace {

constexpr Message kCustodyProblem{"the custody log is not sound: {}; this is noted in it",
                                  "証拠管理記録に不備がある: {}。この事実を記録に残す"};

constexpr Message kStillRead{"another program reads case.db; its log stays beside it until the next command",
                             "別のプログラムが case.db を読んでいるため、次のコマンドまでログが隣に残る"};

std::string user_name() {
  const passwd* entry = ::getpwuid(::geteuid());
  return entry != nullptr ? entry->pw_name : std::to_string(::geteuid());
}

Result<std::string> file_sha256(int folder, const std::string& path, std::uint64_t& size) {
  TRIAGE_TRY(const UniqueFd file, open_beneath(folder, path, O_RDONLY | O_CLOEXEC));
  Sha256 digest;
  std::vector<std::byte> buffer(1U << 20);
  size = 0;
  while (true) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0) return fail(ErrorCode::kOutput, "cannot read back an output", path, errno);
    if (got == 0) return digest.finish_hex();
    digest.update(Bytes(buffer).first(static_cast<std::size_t>(got)));
    size += static_cast<std::uint64_t>(got);
  }
}

}  // namespace

Status close_database(const Context& context, CaseDb& database) {
  const Status closed = database.close();
  if (closed || closed.error().code != ErrorCode::kUsage) return closed;
  warn(context, text(context.lang, kStillRead));
  return {};
}

Status CaseSession::close() { return close_database(context_, *database_); }

Result<std::unique_ptr<CaseSession>> CaseSession::open(const Context& context) {
  std::unique_ptr<CaseSession> session(new CaseSession(context));
  CaseInit init;
  init.lang = lang_code(context.lang);
  TRIAGE_TRY(const DisplayZone zone, display_zone(context));
  init.time_zone = zone.name;
  TRIAGE_TRY(CaseFolder folder, CaseFolder::open_or_create(context.case_dir, init));
  session->folder_.emplace(std::move(folder));
  TRIAGE_TRY(CaseDb database, CaseDb::open(session->folder_->database_path()));
  session->database_.emplace(std::move(database));
  TRIAGE_TRY(ContentStore recovered, ContentStore::open(session->folder_->fd(), "3-investigation/recovered"));
  session->recovered_.emplace(std::move(recovered));
  TRIAGE_TRY(ContentStore carved, ContentStore::open(session->folder_->fd(), "3-investigation/carved"));
  session->carved_.emplace(std::move(carved));
  TRIAGE_TRY(Custody custody, Custody::open(*session->folder_, *session->database_, session->clock_));
  session->custody_.emplace(std::move(custody));
  if (!session->custody_->problem().empty())
    warn(context, text(context.lang, kCustodyProblem, session->custody_->problem()));

  RunEntry& entry = session->entry_;
  utsname system{};
  if (::uname(&system) == 0) {
    entry.host = system.nodename;
    entry.os = std::string(system.sysname) + " " + system.release;
  }
  entry.user = user_name();
  entry.write_block = "read-only open";
  entry.argv = context.argv;
  entry.tool_version = version_line();
  if (auto digest = own_executable_sha256()) entry.tool_sha256 = *digest;
  entry.start = utc_text(session->clock_.utc_nanos(), 3);
  TRIAGE_TRY_STATUS(session->custody_->append("run_begun", entry.fields()));
  return session;
}

void CaseSession::add_input(const SweepSummary& summary) {
  const EvidenceRecord& evidence = summary.evidence;
  entry_.inputs.push_back({evidence.id, evidence.name, evidence.size, evidence.sha256});
}

std::string unlocked_fields(const VolumeRecord& volume, const RunEntry& by) {
  JsonLine line;
  line.add("evidence", volume.evidence).add("volume", volume.index).add("offset", volume.offset.value);
  line.add("encryption", volume.encryption).add("key_kind", volume.unlocked_with).add("lock", volume.unlocked_lock);
  return line.add("user", by.user).add("host", by.host).finish();
}

Status CaseSession::note_unlocked(const VolumeRecord& volume) {
  TRIAGE_TRY_STATUS(custody_->append("unlocked", unlocked_fields(volume, entry_)));
  return {};
}

void CaseSession::add_output(const std::string& name) { outputs_.push_back(name); }

Status CaseSession::finish(ExitCode exit) {
  entry_.end = utc_text(clock_.utc_nanos(), 3);
  entry_.exit_status = to_int(exit);
  for (const std::string& name : outputs_) {
    std::uint64_t size = 0;
    TRIAGE_TRY(const std::string digest, file_sha256(folder_->fd(), name, size));
    entry_.outputs.push_back({name, name, size, digest});
  }
  TRIAGE_TRY(Statement damage, database_->database().prepare("SELECT kind, count(*) FROM damage GROUP BY kind"));
  while (true) {
    TRIAGE_TRY(const bool row, damage.step());
    if (!row) break;
    entry_.damage[std::string(damage.text(0))] = static_cast<std::uint64_t>(damage.integer(1));
  }
  damage.reset();
  TRIAGE_TRY_STATUS(custody_->append("run", entry_.fields()));
  return {};
}

}  // namespace triage::cli
