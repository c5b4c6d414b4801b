// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdlib>

#include "acquire/drive_query.h"
#include "acquire_fixture.h"
#include "doctest/doctest.h"

using namespace triage;
using namespace triage::testing;

namespace {

/// IDENTIFY DEVICE data by the words of ACS-2 §7.12, built by hand.
std::array<std::byte, 512> identify() {
  std::array<std::byte, 512> data{};
  const auto word = [&data](std::size_t at, unsigned value) {
    data[at * 2] = static_cast<std::byte>(value & 0xFF);
    data[at * 2 + 1] = static_cast<std::byte>(value >> 8);
  };
  const auto text = [&](std::size_t at, std::size_t words, std::string value) {
    value.resize(words * 2, ' ');
    for (std::size_t i = 0; i < words; ++i) {
      word(at + i, static_cast<unsigned>(value[i * 2]) << 8 | static_cast<unsigned>(value[i * 2 + 1]));
    }
  };
  text(10, 10, "      S3R1AL0001");
  text(23, 4, "FW01");
  text(27, 20, "MADE UP DISK 500GB");
  word(82, 0x0401);  // HPA, SMART
  word(83, 0x0C00);  // 48-bit addresses, DCO
  word(87, 0x0100);  // words 108–111 are valid
  word(100, 0x6000);
  word(101, 0x3A38);  // 0x3A386000 sectors
  word(108, 0x5000);
  word(109, 0xC500);
  word(110, 0x1234);
  word(111, 0x5678);
  return data;
}

}  // namespace

TEST_CASE("dossier: IDENTIFY DEVICE gives names, size and what the drive could hide") {
  const auto facts = parse_identify(identify());
  REQUIRE(facts.has_value());
  CHECK(facts->model == "MADE UP DISK 500GB");
  CHECK(facts->serial == "S3R1AL0001");
  CHECK(facts->firmware == "FW01");
  CHECK(facts->wwn == "5000c50012345678");
  CHECK(facts->sectors == 0x3A386000);
  CHECK(facts->has_hpa);
  CHECK(facts->has_dco);
  CHECK(facts->has_smart);
}

TEST_CASE("dossier: data of another kind of device, cut or empty are no facts") {
  auto packet = identify();
  packet[1] = std::byte{0x85};  // ATAPI
  CHECK(!parse_identify(packet));
  CHECK(!parse_identify(Bytes(packet).first(511)));
  CHECK(!parse_identify(std::array<std::byte, 512>{}));
}

TEST_CASE("dossier: DEVICE CONFIGURATION IDENTIFY counts only with its checksum") {
  std::array<std::byte, 512> data{};
  data[0] = std::byte{2};
  data[6] = std::byte{0xFF};  // words 3–6: 0x00FF sectors, less one
  data[510] = std::byte{0xA5};
  unsigned sum = 0;
  for (const std::byte byte : data) sum += std::to_integer<unsigned>(byte);
  data[511] = static_cast<std::byte>(256 - sum % 256);
  CHECK(parse_dco(data) == 0x100);
  data[7] = std::byte{1};
  CHECK(!parse_dco(data));
}

TEST_CASE("AM-07: sectors that the drive hides are counted") {
  DeviceDossier dossier;
  CHECK(!dossier.hidden_sectors());
  dossier.user_sectors = 1000;
  CHECK(!dossier.hidden_sectors());
  dossier.native_sectors = 1200;
  CHECK(dossier.hidden_sectors() == 200);
  dossier.dco_sectors = 1500;
  CHECK(dossier.hidden_sectors() == 500);
  CHECK(dossier.json().find("\"hidden_sectors\":500") != std::string::npos);
}

TEST_CASE("dossier: of a file") {
  const TempFolder folder;
  write_all(folder / "disk", std::string(4096, 'x'));
  const auto dossier = examine_source(folder / "disk");
  REQUIRE(dossier.has_value());
  CHECK(dossier->kind == "file");
  CHECK(dossier->size == 4096);
  CHECK(!dossier->mounted_writable());
  CHECK(!SoftWriteBlock::set(*dossier).holds());
  CHECK(!examine_source(folder / "nothing"));
}

TEST_CASE("bench: cold reads of 4 KiB from a zst image" * doctest::skip()) {
  const char* path = std::getenv("TRIAGE_BENCH_IMAGE");
  REQUIRE_MESSAGE(path != nullptr, "TRIAGE_BENCH_IMAGE names the image");
  const auto spec = recognise_evidence(path);
  REQUIRE(spec.has_value());
  const auto reader = open_evidence(*spec);
  REQUIRE(reader.has_value());
  Source& source = *(*reader)->source();
  std::vector<std::byte> block(4096);
  std::vector<ReadFault> faults;
  std::uint64_t random = 1;
  constexpr int kReads = 2000;
  const std::clock_t start = std::clock();
  for (int i = 0; i < kReads; ++i) {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    source.read(ByteOffset{(random >> 20) % (source.size().value / 4096) * 4096}, block, faults);
  }
  const double micros = static_cast<double>(std::clock() - start) * 1e6 / CLOCKS_PER_SEC / kReads;
  MESSAGE(micros, " us a read (CPU), of ", kReads);
  CHECK(faults.empty());
}
