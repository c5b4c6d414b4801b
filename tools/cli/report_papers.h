// SPDX-License-Identifier: Apache-2.0
// Papers made beside report.html: the PDF, and the folder with what is filed with a court.
#pragma once

#include <string>
#include <vector>

#include "cli/case_session.h"
#include "cli/context.h"
#include "report/pdf.h"
#include "report/report.h"

namespace triage::cli {

/// kUnsupported, with what to install, where weasyprint is not there.
Status need_pdf_tool();

/// PDF of `html` (below the case), the timeline attached to that of report.html. Added to the session's outputs.
Result<PdfWritten> make_report_pdf(const Context& context, CaseSession& session, const ReportWritten& written,
                                   const std::string& html);

/// Brings the exhibits of case.db up to date and gives the labels ("D-0001=甲1"). Before the report is written, so that
/// it shows them.
Status update_exhibits(const Context& context, CaseSession& session, const ReportRequest& request,
                       const std::vector<std::string>& labels);

/// Copies every exhibit that an electronic filing takes into `dir` (made here, must be absent or empty) under its
/// label: PDF, MP3, MP4, JPEG, PNG, names of at most 50 characters, nothing with a password. Says what stays behind and
/// why.
Result<ExitCode> export_for_court(const Context& context, CaseSession& session, const std::string& dir);

}  // namespace triage::cli
