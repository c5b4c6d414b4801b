// SPDX-License-Identifier: Apache-2.0
// Records of the NTFS change journal ($UsnJrnl:$J) that follow one another. A page ends in zeros where the next record
// did not fit.      record := length(le32) version(le16: 2, 3, 4) … usn time reason … name_length name_offset name pad8
// Spec: Microsoft Learn "USN_RECORD_V2", "USN_RECORD_V3"; page rule: libyal/libfsntfs "USN change journal".
#include "carve/carve_result.h"
#include "formats/peek.h"

namespace triage {

extern const Carver usn_records;

namespace {

using namespace std::string_view_literals;
constexpr std::uint64_t kPage = 4096;
constexpr int kFewest = 4;

/// Length of the record at `at`; 0 where there is none.
std::uint64_t record_length(Bytes data, std::uint64_t at) {
  const std::uint64_t length = le_at<std::uint32_t>(data, at);
  const auto major = le_at<std::uint16_t>(data, at + 4);
  if (length < 60 || length > 1024 || length % 8 != 0 || (major != 2 && major != 3)) return 0;
  if (le_at<std::uint16_t>(data, at + 6) != 0) return 0;
  const std::uint64_t shift = major == 2 ? 0 : 16;
  const auto time = le_at<std::uint64_t>(data, at + 32 + shift);
  const std::uint64_t name_length = le_at<std::uint16_t>(data, at + 56 + shift);
  const std::uint64_t name_at = le_at<std::uint16_t>(data, at + 58 + shift);
  const bool named = name_at == 60 + shift && name_length >= 2 && name_length % 2 == 0 &&
                     name_at + name_length <= length && length - name_at - name_length < 8;
  constexpr std::uint64_t k1990 = 122725152000000000ULL;
  constexpr std::uint64_t k2100 = 157469184000000000ULL;
  return named && time > k1990 && time < k2100 ? length : 0;
}

CarveResult validate(Bytes data) {
  std::uint64_t at = 0;
  std::uint64_t last = 0;  // change numbers grow by at least the length
  int records = 0;
  while (holds(data, at, 64)) {
    const std::uint64_t length = record_length(data, at);
    if (length == 0) {
      const std::uint64_t rest = kPage - at % kPage;
      if (rest == kPage || rest > 1024 || !holds(data, at, rest) || !is_filled(part(data, at, rest), 0)) break;
      if (record_length(data, at + rest) == 0) break;
      at += rest;
      continue;
    }
    const bool third = le_at<std::uint16_t>(data, at + 4) == 3;
    const auto number = le_at<std::uint64_t>(data, at + (third ? 40U : 24U));
    if (records > 0 && (number <= last || number - last > 1U << 20)) break;
    if (!holds(data, at, length)) return records >= kFewest ? carve_more(data, "usn") : CarveResult{};
    last = number;
    at += length;
    ++records;
  }
  if (records < kFewest) return {};
  return holds(data, at, 64) ? carve_part(at, "usn") : carve_more(data, "usn");
}

constexpr CarveMagic kMagics[] = {{4, "\2\0\0\0"sv}, {4, "\3\0\0\0"sv}};
constexpr std::string_view kReferences[] = {"Microsoft Learn: USN_RECORD_V2, USN_RECORD_V3"};

}  // namespace

constinit const Carver usn_records{
    .id = "usn_records",
    .extension = "usn",
    .title_en = "Records of the NTFS change journal",
    .title_ja = "NTFS 変更ジャーナルのレコード",
    .magics = kMagics,
    .min_length = ByteCount{256},
    .max_length = ByteCount{256ULL << 20},
    .references = kReferences,
    .validate = validate,
    .piece_of = "usn_records",
};

}  // namespace triage
