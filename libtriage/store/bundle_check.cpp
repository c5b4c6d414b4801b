// SPDX-License-Identifier: Apache-2.0
#include "store/bundle_check.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <optional>
#include <set>

#include "base/unique_fd.h"
#include "bytes/digest.h"
#include "bytes/ssh_signature.h"
#include "bytes/text.h"
#include "bytes/zstd_reader.h"
#include "store/bag.h"
#include "store/cms_signature.h"
#include "store/custody.h"
#include "store/tar.h"

namespace triage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 1 << 20;
constexpr std::uint64_t kMaxTagFile = std::uint64_t{256} << 20;
constexpr std::uint64_t kMaxCustody = std::uint64_t{512} << 20;
constexpr std::string_view kCustody = "data/custody.jsonl";

/// What is in a bundle: a digest of every file, the text of those that are looked into.
struct BagContents {
  BagFiles files;
  std::map<std::string, std::string> texts;  ///< of the files outside data/, and of the custody log

  [[nodiscard]] std::string_view text(std::string_view path) const {
    const auto found = texts.find(std::string(path));
    return found == texts.end() ? std::string_view() : std::string_view(found->second);
  }
};

bool is_looked_into(const std::string& path, std::uint64_t size) {
  return path == kCustody ? size <= kMaxCustody : !path.starts_with(kBagPayload) && size <= kMaxTagFile;
}

using Reading = std::function<Result<std::size_t>(std::span<std::byte>)>;

Status take_file(const std::string& path, std::uint64_t size, const Reading& read, BagContents& contents) {
  std::vector<std::byte> block(kBlock);
  Sha256 digest;
  std::string* text = is_looked_into(path, size) ? &contents.texts[path] : nullptr;
  std::uint64_t total = 0;
  while (true) {
    TRIAGE_TRY(const std::size_t count, read(std::span(block)));
    if (count == 0) break;
    digest.update(Bytes(block).first(count));
    if (text != nullptr && total + count <= kMaxCustody) text->append(as_chars(Bytes(block).first(count)));
    total += count;
  }
  if (!contents.files.emplace(path, BagFile{total, digest.finish_hex()}).second) {
    return fail(ErrorCode::kVerification, "a file is there twice", escape_terminal(path));
  }
  return {};
}

Reading reading_of(int fd, const std::string& path) {
  return [fd, path](std::span<std::byte> out) -> Result<std::size_t> {
    while (true) {
      const ssize_t count = ::read(fd, out.data(), out.size());
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) return fail(ErrorCode::kUnreadable, "cannot be read", escape_terminal(path), errno);
    }
  };
}

Status take_folder(const fs::path& root, BagContents& contents) {
  std::error_code error;
  fs::recursive_directory_iterator at(root, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const std::string path = at->path().lexically_relative(root).generic_string();
    if (at->is_symlink() || (!at->is_directory() && !at->is_regular_file())) {
      return fail(ErrorCode::kVerification, "the bundle holds something that is neither file nor folder",
                  escape_terminal(path));
    }
    if (at->is_directory()) continue;
    const UniqueFd file(::open(at->path().c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!file.valid()) return fail(ErrorCode::kUnreadable, "file cannot be opened", escape_terminal(path), errno);
    TRIAGE_TRY_STATUS(take_file(path, at->file_size(), reading_of(file.get(), path), contents));
  }
  if (error) return fail(ErrorCode::kUnreadable, "folder cannot be read", root.string(), error.value());
  return {};
}

Status take_archive(const std::string& path, BagContents& contents) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return fail(ErrorCode::kUnreadable, "cannot be opened", path, errno);
  ZstdReader zstd(reading_of(file.get(), path));
  const bool compressed = path.ends_with(".zst");
  TarReader tar(compressed ? TarReader::Input([&zstd](std::span<std::byte> out) { return zstd.read(out); })
                           : TarReader::Input(reading_of(file.get(), path)));
  while (true) {
    TRIAGE_TRY(const std::optional<TarEntry> entry, tar.next());
    if (!entry) break;
    TRIAGE_TRY_STATUS(take_file(
        entry->path, entry->size, [&tar](std::span<std::byte> out) { return tar.read(out); }, contents));
  }
  // Behind the end of the archive nothing may follow, and a compressed stream has a checksum at its end.
  std::vector<std::byte> rest(kBlock);
  TRIAGE_TRY(const std::size_t more, compressed ? zstd.read(rest) : reading_of(file.get(), path)(rest));
  const auto zero = [](std::byte one) { return one == std::byte{0}; };
  if (!std::all_of(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(more), zero)) {
    return fail(ErrorCode::kVerification, "something follows the end of the archive", path);
  }
  return {};
}

/// "tagmanifest-sha256.txt.sig" and its numbered kin.
bool is_signature(std::string_view path, std::string_view extension) {
  return path.starts_with(kBagTagManifest) && path.ends_with("." + std::string(extension)) &&
         path.find('/') == std::string_view::npos;
}

class BundleChecks {
 public:
  BundleChecks(const BagContents& contents, const BundleTrust& trust) : in_(contents), trust_(trust) {}

  std::vector<CheckResult> run() {
    add("bag", declaration());
    add("tag files", listed(kBagTagManifest, false));
    add("payload", listed(kBagManifest, true));
    add("bag-info.txt", info());
    add("signers", signers());
    std::size_t signatures = 0;
    for (const auto& [path, text] : in_.texts) {
      if (is_signature(path, "sig")) add(path, ssh_signature(text)), ++signatures;
      if (is_signature(path, "p7s")) add(path, cms_signature(text)), ++signatures;
      if (is_signature(path, "tsq")) add(path, time_request(text));
    }
    if (signatures == 0) checks_.push_back({"signature", true, "none: the bundle shows changes, not who made it"});
    add("custody", custody());
    return std::move(checks_);
  }

 private:
  void add(std::string name, Result<std::string> result) {
    const bool ok = result.has_value();
    checks_.push_back({std::move(name), ok, ok ? std::move(*result) : result.error().text()});
  }
  static tl::unexpected<Error> wrong(std::string message, std::string where = {}) {
    return fail(ErrorCode::kVerification, std::move(message), std::move(where));
  }

  Result<std::string> declaration() {
    if (in_.text("bagit.txt") != kBagDeclaration) return wrong("bagit.txt is missing or not that of BagIt 1.0");
    for (const auto& [path, file] : in_.files) {
      const bool payload = path.starts_with(kBagPayload);
      const bool known = path == kBagTagManifest || path == kBagSigners || is_signature(path, "sig") ||
                         is_signature(path, "p7s") || is_signature(path, "tsq") || is_signature(path, "tsr");
      const bool tag = in_.text(kBagTagManifest).find("  " + path + "\n") != std::string_view::npos;
      if (!payload && !known && !tag) return wrong("a file that no manifest covers", escape_terminal(path));
    }
    return fmt::format("BagIt 1.0, {} files", in_.files.size());
  }

  /// Every file of a manifest is there and has its digest; of the payload none is there without.
  Result<std::string> listed(std::string_view manifest, bool payload) {
    if (!in_.files.contains(std::string(manifest))) return wrong("the manifest is missing", std::string(manifest));
    TRIAGE_TRY(const auto expected, parse_manifest(in_.text(manifest)));
    std::uint64_t bytes = 0;
    for (const auto& [path, digest] : expected) {
      if (path.starts_with(kBagPayload) != payload) return wrong("a file in the wrong manifest", escape_terminal(path));
      const auto found = in_.files.find(path);
      if (found == in_.files.end()) return wrong("a file is missing", escape_terminal(path));
      if (found->second.sha256 != digest) return wrong("a file was changed", escape_terminal(path));
      bytes += found->second.size;
    }
    for (const auto& [path, file] : in_.files) {
      if (payload && path.starts_with(kBagPayload) && !expected.contains(path)) {
        return wrong("a file was added", escape_terminal(path));
      }
    }
    if (!payload && !(expected.contains(std::string(kBagManifest)) && expected.contains("bagit.txt") &&
                      expected.contains("bag-info.txt"))) {
      return wrong("a tag file is not in the manifest", std::string(manifest));
    }
    return fmt::format("{} files, {} bytes as in {}", expected.size(), bytes, manifest);
  }

  Result<std::string> info() {
    const std::string_view text = in_.text("bag-info.txt");
    std::uint64_t bytes = 0;
    std::uint64_t count = 0;
    for (const auto& [path, file] : in_.files) {
      if (!path.starts_with(kBagPayload)) continue;
      bytes += file.size;
      ++count;
    }
    const std::string oxum = bag_info_value(text, "Payload-Oxum");
    if (oxum != fmt::format("{}.{}", bytes, count)) return wrong("size and number of files differ", oxum);
    return fmt::format("sealed {}", bag_info_value(text, "Triage-Sealed"));
  }

  Result<std::string> signers() {
    const std::string expected = bag_info_value(in_.text("bag-info.txt"), "Triage-Signers-SHA256");
    const auto found = in_.files.find(std::string(kBagSigners));
    if (expected.empty() && found == in_.files.end()) return std::string("none");
    if (found == in_.files.end()) return wrong("the list of signers is missing", std::string(kBagSigners));
    if (found->second.sha256 != expected) return wrong("the list of signers was changed", std::string(kBagSigners));
    std::size_t keys = 0;
    for (const char one : in_.text(kBagSigners)) keys += one == '\n' ? 1U : 0U;
    for (std::size_t number = 1; number <= keys; ++number) {
      if (!in_.files.contains(signature_name(number, "sig"))) {
        return wrong("a signature is missing", signature_name(number, "sig"));
      }
    }
    return fmt::format("{} keys, as sealed", keys);
  }

  Result<std::string> ssh_signature(std::string_view armored) {
    TRIAGE_TRY(const SshPublicKey key, verify_ssh_signature(armored, kBundleNamespace, in_.text(kBagTagManifest)));
    if (in_.text(kBagSigners).find(key.line() + "\n") == std::string_view::npos) {
      return wrong("signed with a key that is not in the list of signers", key.fingerprint());
    }
    if (trust_.allowed_signers.empty()) {
      return fmt::format("valid, by {}; whether that is the right person only the key's owner can say",
                         key.fingerprint());
    }
    if (trust_.allowed_signers.find(key.line()) == std::string::npos) {
      return wrong("valid, but the key is not among those you trust", key.fingerprint());
    }
    return fmt::format("valid, by {}, which you trust", key.fingerprint());
  }

  Result<std::string> cms_signature(std::string_view der) {
    TRIAGE_TRY(const CmsSignerInfo by, verify_cms_signature(der, in_.text(kBagTagManifest), trust_.authorities_pem));
    // A self-signed certificate is covered by nothing in the signature: the bag names its digest.
    if (in_.text("bag-info.txt").find("Triage-Certificate-SHA256: " + by.certificate_sha256 + "\n") ==
        std::string_view::npos) {
      return wrong("made with a certificate that bag-info.txt does not name", by.certificate_sha256);
    }
    return fmt::format(
        "valid, by {} (certificate SHA-256 {}){}", escape_terminal(by.subject), by.certificate_sha256,
        trust_.authorities_pem.empty() ? "; the certificate itself was not checked" : ", which you trust");
  }

  Result<std::string> time_request(std::string_view der) {
    TRIAGE_TRY(const std::string expected, timestamp_request(in_.text(kBagTagManifest)));
    if (der != expected) return wrong("the time-stamp request is not for this bundle");
    return std::string("asks for a time stamp of this bundle");
  }

  Result<std::string> custody() {
    const std::string_view text = in_.text("bag-info.txt");
    const std::string entries = bag_info_value(text, "Triage-Custody-Entries");
    CustodyHead sealed{0, bag_info_value(text, "Triage-Custody-Head")};
    const auto [end, error] = std::from_chars(entries.data(), entries.data() + entries.size(), sealed.count);
    if (error != std::errc{} || end != entries.data() + entries.size()) {
      return wrong("bag-info.txt does not say how long the custody log is");
    }
    if (!in_.texts.contains(std::string(kCustody))) return wrong("the custody log is missing", std::string(kCustody));
    const CustodyCheck result = check_custody(in_.text(kCustody), sealed);
    if (!result.ok) return wrong(result.message, std::string(kCustody));
    if (result.ahead > 0) return wrong("entries were added after the seal", std::string(kCustody));
    return result.message + ", as sealed";
  }

  const BagContents& in_;
  const BundleTrust& trust_;
  std::vector<CheckResult> checks_;
};

}  // namespace

bool is_bundle(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return fs::exists(fs::path(path) / "bagit.txt", error);
  return path.ends_with(".tar.zst") || path.ends_with(".tar");
}

Result<std::vector<CheckResult>> verify_bundle(const std::string& path, const BundleTrust& trust) {
  std::error_code error;
  const bool folder = fs::is_directory(path, error);
  BagContents contents;
  const Status taken = folder ? take_folder(path, contents) : take_archive(path, contents);
  if (!taken && taken.error().code != ErrorCode::kVerification && folder) {
    return tl::unexpected<Error>(taken.error());
  }
  std::vector<CheckResult> checks;
  if (!taken) {
    checks.push_back({"bundle", false, taken.error().text()});
    return checks;
  }
  checks = BundleChecks(contents, trust).run();
  if (!folder) return checks;
  std::map<std::string, std::string> digests;
  for (const auto& [name, file] : contents.files) {
    if (name.starts_with(kBagPayload)) digests.emplace(name.substr(kBagPayload.size()), file.sha256);
  }
  auto inside = verify_case((fs::path(path) / "data").string(), digests);
  if (!inside) {
    checks.push_back({"case", false, inside.error().text()});
    return checks;
  }
  for (CheckResult& one : *inside) checks.push_back({"data/" + one.name, one.ok, std::move(one.detail)});
  return checks;
}

}  // namespace triage
