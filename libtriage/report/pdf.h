// SPDX-License-Identifier: Apache-2.0
// report.pdf: PDF/A-3b made from report.html by WeasyPrint (Debian package weasyprint), a program of its own that is
// run without a network. The HTML has no link out of itself, so there is nothing to fetch. Japanese needs an installed
// font (Debian package fonts-noto-cjk or fonts-ipaexfont); it is embedded as a subset.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/case_folder.h"

namespace triage {

struct PdfRequest {
  std::string html = "report.html";      ///< below the case folder
  std::string pdf = "report.pdf";        ///< below the case folder; replaced where it exists
  std::vector<std::string> attachments;  ///< below the case folder; one that is absent is left out
  std::int64_t created_ns = 0;           ///< time in the document
};

struct PdfWritten {
  std::string path;
  std::uint64_t bytes = 0;
  std::string sha256;
  bool network_cut = false;  ///< false: the kernel did not allow a network namespace of its own
};

/// The program to run: of PATH; "" where it is not installed.
std::string find_pdf_tool();
/// kUnsupported where the program is not there, kOutput where it fails or writes no PDF.
Result<PdfWritten> write_pdf(const CaseFolder& folder, const PdfRequest& request);

}  // namespace triage
