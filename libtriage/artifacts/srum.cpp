// SPDX-License-Identifier: Apache-2.0
// System Resource Usage Monitor (SRUDB.dat): which program of which account sent and received how much, used processor
// and disk, when. A record stands for about an hour before its stamp: it tells volumes, never destinations.
//   SruDbIdMapTable(IdType IdIndex IdBlob): names of programs (UTF-16LE) and SIDs (type 3)
//   {973F5D5C-…} network usage · {DD6636C4-…} network connections · {D10CA2FE-…FA89} resources of programs ·
//   {D10CA2FE-…FA86} push notifications · {5C8CF1C7-…} program timeline
// Spec: libyal/esedb-kb, "System Resource Usage Monitor (SRUM)".
#include <fmt/format.h>

#include <array>
#include <unordered_map>

#include "artifacts/ese_artifact.h"
#include "bytes/text.h"
#include "formats/windows_sid.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

struct Column {
  std::string_view column;
  std::string_view field;
};
constexpr std::array kNetwork = {Column{"BytesSent", "bytes_sent"}, Column{"BytesRecvd", "bytes_received"},
                                 Column{"InterfaceLuid", "interface_luid"}, Column{"L2ProfileId", "profile_id"}};
constexpr std::array kConnection = {Column{"ConnectedTime", "connected_seconds"},
                                    Column{"InterfaceLuid", "interface_luid"}, Column{"L2ProfileId", "profile_id"}};
constexpr std::array kResources = {Column{"ForegroundCycleTime", "foreground_cycles"},
                                   Column{"BackgroundCycleTime", "background_cycles"},
                                   Column{"FaceTime", "face_time"},
                                   Column{"ForegroundBytesRead", "foreground_read"},
                                   Column{"ForegroundBytesWritten", "foreground_written"},
                                   Column{"BackgroundBytesRead", "background_read"},
                                   Column{"BackgroundBytesWritten", "background_written"}};
constexpr std::array kNotifications = {Column{"NotificationType", "notification_type"},
                                       Column{"PayloadSize", "payload_bytes"}};
constexpr std::array kTimeline = {Column{"DurationMS", "duration_ms"}, Column{"InFocusS", "in_focus_ms"},
                                  Column{"UserInputS", "user_input_ms"}};

struct Kind {
  std::string_view table;
  std::string_view what;
  std::string_view how;
  std::span<const Column> columns;
};
constexpr std::array kKinds = {
    Kind{"{973F5D5C-1D90-4944-BE8E-24B94231A174}", action::kNetworkConnected, "SRUM: network usage", kNetwork},
    Kind{"{DD6636C4-8929-4683-974E-22C046A43763}", action::kNetworkConnected, "SRUM: network connection", kConnection},
    Kind{"{D10CA2FE-6FCF-4F6D-848E-B2E99266FA89}", action::kProgramRun, "SRUM: resources of a program", kResources},
    Kind{"{D10CA2FE-6FCF-4F6D-848E-B2E99266FA86}", action::kMessageReceived, "SRUM: push notification", kNotifications},
    Kind{"{5C8CF1C7-7257-4F13-B223-970EF5939312}", action::kProgramRun, "SRUM: program timeline", kTimeline}};

struct Name {
  std::string text;
  bool sid = false;
};
using Names = std::unordered_map<std::int64_t, Name>;

Names read_names(EseView& view) {
  Names out;
  const EseTable* table = view.table("SruDbIdMapTable");
  if (table == nullptr) return out;
  view.rows(*table, [&out](const EseRow& row) {
    const auto index = row.integer("IdIndex");
    const auto blob = row.binary("IdBlob");
    if (!index || !blob) return;
    const bool sid = row.integer("IdType") == 3;
    std::string text = sid ? sid_text(*blob) : utf16le_zstring(*blob);
    if (!text.empty()) out.try_emplace(*index, Name{std::move(text), sid});
  });
  return out;
}

void put_name(Event& event, const Names& names, const EseRow& row) {
  const auto app = names.find(row.integer("AppId").value_or(-1));
  const auto user = names.find(row.integer("UserId").value_or(-1));
  event.object_kind = "program";
  if (app != names.end()) {
    event.object = app->second.text;
    event.program = app->second.text;
  }
  if (user != names.end() && user->second.sid) event.sid = user->second.text;
}

struct Reader {
  const Artifact& in;
  EventSink& out;
  EseView& view;
  Names names;

  void give(const Kind& kind, const EseRow& row) const {
    Event event;
    event.what = kind.what;
    event.how = kind.how;
    event.when = row.date("TimeStamp").value_or(Timestamp{});
    event.when_meaning = Meaning::kLogged;
    event.locator = in.at(row.at(), row.length());
    event.recovered = row.recovered();
    if (const auto id = row.integer("AutoIncId"); id && *id >= 0) event.record = static_cast<std::uint64_t>(*id);
    put_name(event, names, row);
    for (const Column& one : kind.columns)
      if (const auto number = row.integer(one.column); number && *number >= 0)
        event.attribute(one.field, static_cast<std::uint64_t>(*number));
    if (const auto start =
            row.table().column("ConnectStartTime") != nullptr ? row.date("ConnectStartTime") : std::nullopt;
        start && start->status == TimeStatus::kOk) {
      Event connected = event;
      connected.when = *start;
      connected.when_meaning = Meaning::kConnected;
      out.event(std::move(connected));
    }
    out.event(std::move(event));
  }
};

Outcome parse_srum(const Artifact& in, EventSink& out) {
  auto view = EseView::open(in.data);
  if (!view) return Outcome::kNotMine;
  if (view->table("SruDbIdMapTable") == nullptr && view->faults().empty()) return Outcome::kNotMine;
  Reader reader{in, out, *view, read_names(*view)};
  for (const Kind& kind : kKinds)
    if (const EseTable* table = view->table(kind.table))
      view->rows(*table, [&](const EseRow& row) { reader.give(kind, row); });
  return tell_faults(*view, out);
}

constexpr std::array kMagics = {kEseMagic};
constexpr std::array kPaths = {"**/srudb.dat"sv};
constexpr std::array kFields = {
    FieldSpec{"bytes_sent", "bytes", "sent in the interval"},
    FieldSpec{"bytes_received", "bytes", "received in the interval"},
    FieldSpec{"interface_luid", "count", "interface; its upper 16 bits are the kind (71 wireless, 6 wired)"},
    FieldSpec{"profile_id", "count", "network profile"},
    FieldSpec{"connected_seconds", "seconds", "how long it was connected"},
    FieldSpec{"foreground_cycles", "count", "processor cycles in the foreground"},
    FieldSpec{"background_cycles", "count", "processor cycles in the background"},
    FieldSpec{"face_time", "count", "time on screen, 100 ns"},
    FieldSpec{"foreground_read", "bytes", "read in the foreground"},
    FieldSpec{"foreground_written", "bytes", "written in the foreground"},
    FieldSpec{"background_read", "bytes", "read in the background"},
    FieldSpec{"background_written", "bytes", "written in the background"},
    FieldSpec{"notification_type", "count", "kind of notification"},
    FieldSpec{"payload_bytes", "bytes", "size of the notification"},
    FieldSpec{"duration_ms", "milliseconds", "how long the program ran in the interval"},
    FieldSpec{"in_focus_ms", "count", "time in focus as stored"},
    FieldSpec{"user_input_ms", "count", "time with input as stored"}};
constexpr std::array kReferences = {
    "https://github.com/libyal/esedb-kb/blob/main/documentation/System%20Resource%20Usage%20Monitor%20(SRUM).asciidoc"sv,
    "https://github.com/libyal/libesedb/blob/main/documentation/Extensible%20Storage%20Engine%20(ESE)%20Database%20File%20(EDB)%20format.asciidoc"sv};

}  // namespace

extern const ArtifactParser srum;
constinit const ArtifactParser srum{
    .id = "windows.srum",
    .version = 1,
    .title_en = "Resource and network usage by program and account (SRUM)",
    .title_ja = "プログラム・アカウント別の資源と通信量(SRUM)",
    .magics = kMagics,
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{std::uint64_t{1} << 30},
    .parse = parse_srum,
};

}  // namespace triage
