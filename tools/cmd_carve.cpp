// SPDX-License-Identifier: Apache-2.0
// triage carve: files found by their content in unallocated space, gaps and volumes that could not be parsed; by choice
// inside other files and inside existing ones.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

#include "bytes/text.h"
#include "carve/carve_filter.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/keep_files.h"
#include "cli/suggest.h"

namespace triage {
namespace {

using cli::Context;
using cli::Flag;
using cli::Message;

// clang-format off
constexpr Message kTitle{"find files by content in unallocated space", "未割り当て領域から内容でファイルを復元する(カービング)"};
constexpr Message kDetails{"Every candidate is checked to its exact end. No metadata of deleted files is used: `triage recover` gives those their names, `triage run` does both and tells each file once. Content that an existing file holds anyway is left out, and content that lies in several places is kept once. DIR must be absent or empty; files are named by the first 32 hex digits of their SHA-256, DIR/recovered.jsonl and DIR/recovered.dfxml say where each one lay.\n\nGroups for --only: docs, pictures, video, audio, archives, databases, mail, system, programs, keys, network, disks, fonts, other. Words for --types are extensions and the ids of `triage parsers`. With both, a file that either names is kept.", "候補は終端まで検査する。削除ファイルの管理情報は使わない(名前付きの復元は `triage recover`、両方を行い重複なく示すのは `triage run`)。現存するファイルと同じ内容は除き、複数の場所にある同じ内容は一度だけ保存する。DIR は存在しないか空であること。ファイル名は SHA-256 の先頭 32 桁で、元の位置は DIR/recovered.jsonl と DIR/recovered.dfxml に記す。\n\n--only の分類: docs(文書)、pictures(画像)、video(動画)、audio(音声)、archives(書庫)、databases(データベース)、mail(メール)、system(システム)、programs(プログラム)、keys(鍵)、network(通信)、disks(ディスクイメージ)、fonts(フォント)、other(その他)。--types には拡張子または `triage parsers` の id を書く。両方を指定すると、どちらかに当たるものを保存する。"};
constexpr Message kOne{"carve an image into a new folder", "イメージから新しいフォルダに復元する"};
constexpr Message kTwo{"a memory card, for a script", "メモリカードをスクリプトから処理する"};
constexpr Message kThree{"documents and mail from 10 KiB up, members of archives too", "10 KiB 以上の文書とメール。書庫の中も対象"};
constexpr Message kTypesHelp{"Keep only these formats: extensions or carver ids, separated by commas", "指定した形式だけを保存する。拡張子またはカーバーの id をコンマで区切る"};
constexpr Message kOnlyHelp{"Keep only these groups of formats, separated by commas", "指定した分類の形式だけを保存する。コンマで区切る"};
constexpr Message kMinSizeHelp{"Keep only files of at least this size", "指定した大きさ以上のファイルだけを保存する"};
constexpr Message kEmbeddedHelp{"Files inside other files, too: candidates at any byte, in slack, and the members of archives and documents", "他のファイルの中にあるものも対象にする。任意のバイト位置、スラック、書庫や文書の中身も調べる"};
constexpr Message kWholeHelp{"Look inside existing files, too; the existing files themselves are not returned", "現存するファイルの中も調べる。現存するファイルそのものは保存しない"};
constexpr Message kUnknownWord{"{}: not known; did you mean {}?", "{}: 不明な語。{} のことか"};
constexpr Message kUnknown{"{}: not known; `triage carve --help` says which words there are", "{}: 不明な語。使える語は `triage carve --help` で確認できる"};
constexpr Message kBadSize{"{}: not a size; write it like 512, 64K, 256M or 2G", "{}: 大きさではない。512、64K、256M、2G のように書く"};
// clang-format on

/// The words of "a,b,c" in lower case, each one of `known`; throws what CLI11 shows as a usage error.
std::vector<std::string> words_of(const Context& context, const char* flag, const std::string& list,
                                  const std::vector<std::string>& known) {
  std::vector<std::string> out;
  for (const std::string& word : CLI::detail::split(ascii_lower(list), ',')) {
    if (word.empty()) continue;
    if (std::find(known.begin(), known.end(), word) == known.end()) {
      const auto near = cli::near_misses(word, known);
      const std::string shown = escape_terminal(word);
      throw CLI::ValidationError(flag, near.empty() ? text(context.lang, kUnknown, shown)
                                                    : text(context.lang, kUnknownWord, shown, near.front()));
    }
    out.push_back(word);
  }
  return out;
}

void add_word_list(CLI::App& command, Context& context, const char* flag, const Message& help,
                   const std::function<void(const std::string&)>& take) {
  command.add_option_function<std::string>(flag, take, text(context.lang, help))
      ->type_name("LIST")
      ->allow_extra_args(false);
}

void add_filter_flags(CLI::App& command, Context& context, const std::shared_ptr<CarveChoice>& choice) {
  add_word_list(command, context, "--types", kTypesHelp, [&context, choice](const std::string& list) {
    choice->filter.types = words_of(context, "--types", list, format_type_words());
  });
  add_word_list(command, context, "--only", kOnlyHelp, [&context, choice](const std::string& list) {
    const std::vector<std::string> known = format_group_words();
    for (const std::string& word : words_of(context, "--only", list, known)) {
      const auto place = std::find(known.begin(), known.end(), word) - known.begin();
      choice->filter.groups.push_back(static_cast<FormatGroup>(place));
    }
  });
  const auto set_size = [&context, choice](const std::string& word) {
    const auto size = cli::parse_size(word);
    if (!size) throw CLI::ValidationError("--min-size", text(context.lang, kBadSize, escape_terminal(word)));
    choice->filter.min_size = *size;
  };
  command.add_option_function<std::string>("--min-size", set_size, text(context.lang, kMinSizeHelp))
      ->type_name("SIZE")
      ->allow_extra_args(false);
  command.add_flag("--embedded", choice->embedded, text(context.lang, kEmbeddedHelp));
  command.add_flag("--whole", choice->whole, text(context.lang, kWholeHelp));
}

}  // namespace

void add_carve(CLI::App& app, Context& context) {
  CLI::App& command =
      cli::add_command(app, context, "carve",
                       {kTitle,
                        kDetails,
                        {{"triage carve usb.img -o carved", kOne},
                         {"triage carve card.E01 -o out -q --json", kTwo},
                         {"triage carve pc.img -o out --only docs,mail --min-size 10K --embedded", kThree}}});
  cli::add_flags(
      command, context,
      {Flag::kEvidence, Flag::kOutput, Flag::kJson, Flag::kJobs, Flag::kMaxFile, Flag::kProgress, Flag::kDryRun});
  const auto choice = std::make_shared<CarveChoice>();
  add_filter_flags(command, context, choice);
  cli::on_run(command, context, [&context, choice] {
    cli::PlainSweep plan;
    plan.consumers.times = plan.consumers.parsers = false;
    plan.consumers.carving = *choice;
    plan.consumers.unpack = choice->embedded;
    plan.deleted = false;
    return cli::keep_files(context, plan, cli::FolderSink::Kept::kCarved);
  });
}

}  // namespace triage
