// SPDX-License-Identifier: Apache-2.0
#include "cli/common_flags.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "bytes/text.h"

namespace triage::cli {
namespace {

// clang-format off
constexpr Message kQuietHelp{"Say only what went wrong", "問題だけを表示する"};
constexpr Message kVerboseHelp{"Say more; twice: say everything", "詳しく表示する。2回指定するとすべて表示する"};
constexpr Message kLangHelp{"Language of texts (default: from LC_ALL, LC_MESSAGES, LANG)", "表示言語(既定値は LC_ALL、LC_MESSAGES、LANG による)"};
constexpr Message kColorHelp{"Colour; auto obeys NO_COLOR and TERM=dumb", "色。auto は NO_COLOR と TERM=dumb に従う"};
constexpr Message kJsonHelp{"Print JSON Lines, each with its \"schema\"", "JSON Lines で出力する(各行に \"schema\" が付く)"};
constexpr Message kJobsHelp{"Work in N processes; the result does not depend on N (default: number of processors)", "N 個のプロセスで処理する。結果は N によらない(既定値はプロセッサ数)"};
constexpr Message kTzHelp{"Time zone of shown times; records stay in UTC (default: Asia/Tokyo in Japanese, else UTC)", "表示に使う時間帯。記録は常に UTC(既定値は日本語で Asia/Tokyo、ほかは UTC)"};
constexpr Message kProgressHelp{"Progress on stderr; auto: one line on a terminal, json: JSON Lines", "進み具合を標準エラーに出す。auto は端末に1行、json は JSON Lines"};
constexpr Message kDryRunHelp{"Print what would be done, and do nothing", "何をするかだけを表示し、実行しない"};
constexpr Message kResumeHelp{"Go on where an interrupted run stopped", "中断した処理を続きから行う"};
constexpr Message kCaseHelp{"The case folder", "事案フォルダ"};
constexpr Message kOutputHelp{"Where to write; nothing is ever overwritten", "出力先。既存のものは決して上書きしない"};
constexpr Message kRulesHelp{"More rules: a folder or a file (may be repeated)", "追加のルール。フォルダまたはファイル(複数指定可)"};
constexpr Message kFailOnHelp{"Exit with status 10 when a finding is at least this severe", "この重大度以上の所見があれば終了コード 10 で終わる"};
constexpr Message kMaxFileHelp{"Largest file that parsers and YARA see whole (default: 256M)", "解析器と YARA に全体を渡すファイルの上限(既定値 256M)"};
constexpr Message kEvidenceHelp{"Disk, image, memory image, folder or archive; recognised by content, opened read-only", "ディスク、イメージ、メモリイメージ、フォルダ、アーカイブ。内容で判別し、読み取り専用で開く"};
constexpr Message kUnlockHelp{"Open an encrypted volume: VOLUME=recovery-key:FILE, =passphrase:FILE or =keyfile:FILE; VOLUME is its number in `list --volumes`, v and its first byte (v1048576), or * for any; FILE may be fd:N, or - to be asked (may be repeated)", "暗号化ボリュームを開く。VOLUME=recovery-key:FILE、=passphrase:FILE、=keyfile:FILE のいずれか。VOLUME は `list --volumes` の番号、先頭バイト位置(v1048576)、または *(すべて)。FILE は fd:N、または - で端末から入力(複数指定可)"};
constexpr Message kBadSize{"{}: not a size; write it like 512, 64K, 256M or 2G", "{}: 大きさではない。512、64K、256M、2G のように書く"};
// clang-format on

constexpr unsigned kMaxJobs = 256;

/// Options with a value: one per occurrence, so that `--rules A B` leaves B to the arguments.
CLI::Option* single(CLI::Option* option, const char* placeholder) {
  return option->type_name(placeholder)->allow_extra_args(false);
}

template <typename Enum>
void add_mode(CLI::App& command, Context& context, const std::string& name, Enum& value,
              const std::vector<std::pair<std::string, Enum>>& modes, const Message& help) {
  const auto set = [&value, modes](const std::string& word) {
    for (const auto& [mode_name, mode] : modes) {
      if (mode_name == word) value = mode;
    }
  };
  std::vector<std::string> names;
  for (const auto& mode : modes) names.push_back(mode.first);
  CLI::Option* option = command.add_option_function<std::string>(name, set, text(context.lang, help));
  single(option, "WHEN")->check(CLI::IsMember(names));
  context.tree.choices[option] = std::move(names);
}

void add_positional_evidence(CLI::App& command, Context& context) {
  command.add_option("EVIDENCE", context.evidence, text(context.lang, kEvidenceHelp))->type_name("PATH")->required();
}

void add_unlock(CLI::App& command, Context& context) {
  single(command.add_option("--unlock", context.unlock, text(context.lang, kUnlockHelp)), "VOLUME=KIND:FILE");
}

void add_max_file(CLI::App& command, Context& context) {
  const auto set = [&context](const std::string& word) {
    const auto size = parse_size(word);
    if (!size) throw CLI::ValidationError("--max-file", text(context.lang, kBadSize, escape_terminal(word)));
    context.max_file = *size;
  };
  single(command.add_option_function<std::string>("--max-file", set, text(context.lang, kMaxFileHelp)), "SIZE");
}

void add_flag(CLI::App& command, Context& context, Flag flag) {
  const auto say = [&context](const Message& message) { return text(context.lang, message); };
  switch (flag) {
    case Flag::kQuiet: command.add_flag("-q,--quiet", context.quiet, say(kQuietHelp)); break;
    case Flag::kVerbose: command.add_flag("-v,--verbose", context.verbose, say(kVerboseHelp)); break;
    case Flag::kLang:
      add_mode<Lang>(command, context, "--lang", context.lang, {{"ja", Lang::kJapanese}, {"en", Lang::kEnglish}},
                     kLangHelp);
      break;
    case Flag::kColor:
      add_mode<ColorMode>(command, context, "--color", context.color,
                          {{"auto", ColorMode::kAuto}, {"always", ColorMode::kAlways}, {"never", ColorMode::kNever}},
                          kColorHelp);
      break;
    case Flag::kJson: command.add_flag("--json", context.json, say(kJsonHelp)); break;
    case Flag::kJobs:
      single(command.add_option("-j,--jobs", context.jobs, say(kJobsHelp)), "N")->check(CLI::Range(1U, kMaxJobs));
      break;
    case Flag::kTz: single(command.add_option("--tz", context.tz, say(kTzHelp)), "ZONE"); break;
    case Flag::kProgress:
      add_mode<ProgressMode>(
          command, context, "--progress", context.progress,
          {{"auto", ProgressMode::kAuto}, {"json", ProgressMode::kJson}, {"never", ProgressMode::kNever}},
          kProgressHelp);
      break;
    case Flag::kDryRun: command.add_flag("-n,--dry-run", context.dry_run, say(kDryRunHelp)); break;
    case Flag::kResume: command.add_flag("--resume", context.resume, say(kResumeHelp)); break;
    case Flag::kCase:
    case Flag::kCaseOptional:
      single(command.add_option("--case", context.case_dir, say(kCaseHelp)), "DIR")->required(flag == Flag::kCase);
      break;
    case Flag::kOutput:
    case Flag::kOutputOptional:
      single(command.add_option("-o,--output", context.output, say(kOutputHelp)), "PATH")
          ->required(flag == Flag::kOutput);
      break;
    case Flag::kRules: single(command.add_option("--rules", context.rule_folders, say(kRulesHelp)), "PATH"); break;
    case Flag::kFailOn:
      add_choice(command, context, "--fail-on", context.fail_on, {"info", "low", "medium", "high", "critical"},
                 kFailOnHelp);
      break;
    case Flag::kMaxFile: add_max_file(command, context); break;
    case Flag::kEvidence:
      add_positional_evidence(command, context);
      add_unlock(command, context);
      break;
    case Flag::kUnlock: add_unlock(command, context); break;
  }
}

}  // namespace

void add_flags(CLI::App& command, Context& context, std::initializer_list<Flag> flags) {
  for (const Flag flag : flags) add_flag(command, context, flag);
}

CLI::Option* add_choice(CLI::App& command, Context& context, const std::string& names, std::string& value,
                        std::vector<std::string> choices, const Message& help) {
  CLI::Option* option = command.add_option(names, value, text(context.lang, help));
  single(option, "WORD")->check(CLI::IsMember(choices));
  context.tree.choices[option] = std::move(choices);
  return option;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{}) return std::nullopt;
  std::string unit = ascii_lower(text.substr(static_cast<std::size_t>(end - text.data())));
  if (unit.ends_with("ib")) {
    unit.resize(unit.size() - 2);
  } else if (unit.ends_with("b")) {
    unit.pop_back();
  }
  constexpr std::string_view kUnits = "kmgt";
  unsigned shift = 0;
  if (!unit.empty()) {
    const auto place = unit.size() == 1 ? kUnits.find(unit[0]) : std::string_view::npos;
    if (place == std::string_view::npos) return std::nullopt;
    shift = 10 * (static_cast<unsigned>(place) + 1);
  }
  if (shift != 0 && (number >> (64 - shift)) != 0) return std::nullopt;
  return number << shift;
}

}  // namespace triage::cli
