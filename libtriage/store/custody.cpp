// SPDX-License-Identifier: Apache-2.0
#include "store/custody.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "base/check.h"
#include "bytes/digest.h"
#include "bytes/json.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"

namespace triage {
namespace {

constexpr const char* kCustodyFile = "custody.jsonl";
constexpr std::size_t kMaxCustodySize = 512 * 1024 * 1024;

void add_known(JsonLine& line, std::string_view key, const std::string& value) {
  if (value.empty()) {
    line.add_null(key);
  } else {
    line.add(key, value);
  }
}

std::string items_json(const std::vector<CustodyItem>& items) {
  std::string out = "[";
  for (const CustodyItem& item : items) {
    JsonLine line;
    add_known(line, "id", item.id);
    line.add("name", item.name).add("size", item.size).add("sha256", item.sha256);
    if (out.size() > 1) out.push_back(',');
    out += line.finish();
  }
  return out + "]";
}

}  // namespace

std::string RunEntry::fields() const {
  std::string arguments = "[";
  for (const std::string& argument : argv) {
    if (arguments.size() > 1) arguments.push_back(',');
    append_json_string(arguments, argument);
  }
  arguments.push_back(']');
  JsonLine counts;
  for (const auto& [kind, count] : damage) counts.add(kind, count);
  JsonLine line;
  add_known(line, "operator", run_operator);
  add_known(line, "host", host);
  add_known(line, "os", os);
  add_known(line, "user", user);
  line.add("clock_offset_ms", clock_offset_ms);
  add_known(line, "clock_offset_source", clock_offset_source);
  add_known(line, "authority", authority);
  add_known(line, "write_block", write_block);
  line.add_raw("argv", arguments);
  add_known(line, "tool_version", tool_version);
  add_known(line, "tool_sha256", tool_sha256);
  line.add_raw("inputs", items_json(inputs)).add_raw("outputs", items_json(outputs));
  add_known(line, "start", start);
  add_known(line, "end", end);
  if (exit_status) {
    line.add("exit", *exit_status);
  } else {
    line.add_null("exit");
  }
  line.add_raw("damage", counts.finish());
  return line.finish();
}

Result<Custody> Custody::open(const CaseFolder& folder, CaseDb& database, const Clock& clock) {
  Custody out(folder, database, clock);
  TRIAGE_TRY(const auto mirror, mirrored_custody(database.database()));
  struct stat status {};
  if (::fstatat(folder.fd(), kCustodyFile, &status, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT) {
    if (mirror && mirror->count > 0) {
      out.problem_ = fmt::format("custody.jsonl is gone; case.db names {} entries", mirror->count);
    }
    return out;
  }
  TRIAGE_TRY(const std::string text, read_beneath(folder.fd(), kCustodyFile, kMaxCustodySize));
  CustodyCheck check = check_custody(std::string_view(text).substr(0, text.rfind('\n') + 1), mirror);
  out.head_ = check.found;
  out.torn_ = text.substr(text.rfind('\n') + 1);
  if (!check.ok) out.problem_ = check.message;
  return out;
}

std::string Custody::line(std::string_view kind, std::string_view fields_json) const {
  TRIAGE_CHECK(fields_json.size() >= 2 && fields_json.front() == '{' && fields_json.back() == '}');
  JsonLine head;
  head.add("schema", "triage.custody.v1").add("n", head_.count + 1);
  if (head_.count == 0) {
    head.add_null("prev");
  } else {
    head.add("prev", head_.head);
  }
  head.add("time", utc_text(clock_->utc_nanos(), 3)).add("kind", kind);
  std::string out = head.finish();
  if (fields_json.size() > 2) {
    out.back() = ',';
    out += fields_json.substr(1);
  }
  return out;
}

Status Custody::append_line(const std::string& line_text) {
  TRIAGE_TRY(const UniqueFd fd, open_beneath(folder_->fd(), kCustodyFile, O_WRONLY | O_CREAT | O_APPEND));
  struct stat before {};
  if (::fstat(fd.get(), &before) != 0)
    return fail(ErrorCode::kOutput, "custody log cannot be read", kCustodyFile, errno);
  const std::string bytes = line_text + "\n";
  const ssize_t count = ::write(fd.get(), bytes.data(), bytes.size());
  const bool whole = count == static_cast<ssize_t>(bytes.size());
  if (!whole || ::fsync(fd.get()) != 0) {
    const int saved = whole || count < 0 ? errno : ENOSPC;
    // Half a line is taken back; where even that fails the next append keeps it as a torn line.
    [[maybe_unused]] const int taken_back = ::ftruncate(fd.get(), before.st_size);
    return fail(ErrorCode::kOutput, "custody entry cannot be written", kCustodyFile, saved, "make room and try again");
  }
  if (before.st_size == 0 && ::fsync(folder_->fd()) != 0) {
    return fail(ErrorCode::kOutput, "case folder cannot be synced", folder_->path(), errno);
  }
  head_ = {head_.count + 1, sha256_hex(std::string_view(line_text))};
  return database_->set_custody_head(head_.count, head_.head);
}

Status Custody::settle_torn_line() {
  if (torn_.empty()) return {};
  TRIAGE_TRY(std::string text, read_beneath(folder_->fd(), kCustodyFile, kMaxCustodySize));
  text.resize(text.size() - torn_.size());
  JsonLine fields;
  fields.add("bytes", static_cast<std::uint64_t>(torn_.size())).add("sha256", sha256_hex(std::string_view(torn_)));
  fields.add("hex", to_hex(as_byte_span(torn_)));
  const std::string entry = line("torn_line", fields.finish());
  // One step from the old file to the new one: the torn bytes are always in one of them.
  TRIAGE_TRY(OutputFile file, OutputFile::create(folder_->fd(), kCustodyFile, OutputFile::Existing::kReplace));
  TRIAGE_TRY_STATUS(file.write(text));
  TRIAGE_TRY_STATUS(file.write(entry + "\n"));
  TRIAGE_TRY_STATUS(file.commit());
  torn_.clear();
  head_ = {head_.count + 1, sha256_hex(std::string_view(entry))};
  return database_->set_custody_head(head_.count, head_.head);
}

Result<CustodyHead> Custody::append(std::string_view kind, std::string_view fields_json) {
  TRIAGE_TRY_STATUS(settle_torn_line());
  if (!problem_.empty()) {
    JsonLine fields;
    fields.add("problem", problem_);
    TRIAGE_TRY(const auto mirror, mirrored_custody(database_->database()));
    if (mirror) fields.add("mirror_count", mirror->count).add("mirror_head", mirror->head);
    TRIAGE_TRY_STATUS(append_line(line("custody_broken", fields.finish())));
    problem_.clear();
  }
  TRIAGE_TRY_STATUS(append_line(line(kind, fields_json)));
  return head_;
}

Result<std::string> own_executable_sha256() {
  const UniqueFd fd(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail(ErrorCode::kInternal, "own program file cannot be opened", "/proc/self/exe", errno);
  Sha256 digest;
  std::vector<std::byte> block(256 * 1024);
  while (true) {
    const ssize_t count = ::read(fd.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(ErrorCode::kInternal, "own program file cannot be read", "/proc/self/exe", errno);
    if (count == 0) return digest.finish_hex();
    digest.update(Bytes(block).first(static_cast<std::size_t>(count)));
  }
}

}  // namespace triage
