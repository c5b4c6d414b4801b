// SPDX-License-Identifier: Apache-2.0
// triage verify: is a case what it says it is? Writes nothing.
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/output.h"
#include "store/verify.h"

namespace triage {
namespace {

using cli::Context;
using cli::ExitCode;
using cli::Flag;
using cli::Message;
using cli::Tone;

// clang-format off
constexpr Message kTitle{"check that a case is whole and unchanged", "事案が完全で改変されていないことを検査する"};
constexpr Message kDetails{"Checks case.yaml, case.db, the chain of the custody log, every kept file against its name, and every export against case.db. One line a check, then OK or FAILED; the exit status is 0 or 4. Nothing is written.", "case.yaml、case.db、証拠管理記録の連鎖、保存ファイルと名前、出力ファイルと case.db の一致を検査する。1行に1検査、最後に OK または FAILED。終了コードは 0 または 4。何も書き込まない。"};
constexpr Message kOne{"a case folder", "事案フォルダを検査する"};
constexpr Message kTwo{"for a script", "スクリプト向け"};
constexpr Message kPathHelp{"The case folder", "事案フォルダ"};
// clang-format on

Result<std::vector<CheckResult>> checks_of(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return fail(ErrorCode::kUnreadable, "cannot be opened", path, error.value());
  const fs::file_status settings = fs::symlink_status(fs::path(path) / "case.yaml", error);
  if (error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory)
    return fail(ErrorCode::kUnreadable, "cannot be opened", path, error.value());
  if (!fs::exists(settings))
    return fail(ErrorCode::kUnsupported, "not a case", path, 0,
                "name a case folder; this version does not check images and bundles yet");
  auto checks = verify_case(path);
  // It is a case, but one whose settings nobody can read: that is what the check is for.
  if (!checks && checks.error().code == ErrorCode::kUsage)
    return std::vector<CheckResult>{{"case.yaml", false, checks.error().text()}};
  return checks;
}

Result<ExitCode> verify(const Context& context, const std::string& path) {
  TRIAGE_TRY(const std::vector<CheckResult> checks, checks_of(path));
  const bool color = cli::use_color(context, STDOUT_FILENO);
  const auto failed = std::count_if(checks.begin(), checks.end(), [](const CheckResult& one) { return !one.ok; });
  cli::Output out;
  for (const CheckResult& check : checks) {
    if (context.json) {
      JsonLine line;
      line.add("schema", "triage.check.v1").add("name", check.name).add("ok", check.ok).add("detail", check.detail);
      out.line(line.finish());
    } else {
      out.line(cli::paint(color, check.ok ? Tone::kGood : Tone::kBad, check.ok ? "ok" : "FAIL") + " " +
               escape_terminal(check.name + ": " + check.detail));
    }
  }
  if (context.json) {
    JsonLine line;
    line.add("schema", "triage.verify.v1").add("path", path).add("ok", failed == 0);
    out.line(line.add("checks", std::uint64_t{checks.size()}).add("failed", std::int64_t{failed}).finish());
  } else {
    out.line(failed == 0 ? cli::paint(color, Tone::kGood, "OK")
                         : cli::paint(color, Tone::kBad, "FAILED: " + std::to_string(failed)));
  }
  TRIAGE_TRY_STATUS(out.finish());
  return failed == 0 ? ExitCode::kComplete : ExitCode::kVerification;
}

}  // namespace

void add_verify(CLI::App& app, Context& context) {
  CLI::App& command = cli::add_command(
      app, context, "verify", {kTitle, kDetails, {{"triage verify leak", kOne}, {"triage verify leak --json", kTwo}}});
  const auto path = std::make_shared<std::string>();
  command.add_option("PATH", *path, text(context.lang, kPathHelp))->type_name("DIR")->required();
  cli::add_flags(command, context, {Flag::kJson});
  cli::on_run(command, context, [&context, path] { return verify(context, *path); });
}

}  // namespace triage
