// SPDX-License-Identifier: Apache-2.0
// ZstSource: a seekable zstd image read in place. Frames last used stay open, so that the small reads of libtsk open
// each once. What the acquisition could not read is a fault here too, never silent zeros.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "evidence/source.h"
#include "model/damage.h"

namespace triage {

/// `warnings` gets what is missing of the image (no end, a footer that is not believed). Errors of ZstImage::open.
Result<std::unique_ptr<Source>> open_zst_source(const std::string& path, std::vector<Damage>& warnings);

}  // namespace triage
