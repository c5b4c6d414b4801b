// SPDX-License-Identifier: Apache-2.0
// A case as a BagIt 1.0 bag (RFC 8493): names, tag files and the manifest, shared by those who write and check it.
//   bagit.txt bag-info.txt README.txt manifest-sha256.txt data/…          covered by tagmanifest-sha256.txt
//   tagmanifest-sha256.txt                                                covered by the signatures
//   tagmanifest-sha256.txt.sig (.2.sig …), signers, .p7s (.2.p7s …), .tsq outside the manifests
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace triage {

inline constexpr std::string_view kBagDeclaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
inline constexpr std::string_view kBagManifest = "manifest-sha256.txt";
inline constexpr std::string_view kBagTagManifest = "tagmanifest-sha256.txt";
inline constexpr std::string_view kBagSigners = "signers";
inline constexpr std::string_view kBundleNamespace = "triage-bundle";
inline constexpr std::string_view kBagPayload = "data/";

/// What is known of one file of a bag.
struct BagFile {
  std::uint64_t size = 0;
  std::string sha256;  ///< lower-case hex
};
using BagFiles = std::map<std::string, BagFile>;  ///< by path from the bag's root

/// "<sha256>  <path>\n" for every file, sorted by path.
std::string manifest_text(const BagFiles& files);
/// Path → SHA-256. kVerification for a line that manifest_text() would not write.
Result<std::map<std::string, std::string>> parse_manifest(std::string_view text);

/// "KEY: VALUE\n"; control characters of the value become blanks.
std::string bag_info_line(std::string_view key, std::string_view value);
/// Value of a key of bag-info.txt; empty when absent.
std::string bag_info_value(std::string_view text, std::string_view key);

/// Empty when a payload file may have this name, else why not: BagIt readers disagree on '%', sha256sum writes '\\'
/// differently, and a line break would end the manifest's line.
std::string_view bag_name_fault(std::string_view path);

/// Name of the n-th signature (from 1): "tagmanifest-sha256.txt.sig", "tagmanifest-sha256.txt.2.sig".
std::string signature_name(std::size_t number, std::string_view extension);

/// README.txt of a bundle, Japanese and English: how to check it with ordinary tools.
std::string_view bundle_readme();

}  // namespace triage
