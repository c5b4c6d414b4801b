// SPDX-License-Identifier: Apache-2.0
#include "cli/messages.h"

#include <cstdlib>

namespace triage::cli {

std::string_view lang_code(Lang lang) { return lang == Lang::kJapanese ? "ja" : "en"; }

Lang lang_from_environment() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return std::string_view(value).starts_with("ja") ? Lang::kJapanese : Lang::kEnglish;
  }
  return Lang::kEnglish;
}

}  // namespace triage::cli
