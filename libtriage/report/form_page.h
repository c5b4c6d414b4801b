// SPDX-License-Identifier: Apache-2.0
// A filled form as a page (HTML, one file, no script, no network) and as a document that counsel edits (DOCX). Every
// value is taken as hostile. The DOCX is written by ourselves, as a ZIP of stored parts (ISO/IEC 29500-2 allows them):
// a dozen kilobytes need no library and no converter, and the same case gives the same bytes.
#pragma once

#include <string>
#include <vector>

#include "playbook/form.h"

namespace triage {

/// What stands on each page beside the form.
struct FormMark {
  bool japanese = true;
  bool exercise = false;
  std::string case_name;
  std::string revision;  ///< number of custody entries
  std::string head;      ///< hash of the last one
};

std::string form_html(const FilledForm& filled, const FormMark& mark);
std::string form_docx(const FilledForm& filled, const FormMark& mark);

/// One part of a ZIP archive.
struct ZipPart {
  std::string name;  ///< ASCII
  std::string content;
};
/// An archive of stored (not compressed) parts, all of 1980-01-01.
std::string stored_zip(const std::vector<ZipPart>& parts);

}  // namespace triage
