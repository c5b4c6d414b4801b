// SPDX-License-Identifier: Apache-2.0
// Texts of the program in both languages, compiled in: no locale and no catalogue file is needed. A text is a constant
// of type Message; its name is its id and is never reused. Shared ones stand here, a command's own in its cmd_*.cpp.
// Never translated: JSON keys and values, exit codes, names of flags.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace triage::cli {

enum class Lang : std::uint8_t { kEnglish, kJapanese };

/// "en" or "ja".
std::string_view lang_code(Lang lang);
/// Japanese when the first non-empty one of LC_ALL, LC_MESSAGES and LANG begins with "ja", else English.
Lang lang_from_environment();

/// One text in both languages, fmt syntax. Both must hold the same number of replacement fields; that is checked when
/// the program is compiled.
struct Message {
  std::string_view english;
  std::string_view japanese;

  consteval Message(const char* en, const char* ja) : english(en), japanese(ja) {
    if (count_fields(english) != count_fields(japanese)) throw "the two languages differ in replacement fields";
  }
  [[nodiscard]] constexpr std::string_view in(Lang lang) const { return lang == Lang::kJapanese ? japanese : english; }

 private:
  static constexpr int count_fields(std::string_view text) {
    int count = 0;
    for (const char c : text) count += c == '{' ? 1 : 0;
    return count;
  }
};

/// The text as it stands.
inline std::string text(Lang lang, const Message& message) { return std::string(message.in(lang)); }

/// The text with its fields filled. Text from evidence must have gone through escape_terminal().
template <typename First, typename... Rest>
std::string text(Lang lang, const Message& message, const First& first, const Rest&... rest) {
  return fmt::vformat(message.in(lang), fmt::make_format_args(first, rest...));
}

/// Texts that more than one file uses.
namespace messages {
inline constexpr Message kProgramTitle{"forensic triage for information leaks",
                                       "情報漏えいのためのフォレンジック初動調査"};
inline constexpr Message kUsage{"Usage", "使い方"};
inline constexpr Message kExamples{"Examples", "例"};
inline constexpr Message kCommands{"Commands", "コマンド"};
inline constexpr Message kArguments{"Arguments", "引数"};
inline constexpr Message kOptions{"Options", "オプション"};
inline constexpr Message kExitStatus{"Exit status", "終了コード"};
inline constexpr Message kSeeAlso{"See also", "関連項目"};
inline constexpr Message kName{"Name", "名前"};
inline constexpr Message kSynopsis{"Synopsis", "書式"};
inline constexpr Message kDescription{"Description", "説明"};
inline constexpr Message kMoreHelp{"`{} --help` says everything.", "詳しくは `{} --help`。"};
inline constexpr Message kRequired{"required", "必須"};
inline constexpr Message kError{"error", "エラー"};
inline constexpr Message kWarning{"warning", "警告"};
inline constexpr Message kNextStep{"what to do", "対処"};
}  // namespace messages

}  // namespace triage::cli
