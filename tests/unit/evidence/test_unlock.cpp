// SPDX-License-Identifier: Apache-2.0
// Encrypted volumes opened by our own code, compared with what made them: LUKS1 written by qemu-img, LUKS2 headers by
// cryptsetup in front of the same payload, BitLocker from public images whose plaintext hashes cryptsetup's authors
// publish (TRIAGE_BITLK_IMAGES names the folder of tests/bitlk-images.tar.xz of cryptsetup; never part of the
// checkout).
#include <doctest/doctest.h>
#include <fcntl.h>

#include <cstdlib>

#include "evidence/raw_source.h"
#include "evidence/unlock.h"
#include "evidence/unlock_luks.h"
#include "evidence_fixtures.h"

using namespace triage;
using namespace triage::testing;

namespace {

SecretBytes secret_of(std::string_view text) {
  const Bytes bytes = as_byte_span(text);
  return {bytes.begin(), bytes.end()};
}

std::vector<KeyToTry> key_of(KeyKind kind, std::string_view text) {
  std::vector<KeyToTry> out;
  out.push_back({kind, secret_of(text)});
  return out;
}

std::unique_ptr<Source> open_image(const std::string& path) {
  auto source = open_raw_source({path});
  REQUIRE(source);
  return std::move(*source);
}

Result<UnlockedVolume> unlock_whole(Source& source, std::string_view scheme, const std::vector<KeyToTry>& keys) {
  return unlock_volume(scheme, {source, {0, source.size().value}, keys, {}});
}

/// SHA-256 of the plaintext, read in pieces that begin and end in the middle of sectors.
std::string plain_sha256(const std::string& path, std::string_view scheme, const std::vector<KeyToTry>& keys,
                         std::size_t step = 1'000'003) {
  const auto source = open_image(path);
  auto volume = unlock_whole(*source, scheme, keys);
  if (!volume) return volume.error().text();
  std::uint64_t at = volume->plain_begin;
  UnlockedSource plain(*source);
  plain.add(std::move(*volume));
  Sha256 digest;
  std::vector<std::byte> buffer(step);
  std::vector<ReadFault> faults;
  for (; at < plain.size().value; at += step) {
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(step, plain.size().value - at));
    plain.read(ByteOffset{at}, std::span(buffer).first(length), faults);
    digest.update(Bytes(buffer).first(length));
  }
  CHECK(faults.empty());
  return digest.finish_hex();
}

std::string file_sha256(const std::string& path) { return output_of("sha256sum " + path).substr(0, 64); }

/// 3 MiB of made-up content, as `plain.img` in the folder.
void write_plain(const TempFolder& folder) { write_file(folder / "plain.img", pattern_bytes(3 << 20, 7)); }

bool make_luks1(const TempFolder& folder, const std::string& name, const std::string& options) {
  write_file(folder / "word", "correct horse");
  return run("qemu-img convert -O luks --object secret,id=s,file=" + (folder / "word") +
             " -o key-secret=s,iter-time=10" + options + " " + (folder / "plain.img") + " " + (folder / name));
}

/// A LUKS2 header by cryptsetup with the volume key of the LUKS1 image, then that image's payload.
bool make_luks2(const TempFolder& folder, const std::string& options) {
  const std::string one = folder / "one.img";
  const std::string key = folder / "volume-key";
  const std::string two = folder / "two.img";
  return run("rm -f " + key + " && cryptsetup luksDump -q --dump-volume-key --volume-key-file " + key + " --key-file " +
             (folder / "word") + " " + one) &&
         run("truncate -s 20M " + two + " && cryptsetup luksFormat -q --type luks2 --sector-size 512 --key-size 512 " +
             "--volume-key-file " + key + " --key-file " + (folder / "word") + " " + options + " " + two) &&
         run("o=$(cryptsetup luksDump " + one + " | sed -n 's/Payload offset:[^0-9]*//p') && dd if=" + one +
             " of=" + two + " bs=512 skip=$o seek=32768 conv=notrunc && truncate -s $((16777216 + 3145728)) " + two);
}

}  // namespace

TEST_CASE("unlock: a LUKS1 volume made by qemu-img reads as what went in") {
  const TempFolder folder;
  if (!have("qemu-img cryptsetup")) return;
  write_plain(folder);
  const std::string expected = file_sha256(folder / "plain.img");
  const auto key = key_of(KeyKind::kPassphrase, "correct horse");
  REQUIRE(make_luks1(folder, "one.img", ""));
  CHECK(plain_sha256(folder / "one.img", "luks", key) == expected);
  CHECK(plain_sha256(folder / "one.img", "luks", key, 1 << 20) == expected);
  REQUIRE(make_luks1(folder, "cbc.img", ",cipher-mode=cbc,ivgen-alg=essiv,ivgen-hash-alg=sha256,hash-alg=sha1"));
  CHECK(plain_sha256(folder / "cbc.img", "luks", key) == expected);
  REQUIRE(make_luks1(folder, "plain64.img", ",cipher-alg=aes-128,cipher-mode=cbc,ivgen-alg=plain64,hash-alg=sha512"));
  CHECK(plain_sha256(folder / "plain64.img", "luks", key) == expected);
}

TEST_CASE("unlock: open_decrypted gives the plaintext of one volume as a source of its own") {
  const TempFolder folder;
  if (!have("qemu-img")) return;
  write_plain(folder);
  REQUIRE(make_luks1(folder, "one.img", ""));
  auto keys = UnlockKeys::make();
  REQUIRE(keys);
  REQUIRE(keys->add(*VolumeSelector::parse("*"), KeyKind::kPassphrase, secret_of("correct horse\n")));
  auto spec = recognise_evidence(folder / "one.img");
  REQUIRE(spec);
  spec->keys = std::make_shared<const UnlockKeys>(std::move(*keys));
  const auto opened = open_decrypted(*spec, *VolumeSelector::parse("v0"));
  REQUIRE(opened);
  CHECK(opened->volume.encryption == "luks");
  CHECK(opened->volume.unlocked_with == "passphrase");
  CHECK(opened->volume.unlocked_lock == "key slot 0");
  Source* const source = opened->plain.get();
  REQUIRE(source->size() == ByteCount{3 << 20});
  std::vector<std::byte> out((3 << 20) + 10);
  std::vector<ReadFault> faults;
  source->read(ByteOffset{0}, out, faults);
  CHECK(as_chars(Bytes(out).first(3 << 20)) == pattern_bytes(3 << 20, 7));
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].at == ByteOffset{3 << 20});
  const auto none = open_decrypted(*spec, *VolumeSelector::parse("1"));
  REQUIRE(!none);
  CHECK(none.error().code == ErrorCode::kUsage);
}

TEST_CASE("unlock: recovery keys are checked before anything is tried; selectors have three forms") {
  CHECK(bitlocker_recovery_bytes(as_byte_span("042647-302313-590458-071500-554323-116567-412181-516978")).has_value());
  const auto bad = bitlocker_recovery_bytes(as_byte_span("042647-302314-590458-071500-554323-116567-412181-516978"));
  REQUIRE(!bad);
  CHECK(bad.error().message == "group 2 of the recovery key cannot be right");
  CHECK(!bitlocker_recovery_bytes(as_byte_span("042647-302313")));
  CHECK(!bitlocker_recovery_bytes(as_byte_span("")));
  CHECK(VolumeSelector::parse("v512")->matches(7, ByteOffset{512}));
  CHECK(!VolumeSelector::parse("v512")->matches(512, ByteOffset{0}));
  CHECK(VolumeSelector::parse("3")->matches(3, ByteOffset{0}));
  CHECK(VolumeSelector::parse("*")->matches(9, ByteOffset{9}));
  for (const char* wrong : {"", "v", "x", "-1", "1x", "v1x", "**"}) CHECK(!VolumeSelector::parse(wrong));
}

TEST_CASE("unlock: LUKS2 with Argon2 and with PBKDF2 opens by passphrase and by the same bytes as a keyfile") {
  const TempFolder folder;
  if (!have("qemu-img cryptsetup")) return;
  write_plain(folder);
  REQUIRE(make_luks1(folder, "one.img", ""));
  for (const char* kdf : {"--pbkdf argon2id --pbkdf-force-iterations 4 --pbkdf-memory 1024 --pbkdf-parallel 3",
                          "--pbkdf argon2i --pbkdf-force-iterations 4 --pbkdf-memory 64 --pbkdf-parallel 1",
                          "--pbkdf pbkdf2 --pbkdf-force-iterations 1000 --hash sha512"}) {
    CAPTURE(kdf);
    REQUIRE(make_luks2(folder, kdf));
    const std::string expected = file_sha256(folder / "plain.img");
    CHECK(plain_sha256(folder / "two.img", "luks", key_of(KeyKind::kPassphrase, "correct horse")) == expected);
    CHECK(plain_sha256(folder / "two.img", "luks", key_of(KeyKind::kKeyFile, "correct horse")) == expected);
  }
  SUBCASE("a damaged first header copy is replaced by the second") {
    REQUIRE(run("printf X | dd of=" + (folder / "two.img") + " bs=1 seek=4200 conv=notrunc"));
    CHECK(plain_sha256(folder / "two.img", "luks", key_of(KeyKind::kPassphrase, "correct horse")) ==
          file_sha256(folder / "plain.img"));
  }
  SUBCASE("two damaged copies are damage") {
    REQUIRE(
        run("for o in 4200 20600; do printf X | dd of=" + (folder / "two.img") + " bs=1 seek=$o conv=notrunc; done"));
    const auto source = open_image(folder / "two.img");
    const auto opened = unlock_whole(*source, "luks", key_of(KeyKind::kPassphrase, "correct horse"));
    REQUIRE(!opened);
    CHECK(opened.error().code == ErrorCode::kUnreadable);
  }
  SUBCASE("a wrong passphrase is said to be one") {
    const auto source = open_image(folder / "two.img");
    const auto opened = unlock_whole(*source, "luks", key_of(KeyKind::kPassphrase, "wrong horse"));
    REQUIRE(!opened);
    CHECK(opened.error().code == ErrorCode::kUsage);
    CHECK(opened.error().message == "LUKS with 1 key slot(s): passphrase or keyfile");
  }
}

TEST_CASE("unlock: LUKS2 salts that are no base64 make their slot unusable and nothing worse") {
  for (const char* salt : {"", "=", "==", "===", "====", "A===", "    ", "   =", "  ==", "AA==\\n", "@@@@", "AAA"}) {
    CAPTURE(salt);
    std::string header(16384, '\0');
    header.replace(0x48, 6, "sha256");
    const std::string json =
        std::string(
            "{\"keyslots\":{\"0\":{\"type\":\"luks2\",\"key_size\":64,\"af\":{\"hash\":\"sha256\",\"stripes\":4000},"
            "\"area\":{\"offset\":\"32768\",\"encryption\":\"aes-xts-plain64\",\"key_size\":64},\"kdf\":{\"type\":"
            "\"pbkdf2\",\"hash\":\"sha256\",\"iterations\":1000,\"salt\":\"") +
        salt +
        "\"}}},\"digests\":{\"0\":{\"type\":\"pbkdf2\",\"hash\":\"sha256\",\"iterations\":1000,\"keyslots\":[\"0\"],\"salt\":\"" +
        salt + "\",\"digest\":\"" + salt +
        "\"}},\"segments\":{\"0\":{\"type\":\"crypt\",\"offset\":\"16777216\",\"size\":\"dynamic\",\"iv_tweak\":\"0\","
        "\"encryption\":\"aes-xts-plain64\",\"sector_size\":512}}}";
    header.replace(4096, json.size(), json);
    header.replace(0x1c0, 32, as_chars(Bytes(sha256_raw(as_byte_span(header)))));
    const auto parsed = parse_luks2(as_byte_span(header));
    REQUIRE(parsed);
    CHECK(parsed->slots.empty());
    REQUIRE(parsed->digests.size() == 1);
    CHECK(parsed->digests[0].salt.empty());
  }
}

TEST_CASE("unlock: an unreadable sector of ciphertext is zeros and a fault of that sector, not garbage") {
  struct Holed final : Source {
    explicit Holed(Source& inner) : inner_(inner) {}
    [[nodiscard]] ByteCount size() const override { return inner_.size(); }
    [[nodiscard]] SectorSize sector_size() const override { return inner_.sector_size(); }
    void read(ByteOffset at, std::span<std::byte> out, std::vector<ReadFault>& faults) override {
      inner_.read(at, out, faults);
      if (hole < at.value || hole + 100 > at.value + out.size()) return;
      std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(hole - at.value), 100, std::byte{0});
      faults.push_back({ByteOffset{hole}, ByteCount{100}, EIO});
    }
    Source& inner_;
    std::uint64_t hole = ~std::uint64_t{0} - 200;
  };
  const TempFolder folder;
  if (!have("qemu-img")) return;
  write_plain(folder);
  REQUIRE(make_luks1(folder, "one.img", ""));
  const auto file = open_image(folder / "one.img");
  Holed source(*file);
  auto volume = unlock_whole(source, "luks", key_of(KeyKind::kPassphrase, "correct horse"));
  REQUIRE(volume);
  const std::uint64_t begin = volume->plain_begin;
  UnlockedSource plain(source);
  plain.add(std::move(*volume));
  source.hole = begin + 4096 + 200;
  std::vector<std::byte> out(2000);
  std::vector<ReadFault> faults;
  plain.read(ByteOffset{begin + 3500}, out, faults);
  std::string expected = pattern_bytes(3 << 20, 7).substr(3500, 2000);
  std::fill_n(expected.begin() + 596, 512, '\0');
  CHECK(as_chars(out) == expected);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].at == ByteOffset{begin + 4096});
  CHECK(faults[0].length == ByteCount{512});
  CHECK(faults[0].sys_errno == EIO);
}

TEST_CASE("unlock: public BitLocker images read as cryptsetup reads them") {
  const char* folder = std::getenv("TRIAGE_BITLK_IMAGES");
  if (folder == nullptr) {
    MESSAGE("skipped 1: TRIAGE_BITLK_IMAGES is not set");
    return;
  }
  std::ifstream list(std::string(folder) + "/images.conf");
  std::map<std::string, std::map<std::string, std::string>> images;
  std::string current;
  for (std::string line; std::getline(list, line);) {
    const std::size_t equals = line.find('=');
    if (line.starts_with('[')) current = line.substr(1, line.size() - 2);
    if (equals != std::string::npos) images[current][line.substr(0, equals)] = line.substr(equals + 1);
  }
  int compared = 0;
  for (auto& [name, facts] : images) {
    if (facts["SHA256SUM"].empty()) continue;
    CAPTURE(name);
    const std::string path = std::string(folder) + "/" + name + ".img";
    if (!facts["PW"].empty())
      CHECK(plain_sha256(path, "bitlocker", key_of(KeyKind::kPassphrase, facts["PW"])) == facts["SHA256SUM"]);
    if (!facts["RP"].empty())
      CHECK(plain_sha256(path, "bitlocker", key_of(KeyKind::kRecoveryKey, facts["RP"])) == facts["SHA256SUM"]);
    if (!facts["SK_VMK_GUID"].empty()) {
      std::string id = facts["SK_VMK_GUID"];
      std::transform(id.begin(), id.end(), id.begin(), [](unsigned char c) { return std::toupper(c); });
      std::ifstream file(std::string(folder) + "/" + id + ".BEK", std::ios::binary);
      const std::string key{std::istreambuf_iterator<char>(file), {}};
      CHECK(plain_sha256(path, "bitlocker", key_of(KeyKind::kKeyFile, key)) == facts["SHA256SUM"]);
    }
    if (!facts["CLEARKEY_VMK_GUID"].empty()) CHECK(plain_sha256(path, "bitlocker", {}) == facts["SHA256SUM"]);
    ++compared;
  }
  MESSAGE(compared, " images compared");
  CHECK(compared >= 10);
}
