// SPDX-License-Identifier: Apache-2.0
// Writes the forms of a case into its step folders, with deadlines.ics and forms.jsonl (every field with its ids). A
// file that a person changed since it was written stays; the new draft then gets the next number.
#pragma once

#include <string>
#include <vector>

#include "report/form_page.h"
#include "store/case_db.h"
#include "store/case_folder.h"

namespace triage {

struct FormRequest {
  std::vector<std::string> ids;  ///< only these; empty: all that fit the leak type
  bool japanese = true;
  bool html = true;
  bool docx = true;
};

struct FormWritten {
  std::string form;
  std::string path;  ///< below the case folder
  std::string sha256;
  std::size_t known = 0;
  std::size_t open = 0;
  bool kept_edited = false;  ///< an edited file of the first name was left alone
};

/// kUsage for a form that is not there.
Result<std::vector<FormWritten>> write_forms(const CaseFolder& folder, CaseDb& database, const CaseState& state,
                                             const PlaybookLibrary& library, const FormRequest& request);

}  // namespace triage
