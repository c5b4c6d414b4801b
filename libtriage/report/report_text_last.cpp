// SPDX-License-Identifier: Apache-2.0
// Sentences of the report: timeline, files, damage, hashes, runs, checks, glossary.
#include <array>

#include "report/report_text.h"

namespace triage {
namespace {

constexpr std::array kSentences = std::to_array<Sentence>({
    // timeline
    {Say::kTimelineIntro,
     "{0} events are recorded; {1} of them are shown here. Taken in this order until the number is "
     "reached: events that findings rest on; records of programs and logs (browser, shortcuts, recycle "
     "bin, prefetch …); changes of files in user folders and of deleted files; changes of other files "
     "outside system folders; everything else except records about files of the operating system, which "
     "are left out here. Within a group later events come first. Records that say the same of the same "
     "file share a row.",
     "出来事の記録は {0} 件で、そのうち {1} 件を示します。選び方は次の順で、上限に達するまで採ります。所見"
     "の根拠となる出来事、プログラムやログの記録(ブラウザー、ショートカット、ごみ箱、プリフェッチなど)、利"
     "用者フォルダーのファイルと削除されたファイルの変化、システムフォルダー以外のファイルの変化、その他。"
     "基本ソフト(OS)自体のファイルの記録はここでは省きます。同じ組の中では新しいものを優先し、同じファイル"
     "について同じ内容を示す記録は 1 行にまとめています。"},
    {Say::kTimelineRest,
     "All events are in timeline.csv (spreadsheet), timeline.jsonl.zst and case.db. Long texts end in “…” "
     "here; they are whole there.",
     "すべての出来事は timeline.csv(表計算用)、timeline.jsonl.zst、case.db にあります。長い文字列はここで"
     "は末尾を「…」で省略しており、全文はそれらのファイルで確認できます。"},
    {Say::kTimelineUnknownZone,
     "Where a source records a local time without its zone (FAT for instance), the reading is shown as it "
     "stands, marked “zone not recorded”, and sorted as if it were {0}.",
     "時間帯の記録がない時刻(FAT など)は、読み取った値のまま「時間帯の記録なし」と付けて示し、{0} の時刻と"
     "みなして並べています。"},
    {Say::kTimelineNone, "No events are recorded.", "出来事の記録はありません。"},
    {Say::kDensity, "Events by period", "期間ごとの件数"},
    {Say::kDensityCapped, "The busiest {0} of {1} periods are shown.",
     "全 {1} 期間のうち、件数の多い {0} 期間を示します。"},
    {Say::kPeriod, "Period", "期間"},
    {Say::kDayShown, "{0} of {1} events of this day are shown.", "この日の出来事 {1} 件のうち {0} 件を示します。"},
    {Say::kNoDate, "Without a usable time", "使える時刻のないもの"},
    {Say::kZoneNotRecorded, "zone not recorded", "時間帯の記録なし"},
    {Say::kZoneAssumed, "zone assumed", "時間帯は仮定"},
    {Say::kPrecisionNote, "recorded to {0}", "記録の細かさ {0}"},
    {Say::kRecord, "Record", "記録"},
    {Say::kOwner, "owner {0}", "所有者 {0}"},
    {Say::kRecovered, "recovered", "復元"},
    {Say::kPartial, "partly read", "一部のみ"},
    {Say::kRestingFinding, "finding {0}", "所見 {0}"},
    {Say::kFamilyFiles, "file records", "ファイルの記録"},
    {Say::kFamilyUse, "shortcuts, recycle bin", "ショートカット・ごみ箱"},
    {Say::kFamilyPrograms, "programs run", "プログラムの実行"},
    {Say::kFamilyBrowser, "browser", "ブラウザー"},
    {Say::kFamilyLogs, "logs and settings", "ログ・設定"},
    {Say::kFamilyOther, "other", "その他"},
    {Say::kTotal, "total", "合計"},
    // files
    {Say::kFilesIntro,
     "Deleted files are found by what the file system still says of them; carved files by their content "
     "alone, without name or time. Kept content lies under 3-investigation/recovered/ and carved/, named "
     "by its SHA-256.",
     "削除されたファイルは、ファイルシステムに残る記録から見つけたものです。抽出されたファイルは内容だけか"
     "ら見つけたもので、名前と時刻はありません。取り出した内容は 3-investigation/recovered/ と carved/ "
     "に、SHA-256 から付けた名前で保存しています。"},
    {Say::kFilesNone, "No deleted or carved file was found in the volumes listed in section 5 that could be read.",
     "第 5 章のボリュームのうち読み取れたものからは、削除・抽出されたファイルは見つかりませんでした。"},
    {Say::kFilesCapped, "{0} of {1} are shown, kept content first; all are in files.csv and case.db.",
     "{1} 件のうち、内容を保存したものから順に {0} 件を示します。すべては files.csv と case.db にあります"
     "。"},
    {Say::kGradesTitle, "How well the content survives", "内容の残り方"},
    {Say::kGrade, "State of the content", "内容の状態"},
    {Say::kMeaning, "Meaning", "意味"},
    {Say::kPath, "Path", "パス"},
    {Say::kMethod, "Found by", "見つけ方"},
    {Say::kKept, "Kept copy", "保存した内容"},
    {Say::kSurvive, "{0} % of the blocks are left", "ブロックの {0} % が残存"},
    {Say::kEmptyContent, "empty (0 bytes)", "空(0 バイト)"},
    {Say::kNoName, "(no name: found by content)", "(名前なし: 内容から抽出)"},
    // damage
    {Say::kDamageIntro,
     "What could not be read is listed here with its place and reason. “Not found” elsewhere in this "
     "report means: not found in what could be read.",
     "読み取れなかったものを、場所と理由とともに示します。この報告書のほかの箇所で「見つからなかった」とあ"
     "るのは、読み取れた範囲で見つからなかったという意味です。"},
    {Say::kDamageNone, "Nothing was recorded as damaged, unreadable or left out in the evidence listed in section 5.",
     "第 5 章の証拠について、破損、読み取り不能、対象外の記録はありません。"},
    {Say::kDamageCapped, "{0} of {1} are shown; all are in damage.jsonl and case.db.",
     "{1} 件のうち {0} 件を示します。すべては damage.jsonl と case.db にあります。"},
    {Say::kDamageKind, "Kind", "種類"},
    {Say::kConsumer, "Part of the program", "処理"},
    {Say::kDamageAt, "Place", "場所"},
    {Say::kDamageDetail, "Detail as recorded", "記録された詳細(原文は英語)"},
    {Say::kDamageWhole, "whole item", "全体"},
    {Say::kGeneralLimits, "Limits that hold for every report", "共通の限界"},
    {Say::kLimitUser,
     "An account name or a SID names an account, not a person. Who used it must be shown by other means.",
     "アカウント名や SID が示すのはアカウントであり、人ではありません。だれが使ったかは別の方法で示す必要"
     "があります。"},
    {Say::kLimitTime,
     "Times depend on the clock of the device and can be changed. A time stamp alone does not show that "
     "something happened then.",
     "時刻は機器の時計により、変更することもできます。時刻の記録だけで、その時に起きたことが示されるわけで"
     "はありません。"},
    {Say::kLimitAbsence,
     "Traces can be overwritten, switched off or removed. The absence of a trace does not show that "
     "nothing happened.",
     "痕跡は上書き、無効化、消去されることがあります。痕跡がないことは、何も起きなかったことを示しません。"},
    {Say::kLimitScope,
     "Only the evidence listed in section 5 was examined; other devices, servers, cloud services and "
     "network records were not, unless they are listed.",
     "調べたのは第 5 章の証拠だけです。そこに挙げていない機器、サーバー、クラウドサービス、通信の記録は調"
     "べていません。"},
    // hashes
    {Say::kHashesIntro, "The SHA-256 of an item changes when any byte of it changes. Same value, same content.",
     "SHA-256 は、内容が 1 バイトでも変わると別の値になります。値が同じなら内容は同じとみなせます。"},
    {Say::kHashKind, "Kind", "種類"},
    {Say::kHashValue, "Value", "値"},
    {Say::kHashedFiles,
     "Files with a SHA-256 of their content: {0} of {1} file entries with content. The list is in "
     "files.csv and in the view “files” of case.db.",
     "内容の SHA-256 を取ったもの: 内容のあるファイル等 {1} 件のうち {0} 件。一覧は files.csv と case.db "
     "のビュー「files」にあります。"},
    {Say::kNoImageHash, "not taken in this run", "この実行では取得していません"},
    {Say::kContainerMd5, "MD5 stored in the image file", "イメージに格納された MD5"},
    {Say::kContainerSha1, "SHA-1 stored in the image file", "イメージに格納された SHA-1"},
    {Say::kCustodyHead, "Last entry of the custody log", "保管記録の最終記録"},
    // runs
    {Say::kRunsIntro,
     "Each run of the program and each hand-over is an entry of custody.jsonl; every entry holds the hash "
     "of the one before.",
     "プログラムの実行や証拠の受渡しは、その都度 custody.jsonl に記録されます。各記録は直前の記録のハッシ"
     "ュ値を含みます。"},
    {Say::kChainOk,
     "The chain of {0} entries was checked and is whole. Before the case is sealed this does not protect "
     "against someone who can rewrite the log and the case database together.",
     "記録 {0} 件の連鎖を確認し、一致しました。ただし封印前は、記録とデータベースの両方を書き換えられる者"
     "による改変までは検出できません。"},
    {Say::kChainBad, "The chain of entries does not fit: {0}", "記録の連鎖が一致しません: {0}"},
    {Say::kRunsOpen, "The run that made this report was still going on then; its end is recorded after it.",
     "この報告書を作成した実行は作成時点で続いており、その終了は報告書の後に記録されます。"},
    {Say::kRunsNone, "The custody log holds no run yet.", "保管記録に実行の記録はまだありません。"},
    {Say::kRunsCapped, "The last {0} of {1} entries are shown.", "全 {1} 件のうち、最後の {0} 件を示します。"},
    {Say::kEntry, "Entry {0}: {1}", "記録 {0}: {1}"},
    {Say::kEntryTime, "Recorded", "記録日時"},
    {Say::kCommand, "Command", "コマンド"},
    {Say::kRunHost, "Host", "実行した機器"},
    {Say::kRunOs, "Operating system", "OS"},
    {Say::kRunUser, "User", "利用者"},
    {Say::kRunOperator, "Operator", "操作者"},
    {Say::kRunAuthority, "Authority", "許可した者"},
    {Say::kRunWriteBlock, "Write protection", "書込み防止"},
    {Say::kRunClock, "Clock offset of the host", "実行機器の時計のずれ"},
    {Say::kRunToolSha, "SHA-256 of the program", "プログラムの SHA-256"},
    {Say::kRunStart, "Start", "開始"},
    {Say::kRunEnd, "End", "終了"},
    {Say::kRunExit, "Exit status", "終了状態"},
    {Say::kRunInputs, "Inputs", "入力"},
    {Say::kRunOutputs, "Outputs", "出力"},
    {Say::kRunDamage, "Damage by kind", "種類ごとの損傷"},
    {Say::kRunSandbox, "Protection layers this host did not offer", "この機器で使えなかった保護"},
    {Say::kRunMilliseconds, "{0} ms ({1})", "{0} ミリ秒({1})"},
    // checks
    {Say::kChecksIntro,
     "These commands need only ordinary tools, in a copy of the case folder. Values are those of this "
     "case.",
     "次のコマンドは一般的な道具だけで動きます。事案フォルダーの写しの中で実行してください。値はこの事案の"
     "ものです。"},
    {Say::kCheckImage,
     "Is the image the one that was examined? The first column must be the value given in section 18.",
     "調べたイメージと同じものか。最初の列が第 18 章の値と一致することを確かめます。"},
    {Say::kCheckKept, "Is a kept file unchanged? The result must begin with the name of the file.",
     "保存したファイルが変わっていないか。結果の先頭がファイル名と一致することを確かめます。"},
    {Say::kCheckCustody,
     "Is the custody log the one of this report? The result must be the value of the cover if the log was "
     "not continued since.",
     "保管記録はこの報告書のものか。その後に記録が追加されていなければ、結果は表紙の値と一致します。"},
    {Say::kCheckEvent, "What exactly does an event of this report rest on?",
     "この報告書の出来事は、正確には何に基づくか。"},
    {Say::kCheckCounts, "Do the numbers of this report agree with the case?",
     "この報告書の件数は事案の記録と一致するか。"},
    {Say::kCheckFindings, "Which findings are there?", "どのような所見があるか。"},
    {Say::kCheckLocator,
     "A locator names evidence, stream and byte offset, for example {0}: evidence number, then volume "
     "offset, inode and attribute, then the offset inside.",
     "位置の表記は、証拠番号、ストリーム(ボリュームの位置、inode、属性)、その中のバイト位置の順です(例: {0"
     "})。"},
    // glossary
    {Say::kTerm, "Term", "用語"},
});

constexpr bool in_order() {
  for (std::size_t i = 0; i < kSentences.size(); ++i) {
    const std::size_t id = static_cast<std::size_t>(Say::kTimelineIntro) + i;
    if (kSentences[i].id != static_cast<Say>(id) || kSentences[i].en.empty() || kSentences[i].ja.empty()) return false;
  }
  return true;
}
static_assert(in_order());

}  // namespace

std::span<const Sentence> last_sentences() { return kSentences; }

}  // namespace triage
