// SPDX-License-Identifier: Apache-2.0
#include "store/bundle.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/unique_dir.h"
#include "bytes/digest.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"
#include "bytes/zstd_file.h"
#include "store/bag.h"
#include "store/output_file.h"
#include "store/tar.h"

namespace triage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 1 << 20;
constexpr int kLevel = 3;

/// Takes a bag file by file.
class BagOutput {
 public:
  virtual ~BagOutput() = default;
  virtual Status begin_file(const std::string& path, std::uint64_t size) = 0;
  virtual Status write(std::string_view content) = 0;
  virtual Status end_file() = 0;
  /// The bag is whole: makes it appear. SHA-256 of the archive; empty for a folder.
  virtual Result<std::string> finish() = 0;
};

class FolderOutput final : public BagOutput {
 public:
  FolderOutput(UniqueFd folder, std::string path) : folder_(std::move(folder)), path_(std::move(path)) {}
  ~FolderOutput() override {
    if (finished_) return;
    file_.reset();
    std::error_code ignored;  // what cannot be taken away is left for the person, who is told of the first error
    for (const auto& entry : fs::directory_iterator(path_, ignored)) fs::remove_all(entry.path(), ignored);
  }
  Status begin_file(const std::string& path, std::uint64_t) override {
    const std::size_t slash = path.rfind('/');
    if (slash != std::string::npos) TRIAGE_TRY_STATUS(make_folders_beneath(folder_.get(), path.substr(0, slash)));
    TRIAGE_TRY(OutputFile file, OutputFile::create(folder_.get(), path, OutputFile::Existing::kRefuse));
    file_.emplace(std::move(file));
    return {};
  }
  Status write(std::string_view content) override { return file_->write(content); }
  Status end_file() override {
    TRIAGE_TRY_STATUS(file_->commit(false));
    file_.reset();
    return {};
  }
  Result<std::string> finish() override {
    if (::syncfs(folder_.get()) != 0) return fail(ErrorCode::kOutput, "the bundle cannot be synced", path_, errno);
    finished_ = true;
    return std::string();
  }

 private:
  UniqueFd folder_;
  std::string path_;
  std::optional<OutputFile> file_;
  bool finished_ = false;
};

class ArchiveOutput final : public BagOutput {
 public:
  static Result<std::unique_ptr<BagOutput>> make(UniqueFd folder, const std::string& name,
                                                 const BundleRequest& request) {
    TRIAGE_TRY(OutputFile file, OutputFile::create(folder.get(), name, OutputFile::Existing::kRefuse));
    std::unique_ptr<ArchiveOutput> out(new ArchiveOutput(std::move(folder), std::move(file), request.sealed_ns));
    if (!request.recipients_pem.empty()) {
      TRIAGE_TRY(CmsEncryptor encryptor, CmsEncryptor::begin(request.recipients_pem, [&one = *out](std::string_view b) {
                   return one.store(as_byte_span(b));
                 }));
      out->encryptor_.emplace(std::move(encryptor));
    }
    return std::unique_ptr<BagOutput>(std::move(out));
  }
  Status begin_file(const std::string& path, std::uint64_t size) override { return tar_.begin_file(path, size); }
  Status write(std::string_view content) override { return tar_.write(content); }
  Status end_file() override { return {}; }
  Result<std::string> finish() override {
    TRIAGE_TRY_STATUS(tar_.finish());
    TRIAGE_TRY_STATUS(zstd_.finish());
    if (encryptor_) TRIAGE_TRY_STATUS(encryptor_->finish());
    TRIAGE_TRY_STATUS(file_.commit());
    return digest_.finish_hex();
  }

 private:
  ArchiveOutput(UniqueFd folder, OutputFile file, std::int64_t sealed_ns)
      : folder_(std::move(folder)),
        file_(std::move(file)),
        zstd_([this](Bytes bytes) { return encryptor_ ? encryptor_->write(as_chars(bytes)) : store(bytes); }, kLevel),
        tar_([this](std::string_view text) { return zstd_.write(text); },
             static_cast<std::uint64_t>(std::max<std::int64_t>(0, sealed_ns / 1'000'000'000))) {}
  Status store(Bytes bytes) {
    digest_.update(bytes);
    return file_.write(bytes);
  }
  UniqueFd folder_;  ///< before `file_`, which uses it to its end
  OutputFile file_;
  Sha256 digest_;
  std::optional<CmsEncryptor> encryptor_;
  ZstdWriter zstd_;
  TarWriter tar_;
};

/// Adds every file of `folder`/`path` to `files`; a link, a device or a file that is not finished is an Error.
Status list_files(int folder, const std::string& path, BagFiles& files) {
  TRIAGE_TRY(UniqueFd fd, open_beneath(folder, path.empty() ? "." : path, O_RDONLY | O_DIRECTORY));
  const UniqueDir dir(::fdopendir(fd.release()));
  if (!dir) return fail(ErrorCode::kUnreadable, "folder cannot be read", path, errno);
  while (const dirent* entry = ::readdir(dir.get())) {  // NOLINT(concurrency-mt-unsafe): a stream of our own
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const std::string below = path.empty() ? name : path + "/" + name;
    struct stat facts {};
    if (::fstatat(::dirfd(dir.get()), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) {
      return fail(ErrorCode::kUnreadable, "file cannot be looked at", escape_terminal(below), errno);
    }
    if (S_ISDIR(facts.st_mode)) {
      TRIAGE_TRY_STATUS(list_files(folder, below, files));
      continue;
    }
    if (!S_ISREG(facts.st_mode)) {
      return fail(ErrorCode::kUsage, "the case holds something that is neither file nor folder", escape_terminal(below),
                  0, "put the file itself there instead of a link");
    }
    if (const std::string_view fault = bag_name_fault(below); !fault.empty()) {
      return fail(ErrorCode::kUsage, fmt::format("a file of the case cannot be sealed: {}", fault),
                  escape_terminal(below), 0, "give the file another name");
    }
    if (name == "case.db-wal" || name == "case.db-shm") {
      return fail(ErrorCode::kUsage, "another program has case.db open", escape_terminal(below), 0, "close it first");
    }
    files[std::string(kBagPayload) + below] = {static_cast<std::uint64_t>(facts.st_size), {}};
  }
  return {};
}

class BagWriter {
 public:
  BagWriter(const CaseFolder& folder, const BundleRequest& request, BagOutput& output)
      : folder_(folder), request_(request), output_(output) {}

  Result<BundleWritten> write() {
    TRIAGE_TRY_STATUS(list_files(folder_.fd(), "", payload_));
    for (const auto& [path, file] : payload_) written_.payload_bytes += file.size;
    written_.payload_files = payload_.size();
    for (const SshPrivateKey& key : request_.ssh_keys) signers_ += signer_line(key);
    TRIAGE_TRY_STATUS(tag_file("bagit.txt", kBagDeclaration));
    TRIAGE_TRY_STATUS(tag_file("bag-info.txt", bag_info()));
    TRIAGE_TRY_STATUS(tag_file("README.txt", bundle_readme()));
    for (auto& [path, file] : payload_) TRIAGE_TRY_STATUS(copy(path, file));
    TRIAGE_TRY_STATUS(tag_file(std::string(kBagManifest), manifest_text(payload_)));
    const std::string sealed = manifest_text(tags_);
    TRIAGE_TRY_STATUS(file(std::string(kBagTagManifest), sealed));
    written_.tagmanifest_sha256 = sha256_hex(sealed);
    TRIAGE_TRY_STATUS(sign(sealed));
    TRIAGE_TRY(const std::string request, timestamp_request(sealed));
    TRIAGE_TRY_STATUS(file(std::string(kBagTagManifest) + ".tsq", request));
    TRIAGE_TRY(written_.archive_sha256, output_.finish());
    return std::move(written_);
  }

 private:
  [[nodiscard]] std::string identity(const SshPrivateKey& key) const {
    std::string name = request_.signer.empty() ? key.comment() : request_.signer;
    // An allowed-signers file takes one word without patterns.
    std::ranges::replace_if(
        name, [](unsigned char one) { return one <= 0x20 || one >= 0x7f || std::strchr("\"#,*?!", one) != nullptr; },
        '-');
    return name.empty() ? "signer" : name;
  }
  [[nodiscard]] std::string signer_line(const SshPrivateKey& key) const {
    return allowed_signer_line(identity(key), kBundleNamespace, key.public_key());
  }

  [[nodiscard]] std::string bag_info() const {
    std::string out;
    if (!request_.organisation.empty()) out += bag_info_line("Source-Organization", request_.organisation);
    out += bag_info_line("Bagging-Date", utc_text(request_.sealed_ns, 0).substr(0, 10));
    out += bag_info_line("Bag-Software-Agent", request_.software);
    out += bag_info_line("Payload-Oxum", fmt::format("{}.{}", written_.payload_bytes, written_.payload_files));
    out += bag_info_line("Triage-Sealed", utc_text(request_.sealed_ns, 3));
    out += bag_info_line("Triage-Custody-Entries", fmt::to_string(request_.custody.count));
    out += bag_info_line("Triage-Custody-Head", request_.custody.head);
    if (!signers_.empty()) out += bag_info_line("Triage-Signers-SHA256", sha256_hex(signers_));
    for (const CmsSigner& signer : request_.cms_signers) {
      out += bag_info_line("Triage-Certificate-SHA256", signer.certificate_sha256());
    }
    return out;
  }

  Status file(const std::string& path, std::string_view content) {
    TRIAGE_TRY_STATUS(output_.begin_file(path, content.size()));
    TRIAGE_TRY_STATUS(output_.write(content));
    return output_.end_file();
  }
  Status tag_file(const std::string& path, std::string_view content) {
    tags_[path] = {content.size(), sha256_hex(content)};
    return file(path, content);
  }

  Status copy(const std::string& path, BagFile& facts) {
    const std::string source = path.substr(kBagPayload.size());
    TRIAGE_TRY(const UniqueFd in, open_beneath(folder_.fd(), source, O_RDONLY));
    TRIAGE_TRY_STATUS(output_.begin_file(path, facts.size));
    Sha256 digest;
    std::uint64_t left = facts.size;
    while (true) {
      if (request_.interrupted && request_.interrupted()) return fail(ErrorCode::kInterrupted, "stopped");
      const ssize_t count = ::read(in.get(), block_.data(), block_.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return fail(ErrorCode::kUnreadable, "file cannot be read", source, errno);
      const auto size = static_cast<std::uint64_t>(count);
      if (size > left || (size == 0 && left > 0)) {
        return fail(ErrorCode::kUsage, "a file of the case changed while it was sealed", source, 0, "seal it again");
      }
      if (size == 0) break;
      const Bytes bytes = Bytes(block_).first(static_cast<std::size_t>(size));
      digest.update(bytes);
      TRIAGE_TRY_STATUS(output_.write(as_chars(bytes)));
      left -= size;
      done_ += size;
      if (request_.progress) request_.progress(done_, written_.payload_bytes);
    }
    facts.sha256 = digest.finish_hex();
    return output_.end_file();
  }

  Status sign(std::string_view sealed) {
    std::size_t number = 0;
    for (const SshPrivateKey& key : request_.ssh_keys) {
      TRIAGE_TRY(const std::string signature, key.sign(kBundleNamespace, sealed));
      TRIAGE_TRY_STATUS(file(signature_name(++number, "sig"), signature));
      written_.signatures.push_back(fmt::format("{} as {}", key.public_key().fingerprint(), identity(key)));
    }
    if (!signers_.empty()) TRIAGE_TRY_STATUS(file(std::string(kBagSigners), signers_));
    number = 0;
    for (const CmsSigner& signer : request_.cms_signers) {
      TRIAGE_TRY(const std::string signature, signer.sign(sealed));
      TRIAGE_TRY_STATUS(file(signature_name(++number, "p7s"), signature));
      written_.signatures.push_back(
          fmt::format("{} (certificate SHA-256 {})", signer.subject(), signer.certificate_sha256()));
    }
    return {};
  }

  const CaseFolder& folder_;
  const BundleRequest& request_;
  BagOutput& output_;
  BagFiles payload_;
  BagFiles tags_;
  std::string signers_;
  std::vector<std::byte> block_ = std::vector<std::byte>(kBlock);
  std::uint64_t done_ = 0;
  BundleWritten written_;
};

/// kUsage where `out` lies in the case.
Status keep_out_of_case(const std::string& case_dir, const fs::path& out) {
  std::error_code error;
  const fs::path case_path = fs::canonical(case_dir, error);
  const fs::path parent = fs::weakly_canonical(out.parent_path().empty() ? fs::path(".") : out.parent_path(), error);
  if (error) return fail(ErrorCode::kOutput, "the folder of the bundle cannot be found", out.string(), error.value());
  for (fs::path at = parent / out.filename(); at.has_relative_path(); at = at.parent_path()) {
    if (at == case_path) return fail(ErrorCode::kUsage, "the bundle would lie in the case it seals", out.string());
  }
  return {};
}

Result<std::unique_ptr<BagOutput>> open_output(const BundleRequest& request, const fs::path& out) {
  if (request.form == BundleForm::kFolder) {
    if (::mkdir(out.c_str(), 0700) != 0 && errno != EEXIST) {
      return fail(ErrorCode::kOutput, "the bundle's folder cannot be made", out.string(), errno);
    }
    UniqueFd folder(::open(out.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.valid()) return fail(ErrorCode::kOutput, "the bundle's folder cannot be opened", out.string(), errno);
    return std::make_unique<FolderOutput>(std::move(folder), out.string());
  }
  const std::string parent = out.parent_path().empty() ? "." : out.parent_path().string();
  UniqueFd folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) return fail(ErrorCode::kOutput, "the folder of the bundle cannot be opened", parent, errno);
  return ArchiveOutput::make(std::move(folder), out.filename().string(), request);
}

}  // namespace

Status check_bundle_request(const std::string& case_dir, const BundleRequest& request) {
  const fs::path out(request.out);
  std::error_code error;
  if (out.filename().empty() && request.form == BundleForm::kArchive) {
    return fail(ErrorCode::kUsage, "not the name of a file", request.out);
  }
  if (request.form == BundleForm::kFolder && !request.recipients_pem.empty()) {
    return fail(ErrorCode::kUsage, "a folder cannot be encrypted", request.out, 0, "name a file: OUT.tar.zst.p7m");
  }
  if (request.signer.find_first_of(" \t\r\n\"#,*?!") != std::string::npos) {
    return fail(ErrorCode::kUsage, "a signer's identity has no blanks, quotes or patterns", request.signer);
  }
  const bool there = fs::exists(fs::symlink_status(out, error));
  const bool free_folder =
      request.form == BundleForm::kFolder && fs::is_directory(out, error) && fs::is_empty(out, error);
  if (there && !free_folder) {
    return fail(ErrorCode::kUsage, "the bundle is there already", request.out, 0,
                "nothing is overwritten; name something absent, or an empty folder");
  }
  return keep_out_of_case(case_dir, out);
}

Result<BundleWritten> write_bundle(const CaseFolder& folder, const BundleRequest& request) {
  TRIAGE_TRY_STATUS(check_bundle_request(folder.path(), request));
  TRIAGE_TRY(const std::unique_ptr<BagOutput> output, open_output(request, request.out));
  return BagWriter(folder, request, *output).write();
}

}  // namespace triage
