// SPDX-License-Identifier: Apache-2.0
#include "cli/error.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "bytes/text.h"
#include "cli/output.h"

namespace triage::cli {
namespace {

struct Kind {
  Message what;  ///< the kind of failure; shown in Japanese before the library's own sentence
  Message next;  ///< a next step where the library gives none; "" = none
};

// clang-format off
Kind kind_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage: return {{"", "指定に誤りがある"}, {"", ""}};
    case ErrorCode::kUnreadable: return {{"", "証拠を読めない"}, {"check the path, the permissions and the device", "パス、権限、機器を確かめる"}};
    case ErrorCode::kUnsupported: return {{"", "対応していない形式である"}, {"`triage parsers` lists what this build reads", "`triage parsers` が読める形式を示す"}};
    case ErrorCode::kVerification: return {{"", "検証に失敗した"}, {"keep both copies and note in the case what differs", "両方の写しを残し、違いを事案に記録する"}};
    case ErrorCode::kOutput: return {{"", "出力を書けない"}, {"check free space and permissions; finished work is intact", "空き容量と権限を確かめる。済んだ分は失われていない"}};
    case ErrorCode::kInterrupted: return {{"", "中断された"}, {"the same command with --resume goes on", "同じコマンドに --resume を付けると続きから行う"}};
    case ErrorCode::kInternal: return {{"", "プログラムの内部エラー"}, {"this is a bug; the case holds what was recorded before it", "プログラムの誤りである。それまでの記録は事案に残っている"}};
  }
  return {{"", ""}, {"", ""}};
}
// clang-format on

}  // namespace

std::string error_text(const Error& error, const Context& context) {
  const bool color = use_color(context, STDERR_FILENO);
  const Kind kind = kind_of(error.code);
  std::string what = text(context.lang, kind.what);
  if (!what.empty()) what += ": ";
  what += escape_terminal(error.text());
  const std::string label = text(context.lang, messages::kError) + ":";
  std::string out = fmt::format("triage: {} {}", paint(color, Tone::kBad, label), what);
  const std::string next = error.next_step.empty() ? text(context.lang, kind.next) : escape_terminal(error.next_step);
  if (!next.empty()) out += fmt::format("\n  {}: {}", text(context.lang, messages::kNextStep), next);
  return out;
}

ExitCode show_error(const Error& error, const Context& context) {
  std::fputs((error_text(error, context) + "\n").c_str(), stderr);
  return exit_code_of(error.code);
}

}  // namespace triage::cli
