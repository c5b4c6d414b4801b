// SPDX-License-Identifier: Apache-2.0
// AmCache: files and programs the compatibility appraiser inventoried. SHA-1 is of the first 31,457,280 bytes; the
// times of keys say when they were inventoried, NOT when they ran.
//   old (8 to 10 1607): Root\File\{volume}\{reference}: 15 path, 101 SHA-1, 11 and 17 modified, 12 created (FILETIME),
//   f link
//     date (Unix), 6 size, 0 product, 1 company, 100 program id · Root\Programs\{id}: 0 name, 1 version, a install date
//   new: Root\InventoryApplicationFile, InventoryApplication, InventoryDriverBinary, InventoryDevicePnp by names
// Spec: libyal/winreg-kb, "AMCache file"; ANSSI, "Analysis of the AmCache" (2019).
#include <array>

#include "artifacts/registry_plugin.h"
#include "bytes/text.h"
#include "bytes/time_formats.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

/// "0000" and forty hex digits.
std::string sha1_of(const std::optional<std::string>& text) {
  return text && text->size() == 44 ? ascii_lower(text->substr(4)) : std::string{};
}

/// "MM/DD/YYYY hh:mm:ss" as local or UTC by field; basis is unknown.
Timestamp american(const std::string& text) {
  Timestamp out;
  out.raw = text;
  if (text.size() < 10 || text[2] != '/' || text[5] != '/') return out;
  std::string iso = text.substr(6, 4) + "-" + text.substr(0, 2) + "-" + text.substr(3, 2);
  const bool day_only = text.size() < 19;
  if (!day_only) iso += "T" + text.substr(11, 8) + "Z";
  out.utc_nanos = parse_time_text(iso);
  out.precision = day_only ? Precision::kDay : Precision::kSecond;
  out.status = out.utc_nanos ? TimeStatus::kOk : TimeStatus::kOutOfRange;
  return out;
}

void stamp(Event event, const Timestamp& when, Meaning meaning, std::string_view what, std::string_view how,
           RegistryFacts& out) {
  if (when.status == TimeStatus::kNotSet) return;
  event.when = when;
  event.when_meaning = meaning;
  event.what = what;
  event.how = how;
  out.give(std::move(event));
}

Timestamp filetime_of(const RegfKey& key, std::string_view name) {
  const auto raw = key.integer(name);
  return raw ? from_filetime(*raw) : Timestamp{};
}

void read_old_file(const RegfKey& key, RegistryFacts& out) {
  Event event = out.at_write(action::kFileSeen, key);
  event.object_kind = "program";
  event.object = key.text("15");
  event.path = event.object;
  event.object_size = key.integer("6");
  if (const auto volume = key.parent()) event.volume = volume->name();
  add_text(event, "sha1", sha1_of(key.text("101")));
  add_text(event, "product", key.text("0"));
  add_text(event, "company", key.text("1"));
  add_text(event, "file_version", key.text("5"));
  add_text(event, "program_id", key.text("100"));
  stamp(event, filetime_of(key, "12"), Meaning::kCreated, action::kFileCreated, "amcache: creation of the file", out);
  stamp(event, filetime_of(key, "11"), Meaning::kModified, action::kFileModified, "amcache: last change of the file",
        out);
  if (key.integer("17") != key.integer("11"))
    stamp(event, filetime_of(key, "17"), Meaning::kModified, action::kFileModified,
          "amcache: second stamp of the last change", out);
  if (const auto link = key.integer("f"))
    stamp(event, from_unix(static_cast<std::int64_t>(*link)), Meaning::kOther, action::kFileSeen,
          "amcache: link date of the program", out);
  event.how = "amcache: inventoried";
  out.give(std::move(event));
}

void read_old_program(const RegfKey& key, RegistryFacts& out) {
  Event event = out.at_write(action::kProgramInstalled, key);
  event.object_kind = "program";
  event.object = key.text("0");
  add_text(event, "file_version", key.text("1"));
  add_text(event, "company", key.text("2"));
  event.attribute("program_id", key.name());
  if (const auto seconds = key.integer("a"); seconds && *seconds != 0)
    stamp(event, from_unix(static_cast<std::int64_t>(*seconds)), Meaning::kInstalled, action::kProgramInstalled,
          "amcache: installed", out);
  event.how = "amcache: inventoried";
  event.what = action::kFileSeen;
  out.give(std::move(event));
}

void read_file(const RegfKey& key, RegistryFacts& out) {
  Event event = out.at_write(action::kFileSeen, key);
  event.object_kind = "program";
  event.object = key.text("LowerCaseLongPath");
  event.path = event.object;
  event.object_size = key.integer("Size");
  add_text(event, "sha1", sha1_of(key.text("FileId")));
  add_text(event, "product", key.text("ProductName"));
  add_text(event, "company", key.text("Publisher"));
  add_text(event, "file_version", key.text("Version"));
  add_text(event, "program_id", key.text("ProgramId"));
  if (const auto link = key.text("LinkDate"))
    stamp(event, american(*link), Meaning::kOther, action::kFileSeen, "amcache: link date of the program", out);
  event.how = "amcache: inventoried";
  out.give(std::move(event));
}

void read_program(const RegfKey& key, RegistryFacts& out) {
  Event event = out.at_write(action::kFileSeen, key);
  event.object_kind = "program";
  event.object = key.text("Name");
  event.path = key.text("RootDirPath");
  add_text(event, "company", key.text("Publisher"));
  add_text(event, "file_version", key.text("Version"));
  event.attribute("program_id", key.name());
  add_text(event, "source", key.text("Source"));
  if (const auto date = key.text("InstallDate"))
    stamp(event, american(*date), Meaning::kInstalled, action::kProgramInstalled, "amcache: installed", out);
  event.how = "amcache: inventoried";
  out.give(std::move(event));
}

void read_driver(const RegfKey& key, RegistryFacts& out) {
  Event event = out.at_write(action::kFileSeen, key);
  event.object_kind = "driver";
  event.object = key.name();
  event.path = key.name();
  add_text(event, "sha1", sha1_of(key.text("DriverId")));
  add_text(event, "company", key.text("DriverCompany"));
  add_text(event, "product", key.text("Product"));
  add_text(event, "service", key.text("Service"));
  if (const auto link = key.integer("DriverTimeStamp"); link && *link != 0)
    stamp(event, from_unix(static_cast<std::int64_t>(*link)), Meaning::kOther, action::kFileSeen,
          "amcache: link date of the driver", out);
  event.how = "amcache: inventoried";
  out.give(std::move(event));
}

void read_device(const RegfKey& key, RegistryFacts& out) {
  Event event = out.at_write(action::kDeviceConnected, key);
  event.object_kind = "device";
  event.object = key.name();
  add_text(event, "product", key.text("Description"));
  add_text(event, "company", key.text("Manufacturer"));
  add_text(event, "service", key.text("Service"));
  event.how = "amcache: device inventoried";
  event.when_meaning = Meaning::kLogged;
  out.give(std::move(event));
}

void read(const RegfKey& key, RegistryFacts& out) {
  const auto parent = key.parent();
  const std::string set = parent ? ascii_lower(parent->name()) : "";
  if (set == "programs") return read_old_program(key, out);
  if (set == "inventoryapplicationfile") return read_file(key, out);
  if (set == "inventoryapplication") return read_program(key, out);
  if (set == "inventorydriverbinary") return read_driver(key, out);
  if (set == "inventorydevicepnp") return read_device(key, out);
  read_old_file(key, out);
}

constexpr std::array kKeys = {"AMCACHE\\Root\\File\\*\\*"sv,
                              "AMCACHE\\Root\\Programs\\*"sv,
                              "AMCACHE\\Root\\InventoryApplicationFile\\*"sv,
                              "AMCACHE\\Root\\InventoryApplication\\*"sv,
                              "AMCACHE\\Root\\InventoryDriverBinary\\*"sv,
                              "AMCACHE\\Root\\InventoryDevicePnp\\*"sv};
constexpr std::array kFields = {FieldSpec{"sha1", "hex", "SHA-1 of the first 31,457,280 bytes of the file"},
                                FieldSpec{"product", "", "product or description"},
                                FieldSpec{"company", "", "publisher"},
                                FieldSpec{"file_version", "", "version"},
                                FieldSpec{"program_id", "", "id of the program the file belongs to"},
                                FieldSpec{"source", "", "how it was installed"},
                                FieldSpec{"service", "", "service of a driver or device"}};
constexpr std::array kReferences = {
    "https://winreg-kb.readthedocs.io/en/latest/sources/application-keys/AMCache.html"sv,
    "https://www.ssi.gouv.fr/publication/analysis-of-the-amcache/"sv};

}  // namespace

extern const RegistryPlugin registry_amcache;
constinit const RegistryPlugin registry_amcache{
    .id = "windows.registry.amcache",
    .version = 1,
    .title_en = "Inventoried programs, drivers and devices (AmCache)",
    .title_ja = "プログラム・ドライバー・機器の目録(AmCache)",
    .keys = kKeys,
    .fields = kFields,
    .references = kReferences,
    .read = read,
};

}  // namespace triage
