// SPDX-License-Identifier: Apache-2.0
// Wallets kept as JSON: Ethereum key stores (version 3), Electrum, MetaMask vaults. The object is balanced to its end
// and must hold the fields of one of them.       Spec: RFC 8259; Ethereum "Web3 Secret Storage Definition"; Electrum
// storage.
#include <array>

#include "carve/carve_result.h"
#include "formats/peek.h"
#include "formats/text_extent.h"

namespace triage {

extern const Carver wallet;

namespace {
/// Length of the JSON object at the start of `text`; 0 where it does not end.
std::size_t object_length(std::string_view text) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return i + 1;
    }
  }
  return 0;
}

bool has_all(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words)
    if (find_ignoring_case(text, word) == std::string_view::npos) return false;
  return true;
}

CarveResult validate(Bytes data) {
  const TextExtent text = text_extent(part(data, 0, 16U << 20));
  const std::string_view chars = as_chars(data.first(text.end));
  const std::string_view head = chars.substr(0, 64 * 1024);
  const bool ethereum = has_all(head, {"\"crypto\"", "\"ciphertext\"", "\"kdf\""});
  const bool electrum =
      has_all(head, {"\"wallet_type\""}) && (has_all(head, {"\"keystore\""}) || has_all(head, {"\"seed_version\""}));
  const bool vault = has_all(head, {"\"data\"", "\"iv\"", "\"salt\""});
  const std::size_t length = object_length(chars);
  if (length == 0) return text.ran_out && (ethereum || electrum || vault) ? carve_more(data, "json") : CarveResult{};
  if (!ethereum && !electrum && !vault) return {};
  return carve_whole(length + (chars.substr(length).starts_with('\n') ? 1 : 0), "json");
}

constexpr CarveMagic kMagics[] = {{0, "{\"address\""}, {0, "{\"version\""}, {0, "{\"crypto\""}, {0, "{\"Crypto\""},
                                  {0, "{\"id\""},      {0, "{\n    \""},    {0, "{\"data\""},   {0, "{\n  \""}};
constexpr std::string_view kReferences[] = {"RFC 8259", "Ethereum: Web3 Secret Storage Definition"};

}  // namespace

constinit const Carver wallet{
    .id = "wallet",
    .extension = "json",
    .title_en = "Wallet kept as JSON",
    .title_ja = "JSON 形式のウォレット",
    .magics = kMagics,
    .min_length = ByteCount{80},
    .max_length = ByteCount{16ULL << 20},
    .references = kReferences,
    .validate = validate,
};

}  // namespace triage
