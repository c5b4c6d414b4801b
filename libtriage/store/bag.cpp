// SPDX-License-Identifier: Apache-2.0
#include "store/bag.h"

#include <fmt/format.h>

#include <algorithm>

#include "bytes/text.h"
#include "store/tar.h"

namespace triage {

std::string manifest_text(const BagFiles& files) {
  std::string out;
  for (const auto& [path, file] : files) out += fmt::format("{}  {}\n", file.sha256, path);
  return out;
}

Result<std::map<std::string, std::string>> parse_manifest(std::string_view text) {
  std::map<std::string, std::string> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    constexpr std::size_t kDigits = 64;
    const bool whole = end != std::string_view::npos && line.size() > kDigits + 2 && line.substr(kDigits, 2) == "  ";
    const std::string_view digest = line.substr(0, kDigits);
    const bool lower_hex =
        std::ranges::all_of(digest, [](char one) { return (one >= '0' && one <= '9') || (one >= 'a' && one <= 'f'); });
    if (!whole || !lower_hex || !is_plain_relative_path(line.substr(kDigits + 2))) {
      return fail(ErrorCode::kVerification, "a line of the manifest is damaged", escape_terminal(line.substr(0, 200)));
    }
    if (!out.emplace(line.substr(kDigits + 2), digest).second) {
      return fail(ErrorCode::kVerification, "a file stands twice in the manifest",
                  escape_terminal(line.substr(kDigits + 2)));
    }
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string bag_info_line(std::string_view key, std::string_view value) {
  std::string clean(value);
  std::ranges::replace_if(
      clean, [](unsigned char one) { return one < 0x20 || one == 0x7f; }, ' ');
  return fmt::format("{}: {}\n", key, clean);
}

std::string bag_info_value(std::string_view text, std::string_view key) {
  const std::string wanted = std::string(key) + ": ";
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (line.starts_with(wanted)) return std::string(line.substr(wanted.size()));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return {};
}

std::string_view bag_name_fault(std::string_view path) {
  if (path.find('%') != std::string_view::npos) return "its name holds a per cent sign";
  if (path.find('\\') != std::string_view::npos) return "its name holds a backslash";
  if (std::ranges::any_of(path, [](unsigned char one) { return one < 0x20 || one == 0x7f; }))
    return "its name holds a control character";
  if (!is_utf8(path)) return "its name is not UTF-8";
  return {};
}

std::string signature_name(std::size_t number, std::string_view extension) {
  const std::string middle = number == 1 ? "" : fmt::format("{}.", number);
  return fmt::format("{}.{}{}", kBagTagManifest, middle, extension);
}

std::string_view bundle_readme() {
  return R"(この資料について
================
これは情報漏えい対応の事案記録を封印したものです(BagIt 1.0、RFC 8493)。事案の内容は data/ にあり、
はじめに data/report.html と data/README.txt をご覧ください。専用のソフトウェアがなくても次の手順で確認できます。

1. 展開(.tar.zst の場合)      zstd -d BUNDLE.tar.zst && tar -xf BUNDLE.tar
2. 内容が変わっていないこと    sha256sum -c --quiet tagmanifest-sha256.txt manifest-sha256.txt
   Windows(PowerShell)        Get-FileHash -Algorithm SHA256 data\report.html
                               表示された値を manifest-sha256.txt の行と比べる
3. 署名(SSH)                 ssh-keygen -Y verify -f signers -I 署名者 -n triage-bundle \
                                 -s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt
   署名者の名は signers の行の最初の語です。署名が示すのは鍵だけなので、
   署名者本人から別の手段で受け取った公開鍵と signers の行を比べてください。
4. 署名(CMS)                 openssl cms -verify -inform DER -binary -in tagmanifest-sha256.txt.p7s \
                                 -content tagmanifest-sha256.txt -CAfile 認証局.pem -out /dev/null
5. タイムスタンプ              要求は tagmanifest-sha256.txt.tsq。トークンがあれば
                               openssl ts -verify -data tagmanifest-sha256.txt -in トークン.tsr -CAfile 認証局.pem

data/custody.jsonl は証拠管理の記録です。各行の prev は前の行(改行を除く)の SHA-256 です。
最後の行の SHA-256 と行数は bag-info.txt にあり、署名に守られています。

About this
==========
This is the sealed record of an information leak case (BagIt 1.0, RFC 8493). The case is in data/: begin with
data/report.html and data/README.txt. No special software is needed to check it.

1. Unpack (.tar.zst)           zstd -d BUNDLE.tar.zst && tar -xf BUNDLE.tar
2. Nothing was changed         sha256sum -c --quiet tagmanifest-sha256.txt manifest-sha256.txt
   Windows (PowerShell)        Get-FileHash -Algorithm SHA256 data\report.html
                               and compare with its line in manifest-sha256.txt
3. Signature (SSH)             ssh-keygen -Y verify -f signers -I IDENTITY -n triage-bundle \
                                 -s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt
   IDENTITY is the first word of a line of signers. Compare that line with the public key that the
   signer gave you another way: a signature proves no more than the key that made it.
4. Signature (CMS)             openssl cms -verify -inform DER -binary -in tagmanifest-sha256.txt.p7s \
                                 -content tagmanifest-sha256.txt -CAfile AUTHORITY.pem -out /dev/null
5. Time stamp                  the request is tagmanifest-sha256.txt.tsq; with a token:
                               openssl ts -verify -data tagmanifest-sha256.txt -in TOKEN.tsr -CAfile AUTHORITY.pem

data/custody.jsonl is the chain of custody: "prev" is the SHA-256 of the line before, without its line break. The
SHA-256 of the last line and the number of lines stand in bag-info.txt, which the signature covers.
)";
}

}  // namespace triage
