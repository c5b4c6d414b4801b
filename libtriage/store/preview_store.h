// SPDX-License-Identifier: Apache-2.0
// PreviewStore: thumbnails and first words of kept files, in case.db (view `previews`).
#pragma once

#include <cstdint>

#include "base/result.h"
#include "model/preview.h"
#include "store/database.h"

namespace triage {

/// Previews that a case holds at most: the first ones in the order of the batches.
inline constexpr std::int64_t kMostPreviews = 2000;

/// Makes the table and the view where they are absent: a case.db made before them has the same version.
Status prepare_previews(Database& database);
/// True when the case has the view.
Result<bool> has_previews(Database& database);
/// Keeps the preview where there is room and it is what a worker may make; anything else is left out. Called inside the
/// transaction of the batch that the file belongs to.
Status keep_preview(Database& database, const PreviewRecord& preview);

}  // namespace triage
