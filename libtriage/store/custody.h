// SPDX-License-Identifier: Apache-2.0
// Chain of custody: custody.jsonl, one JSON object a line, only ever appended to and synced before append() returns.
//   {"schema":"triage.custody.v1","n":2,"prev":"<SHA-256 of line 1 without its newline>","time":"…Z","kind":"run",…}
// The first entry's prev is null. The number of entries and the hash of the last line are mirrored in case.db, so that
// a cut tail is found too; before sealing anyone who can write both can make both anew ("unanchored").
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "store/case_db.h"
#include "store/case_folder.h"

namespace triage {

struct CustodyHead {
  std::uint64_t count = 0;
  std::string head;  ///< 64 hex digits of the last line's SHA-256; empty when count is 0
  bool operator==(const CustodyHead&) const = default;
};

/// What a check of the log found.
struct CustodyCheck {
  bool ok = false;
  std::optional<std::uint64_t> wrong_entry;  ///< counted from 1
  std::string message;                       ///< English sentence
  CustodyHead found;
  std::uint64_t ahead = 0;  ///< entries after the expected count: written, but their mirror was not
  std::string torn;         ///< bytes after the last newline
};

/// Checks the chain of `text` (the whole file), and its end where `expected` is given.
CustodyCheck check_custody(std::string_view text, const std::optional<CustodyHead>& expected);
/// Same for a file. An absent file is not ok.
CustodyCheck verify_custody(const std::string& path, const std::optional<CustodyHead>& expected);
/// SHA-256 of the output `name` in the last entry that names it; nullopt when none does.
std::optional<std::string> last_output_sha256(std::string_view text, std::string_view name);
/// The mirror in case.db; nullopt when nothing was mirrored yet.
Result<std::optional<CustodyHead>> mirrored_custody(Database& database);

/// One file that went in or came out of a run.
struct CustodyItem {
  std::string id;
  std::string name;
  std::optional<std::uint64_t> size;
  std::optional<std::string> sha256;
};

/// An entry of kind "run": what one command did. Times are UTC text.
struct RunEntry {
  std::string run_operator;  ///< as the operator names themselves; empty unknown
  std::string host;
  std::string os;
  std::string user;
  std::optional<std::int64_t> clock_offset_ms;  ///< host clock minus reference
  std::string clock_offset_source;              ///< "chrony", "given by operator"; empty when not known
  std::string authority;                        ///< who allowed it; empty unknown
  std::string write_block;                      ///< "read-only open", "hardware", …
  std::vector<std::string> argv;
  std::string tool_version;
  std::string tool_sha256;
  std::vector<CustodyItem> inputs;
  std::vector<CustodyItem> outputs;
  std::string start;
  std::string end;
  std::optional<int> exit_status;               ///< absent in the entry that a run begins with
  std::map<std::string, std::uint64_t> damage;  ///< count by kind
  /// The fields as a JSON object for Custody::append.
  [[nodiscard]] std::string fields() const;
};

class Custody {
 public:
  /// Reads the log. A torn last line is kept as an entry of kind "torn_line", a log that does not fit its chain or its
  /// mirror is noted as an entry of kind "custody_broken"; both with the next append.
  static Result<Custody> open(const CaseFolder& folder, CaseDb& database, const Clock& clock);
  /// Appends and syncs. `fields_json` is one JSON object without schema, n, prev, time, kind. Kinds in use: run_begun,
  /// run, evidence_opened, handover, note, reveal, seal, seal_not_finished.
  Result<CustodyHead> append(std::string_view kind, std::string_view fields_json);
  [[nodiscard]] const CustodyHead& head() const { return head_; }
  /// What open() found wrong; empty when nothing was.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  Custody(const CaseFolder& folder, CaseDb& database, const Clock& clock)
      : folder_(&folder), database_(&database), clock_(&clock) {}
  std::string line(std::string_view kind, std::string_view fields_json) const;
  Status append_line(const std::string& line);
  Status settle_torn_line();

  const CaseFolder* folder_;
  CaseDb* database_;
  const Clock* clock_;
  CustodyHead head_;
  std::string problem_;
  std::string torn_;
};

/// SHA-256 of the running program's file.
Result<std::string> own_executable_sha256();

}  // namespace triage
