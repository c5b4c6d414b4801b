// SPDX-License-Identifier: Apache-2.0
#include "report/form_files.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>

#include "bytes/digest.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "playbook/legal_clock.h"

namespace triage {
namespace {

constexpr std::size_t kMaxForm = std::size_t{64} << 20;

/// What a form is written with.
struct Writer {
  const CaseFolder& folder;
  CaseDb& database;
  std::vector<FormWritten>& written;
};

/// True when nobody changed the file since it was written, or there is none.
Result<bool> is_ours(const Writer& writer, const std::string& path) {
  if (!open_beneath(writer.folder.fd(), path, O_PATH)) return true;
  TRIAGE_TRY(const std::string text, read_beneath(writer.folder.fd(), path, kMaxForm));
  TRIAGE_TRY(const auto noted, writer.database.meta("form." + path));
  return noted && *noted == sha256_hex(std::string_view(text));
}

Status write_one(Writer& writer, FormWritten what, const std::string& stem, const std::string& ending,
                 const std::string& content) {
  constexpr int kMostDrafts = 99;
  for (int draft = 1; draft <= kMostDrafts; ++draft) {
    what.path = draft == 1 ? stem + ending : fmt::format("{}-{}{}", stem, draft, ending);
    TRIAGE_TRY(const bool ours, is_ours(writer, what.path));
    if (ours) break;
    what.kept_edited = true;
    if (draft == kMostDrafts) return fail(ErrorCode::kOutput, "too many edited drafts of a form", what.path);
  }
  TRIAGE_TRY(OutputFile file, OutputFile::create(writer.folder.fd(), what.path, OutputFile::Existing::kReplace));
  TRIAGE_TRY_STATUS(file.write(content));
  TRIAGE_TRY_STATUS(file.commit());
  what.sha256 = sha256_hex(std::string_view(content));
  TRIAGE_TRY_STATUS(writer.database.set_meta("form." + what.path, what.sha256));
  writer.written.push_back(std::move(what));
  return {};
}

Status write_calendar(Writer& writer, const CaseState& state, bool japanese) {
  if (!state.settings.knew_time) return {};  // a calendar without an event is none (RFC 5545 §3.6)
  CalendarRequest request;
  request.case_name = escape_terminal(state.case_name);
  request.organisation = escape_terminal(state.settings.organisation);
  request.japanese = japanese;
  request.exercise = state.exercise();
  request.stamp_ns = parse_time_text(state.record.last_time).value_or(0);
  return write_one(writer, {"deadlines.ics", "", "", 0, 0, false}, "4-notification/deadlines", ".ics",
                   deadlines_ics(state.clock, request));
}

bool is_wanted(const Form& form, const CaseState& state, const FormRequest& request) {
  const auto among = [](const std::vector<std::string>& list, const std::string& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
  };
  if (!request.ids.empty()) return among(request.ids, form.id);
  return form.types.empty() || among(form.types, state.settings.leak_type);
}

}  // namespace

Result<std::vector<FormWritten>> write_forms(const CaseFolder& folder, CaseDb& database, const CaseState& state,
                                             const PlaybookLibrary& library, const FormRequest& request) {
  TRIAGE_TRY(const std::vector<Form> forms, load_forms(library.folders()));
  for (const std::string& id : request.ids) {
    const bool there = std::any_of(forms.begin(), forms.end(), [&](const Form& one) { return one.id == id; });
    std::string names;
    for (const Form& one : forms) names += (names.empty() ? "" : " ") + one.id;
    if (!there) return fail(ErrorCode::kUsage, "there is no such form", id, 0, "the forms are: " + names);
  }
  TRIAGE_TRY(const CaseFacts facts, gather_facts(state, library, &database.database()));
  std::vector<FormWritten> written;
  Writer writer{folder, database, written};
  const FormMark mark{request.japanese, state.exercise(), state.case_name, std::to_string(state.record.entries),
                      state.record.head};
  std::string lines;
  for (const Form& form : forms) {
    const FilledForm filled = fill_form(form, facts);
    if (!is_wanted(form, state, request)) continue;
    lines += form_json(filled) + "\n";
    const FormWritten what{form.id, "", "", filled.known, filled.open, false};
    const std::string stem = form.folder + "/" + form.id + (request.japanese ? ".ja" : ".en");
    if (request.html) TRIAGE_TRY_STATUS(write_one(writer, what, stem, ".html", form_html(filled, mark)));
    if (request.docx) TRIAGE_TRY_STATUS(write_one(writer, what, stem, ".docx", form_docx(filled, mark)));
  }
  if (request.ids.empty()) {
    TRIAGE_TRY_STATUS(write_one(writer, {"forms.jsonl", "", "", 0, 0, false}, "4-notification/forms", ".jsonl", lines));
    TRIAGE_TRY_STATUS(write_calendar(writer, state, request.japanese));
  }
  return written;
}

}  // namespace triage
