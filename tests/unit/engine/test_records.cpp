// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <random>

#include "base/unique_fd.h"
#include "engine/frame.h"
#include "engine/piece.h"
#include "engine/record_file.h"

using namespace triage;

namespace {

Event sample_event(int i) {
  Event event;
  event.when = from_unix(1'700'000'000 + i);
  event.when_meaning = {Meaning::kCreated, Meaning::kModified};
  event.what = action::kFileCreated;
  event.path = "/a/b/" + std::to_string(i);
  event.artifact = "test";
  event.locator = {"e0123456789abcdef", "v0.i5.a128-1", 16, 8, {{"zip", 64}}};
  event.attribute("size", std::uint64_t{7}).attribute("note", "text");
  return event;
}

}  // namespace

TEST_CASE("records come back from a record file as they were written, across steps") {
  const UniqueFd file(::memfd_create("records", 0));
  RecordFileWriter writer(file.get());
  constexpr int kCount = 60'000;  // more than one step of 8 MiB
  for (int i = 0; i < kCount; ++i) writer.event("id" + std::to_string(i), sample_event(i));
  Damage damage;
  damage.kind = DamageKind::kChecksum;
  damage.at = 5;
  damage.detail = "detail";
  writer.damage(damage);
  const auto size = writer.finish();
  REQUIRE(size.has_value());
  CHECK(*size > (8U << 20));
  RecordFileReader reader(file.get(), *size);
  bool more = true;
  int next = 0;
  std::vector<Damage> damages;
  while (more) {
    const auto records = reader.next(more);
    REQUIRE(records.has_value());
    for (const IdentifiedEvent& event : records->events) {
      CHECK(event.id == "id" + std::to_string(next));
      if (next % 5000 == 0) CHECK(event.event == sample_event(next));
      ++next;
    }
    damages.insert(damages.end(), records->damages.begin(), records->damages.end());
  }
  CHECK(next == kCount);
  REQUIRE(damages.size() == 1);
  CHECK(damages[0] == damage);
}

TEST_CASE("a record file that is cut or flipped is refused or read as other records, never past its end") {
  const UniqueFd file(::memfd_create("records", 0));
  RecordFileWriter writer(file.get());
  for (int i = 0; i < 20; ++i) writer.event("id", sample_event(i));
  const auto size = writer.finish();
  REQUIRE(size.has_value());
  for (std::uint64_t cut = 1; cut < *size; cut += 37) {
    RecordFileReader reader(file.get(), *size - cut);
    bool more = true;
    std::size_t events = 0;
    while (more) {
      const auto records = reader.next(more);
      if (!records) break;
      events += records->events.size();
    }
    CHECK(events < 20);
  }
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    const auto at = static_cast<off_t>(random() % *size);
    char before = 0, after = 0;
    REQUIRE(::pread(file.get(), &before, 1, at) == 1);
    after = static_cast<char>(before ^ static_cast<char>(1U << (random() % 8)));
    REQUIRE(::pwrite(file.get(), &after, 1, at) == 1);
    RecordFileReader reader(file.get(), *size);
    bool more = true;
    while (more) {
      if (!reader.next(more)) break;
    }
    REQUIRE(::pwrite(file.get(), &before, 1, at) == 1);
  }
}

TEST_CASE("a batch description with a span outside the slot is refused") {
  Batch batch;
  batch.index = 3;
  Piece& piece = batch.pieces.emplace_back();
  piece.stream.path = "/x";
  piece.slot_offset = 100;
  piece.length = 50;
  piece.companions.push_back({"-wal", 150, 10});
  const std::string good = encode_batch(batch);
  const auto back = decode_batch(good, 160);
  REQUIRE(back.has_value());
  CHECK(back->pieces[0].stream.path == "/x");
  CHECK(back->pieces[0].companions[0].length == 10);
  CHECK_FALSE(decode_batch(good, 159).has_value());
  batch.pieces[0].length = ~std::uint64_t{0};
  CHECK_FALSE(decode_batch(encode_batch(batch), 160).has_value());
  for (std::size_t cut = 0; cut < good.size(); ++cut) CHECK_FALSE(decode_batch(good.substr(0, cut), 160).has_value());
}

TEST_CASE("frames arrive whole and in order, and nonsense closes the channel") {
  auto [a, b] = Channel::make();
  REQUIRE(a.send(FrameType::kScan, "first"));
  REQUIRE(a.send(FrameType::kScanned, std::string(100'000, 'y')));
  const auto one = b.receive();
  REQUIRE(one.has_value());
  CHECK(one->payload == "first");
  const auto two = b.receive();
  REQUIRE(two.has_value());
  CHECK(two->type == FrameType::kScanned);
  CHECK(two->payload.size() == 100'000);
  const std::string nonsense("\xff\xff\xff\xff\x01", 5);
  REQUIRE(::write(a.fd(), nonsense.data(), nonsense.size()) == 5);
  CHECK_FALSE(b.receive().has_value());
  CHECK(b.broken());
}
