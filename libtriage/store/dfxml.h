// SPDX-License-Identifier: Apache-2.0
// DfxmlWriter: recovered files as Digital Forensics XML, for tools that read it (fiwalk's relatives, Bitcurator).
//   dfxml := metadata creator source fileobject*
//   fileobject := filename id name_type filesize alloc inode? byte_runs hashdigest*
// Schema: dfxml-working-group/dfxml_schema, dfxml.xsd 1.1.0rfc1, which demands this order of elements.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/stream.h"
#include "store/database.h"
#include "store/export_timeline.h"

namespace triage {

/// One file as it is written.
struct DfxmlFile {
  std::string_view evidence;  ///< id of the evidence; with the file's number it is the object's id
  std::string_view path;
  std::uint64_t size = 0;
  bool allocated = false;
  std::optional<std::uint64_t> inode;
  std::vector<Extent> runs;
  std::string_view md5, sha1, sha256;  ///< lower-case hex; "" where it was not taken
};

/// Of "[[offset,length,sparse],…]"; nothing where it is no such list.
std::vector<Extent> runs_of_json(std::string_view json);

class DfxmlWriter {
 public:
  explicit DfxmlWriter(TextOutput out) : out_(std::move(out)) {}
  /// `images`: names of the evidence as given.
  Status begin(std::string_view program_version, const std::vector<std::string>& images);
  Status file(const DfxmlFile& file);
  Status end();

 private:
  TextOutput out_;
  std::uint64_t number_ = 0;
};

/// The files that write_recovered_index() names, as one document. Returns their number.
Result<std::uint64_t> write_recovered_dfxml(Database& database, bool carved, const TextOutput& out);

}  // namespace triage
