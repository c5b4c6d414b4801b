// SPDX-License-Identifier: Apache-2.0
// The contact sheet of recovered and carved files, and what archives and documents hold; part of the section "files".
#pragma once

#include "report/sections.h"

namespace triage {

/// Cards of kept files with a picture or first words, then the table of members. Nothing where the case has neither.
Status write_recovered_sheet(const ReportPage& page);

/// Whether `path` is one of a kept file below 3-investigation/, as the store names them: the only files the report
/// links to.
bool is_kept_path(std::string_view path);

}  // namespace triage
