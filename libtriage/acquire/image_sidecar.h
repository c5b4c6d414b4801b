// SPDX-License-Identifier: Apache-2.0
// What stands in or beside an image as text: the metadata before its first byte, the footer after its last, the sidecar
// of formats that have no place for them.
//   NAME.json    raw, ewf: {"schema":"triage.image.sidecar.v1","metadata":{…},"footer":{…}}
//   NAME.chunks  raw, ewf: SHA-256 of each chunk of the source in order, 32 bytes each
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "acquire/acquire_image.h"

namespace triage {

/// One JSON object "triage.image.v1".
std::string image_metadata(const ImageRequest& request, const ImageHead& head, std::string_view access);
/// One JSON object "triage.image.footer.v1".
std::string image_footer(const ImageHead& head, const ImageSeal& seal, std::uint64_t chunk_count);
/// Writes NAME.json and NAME.chunks. Neither may exist yet.
Status write_sidecar(const std::string& base, const ImageHead& head, const ImageSeal& seal,
                     const ChunkJournal& journal);
/// Replaces NAME.map in one step.
Status write_map(const std::string& path, const ImageRequest& request, std::uint64_t size, std::uint64_t done,
                 const std::vector<std::pair<std::uint64_t, std::uint64_t>>& unreadable);
/// Sorted, joined ranges of `faults`.
std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges_of(const std::vector<ReadFault>& faults);

}  // namespace triage
