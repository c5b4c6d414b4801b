// SPDX-License-Identifier: Apache-2.0
// Seals a case: writes it as a BagIt bag into a folder or one .tar.zst, signed over tagmanifest-sha256.txt. The case
// is read, never changed; its custody log must already say that it is sealed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "bytes/ssh_signature.h"
#include "store/case_folder.h"
#include "store/cms_signature.h"
#include "store/custody.h"

namespace triage {

enum class BundleForm : std::uint8_t { kFolder, kArchive };

struct BundleRequest {
  std::string out;  ///< absent; for a folder also an empty one
  BundleForm form = BundleForm::kArchive;
  std::string organisation;    ///< may be empty
  std::string software;        ///< "triage 0.1.0 (…)"
  std::int64_t sealed_ns = 0;  ///< UTC; every time in the bundle is made from it
  CustodyHead custody;         ///< the log's end after the entry of the seal
  std::string signer;          ///< identity in `signers`; empty: the key's comment
  std::vector<SshPrivateKey> ssh_keys;
  std::vector<CmsSigner> cms_signers;
  std::vector<std::string> recipients_pem;                                ///< archives only
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  ///< bytes of the payload
  std::function<bool()> interrupted;
};

struct BundleWritten {
  std::uint64_t payload_files = 0;
  std::uint64_t payload_bytes = 0;
  std::string tagmanifest_sha256;
  std::string archive_sha256;           ///< of the written file; empty for a folder
  std::vector<std::string> signatures;  ///< "SHA256:… as NAME", "CN=… (certificate SHA-256 …)"
};

/// What can be known before the seal is noted: kUsage where `out` is there, lies in the case, or the request cannot be
/// met; kOutput where its folder cannot be found.
Status check_bundle_request(const std::string& case_dir, const BundleRequest& request);

/// kUsage: `out` is there, lies in the case, or a file of the case has a name a bag cannot hold; kOutput: cannot be
/// written; kInterrupted. What was begun is taken away on every error.
/// REQUIRES: the case's lock is held and case.db is closed.
Result<BundleWritten> write_bundle(const CaseFolder& folder, const BundleRequest& request);

}  // namespace triage
