// SPDX-License-Identifier: Apache-2.0
// Finds NTFS file records where no file system has them any more. A table lies in long runs, so it is looked for in
// wide steps first: a few bytes at each place, so that an ordinary image costs no second read. Only where that finds
// records is every place of a cluster looked at.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "evidence/stream_map.h"
#include "formats/mft_record.h"
#include "recover/image_bytes.h"

namespace triage {

struct MftSearch {
  std::vector<MftRecord> records;  ///< by place
  bool cut = false;                ///< a limit ended the search early
};

/// `probe` reads without keeping, `image` keeps what it read. `volume` gives the alignment and the usual places of a
/// table; only `free` is searched. `first` are places looked at in any case (the end of a table in use).
MftSearch search_mft_records(ImageBytes& probe, ImageBytes& image, ByteRange volume, const RangeSet& free,
                             const std::vector<std::uint64_t>& first);

/// The record `number` of the table in use that lies in `table`; nullopt where none holds there.
std::optional<MftRecord> record_in_table(ImageBytes& image, const std::vector<Extent>& table, std::uint64_t number);

}  // namespace triage
