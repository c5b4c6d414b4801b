// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "evidence/recognise_volume.h"
#include "evidence_fixtures.h"

using namespace triage;
using namespace triage::testing;

namespace {
std::string with(std::size_t at, const std::string& text) {
  std::string out(128 * 1024, '\0');
  out.replace(at, text.size(), text);
  return out;
}
VolumeGuess guess(const std::string& head, const std::string& middle = {}) {
  return recognise_volume(as_byte_span(head), as_byte_span(middle));
}
}  // namespace

TEST_CASE("volumes: file systems that are not read are named by their signatures") {
  CHECK(guess(with(65600, "_BHRfS_M")).file_system == "btrfs");
  CHECK(guess(with(0, "XFSB")).file_system == "xfs");
  CHECK(guess(with(512, "LABELONE")).file_system == "lvm");
  CHECK(guess(with(3, std::string("ReFS\0\0\0\0", 8))).file_system == "refs");
  CHECK(guess(with(1024, "\x10\x20\xf5\xf2")).file_system == "f2fs");
  CHECK(guess(with(4086, "SWAPSPACE2")).file_system == "swap");
  CHECK(guess(with(0, "hsqs")).file_system == "squashfs");
  CHECK(guess(with(0, "")).file_system.empty());
  CHECK(guess("XF").file_system.empty());
}

TEST_CASE("volumes: encryption is said by signature, and possible only where two places look random") {
  CHECK(guess(with(3, "-FVE-FS-")).encryption == "bitlocker");
  CHECK(guess(with(0, "LUKS\xba\xbe")).encryption == "luks");
  CHECK(guess(with(88, "CS")).encryption.empty());
  std::string core = with(88, "CS");
  core.replace(8, 4, std::string("\x01\0\x10\0", 4));
  CHECK(guess(core).encryption == "filevault");
  const std::string noise = pattern_bytes(128 * 1024, 9);
  CHECK(entropy_of(as_byte_span(noise).first(65536)) > 7.99);
  CHECK(guess(noise, noise.substr(0, 65536)).encryption == "possible");
  CHECK(guess(noise, std::string(65536, '\0')).encryption.empty());
  CHECK(guess(noise.substr(0, 1000), noise).encryption.empty());
}
