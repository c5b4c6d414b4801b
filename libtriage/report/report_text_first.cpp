// SPDX-License-Identifier: Apache-2.0
// Sentences of the report: cover, summary, examined, findings.
#include <array>

#include "report/report_text.h"

namespace triage {
namespace {

constexpr std::array kSentences = std::to_array<Sentence>({
    // cover
    {Say::kTitle, "Triage report on digital evidence", "デジタル証拠 一次調査報告書"},
    {Say::kSecrecy, "CONFIDENTIAL – for the persons concerned only", "取扱注意・関係者外秘"},
    {Say::kCoverNote,
     "This report was made by a program from the records of the case. It states what the records show and "
     "how sure that is; it draws no legal conclusion.",
     "この報告書は、事案の記録からプログラムが作成したものです。記録から分かることと、その確からしさを述べ"
     "るもので、法的な結論は述べません。"},
    {Say::kCaseFolder, "Case folder", "事案フォルダー"},
    {Say::kOrganisation, "Organisation", "組織"},
    {Say::kLeakType, "Type of leak", "漏えいの類型"},
    {Say::kKnewTime, "Time of knowledge (start of the legal clock)", "知った日時(期限の起算)"},
    {Say::kCreatedAt, "Report made", "作成日時"},
    {Say::kToolVersion, "Program", "作成プログラム"},
    {Say::kRevision, "Revision", "版"},
    {Say::kRevisionText, "custody log with {0} entries, last entry SHA-256 {1}",
     "保管記録 {0} 件、最終記録の SHA-256 {1}"},
    {Say::kRevisionNone, "the custody log has no entries yet", "保管記録はまだありません"},
    {Say::kShownZone, "Times are shown in", "時刻の表示"},
    {Say::kShownZoneText, "{0}, UTC beside it in brackets", "{0}。括弧内に協定世界時(UTC)を併記"},
    {Say::kNotStated, "not stated", "記載なし"},
    {Say::kUnknown, "unknown", "不明"},
    {Say::kContents, "Contents", "目次"},
    {Say::kCountItems, "{0}", "{0} 件"},
    {Say::kToContents, "back to the contents", "目次へ戻る"},
    // summary
    {Say::kSummaryExamined,
     "{0} evidence item(s) of {1} in total were read. They gave {2} volume(s), {3} file entries and {4} "
     "recorded events.",
     "証拠 {0} 点(合計 {1})を読み取り、ボリューム {2} 個、ファイル等の記録 {3} 件、出来事の記録 {4} 件を得"
     "ました。"},
    {Say::kSummaryUnfinished, "{0} evidence item(s) are not finished: what follows is an interim state.",
     "証拠 {0} 点の読み取りが終わっていません。以下は途中の状態です。"},
    {Say::kSummaryNoEvidence, "No evidence has been read into this case yet.",
     "この事案には、まだ証拠が読み込まれていません。"},
    {Say::kSummaryPeriod, "The events are dated from {0} to {1}.", "出来事の日付は {0} から {1} までです。"},
    {Say::kSummaryPeriodMost, "The events are dated from {0} to {1}; nine tenths of them lie between {2} and {3}.",
     "出来事の日付は {0} から {1} までです。そのうち 9 割は {2} から {3} までに入ります。"},
    {Say::kSummaryNoTime, "{0} event(s) carry no usable time.", "使える時刻のない出来事が {0} 件あります。"},
    {Say::kSummaryFindings, "{0} finding(s) were drawn from the records:", "記録から得られた所見は {0} 件です。"},
    {Say::kSummaryNoFindings,
     "No finding was drawn. What was searched: the {0} events and {1} file entries of the evidence listed "
     "in section 5, with the rules named in section 19. This does not show that nothing happened outside "
     "of them.",
     "所見は得られませんでした。調べた範囲は、第 5 章の証拠から得た出来事 {0} 件とファイル等の記録 {1} 件"
     "、用いた規則は第 19 章のとおりです。この範囲の外で何も起きなかったことを示すものではありません。"},
    {Say::kSummaryTop, "The most important findings", "主な所見"},
    {Say::kSummaryTopMore, "All {0} findings are in section 10.", "所見 {0} 件はすべて第 10 章と case.db にあります。"},
    {Say::kSummaryFiles,
     "Deleted files: {0} record(s), of which the content of {1} was kept; {2} of all are judged complete. "
     "Carved by content alone: {3}.",
     "削除されたファイルの記録は {0} 件で、そのうち {1} 件の内容を取り出して保存しました(内容の残り方が「"
     "完全」のものは {2} 件)。名前の記録がなく、内容だけから抽出したものは {3} 件です。"},
    {Say::kSummaryNoDamage, "Nothing was recorded as unreadable. This holds for what was examined (section 5).",
     "読み取れなかった箇所の記録はありません。これは調べた範囲(第 5 章)についての記述です。"},
    {Say::kSummaryDamage,
     "{0} place(s) could not be read or were left out. What lies there may contain further traces.",
     "読み取れなかった、または対象から外れた箇所が {0} 件あります。そこに別の痕跡が含まれている可能性があ"
     "ります。"},
    {Say::kSummaryEncrypted, "{0} volume(s) are encrypted or look so. Their content was not examined.",
     "暗号化されている、またはその疑いがあるボリュームが {0} 個あります。その内容は調べていません。"},
    {Say::kSummaryUnparsed,
     "{0} volume(s) have a file system that was not read. Names and times of their files are missing "
     "here; the bytes were searched as a whole.",
     "ファイルシステムを読み取れなかったボリュームが {0} 個あります。そのファイルの名前と時刻はこの報告書"
     "に含まれません。内容はバイト列として検索しました。"},
    {Say::kSummaryCustodyBad, "The custody log does not fit its chain: {0}", "保管記録の連鎖が一致しません: {0}"},
    {Say::kSeverity, "Severity", "重要度"},
    {Say::kSeeSection, "See section {0}", "第 {0} 章を参照"},
    {Say::kHowMany, "Count", "件数"},
    // examined
    {Say::kExaminedIntro,
     "Evidence is opened for reading only. Each item is named by its content, so that the same item gets "
     "the same number on any machine.",
     "証拠は読み取り専用で開いています。各証拠には内容から決まる番号が付くため、どの機械で読み取っても同じ"
     "番号になります。"},
    {Say::kEvidenceNumber, "Evidence number", "証拠番号"},
    {Say::kName, "Name", "名称"},
    {Say::kFormat, "Format", "形式"},
    {Say::kSize, "Size", "大きさ"},
    {Say::kSizeBytes, "{0} bytes ({1})", "{0} バイト({1})"},
    {Say::kSha256, "SHA-256", "SHA-256"},
    {Say::kIdentity, "Identified by", "同一性の根拠"},
    {Say::kState, "State", "状態"},
    {Say::kReadPeriod, "Read", "読み取り"},
    {Say::kReadPeriodText, "{0} to {1}", "{0} から {1} まで"},
    {Say::kVolumes, "Volumes", "ボリューム"},
    {Say::kVolumeNumber, "No.", "番号"},
    {Say::kPlace, "Place in bytes", "位置(バイト)"},
    {Say::kPlaceText, "at {0}, length {1}", "位置 {0}、長さ {1}"},
    {Say::kFileSystem, "File system", "ファイルシステム"},
    {Say::kLabel, "Label", "ラベル"},
    {Say::kSerial, "Serial number", "シリアル番号"},
    {Say::kDescription, "Partition", "区画"},
    {Say::kEncryption, "Encryption", "暗号化"},
    {Say::kNoVolumes, "No volume was recognised.", "ボリュームは認識されませんでした。"},
    {Say::kClockTitle, "Clocks", "時計"},
    {Say::kClockNone,
     "No comparison of the device clocks with true time is recorded. Times are shown as the devices wrote "
     "them.",
     "機器の時計と正しい時刻との比較は記録されていません。時刻は機器が記録したとおりに示します。"},
    {Say::kClockRow, "{0}: {1} s {2}, source: {3}. Times in this report are not corrected.",
     "{0}: {1} 秒{2}。根拠: {3}。この報告書の時刻は補正していません。"},
    {Say::kClockAhead, "ahead", "進み"},
    {Say::kClockBehind, "behind", "遅れ"},
    // findings
    {Say::kFindingsIntro,
     "Each finding states a claim, the events it rests on, how likely it is, how good the evidence is, "
     "what else could explain it and what it cannot show.",
     "各所見は、主張、その根拠となる出来事、可能性の程度、証拠の質、ほかに考えられる説明、分からないことの"
     "順に示します。"},
    {Say::kFindingsCapped,
     "{0} of {1} findings are shown, the severest first. The others are in findings.jsonl and case.db.",
     "所見 {1} 件のうち、重要度の高い順に {0} 件を示します。残りは findings.jsonl と case.db にあります。"},
    {Say::kFindingsNone, "No finding was drawn from the records examined.",
     "調べた記録から、所見は得られませんでした。"},
    {Say::kLikelihoodTable, "Words of likelihood", "可能性を表す言葉"},
    {Say::kLikelihoodIntro,
     "The report uses these words in these bands (after ICD 203). They say how likely the claim is. The "
     "quality of the evidence is stated apart from it: high, medium or low by the number of independent "
     "sources, their directness and integrity.",
     "この報告書では、可能性を次の言葉と幅で表します(ICD 203 に準拠)。主張がどの程度ありそうかを示すもので"
     "す。証拠の質は別に「高・中・低」で示し、独立した情報源の数、直接さ、完全性によります。"},
    {Say::kWord, "Word", "言葉"},
    {Say::kBand, "Band", "幅"},
    {Say::kAssessment, "Assessment", "評価"},
    {Say::kLikelihood, "Likelihood", "可能性"},
    {Say::kQuality, "Quality of evidence", "証拠の質"},
    {Say::kWhen, "When", "いつ"},
    {Say::kWhere, "Where", "どこで"},
    {Say::kWho, "Who", "だれが"},
    {Say::kWhat, "What", "何を"},
    {Say::kWhy, "Why", "なぜ"},
    {Say::kHow, "How", "どのように"},
    {Say::kFindingSpan, "{0} to {1}", "{0} から {1} まで"},
    {Say::kWhyUnknown, "unknown – the records do not tell the reason", "不明(記録からは理由は分かりません)"},
    {Say::kWhoUnknown, "unknown – no account is recorded", "不明(アカウントの記録がありません)"},
    {Say::kWhenUnknown, "unknown – the place carries no time of its own", "不明(この箇所自体に時刻の記録がありません)"},
    {Say::kEvidenceFor, "Evidence", "根拠"},
    {Say::kRestsOnEvents, "It rests on {0} event(s):", "次の出来事 {0} 件に基づきます。"},
    {Say::kRestsOnContent, "It rests on the content at this place:", "次の箇所の内容に基づきます。"},
    {Say::kRestsOnFile,
     "The file that holds this content has {0} event(s):", "この内容を持つファイルの出来事は {0} 件です。"},
    {Say::kFileTimes, "times of the file that holds it: {0}", "この内容を持つファイルの時刻: {0}"},
    {Say::kRestsOnNothing, "No event or place is named.", "出来事や箇所の記載はありません。"},
    {Say::kMoreEvents, "and {0} more, listed in findings.jsonl and case.db.",
     "ほか {0} 件は findings.jsonl と case.db にあります。"},
    {Say::kEventMissing, "this event is not in case.db", "この出来事は case.db にありません"},
    {Say::kRecoveredContent, "The content comes from a deleted file, slack or unallocated space.",
     "削除されたファイル、余り領域、または未割当て領域の内容です。"},
    {Say::kAlternatives, "Other explanations", "ほかに考えられる説明"},
    {Say::kLimits, "Limits", "分からないこと・限界"},
    {Say::kTechnique, "ATT&CK technique", "ATT&CK 手法"},
    {Say::kQuestion, "Question it answers", "立証趣旨(答える問い)"},
    {Say::kStep, "Step it feeds", "関係する段階"},
    {Say::kRule, "Rule", "規則"},
    {Say::kRuleDescription, "What the rule looks for", "規則が探すもの"},
    {Say::kRuleReference, "Reference of the rule", "規則の出典"},
    {Say::kMatchCount, "Matches", "一致した箇所"},
    {Say::kFindingId, "Finding number", "所見番号"},
});

constexpr bool in_order() {
  for (std::size_t i = 0; i < kSentences.size(); ++i) {
    const std::size_t id = static_cast<std::size_t>(Say::kTitle) + i;
    if (kSentences[i].id != static_cast<Say>(id) || kSentences[i].en.empty() || kSentences[i].ja.empty()) return false;
  }
  return true;
}
static_assert(in_order());

}  // namespace

std::span<const Sentence> first_sentences() { return kSentences; }

}  // namespace triage
