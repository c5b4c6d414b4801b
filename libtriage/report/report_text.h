// SPDX-License-Identifier: Apache-2.0
// The report's own sentences, Japanese and English, by stable id. Arguments are written {0}, {1} … in both languages.
// Words for codes of case.db (file.created, likely, truncated …) are in report_words.h.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace triage {

enum class ReportLanguage : std::uint8_t { kEnglish, kJapanese };
/// "ja" or "en"; anything else is kUsage.
Result<ReportLanguage> report_language(std::string_view code);

enum class Say : std::uint16_t {
  // cover
  kTitle,
  kSecrecy,
  kCoverNote,
  kCaseFolder,
  kOrganisation,
  kLeakType,
  kKnewTime,
  kCreatedAt,
  kToolVersion,
  kRevision,
  kRevisionText,
  kRevisionNone,
  kShownZone,
  kShownZoneText,
  kNotStated,
  kUnknown,
  kContents,
  kCountItems,
  kToContents,
  // summary
  kSummaryExamined,
  kSummaryUnfinished,
  kSummaryNoEvidence,
  kSummaryPeriod,
  kSummaryPeriodMost,
  kSummaryNoTime,
  kSummaryFindings,
  kSummaryNoFindings,
  kSummaryTop,
  kSummaryTopMore,
  kSummaryFiles,
  kSummaryNoDamage,
  kSummaryDamage,
  kSummaryEncrypted,
  kSummaryUnparsed,
  kSummaryCustodyBad,
  kSeverity,
  kSeeSection,
  kHowMany,
  // examined
  kExaminedIntro,
  kEvidenceNumber,
  kName,
  kFormat,
  kSize,
  kSizeBytes,
  kSha256,
  kIdentity,
  kState,
  kReadPeriod,
  kReadPeriodText,
  kVolumes,
  kVolumeNumber,
  kPlace,
  kPlaceText,
  kFileSystem,
  kLabel,
  kSerial,
  kDescription,
  kEncryption,
  kNoVolumes,
  kClockTitle,
  kClockNone,
  kClockRow,
  kClockAhead,
  kClockBehind,
  // findings
  kFindingsIntro,
  kFindingsCapped,
  kFindingsNone,
  kLikelihoodTable,
  kLikelihoodIntro,
  kWord,
  kBand,
  kAssessment,
  kLikelihood,
  kQuality,
  kWhen,
  kWhere,
  kWho,
  kWhat,
  kWhy,
  kHow,
  kFindingSpan,
  kWhyUnknown,
  kWhoUnknown,
  kWhenUnknown,
  kEvidenceFor,
  kRestsOnEvents,
  kRestsOnContent,
  kRestsOnFile,
  kFileTimes,
  kRestsOnNothing,
  kMoreEvents,
  kEventMissing,
  kRecoveredContent,
  kAlternatives,
  kLimits,
  kTechnique,
  kQuestion,
  kStep,
  kRule,
  kRuleDescription,
  kRuleReference,
  kMatchCount,
  kFindingId,
  // timeline
  kTimelineIntro,
  kTimelineRest,
  kTimelineUnknownZone,
  kTimelineNone,
  kDensity,
  kDensityCapped,
  kPeriod,
  kDayShown,
  kNoDate,
  kZoneNotRecorded,
  kZoneAssumed,
  kPrecisionNote,
  kRecord,
  kOwner,
  kRecovered,
  kPartial,
  kRestingFinding,
  kFamilyFiles,
  kFamilyUse,
  kFamilyPrograms,
  kFamilyBrowser,
  kFamilyLogs,
  kFamilyOther,
  kTotal,
  // files
  kFilesIntro,
  kFilesNone,
  kFilesCapped,
  kGradesTitle,
  kGrade,
  kMeaning,
  kPath,
  kMethod,
  kKept,
  kSurvive,
  kEmptyContent,
  kNoName,
  // damage
  kDamageIntro,
  kDamageNone,
  kDamageCapped,
  kDamageKind,
  kConsumer,
  kDamageAt,
  kDamageDetail,
  kDamageWhole,
  kGeneralLimits,
  kLimitUser,
  kLimitTime,
  kLimitAbsence,
  kLimitScope,
  // hashes
  kHashesIntro,
  kHashKind,
  kHashValue,
  kHashedFiles,
  kNoImageHash,
  kContainerMd5,
  kContainerSha1,
  kCustodyHead,
  // runs
  kRunsIntro,
  kChainOk,
  kChainBad,
  kRunsOpen,
  kRunsNone,
  kRunsCapped,
  kEntry,
  kEntryTime,
  kCommand,
  kRunHost,
  kRunOs,
  kRunUser,
  kRunOperator,
  kRunAuthority,
  kRunWriteBlock,
  kRunClock,
  kRunToolSha,
  kRunStart,
  kRunEnd,
  kRunExit,
  kRunInputs,
  kRunOutputs,
  kRunDamage,
  kRunSandbox,
  kRunMilliseconds,
  // checks
  kChecksIntro,
  kCheckImage,
  kCheckKept,
  kCheckCustody,
  kCheckEvent,
  kCheckCounts,
  kCheckFindings,
  kCheckLocator,
  // glossary
  kTerm,
  kCount
};

/// Words in both languages that only one place needs; they stand beside it. Both take the same number of arguments.
struct Both {
  std::string_view en;
  std::string_view ja;
  consteval Both(const char* english, const char* japanese) : en(english), ja(japanese) {
    if (arguments(en) != arguments(ja)) throw "the two languages take different arguments";
  }

 private:
  static constexpr int arguments(std::string_view text) {
    int count = 0;
    for (const char c : text) count += c == '{' ? 1 : 0;
    return count;
  }
};

/// A sentence in both languages.
struct Sentence {
  Say id;
  std::string_view en;
  std::string_view ja;
};
const Sentence& sentence(Say id);
/// The table in two parts, in the order of Say: cover to findings, timeline to glossary.
std::span<const Sentence> first_sentences();
std::span<const Sentence> last_sentences();

/// The sentences in one language.
class Phrases {
 public:
  explicit Phrases(ReportLanguage language) : language_(language) {}
  [[nodiscard]] ReportLanguage language() const { return language_; }
  [[nodiscard]] bool japanese() const { return language_ == ReportLanguage::kJapanese; }
  std::string_view operator()(Say id) const { return japanese() ? sentence(id).ja : sentence(id).en; }
  /// With arguments; more arguments than the sentence uses are fine.
  template <typename... Args>
  std::string operator()(Say id, const Args&... args) const {
    return fmt::format(fmt::runtime((*this)(id)), args...);
  }
  std::string_view operator()(const Both& both) const { return japanese() ? both.ja : both.en; }
  template <typename... Args>
  requires(sizeof...(Args) > 0) std::string operator()(const Both& both, const Args&... args) const {
    return fmt::format(fmt::runtime((*this)(both)), args...);
  }
  /// `ja` where the report is Japanese and it is not empty, else `en`.
  [[nodiscard]] std::string_view pick(std::string_view en, std::string_view ja) const {
    return japanese() && !ja.empty() ? ja : en.empty() ? ja : en;
  }

 private:
  ReportLanguage language_;
};

}  // namespace triage
