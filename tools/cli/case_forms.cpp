// SPDX-License-Identifier: Apache-2.0
#include "cli/case_forms.h"

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/case_work.h"
#include "cli/output.h"
#include "report/form_files.h"

namespace triage::cli {
namespace {

// clang-format off
constexpr Message kWritten{"{}: {} fields filled, {} under investigation", "{}: 記載 {} 項目、調査中 {} 項目"};
constexpr Message kKept{"an edited file was left alone; the new draft is {}", "編集されたファイルはそのまま残した。新しい案は {}"};
// clang-format on

std::string forms_fields(const std::vector<FormWritten>& written) {
  std::string outputs = "[";
  for (const FormWritten& one : written) {
    JsonLine line;
    line.add("id", one.form).add("name", one.path).add("sha256", one.sha256);
    outputs += (outputs.size() > 1 ? "," : "") + line.finish();
  }
  JsonLine line;
  return line.add_raw("outputs", outputs + "]").finish();
}

}  // namespace

Status write_case_forms(const Context& context, const FormsChoice& choice, const std::vector<std::string>& playbooks) {
  TRIAGE_TRY(const PlaybookLibrary library, load_playbooks(context, playbooks));
  TRIAGE_TRY(const std::unique_ptr<CaseWork> work, CaseWork::open(context, library));
  FormRequest request;
  request.ids = choice.forms;
  request.japanese = (choice.lang.empty() ? work->state().settings.lang : choice.lang) == "ja";
  request.html = choice.format != "docx";
  request.docx = choice.format != "html";
  TRIAGE_TRY(const std::vector<FormWritten> written,
             write_forms(work->folder(), work->database(), work->state(), library, request));
  TRIAGE_TRY_STATUS(work->append("forms", forms_fields(written)));
  TRIAGE_TRY_STATUS(work->finish());
  Output out;
  for (const FormWritten& one : written) {
    if (one.kept_edited) warn(context, text(context.lang, kKept, one.path));
    if (context.json) {
      JsonLine line;
      line.add("schema", "triage.case.form.v1").add("form", one.form).add("path", one.path).add("sha256", one.sha256);
      line.add("known", static_cast<std::uint64_t>(one.known)).add("open", static_cast<std::uint64_t>(one.open));
      out.line(line.finish());
    } else {
      say(context, text(context.lang, kWritten, one.path, one.known, one.open));
    }
  }
  return out.finish();
}

}  // namespace triage::cli
