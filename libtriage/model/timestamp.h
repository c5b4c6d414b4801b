// SPDX-License-Identifier: Apache-2.0
// Timestamp: one stamp as its source gave it. What is unknown stays unknown: a zero or impossible stamp is a status.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace triage {

/// What a stamp means; one event can carry several.
enum class Meaning : std::uint8_t {
  kCreated,
  kModified,
  kAccessed,
  kChanged,
  kDeleted,
  kRun,
  kLogged,
  kConnected,
  kDisconnected,
  kVisited,
  kDownloadStarted,
  kDownloadEnded,
  kSent,
  kReceived,
  kFirstSeen,
  kLastSeen,
  kPrinted,
  kInstalled,
  kStarted,
  kEnded,
  kSearched,
  kTypedLast,
  kSynced,
  kBackedUp,
  kOther,
};
inline constexpr std::size_t kMeaningCount = static_cast<std::size_t>(Meaning::kOther) + 1;

/// "created", "modified" … the word in outputs.
std::string_view meaning_name(Meaning meaning);

/// A set of meanings, printed in enum order with commas.
class MeaningSet {
 public:
  MeaningSet() = default;
  MeaningSet(Meaning one) { add(one); }  // NOLINT(google-explicit-constructor): one meaning is a set
  MeaningSet(std::initializer_list<Meaning> several) {
    for (const Meaning one : several) add(one);
  }
  void add(Meaning one) { bits_ |= 1U << static_cast<unsigned>(one); }
  [[nodiscard]] bool has(Meaning one) const { return (bits_ & (1U << static_cast<unsigned>(one))) != 0; }
  [[nodiscard]] std::uint32_t bits() const { return bits_; }
  static MeaningSet from_bits(std::uint32_t bits) {
    MeaningSet out;
    out.bits_ = bits & ((1U << kMeaningCount) - 1);
    return out;
  }
  [[nodiscard]] std::string text() const;
  bool operator==(const MeaningSet&) const = default;

 private:
  std::uint32_t bits_ = 0;
};

/// Which clock the stamp was written by.
enum class TimeBasis : std::uint8_t { kUnknown, kUtc, kLocalKnown, kLocalAssumed };
std::string_view basis_name(TimeBasis basis);

/// Smallest step the source can tell apart.
enum class Precision : std::uint8_t {
  kUnknown,
  kNanosecond,
  kHundredNanoseconds,
  kMicrosecond,
  kMillisecond,
  kTenMilliseconds,
  kSecond,
  kTwoSeconds,
  kMinute,
  kDay
};
std::string_view precision_name(Precision precision);
/// Digits of the second's fraction worth printing.
int precision_digits(Precision precision);

enum class TimeStatus : std::uint8_t {
  kOk,
  kNotSet,      ///< the format's own "no time": zero or all ones
  kOutOfRange,  ///< a value that no date fits, or outside 1677–2262
};

struct Timestamp {
  std::optional<std::int64_t> utc_nanos;  ///< ns since 1970 UTC; for local times: as if local were UTC until shifted
  Precision precision = Precision::kUnknown;
  TimeBasis basis = TimeBasis::kUnknown;
  TimeStatus status = TimeStatus::kNotSet;
  std::string raw;  ///< the value as found, e.g. "0x01d7…" or the log's own text

  /// "2024-05-01T10:00:00.1234567Z", with the digits the precision gives; nullopt without a time.
  [[nodiscard]] std::optional<std::string> text() const;
  bool operator==(const Timestamp&) const = default;
};

Timestamp from_filetime(std::uint64_t filetime);
Timestamp from_unix(std::int64_t seconds, std::uint32_t nanos = 0, Precision precision = Precision::kSecond);
Timestamp from_unix_micros(std::int64_t micros);
Timestamp from_webkit(std::int64_t micros);
/// Local time without a zone: basis unknown until someone knows the zone.
Timestamp from_dos(std::uint16_t date, std::uint16_t time, std::uint8_t centiseconds = 0,
                   Precision precision = Precision::kTwoSeconds);

}  // namespace triage
