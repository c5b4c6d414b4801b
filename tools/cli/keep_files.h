// SPDX-License-Identifier: Apache-2.0
// The common course of `triage carve` and `triage recover`: sweep, keep, describe, say how much.
#pragma once

#include "cli/context.h"
#include "cli/folder_sink.h"

namespace triage::cli {

/// Sweeps the evidence by `plan` and keeps what is carved, or deleted, in the folder -o. What was kept stays, with its
/// index, however the sweep ends.
Result<ExitCode> keep_files(const Context& context, const PlainSweep& plan, FolderSink::Kept kept);

}  // namespace triage::cli
