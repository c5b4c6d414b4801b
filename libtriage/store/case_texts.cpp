// SPDX-License-Identifier: Apache-2.0
#include "store/case_texts.h"

namespace triage {

std::string_view case_readme() {
  return R"text(このフォルダーは、情報漏えい事案1件の記録です。
中身は普通のファイルで、一般的な道具だけで確認できます。

  case.yaml                組織、関係者と役割、漏えいの類型、認識日時、表示用の時間帯、時計のずれ
  custody.jsonl            証拠保全の記録。1行が1件で、各行は前の行のハッシュ値を持つ
  1-… から 6-…             対応の6段階。各フォルダーの README.txt に入れるものを書いてある
  3-investigation/case.db  調査結果(SQLite)。ビュー evidence volumes files events findings damage exhibits tasks
  3-investigation/timeline.csv, timeline.jsonl.zst, findings.jsonl, damage.jsonl, files.csv   case.db からの書き出し
  3-investigation/recovered/ carved/   復元・抽出したファイル。名前は内容の SHA-256 の先頭32桁

確かめ方:
  取り出したファイル   sha256sum 3-investigation/recovered/ab/abcd….jpg  の先頭32桁が名前と同じこと
  証拠保全の記録       各行の "prev" が前の行(改行を除く)の SHA-256 と同じこと
                       sed -n 1p custody.jsonl | tr -d '\n' | sha256sum   が2行目の "prev" になる
  調査結果             sqlite3 -readonly 3-investigation/case.db 'PRAGMA integrity_check'
  タイムライン         zstd -dc 3-investigation/timeline.jsonl.zst | head
triage がある場合は  triage verify このフォルダー  が全部を確かめる(何も書き込まない)。

個人情報を含みます。取扱いは事案の担当者に限ってください。

----
This folder is the record of one information-leak case.
Everything in it is an ordinary file that can be checked with ordinary tools.

  case.yaml                organisation, people and roles, leak type, time of awareness, display zone, clock offsets
  custody.jsonl            chain of custody: one entry a line, each holds the hash of the line before it
  1-… to 6-…               the six steps of the response; each README.txt says what belongs there
  3-investigation/case.db  results (SQLite): views evidence volumes files events findings damage exhibits tasks
  3-investigation/timeline.csv, timeline.jsonl.zst, findings.jsonl, damage.jsonl, files.csv   rebuilt from case.db
  3-investigation/recovered/ carved/   recovered and carved files, named by the first 32 digits of their SHA-256

How to check:
  a kept file      the first 32 digits of  sha256sum 3-investigation/recovered/ab/abcd….jpg  are its name
  custody          "prev" of each line is the SHA-256 of the line before it, without its newline:
                   sed -n 1p custody.jsonl | tr -d '\n' | sha256sum   gives "prev" of line 2
  results          sqlite3 -readonly 3-investigation/case.db 'PRAGMA integrity_check'
  timeline         zstd -dc 3-investigation/timeline.jsonl.zst | head
With the toolkit at hand,  triage verify THIS_FOLDER  checks all of it and writes nothing.

It holds personal data. Keep it to the people who work on the case.
)text";
}

std::string_view step_readme(int step) {
  switch (step) {
    case 1:
      return "1 発見・報告\n第一報の様式、通報・受付の記録、発見時の写真や画面を入れます。\n\n"
             "1 Discovery and report\nFirst-report form, intake records, photos and screens as they were found.\n";
    case 2:
      return "2 初動対応\n証拠の取得記録、封じ込めの記録、してはいけないことの一覧を入れます。\n\n"
             "2 Initial response\nAcquisition records, the containment log, the list of things not to do.\n";
    case 3:
      return "3 調査\ncase.db と書き出し、復元・抽出したファイル、証拠資料を入れます。case.db は triage が書きます。\n"
             "手で加えるものは exhibits/ に置いてください。\n\n"
             "3 Investigation\ncase.db and its exports, recovered and carved files, exhibits. case.db is written by "
             "triage.\nPut what you add by hand under exhibits/.\n";
    case 4:
      return "4 通知・報告・公表\n期限、速報・確報の案、本人への通知、IPA・警察への届出、公表の案を入れます。\n\n"
             "4 Notification, report, publication\nDeadlines, drafts of the preliminary and final report, notices to "
             "persons, forms for IPA and police, publication draft.\n";
    case 5:
      return "5 抑制措置と復旧\n遮断する接続先・アカウント・機器の一覧、復旧の記録を入れます。\n\n"
             "5 Containment and recovery\nLists of addresses, accounts and devices to stop, and what was restored.\n";
    case 6:
      return "6 事後対応\n再発防止策、費用の見積り、教訓の一覧を入れます。\n\n"
             "6 Follow-up\nPrevention of recurrence, cost range, lessons.\n";
    default: return "";
  }
}

}  // namespace triage
