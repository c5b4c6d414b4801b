// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <concepts>
#include <limits>
#include <type_traits>

#include "base/ids.h"
#include "base/result.h"

using namespace triage;

namespace {
template <typename A, typename B>
concept Addable = requires(A a, B b) {
  a + b;
};

Result<int> half(int value) {
  if (value % 2 != 0) return fail(ErrorCode::kUsage, "odd number", std::to_string(value));
  return value / 2;
}
Result<int> quarter(int value) {
  TRIAGE_TRY(const int first, half(value));
  TRIAGE_TRY(const int second, half(first));
  return second;
}
Status check_quarter(int value) {
  TRIAGE_TRY_STATUS(quarter(value).map([](int) {}));
  return {};
}
}  // namespace

TEST_CASE("offsets and counts add only where the sum has a meaning") {
  static_assert(Addable<ByteOffset, ByteCount>);
  static_assert(!Addable<ByteOffset, ByteOffset>);
  static_assert(!std::is_convertible_v<int, ByteOffset>);
  CHECK((ByteOffset{10} + ByteCount{5}) == ByteOffset{15});
  CHECK((ByteOffset{15} - ByteOffset{10}) == ByteCount{5});
}

TEST_CASE("a forged size saturates instead of wrapping to a small offset") {
  constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
  CHECK((ByteOffset{kMax} + ByteCount{1}) == ByteOffset{kMax});
  CHECK((ByteCount{kMax} + ByteCount{kMax}) == ByteCount{kMax});
  CHECK((ByteOffset{1} - ByteOffset{2}) == ByteCount{0});
  CHECK(to_offset(SectorIndex{kMax}, SectorSize{512}) == ByteOffset{kMax});
  CHECK(to_offset(SectorIndex{3}, SectorSize{4096}) == ByteOffset{12288});
}

TEST_CASE("an error travels up with its words and its place") {
  CHECK(quarter(8) == 2);
  const auto failed = quarter(6);
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().text() == "odd number: 3");
  CHECK(check_quarter(8).has_value());
  CHECK_FALSE(check_quarter(2).has_value());
}
