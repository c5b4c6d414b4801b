// SPDX-License-Identifier: Apache-2.0
#include "playbook/form.h"

#include <algorithm>

#include "bytes/json.h"
#include "playbook/playbook_check.h"
#include "store/yaml_view.h"

namespace triage {
namespace {

void check_words(const YamlView& view, const Bilingual& text) {
  if (const std::string_view word = forbidden_word_in(text.ja); !word.empty())
    view.fault("the text holds a word that needs a basis: " + std::string(word));
}

FormField read_field(const YamlView& view) {
  view.only({"id", "label", "from", "text", "table", "note"});
  FormField out{view.text("id"),           view.both("label"),        view.texts("from"), view.both_or_empty("text"),
                view.text_or("table", ""), view.both_or_empty("note")};
  const int ways = (out.from.empty() ? 0 : 1) + (out.text.ja.empty() ? 0 : 1) + (out.table.empty() ? 0 : 1);
  if (ways != 1) view.fault("a field has exactly one of from, text, table");
  check_words(view, out.label);
  check_words(view, out.text);
  check_words(view, out.note);
  return out;
}

Form read_form(const YamlView& head) {
  head.only({"schema", "id", "folder", "title", "intro", "as_of", "source", "verified", "types", "sections"});
  if (head.text("schema") != "triage.form.v1") head.fault("schema is not triage.form.v1");
  Form out;
  out.id = head.text("id");
  const bool plain = std::all_of(out.id.begin(), out.id.end(),
                                 [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  if (!plain || out.id.size() > 32) head.child("id").fault("'id' is at most 32 of a-z, 0-9 and -: it names files");
  out.folder = head.text("folder");
  const bool known = std::any_of(kCaseSteps.begin(), kCaseSteps.end(),
                                 [&](const CaseStep& step) { return step.folder == out.folder; });
  if (!known) head.child("folder").fault("'folder' is none of the six step folders");
  out.title = head.both("title");
  out.intro = head.both_or_empty("intro");
  out.as_of = head.text("as_of");
  out.source = head.text("source");
  const std::string verified = head.text("verified");
  if (verified != "source" && verified != "memory") head.child("verified").fault("'verified' is memory or source");
  out.verified = verified == "source";
  out.types = head.texts("types");
  check_words(head, out.title);
  check_words(head, out.intro);
  for (const YamlView& section : head.list("sections")) {
    section.only({"title", "fields"});
    FormSection one{section.both("title"), {}};
    for (const YamlView& field : section.list("fields")) one.fields.push_back(read_field(field));
    out.sections.push_back(std::move(one));
  }
  return out;
}

void add_ids(std::vector<std::string>& into, const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    if (std::find(into.begin(), into.end(), id) == into.end()) into.push_back(id);
  }
}

/// Replaces each {key} by the fact's text; one that is not known becomes `open`. `*all` is false then.
std::string filled_text(std::string_view text, const CaseFacts& facts, bool japanese, FilledField& out, bool* all) {
  std::string result;
  while (!text.empty()) {
    const std::size_t begin = text.find('{');
    const std::size_t end = begin == std::string_view::npos ? begin : text.find('}', begin);
    if (end == std::string_view::npos) break;
    result += text.substr(0, begin);
    const Fact* fact = facts.find(text.substr(begin + 1, end - begin - 1));
    if (fact == nullptr) {
      *all = false;
      result += japanese ? kOpenJa : kOpenEn;
    } else {
      result += japanese ? fact->text.ja : fact->text.en;
      add_ids(out.ids, fact->ids);
    }
    text.remove_prefix(end + 1);
  }
  return result + std::string(text);
}

void fill_from(const FormField& field, const CaseFacts& facts, FilledField& out) {
  for (const std::string& key : field.from) {
    const Fact* fact = facts.find(key);
    if (fact == nullptr) continue;
    const bool unsure = fact->tag && *fact->tag != Certainty::kFact;
    const std::string break_line = out.known ? "\n" : "";
    out.value.en += break_line + fact->text.en;
    out.value.ja += break_line + fact->text.ja;
    if (unsure) {
      out.value.en += " [" + std::string(certainty_name(*fact->tag)) + "]";
      out.value.ja += "〔" + std::string(certainty_name_ja(*fact->tag)) + "〕";
    }
    add_ids(out.ids, fact->ids);
    out.known = true;
  }
}

FilledField fill_field(const FormField& field, const CaseFacts& facts) {
  FilledField out;
  out.field = &field;
  if (!field.table.empty()) {
    out.table = facts.table(field.table);
    if (out.table != nullptr && out.table->rows.empty()) out.table = nullptr;
    out.known = out.table != nullptr;
    if (out.known) {
      for (const FactTable::Row& row : out.table->rows) add_ids(out.ids, row.ids);
    }
  } else if (!field.from.empty()) {
    fill_from(field, facts, out);
  } else {
    out.known = true;
    out.value.en = filled_text(field.text.en, facts, false, out, &out.known);
    out.value.ja = filled_text(field.text.ja, facts, true, out, &out.known);
    return out;
  }
  if (!out.known) out.value = {std::string(kOpenEn), std::string(kOpenJa)};
  return out;
}

}  // namespace

Result<std::vector<Form>> load_forms(const std::vector<std::string>& folders) {
  std::vector<Form> out;
  for (const std::string& folder : folders) {
    for (const std::string& path : yaml_files(folder + "/forms")) {
      TRIAGE_TRY(const YamlView head, YamlView::read(path));
      Form form = read_form(head);
      TRIAGE_TRY_STATUS(head.status());
      std::erase_if(out, [&](const Form& one) { return one.id == form.id; });
      out.push_back(std::move(form));
    }
  }
  std::sort(out.begin(), out.end(), [](const Form& a, const Form& b) { return a.id < b.id; });
  return out;
}

FilledForm fill_form(const Form& form, const CaseFacts& facts) {
  FilledForm out;
  out.form = &form;
  for (const FormSection& section : form.sections) {
    FilledForm::Section one{&section, {}};
    for (const FormField& field : section.fields) {
      one.fields.push_back(fill_field(field, facts));
      ++(one.fields.back().known ? out.known : out.open);
    }
    out.sections.push_back(std::move(one));
  }
  return out;
}

std::string form_json(const FilledForm& filled) {
  std::string fields = "[";
  for (const FilledForm::Section& section : filled.sections) {
    for (const FilledField& field : section.fields) {
      std::string ids = "[";
      for (const std::string& id : field.ids) {
        if (ids.size() > 1) ids.push_back(',');
        append_json_string(ids, id);
      }
      JsonLine line;
      line.add("field", field.field->id).add("known", field.known).add("ja", field.value.ja).add("en", field.value.en);
      line.add("rows", field.table == nullptr ? std::optional<std::uint64_t>()
                                              : std::optional<std::uint64_t>(field.table->rows.size()));
      fields += (fields.size() > 1 ? "," : "") + line.add_raw("ids", ids + "]").finish();
    }
  }
  JsonLine line;
  line.add("schema", "triage.form.v1").add("form", filled.form->id).add("title", filled.form->title.ja);
  line.add("known", static_cast<std::uint64_t>(filled.known)).add("open", static_cast<std::uint64_t>(filled.open));
  return line.add_raw("fields", fields + "]").finish();
}

}  // namespace triage
