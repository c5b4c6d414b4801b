// SPDX-License-Identifier: Apache-2.0
// recovered.jsonl: what describes the files that recovery and carving kept, one line a file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/stream.h"
#include "store/verify.h"

namespace triage {

/// One line.
struct KeptFile {
  std::string sha256;
  std::string path;      ///< of the deleted file, as found
  std::string file;      ///< relative to the index: "ab/abcd….jpg"
  std::string evidence;  ///< id
  std::uint64_t size = 0;
  std::vector<Extent> runs;  ///< of the image; empty where the content lies in metadata or is not kept as it reads
};

/// nullopt where the line is not one of an index.
std::optional<KeptFile> parse_kept_line(std::string_view line);

/// Reads an index. `path` is beneath the open folder `folder`. kVerification names the first line that is none.
Result<std::vector<KeptFile>> read_kept_index(int folder, const std::string& path);

/// True for a folder that `triage recover` or `triage carve` wrote.
bool is_kept_folder(const std::string& dir);

/// Checks such a folder: every line's file has the line's digest, and no file is there that no line names.
Result<std::vector<CheckResult>> verify_kept_folder(const std::string& dir);

}  // namespace triage
