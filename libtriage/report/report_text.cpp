// SPDX-License-Identifier: Apache-2.0
#include "report/report_text.h"

#include "base/check.h"
#include "bytes/text.h"

namespace triage {

const Sentence& sentence(Say id) {
  const auto index = static_cast<std::size_t>(id);
  const std::span<const Sentence> first = first_sentences();
  const std::span<const Sentence> last = last_sentences();
  TRIAGE_CHECK(index < first.size() + last.size());
  return index < first.size() ? first[index] : last[index - first.size()];
}

Result<ReportLanguage> report_language(std::string_view code) {
  if (code == "ja") return ReportLanguage::kJapanese;
  if (code == "en") return ReportLanguage::kEnglish;
  return fail(ErrorCode::kUsage, "report language is not known", escape_terminal(code), 0, "give ja or en");
}

}  // namespace triage
