// SPDX-License-Identifier: Apache-2.0
#include "cli/error.h"

#include <doctest/doctest.h>

#include <cerrno>

using namespace triage;

TEST_CASE("an error says what, where and what to do, and shows hostile text escaped") {
  cli::Context context;
  context.color = cli::ColorMode::kNever;
  const Error error{ErrorCode::kUnreadable, "cannot open the evidence", "disk\x1b[2J\n.img", EACCES, ""};
  CHECK(cli::error_text(error, context) ==
        "triage: error: cannot open the evidence: disk\\x1b[2J\\x0a.img (Permission denied)\n"
        "  what to do: check the path, the permissions and the device");
  context.lang = cli::Lang::kJapanese;
  CHECK(cli::error_text(error, context) ==
        "triage: エラー: 証拠を読めない: cannot open the evidence: disk\\x1b[2J\\x0a.img (Permission denied)\n"
        "  対処: パス、権限、機器を確かめる");
}
