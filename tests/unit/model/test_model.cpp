// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <random>
#include <string>

#include "model/codec.h"
#include "model/sink.h"

using namespace triage;

namespace {

std::string word(std::mt19937& random, std::string_view alphabet, std::size_t longest) {
  std::string out;
  for (std::size_t left = 1 + random() % longest; left > 0; --left) out += alphabet[random() % alphabet.size()];
  return out;
}

Locator random_locator(std::mt19937& random) {
  constexpr std::string_view kStream = "abcxyzABC0189._-";
  Locator out;
  out.evidence = "e" + word(random, "0123456789abcdef", 16);
  out.stream = word(random, kStream, 30);
  if (random() % 2 != 0) {
    out.begin = (std::uint64_t{random()} << 32) | random();
    if (random() % 2 != 0) out.length = random();
  }
  for (std::size_t steps = random() % 3; steps > 0; --steps)
    out.steps.push_back({word(random, "abcz09_", 8), (std::uint64_t{random()} << 20)});
  return out;
}

Event random_event(std::mt19937& random) {
  Event event;
  event.when = random() % 4 != 0 ? from_unix(static_cast<std::int64_t>(random())) : Timestamp{};
  event.when_meaning = MeaningSet::from_bits(static_cast<std::uint32_t>(random()));
  if (random() % 2 != 0) event.who = word(random, "abc\n\"\xff", 9);
  if (random() % 2 != 0) event.uid = random();
  if (random() % 2 != 0) event.object_size = random();
  event.what = action::kUrlVisited;
  event.locator = random_locator(random);
  event.record = random();
  event.recovered = random() % 2 != 0;
  event.attribute("n", std::uint64_t{random()}).attribute("t", word(random, "xyz", 5));
  return event;
}

template <typename T>
std::string encoded(const T& value) {
  BinaryWriter out;
  encode(out, value);
  return out.buffer();
}

template <typename T>
bool decodes(std::string_view data, T& value) {
  BinaryReader in(data);
  decode(in, value);
  return in.ok() && in.at_end();
}

}  // namespace

TEST_CASE("a locator is what its text says") {
  const auto found = Locator::parse("e0123456789abcdef/v1048576.i64.a128-1@0x1f0+56|zip@0x1874");
  REQUIRE(found.has_value());
  CHECK(found->stream == "v1048576.i64.a128-1");
  CHECK(found->begin == 0x1f0);
  CHECK(found->length == 56);
  REQUIRE(found->steps.size() == 1);
  CHECK(found->steps[0].transform == "zip");
  CHECK(found->at(8, 2).steps[0].offset == 8);
}

TEST_CASE("every locator prints and parses back, and only what is printed is parsed") {
  std::mt19937 random(11);
  for (int round = 0; round < 20'000; ++round) {
    const Locator locator = random_locator(random);
    const std::string text = locator.text();
    REQUIRE(Locator::parse(text) == locator);
    std::string broken = text;
    broken[random() % broken.size()] = static_cast<char>(random());
    const auto other = Locator::parse(broken);
    if (other) REQUIRE(other->text() == broken);
  }
  for (const char* text : {"", "e1", "/s", "e1/", "e1/s@", "e1/s@0x", "e1/s@5", "e1/s@0x01", "e1/s@0xA", "e1/s@0x1+",
                           "e1/s@0x1+01", "e1/s|", "e1/s|zip", "e1/s|ZIP@0x1", "e1/s t"})
    CHECK_FALSE(Locator::parse(text).has_value());
}

TEST_CASE("a stamp that is not set or out of range is a status, never a date") {
  CHECK(from_filetime(0).status == TimeStatus::kNotSet);
  CHECK_FALSE(from_filetime(0).utc_nanos.has_value());
  CHECK_FALSE(from_filetime(0).text().has_value());
  CHECK(from_filetime(0x7ffffffffffffffeULL).status == TimeStatus::kOutOfRange);
  CHECK(from_unix(0).status == TimeStatus::kNotSet);
  CHECK(from_filetime(132539328000000001ULL).text() == "2021-01-01T00:00:00.0000001Z");
  CHECK(from_dos(0x5621, 0x6000).basis == TimeBasis::kUnknown);
  CHECK(from_dos(0x5621, 0x6000).text() == "2023-01-01T12:00:00Z");
}

TEST_CASE("meanings are told in a fixed order") {
  MeaningSet set{Meaning::kModified, Meaning::kCreated};
  CHECK(set.text() == "created,modified");
  CHECK(MeaningSet::from_bits(~0U).bits() < (1U << kMeaningCount));
}

TEST_CASE("every record comes back from its encoding, and no cut or flip is read past its end") {
  std::mt19937 random(13);
  for (int round = 0; round < 300; ++round) {
    const Event event = random_event(random);
    const std::string data = encoded(event);
    Event back;
    REQUIRE(decodes(data, back));
    REQUIRE(back == event);
    for (std::size_t cut = 0; cut < data.size(); cut += 1 + random() % 7) {
      Event partial;
      REQUIRE_FALSE(decodes(std::string_view(data).substr(0, cut), partial));
    }
    for (int flip = 0; flip < 20; ++flip) {
      std::string broken = data;
      broken[random() % broken.size()] = static_cast<char>(random());
      Event other;
      (void)decodes(broken, other);  // any result is fine, as long as it ends
    }
  }
  Finding finding;
  finding.rule = "r";
  finding.claim = {"en", "ja"};
  finding.severity = Severity::kCritical;
  finding.events = {"a", "b"};
  Finding finding_back;
  REQUIRE(decodes(encoded(finding), finding_back));
  CHECK(finding_back == finding);
  Stream stream;
  stream.key = "v0.i5.a128-1";
  stream.meta.emplace().times.created = from_filetime(132539328000000001ULL);
  stream.extents = {{ByteOffset{5}, ByteCount{6}, true}};
  stream.inline_content = std::string("\0x", 2);
  Stream stream_back;
  REQUIRE(decodes(encoded(stream), stream_back));
  CHECK(stream_back.meta->times == stream.meta->times);
  CHECK(stream_back.extents == stream.extents);
  CHECK(stream_back.inline_content == stream.inline_content);
}

TEST_CASE("an enumerator out of range is refused") {
  Damage damage;
  damage.kind = DamageKind::kSkipped;
  std::string data = encoded(damage);
  Damage back;
  REQUIRE(decodes(data, back));
  const std::size_t at = data.find(static_cast<char>(DamageKind::kSkipped));
  REQUIRE(at != std::string::npos);
  data[at] = static_cast<char>(kDamageKindCount);
  CHECK_FALSE(decodes(data, back));
}

TEST_CASE("the same event has the same id, another ordinal another one") {
  std::mt19937 random(17);
  const Event event = random_event(random);
  CHECK(event_id(event, 0).size() == 32);
  CHECK(event_id(event, 0) == event_id(event, 0));
  CHECK(event_id(event, 0) != event_id(event, 1));
}

TEST_CASE("every word of the vocabulary is an action and no other") {
  CHECK(is_action(action::kFileCreated));
  CHECK(is_action(action::kOther));
  CHECK_FALSE(is_action("file.exploded"));
}
