// SPDX-License-Identifier: Apache-2.0
// The judges are the tools that README.txt of a bundle names: sha256sum, tar, zstd, ssh-keygen, openssl.
#include "store/bundle.h"

#include <random>

#include "store/bag.h"
#include "store/bundle_check.h"
#include "store_fixture.h"
#include "unit/fixed_clock.h"

using namespace triage;
using namespace triage::store_test;

namespace {

int status_of(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()); }

/// Every file below a folder with its digest.
std::string digests(const std::string& path) {
  return output_of("cd '" + path + "' && find . -type f | LC_ALL=C sort | xargs -d '\\n' sha256sum");
}

/// A small case with a custody log, and keys made by ordinary tools.
struct SealableCase {
  SealableCase() {
    CaseInit init;
    init.organisation = "Example\nCo.";
    auto made = CaseFolder::create(folder / "case", init);
    REQUIRE(made);
    case_folder.emplace(std::move(*made));
    write_file(folder / "case/1-discovery-report/第一報.txt", "note of the first call\n");
    write_file(folder / "case/2-initial-response/photo.jpg", std::string(300'000, 'r'));
    const std::string long_name(120, 'n');
    write_file(folder / ("case/6-follow-up/" + long_name + ".txt"), "a name longer than a tar header takes");
    auto db = CaseDb::open(case_folder->database_path());
    REQUIRE(db);
    auto custody = Custody::open(*case_folder, *db, clock);
    REQUIRE(custody);
    REQUIRE(custody->append("note", R"({"text":"one"})"));
    REQUIRE(custody->append("seal", R"({"bundle":"x"})"));
    head = custody->head();
    REQUIRE(db->close());
    REQUIRE(status_of("ssh-keygen -q -t ed25519 -N '' -C 'seal@example.jp' -f " + (folder / "key")) == 0);
    REQUIRE(status_of("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=Seal' "
                      "-keyout " +
                      (folder / "p256.key") + " -out " + (folder / "p256.crt")) == 0);
    write_file(folder / "p256.pem", read_file(folder / "p256.key") + read_file(folder / "p256.crt"));
  }
  BundleRequest request(const std::string& name, BundleForm form) {
    BundleRequest out;
    out.out = folder / name;
    out.form = form;
    out.organisation = "Example\nCo.";
    out.software = "triage test";
    out.sealed_ns = clock.utc_nanos();
    out.custody = head;
    auto key = SshPrivateKey::parse(read_file(folder / "key"));
    REQUIRE(key);
    out.ssh_keys.push_back(std::move(*key));
    auto signer = CmsSigner::parse(read_file(folder / "p256.pem"));
    REQUIRE(signer);
    out.cms_signers.push_back(std::move(*signer));
    return out;
  }
  std::string seal(const std::string& name, BundleForm form) {
    const auto written = write_bundle(*case_folder, request(name, form));
    if (!written) FAIL(written.error().text());
    return folder / name;
  }
  Folder folder;
  FixedClock clock{1'764'000'000'123'456'789};
  std::optional<CaseFolder> case_folder;
  CustodyHead head;
};

/// Names and details of the checks that failed, joined.
std::string failures(const std::string& path, const BundleTrust& trust = {}) {
  const auto checks = verify_bundle(path, trust);
  REQUIRE(checks);
  std::string out;
  for (const CheckResult& one : *checks) {
    if (!one.ok) out += one.name + ": " + one.detail + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("bundle: sha256sum, ssh-keygen and openssl agree with what is written") {
  SealableCase one;
  const std::string bag = one.seal("sealed", BundleForm::kFolder);
  const std::string in_bag = "cd '" + bag + "' && ";
  CHECK(status_of(in_bag + "sha256sum -c --quiet --strict tagmanifest-sha256.txt manifest-sha256.txt") == 0);
  CHECK(status_of(in_bag + "ssh-keygen -Y verify -f signers -I seal@example.jp -n triage-bundle "
                           "-s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt") == 0);
  CHECK(status_of(in_bag + "openssl cms -verify -inform DER -binary -in tagmanifest-sha256.txt.p7s "
                           "-content tagmanifest-sha256.txt -CAfile ../p256.crt -out /dev/null") == 0);
  CHECK(output_of(in_bag + "openssl ts -query -in tagmanifest-sha256.txt.tsq -text 2>/dev/null | grep -c sha256") ==
        "1");
  // Every file of the case, and no other, is in data/.
  CHECK(digests(one.folder / "case") == digests(bag + "/data"));
  CHECK(read_file(bag + "/bag-info.txt").find("Source-Organization: Example Co.\n") != std::string::npos);
  CHECK(failures(bag).empty());
}

TEST_CASE("bundle: tar and zstd unpack the archive, and two of one case are equal but for the CMS signature") {
  SealableCase one;
  BundleRequest request = one.request("a.tar.zst", BundleForm::kArchive);
  request.cms_signers.clear();  // an ECDSA signature differs each time
  const auto first = write_bundle(*one.case_folder, request);
  REQUIRE(first);
  request.out = one.folder / "b.tar.zst";
  REQUIRE(write_bundle(*one.case_folder, request));
  CHECK(read_file(one.folder / "a.tar.zst") == read_file(one.folder / "b.tar.zst"));
  CHECK(output_of("sha256sum < " + (one.folder / "a.tar.zst")).substr(0, 64) == first->archive_sha256);
  REQUIRE(status_of("mkdir " + (one.folder / "out") + " && zstd -dqc " + (one.folder / "a.tar.zst") + " | tar -x -C " +
                    (one.folder / "out")) == 0);
  CHECK(digests(one.folder / "case") == digests(one.folder / "out/data"));
  CHECK(failures(one.folder / "a.tar.zst").empty());
  CHECK(failures(one.folder / "out").empty());
}

TEST_CASE("bundle: a flipped byte in any file is found, and the file is named") {
  SealableCase one;
  const std::string bag = one.seal("sealed", BundleForm::kFolder);
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same flips each time
  std::size_t flips = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(bag)) {
    if (!entry.is_regular_file() || entry.file_size() == 0) continue;
    const std::string path = entry.path().string();
    const std::string name = std::filesystem::path(path).lexically_relative(bag).string();
    const std::string before = read_file(path);
    for (int round = 0; round < 4; ++round) {
      std::string text = before;
      const std::size_t at = random() % text.size();
      text[at] = static_cast<char>(text[at] ^ static_cast<char>(1U << (random() % 8)));
      write_file(path, text);
      const std::string found = failures(bag);
      CHECK_MESSAGE(!found.empty(), name, " at ", at);
      const bool named = found.find(name) != std::string::npos || name == kBagTagManifest;
      CHECK_MESSAGE(named, name, " at ", at, ": ", found);
      ++flips;
    }
    write_file(path, before);
  }
  CHECK(flips > 60);
  CHECK(failures(bag).empty());
}

TEST_CASE("bundle: no byte of a CMS signature can change unseen, whether or not its chain is checked") {
  SealableCase one;
  const auto signer = CmsSigner::parse(read_file(one.folder / "p256.pem"));
  REQUIRE(signer);
  const std::string authority = read_file(one.folder / "p256.crt");
  const auto der = signer->sign("sealed");
  REQUIRE(der);
  REQUIRE(verify_cms_signature(*der, "sealed", {}));
  REQUIRE(verify_cms_signature(*der, "sealed", authority));
  for (std::size_t at = 0; at < der->size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string text = *der;
      text[at] = static_cast<char>(text[at] ^ static_cast<char>(1U << bit));
      CHECK_MESSAGE(!verify_cms_signature(text, "sealed", {}), at, " bit ", bit);
    }
    std::string text = *der;
    text[at] = static_cast<char>(text[at] ^ 1);
    CHECK_MESSAGE(!verify_cms_signature(text, "sealed", authority), at);
  }
}

TEST_CASE("bundle: a flipped byte in an archive is found") {
  SealableCase one;
  const std::string path = one.seal("one.tar.zst", BundleForm::kArchive);
  const std::string before = read_file(path);
  const std::string sealed = output_of("zstd -dqc " + path + " | sha256sum");
  int same = 0;
  std::mt19937 random(11);  // NOLINT(cert-msc51-cpp): the same flips each time
  for (int round = 0; round < 40; ++round) {
    std::string text = before;
    const std::size_t at = random() % text.size();
    text[at] = static_cast<char>(text[at] ^ static_cast<char>(1U << (random() % 8)));
    write_file(path, text);
    // A few bits of a zstd stream mean nothing: then the content is what was sealed.
    const bool same_content = output_of("zstd -dqc " + path + " 2>/dev/null | sha256sum") == sealed;
    CHECK_MESSAGE((!failures(path).empty() || same_content), "at ", at);
    same += same_content ? 1 : 0;
  }
  CHECK(same < 4);
  write_file(path, before.substr(0, before.size() / 2));
  CHECK(failures(path).find("truncated") != std::string::npos);
  write_file(path, before + std::string(10, 'x'));
  CHECK(!failures(path).empty());
}

TEST_CASE("bundle: a file added, removed or moved is named; so is a missing signature") {
  SealableCase one;
  const std::string bag = one.seal("sealed", BundleForm::kFolder);
  write_file(bag + "/data/extra.txt", "x");
  CHECK(failures(bag).find("data/extra.txt") != std::string::npos);
  std::filesystem::remove(bag + "/data/extra.txt");
  write_file(bag + "/extra.txt", "x");
  CHECK(failures(bag).find("extra.txt") != std::string::npos);
  std::filesystem::remove(bag + "/extra.txt");
  std::filesystem::rename(bag + "/data/2-initial-response/photo.jpg", bag + "/data/2-initial-response/photo2.jpg");
  CHECK(failures(bag).find("data/2-initial-response/photo.jpg") != std::string::npos);
  std::filesystem::rename(bag + "/data/2-initial-response/photo2.jpg", bag + "/data/2-initial-response/photo.jpg");
  std::filesystem::rename(bag + "/tagmanifest-sha256.txt.sig", one.folder / "sig");
  CHECK(failures(bag).find("tagmanifest-sha256.txt.sig") != std::string::npos);
}

TEST_CASE("bundle: a chain of custody made anew inside a bag with new manifests does not fit the signature") {
  SealableCase one;
  const std::string bag = one.seal("sealed", BundleForm::kFolder);
  const std::string custody = bag + "/data/custody.jsonl";
  const std::string text = read_file(custody);
  write_file(custody, text.substr(0, text.find('\n') + 1));  // the last entry is cut, the rest is a sound chain
  REQUIRE(
      status_of("cd '" + bag +
                "' && find data -type f | LC_ALL=C sort | xargs -d '\\n' sha256sum > m && "
                "mv m manifest-sha256.txt && sha256sum README.txt bag-info.txt bagit.txt manifest-sha256.txt > t && "
                "mv t tagmanifest-sha256.txt") == 0);
  const std::string found = failures(bag);
  CHECK(found.find("tagmanifest-sha256.txt.sig") != std::string::npos);
  CHECK(found.find("tagmanifest-sha256.txt.p7s") != std::string::npos);
  CHECK(found.find("custody") != std::string::npos);
}

TEST_CASE("bundle: the reader's own list of keys decides whom to trust") {
  SealableCase one;
  const std::string bag = one.seal("sealed", BundleForm::kFolder);
  BundleTrust trust;
  trust.allowed_signers = read_file(bag + "/signers");
  trust.authorities_pem = read_file(one.folder / "p256.crt");
  CHECK(failures(bag, trust).empty());
  REQUIRE(status_of("ssh-keygen -q -t ed25519 -N '' -C other -f " + (one.folder / "other")) == 0);
  trust.allowed_signers = "other " + read_file(one.folder / "other.pub");
  CHECK(failures(bag, trust).find("not among those you trust") != std::string::npos);
}

TEST_CASE("bundle: openssl opens what was encrypted, and a key with a passphrase is refused with what to do") {
  SealableCase one;
  BundleRequest request = one.request("one.tar.zst.p7m", BundleForm::kArchive);
  request.recipients_pem = {read_file(one.folder / "p256.crt")};
  REQUIRE(write_bundle(*one.case_folder, request));
  const std::string plain = one.folder / "plain.tar.zst";
  REQUIRE(status_of("openssl cms -decrypt -binary -inform DER -in " + request.out + " -inkey " +
                    (one.folder / "p256.key") + " -recip " + (one.folder / "p256.crt") + " -out " + plain) == 0);
  CHECK(failures(plain).empty());
  CHECK(read_file(request.out).find("BagIt") == std::string::npos);
  REQUIRE(status_of("ssh-keygen -q -t ed25519 -N secret -f " + (one.folder / "locked")) == 0);
  const auto locked = SshPrivateKey::parse(read_file(one.folder / "locked"));
  REQUIRE_FALSE(locked);
  CHECK(locked.error().code == ErrorCode::kUnsupported);
  CHECK(locked.error().next_step.find("ssh-keygen") != std::string::npos);
}

TEST_CASE("bundle: a link, a name no bag can hold and a bundle inside its case are refused, and nothing is left") {
  SealableCase one;
  const auto refused = [&](const std::string& name) {
    const auto written = write_bundle(*one.case_folder, one.request(name, BundleForm::kArchive));
    REQUIRE_FALSE(written);
    CHECK_FALSE(std::filesystem::exists(one.folder / name));
    CHECK_FALSE(std::filesystem::exists((one.folder / name) + ".part"));
    return written.error();
  };
  CHECK(refused("case/in.tar.zst").code == ErrorCode::kUsage);
  write_file(one.folder / "case/100%.txt", "x");
  CHECK(refused("a.tar.zst").where == "100%.txt");
  std::filesystem::remove(one.folder / "case/100%.txt");
  std::filesystem::create_symlink("/etc/hostname", one.folder / "case/link");
  CHECK(refused("a.tar.zst").where == "link");
  std::filesystem::remove(one.folder / "case/link");
  write_file(one.folder / "there.tar.zst", "mine");
  CHECK_FALSE(write_bundle(*one.case_folder, one.request("there.tar.zst", BundleForm::kArchive)));
  CHECK(read_file(one.folder / "there.tar.zst") == "mine");
}

TEST_CASE("bundle: an archive made by tar that leads out of itself is refused") {
  Folder folder;
  REQUIRE(status_of("cd " + folder.path() +
                    " && echo x > a && tar -cPf up.tar --transform 's,^a,../a,' a && "
                    "ln -s /etc/passwd l && tar -cf link.tar l") == 0);
  CHECK(failures(folder / "up.tar").find("leaves") != std::string::npos);
  CHECK(failures(folder / "link.tar").find("no file") != std::string::npos);
}
