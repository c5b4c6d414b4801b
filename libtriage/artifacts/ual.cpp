// SPDX-License-Identifier: Apache-2.0
// User Access Logging of Windows Server: which account used which role of the server from which address, first and
// last, and how often (Current.mdb, {GUID}.mdb); names of roles and the server (SystemIdentity.mdb).
//   CLIENTS(RoleGuid TenantId TotalAccesses InsertDate LastAccess Address AuthenticatedUserName ClientName Day1…366)
//   ROLE_ACCESS(RoleGuid FirstSeen LastSeen)  DNS(LastSeen Address HostName)  VIRTUALMACHINES  ROLE_IDS SYSTEM_IDENTITY
// Spec: learn.microsoft.com "User Access Logging"; KPMG-UK, "User Access Logging (UAL)".
#include <fmt/format.h>

#include <array>

#include "artifacts/ese_artifact.h"
#include "bytes/text.h"
#include "formats/shell_item.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

/// 4 or 16 bytes in network order.
std::string address_text(Bytes raw) {
  ByteCursor c(raw);
  if (raw.size() == 4) {
    const auto a = c.le<std::uint8_t>("a"), b = c.le<std::uint8_t>("b"), d = c.le<std::uint8_t>("c"),
               e = c.le<std::uint8_t>("d");
    return fmt::format("{}.{}.{}.{}", a, b, d, e);
  }
  if (raw.size() != 16) return {};
  std::string out;
  for (int i = 0; i < 8; ++i) out += fmt::format("{}{:x}", i == 0 ? "" : ":", c.be<std::uint16_t>("group"));
  return out;
}

/// Days of the year with accesses: "164:61 165:249".
std::string days_of(const EseRow& row) {
  std::string out;
  for (const EseColumn& column : row.table().columns) {
    if (!column.name.starts_with("Day") || column.name.size() > 6) continue;
    if (const auto count = row.integer(column.name); count && *count > 0)
      out += fmt::format("{}{}:{}", out.empty() ? "" : " ", column.name.substr(3), *count);
  }
  return out;
}

struct Reader {
  const Artifact& in;
  EventSink& out;

  Event start(const EseRow& row, std::string_view what, std::string_view how) const {
    Event event;
    event.what = what;
    event.how = how;
    event.locator = in.at(row.at(), row.length());
    event.recovered = row.recovered();
    if (const auto role = row.binary("RoleGuid"); role && role->size() == 16) event.attribute("role", guid_text(*role));
    return event;
  }
  void stamp(Event event, const std::optional<Timestamp>& when, Meaning meaning) const {
    if (!when || when->status == TimeStatus::kNotSet) return;
    event.when = *when;
    event.when_meaning = meaning;
    out.event(std::move(event));
  }
  void client(const EseRow& row) const {
    Event event = start(row, action::kNetworkConnected, "user access logging");
    event.object_kind = "account";
    event.who = row.text("AuthenticatedUserName");
    event.object = event.who;
    if (const auto raw = row.binary("Address"))
      if (std::string address = address_text(*raw); !address.empty()) event.remote = address;
    if (const auto count = row.integer("TotalAccesses"); count && *count >= 0)
      event.attribute("accesses", static_cast<std::uint64_t>(*count));
    if (const auto name = row.text("ClientName")) event.attribute("client_name", *name);
    if (const std::string days = days_of(row); !days.empty()) event.attribute("days", days);
    stamp(event, row.date("InsertDate"), Meaning::kFirstSeen);
    stamp(event, row.date("LastAccess"), Meaning::kLastSeen);
  }
  void role(const EseRow& row) const {
    Event event = start(row, action::kServiceStarted, "user access logging: role used");
    event.object_kind = "service";
    stamp(event, row.date("FirstSeen"), Meaning::kFirstSeen);
    stamp(event, row.date("LastSeen"), Meaning::kLastSeen);
  }
  void name(const EseRow& row) const {
    Event event = start(row, action::kNetworkConnected, "user access logging: name of an address");
    event.object_kind = "host";
    event.object = row.text("HostName");
    event.remote = row.text("Address");
    stamp(event, row.date("LastSeen"), Meaning::kLastSeen);
  }
  void identity(const EseRow& row) const {
    Event event = start(row, action::kConfigChanged, "user access logging: the server");
    event.object_kind = "host";
    event.object = row.text("SystemDNSHostName");
    event.host = event.object;
    if (const auto domain = row.text("SystemDomainName")) event.attribute("domain", *domain);
    if (const auto model = row.text("SystemProductName")) event.attribute("model", *model);
    if (const auto build = row.integer("OSBuildNumber"); build && *build >= 0)
      event.attribute("build", static_cast<std::uint64_t>(*build));
    stamp(event, row.date("CreationTime"), Meaning::kLogged);
  }
  void role_name(const EseRow& row) const {
    Event event = start(row, action::kOther, "user access logging: name of a role");
    event.object_kind = "service";
    event.object = row.text("RoleName");
    event.when_meaning = Meaning::kOther;
    out.event(std::move(event));
  }
};

Outcome parse_ual(const Artifact& in, EventSink& out) {
  auto view = EseView::open(in.data);
  if (!view) return Outcome::kNotMine;
  const Reader reader{in, out};
  struct Part {
    std::string_view table;
    void (Reader::*give)(const EseRow&) const;
  };
  bool mine = false;
  for (const Part& part :
       {Part{"CLIENTS", &Reader::client}, Part{"ROLE_ACCESS", &Reader::role}, Part{"DNS", &Reader::name},
        Part{"SYSTEM_IDENTITY", &Reader::identity}, Part{"ROLE_IDS", &Reader::role_name}}) {
    const EseTable* table = view->table(part.table);
    if (table == nullptr) continue;
    mine = true;
    view->rows(*table, [&](const EseRow& row) { (reader.*part.give)(row); });
  }
  if (!mine && view->faults().empty()) return Outcome::kNotMine;
  return tell_faults(*view, out);
}

constexpr std::array kMagics = {kEseMagic};
constexpr std::array kPaths = {"**/current.mdb"sv, "**/systemidentity.mdb"sv, "**/{*}.mdb"sv};
constexpr std::array kFields = {FieldSpec{"role", "", "GUID of the role that was used"},
                                FieldSpec{"accesses", "count", "accesses in the year"},
                                FieldSpec{"client_name", "", "name of the client"},
                                FieldSpec{"days", "", "day of the year:accesses"},
                                FieldSpec{"domain", "", "domain of the server"},
                                FieldSpec{"model", "", "model of the server"},
                                FieldSpec{"build", "count", "Windows build"}};
constexpr std::array kReferences = {
    "https://learn.microsoft.com/en-us/windows-server/administration/user-access-logging/get-started-with-user-access-logging"sv,
    "https://advisory.kpmg.us/blog/2021/digital-forensics-incident-response.html"sv,
    "https://github.com/libyal/libesedb/blob/main/documentation/Extensible%20Storage%20Engine%20(ESE)%20Database%20File%20(EDB)%20format.asciidoc"sv};

}  // namespace

extern const ArtifactParser ual;
constinit const ArtifactParser ual{
    .id = "windows.ual",
    .version = 1,
    .title_en = "User access logging of servers (UAL)",
    .title_ja = "サーバーのユーザーアクセスログ(UAL)",
    .magics = kMagics,
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{std::uint64_t{1} << 30},
    .parse = parse_ual,
};

}  // namespace triage
