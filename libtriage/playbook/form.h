// SPDX-License-Identifier: Apache-2.0
// Form: a paper that leaves the case (report to the regulator, notice, consultation sheet) as data, filled from
// CaseFacts. Each filled field carries the ids of what it rests on; what is not known prints 調査中, never a blank.
//   playbooks/forms/*.yaml: sections → fields {id, label, from: [fact…] | text: {ja, en with {fact}} | table: NAME}
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "playbook/case_facts.h"

namespace triage {

struct FormField {
  std::string id;
  Bilingual label;
  std::vector<std::string> from;  ///< keys of facts, one line each where known
  Bilingual text;                 ///< template with {key}
  std::string table;
  Bilingual note;  ///< what the person who completes it must look at
};

struct FormSection {
  Bilingual title;
  std::vector<FormField> fields;
};

struct Form {
  std::string id;      ///< also the name of its files
  std::string folder;  ///< step folder of the case
  Bilingual title;
  Bilingual intro;
  std::string as_of;
  std::string source;
  bool verified = false;
  std::vector<std::string> types;  ///< leak types it is for; empty: all
  std::vector<FormSection> sections;
};

struct FilledField {
  const FormField* field = nullptr;
  Bilingual value;               ///< 調査中 / under investigation where not known
  std::vector<std::string> ids;  ///< without repeats, in the order of the facts
  bool known = false;
  const FactTable* table = nullptr;
};

struct FilledForm {
  const Form* form = nullptr;
  struct Section {
    const FormSection* section = nullptr;
    std::vector<FilledField> fields;
  };
  std::vector<Section> sections;
  std::size_t known = 0;
  std::size_t open = 0;
};

inline constexpr std::string_view kOpenEn = "under investigation";
inline constexpr std::string_view kOpenJa = "調査中";

/// Forms of FOLDER/forms/*.yaml of each folder; a later one replaces one of the same id. Sorted by id.
Result<std::vector<Form>> load_forms(const std::vector<std::string>& folders);
/// The result points into `form` and `facts`.
FilledForm fill_form(const Form& form, const CaseFacts& facts);
/// One line, schema triage.form.v1: every field with value, ids and whether it is known.
std::string form_json(const FilledForm& filled);

}  // namespace triage
