// SPDX-License-Identifier: Apache-2.0
// Names of the exported files and what case.db notes about them; shared by the export and verify.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace triage {

/// An exported file below 3-investigation/ and the query that counts what it must hold.
struct ExportedFile {
  std::string_view name;
  std::string_view count_sql;
};
inline constexpr std::array<ExportedFile, 9> kExportedFiles = {{
    {"timeline.jsonl.zst", "SELECT count(*) FROM t_event"},
    {"timeline.csv", "SELECT count(*) FROM t_event"},
    {"findings.jsonl", "SELECT count(*) FROM t_finding"},
    {"damage.jsonl", "SELECT count(*) FROM t_damage"},
    {"files.csv", "SELECT count(*) FROM t_file"},
    {"recovered/recovered.jsonl",
     "SELECT count(*) FROM t_file WHERE saved = 1 AND allocated = 0 AND method IS NOT 'carved'"},
    {"carved/recovered.jsonl", "SELECT count(*) FROM t_file WHERE saved = 1 AND method = 'carved'"},
    {"recovered/recovered.dfxml",
     "SELECT count(*) FROM t_file WHERE saved = 1 AND allocated = 0 AND method IS NOT 'carved'"},
    {"carved/recovered.dfxml", "SELECT count(*) FROM t_file WHERE saved = 1 AND method = 'carved'"},
}};

/// Key in `meta` under which an export's "<rows> <sha256>" is noted.
inline std::string export_key(std::string_view name) { return "export." + std::string(name); }

}  // namespace triage
