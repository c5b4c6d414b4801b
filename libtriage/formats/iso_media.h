// SPDX-License-Identifier: Apache-2.0
// ISO base media files (MP4, MOV, 3GP, HEIC, AVIF, CR3): the boxes of the top level.
#pragma once

#include <cstdint>
#include <string_view>

#include "bytes/cursor.h"

namespace triage {

struct IsoMediaWalk {
  std::uint64_t end = 0;        ///< end of the last whole top-level box
  std::uint64_t media_end = 0;  ///< end of the last mdat
  std::string_view brand;       ///< of ftyp; empty without one
  bool ran_out = false;         ///< the data ended inside a box
  bool moov = false;            ///< a whole film header whose own boxes hold
  bool meta = false;            ///< a whole top-level meta box (still pictures)
  bool mdat = false;            ///< media data
  bool fragments = false;       ///< moof boxes
  bool broken = false;          ///< a box holds something that cannot be
};

/// Walks the top level up to the first box that is none or is of no known type.
IsoMediaWalk walk_iso_media(Bytes data);

/// True when every chunk offset (stco, co64) of the film header lies in [first mdat, media_end) and every table holds.
bool chunk_offsets_hold(Bytes data, const IsoMediaWalk& walk);

}  // namespace triage
