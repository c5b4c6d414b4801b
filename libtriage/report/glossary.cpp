// SPDX-License-Identifier: Apache-2.0
// The glossary of the report.
#include <array>

#include "report/report_words.h"

namespace triage {
namespace {

constexpr std::array kTerms = std::to_array<Term>({
    {"Evidence", "証拠", "A disk, image or folder that was read and never written.",
     "読み取りの対象としたディスク、イメージ、フォルダー。書き込みは行いません。"},
    {"Image", "イメージ", "A copy of a whole medium, byte by byte.",
     "媒体の内容を先頭から末尾までそのまま写したもの。"},
    {"Volume", "ボリューム", "A part of a medium that holds one file system.",
     "媒体の中の区切りで、一つのファイルシステムを収める部分。"},
    {"File system", "ファイルシステム", "The order in which names, times and content of files are kept.",
     "ファイルの名前、時刻、内容を管理する仕組み(NTFS、FAT など)。"},
    {"Event", "出来事", "One recorded time of one thing, with its place in the evidence.",
     "一つの物事について記録された一つの時刻。証拠の中の位置とともに示します。"},
    {"Finding", "所見", "A claim that a rule draws from events or from content.",
     "規則が出来事や内容から導いた主張。可能性、証拠の質、ほかの説明を併せて示します。"},
    {"Damage", "損傷", "What could not be read, with place and reason.",
     "読み取れなかったもの。場所と理由を示します。"},
    {"Locator", "位置の表記", "Address of bytes in the evidence, the same on every machine.",
     "証拠の中のバイトの所在。どの機械でも同じ表記になります。"},
    {"SHA-256", "SHA-256", "A check value of 64 hexadecimal digits that changes with the content.",
     "内容から計算する 16 進 64 桁の値。内容が変わると値も変わります。"},
    {"Deleted file", "削除されたファイル", "A file whose entry is marked as free; its content may still be there.",
     "管理情報の上で削除済みとされたファイル。内容が残っていることがあります。"},
    {"Carving", "抽出(カービング)", "Finding files by their content alone, without name or time.",
     "名前や時刻の記録によらず、内容の特徴からファイルを見つけること。"},
    {"Unallocated space, slack", "未割当て領域・余り領域", "Parts of a volume that belong to no file at present.",
     "現在どのファイルにも属していない部分。以前の内容が残ることがあります。"},
    {"Change journal", "変更履歴(USN ジャーナル)", "A list that NTFS keeps of changes to files.",
     "NTFS がファイルの作成・変更・削除などを順に記録したもの。"},
    {"Shortcut (LNK)", "ショートカット(LNK)",
     "A small file that Windows makes when a file is opened; it names the target and its volume.",
     "ファイルを開いたときなどに Windows が作る小さなファイル。対象とそのボリュームが記録されます。"},
    {"Prefetch", "プリフェッチ", "Notes that Windows keeps of programs that were run.",
     "Windows が実行したプログラムについて残す記録。"},
    {"Recycle bin record", "ごみ箱の記録", "Says which file was put into the bin, from where and when.",
     "どのファイルが、どこから、いつごみ箱に移されたかの記録。"},
    {"SID", "SID", "The number of an account in Windows.",
     "Windows でアカウントに付く識別番号。人を示すものではありません。"},
    {"UTC", "UTC(協定世界時)", "World time. Japan is nine hours ahead (+09:00).",
     "世界共通の時刻。日本時間はこれより 9 時間進んでいます(+09:00)。"},
    {"Custody log", "保管記録", "A log of runs and hand-overs in which each entry holds the hash of the one before.",
     "実行と受渡しの記録。各記録が直前の記録のハッシュ値を含むため、途中の改変を検出できます。"},
    {"5W1H", "5W1H", "When, where, who, what, why, how.", "いつ・どこで・だれが・何を・なぜ・どのように。"},
    {"ATT&CK", "ATT&CK", "A public list of techniques of attackers, by MITRE.", "MITRE が公開する攻撃手法の一覧。"},
});

}  // namespace

std::span<const Term> glossary() { return kTerms; }

}  // namespace triage
