// SPDX-License-Identifier: Apache-2.0
// Local accounts: last logon, password changes and failures from the account's F value, names from its V value.
//   F := u16 revision, …, 0x08 last logon, 0x18 password set, 0x20 expires, 0x28 bad password (FILETIME), 0x30 u32 rid,
//        0x38 u16 flags, 0x40 u16 bad passwords, 0x42 u16 logons
//   V := 17 × {u32 offset from 0xcc, u32 bytes, u32}; 1 name, 2 full name, 3 comment
// Spec: libyal/winreg-kb, "Security Account Manager".
#include <fmt/format.h>

#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t kTexts = 0xcc;
constexpr std::size_t kMinF = 0x44;

std::string text_of(Bytes v, std::size_t index) {
  ByteCursor c(v);
  c.seek(index * 12, "descriptor");
  const auto offset = c.le<std::uint32_t>("offset");
  const auto bytes = c.le<std::uint32_t>("bytes");
  ByteCursor part = c.sub(kTexts + std::size_t{offset}, bytes, "text");
  return utf16le_to_utf8(part.data());
}

struct Account {
  std::uint32_t rid = 0;
  std::string name, full_name, comment;
  std::uint16_t flags = 0, failures = 0, logons = 0;
};

void give(const RegfKey& key, const RegfValue& f, const Account& account, std::uint64_t raw, MeaningSet meaning,
          std::string_view what, std::string_view how, RegistryFacts& out) {
  Event event = out.about(what, key, f);
  event.when = from_filetime(raw);
  if (event.when.status == TimeStatus::kNotSet) return;
  event.when_meaning = meaning;
  event.object_kind = "account";
  event.object = account.name;
  if (!account.name.empty()) event.who = account.name;
  event.how = how;
  event.attribute("rid", std::uint64_t{account.rid});
  add_text(event, "full_name", account.full_name);
  add_text(event, "comment", account.comment);
  event.attribute("account_flags", fmt::format("{:#06x}", account.flags));
  event.attribute("logons", std::uint64_t{account.logons});
  event.attribute("failures", std::uint64_t{account.failures});
  out.give(std::move(event));
}

void read(const RegfKey& key, RegistryFacts& out) {
  const auto f = key.value("F");
  if (!f) return;
  if (f->data().size() < kMinF) {
    out.fault(DamageKind::kTruncated, *f, fmt::format("the account's F value has {} bytes", f->data().size()));
    return;
  }
  ByteCursor c(f->data());
  c.seek(0x08, "last logon");
  const auto logon = c.le<std::uint64_t>("last logon");
  c.seek(0x18, "password set");
  const auto password = c.le<std::uint64_t>("password set");
  c.seek(0x28, "bad password");
  const auto failed = c.le<std::uint64_t>("bad password");
  Account account;
  account.rid = c.le<std::uint32_t>("rid");
  c.seek(0x38, "flags");
  account.flags = c.le<std::uint16_t>("flags");
  c.seek(0x40, "bad passwords");
  account.failures = c.le<std::uint16_t>("bad passwords");
  account.logons = c.le<std::uint16_t>("logons");
  if (const auto v = key.value("V")) {
    account.name = text_of(v->data(), 1);
    account.full_name = text_of(v->data(), 2);
    account.comment = text_of(v->data(), 3);
  }
  give(key, *f, account, logon, Meaning::kLastSeen, action::kLogonSucceeded, "last logon", out);
  give(key, *f, account, password, Meaning::kChanged, action::kAccountChanged, "password set", out);
  give(key, *f, account, failed, Meaning::kLastSeen, action::kLogonFailed, "last wrong password", out);
  Event event = out.at_write(action::kAccountChanged, key);
  event.object_kind = "account";
  event.object = account.name;
  event.how = "last change of the account";
  event.attribute("rid", std::uint64_t{account.rid});
  add_text(event, "full_name", account.full_name);
  out.give(std::move(event));
}

constexpr std::array kKeys = {"SAM\\SAM\\Domains\\Account\\Users\\0*"sv};
constexpr std::array kFields = {FieldSpec{"rid", "count", "relative id of the account"},
                                FieldSpec{"full_name", "", "full name"},
                                FieldSpec{"comment", "", "comment"},
                                FieldSpec{"account_flags", "hex", "account control bits"},
                                FieldSpec{"logons", "count", "logons counted"},
                                FieldSpec{"failures", "count", "wrong passwords since the last logon"}};
constexpr std::array kReferences = {
    "https://winreg-kb.readthedocs.io/en/latest/sources/sam-keys/Security-account-manager.html"sv};

}  // namespace

extern const RegistryPlugin registry_sam;
constinit const RegistryPlugin registry_sam{
    .id = "windows.registry.sam",
    .version = 1,
    .title_en = "Local accounts (SAM)",
    .title_ja = "ローカルアカウント(SAM)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
