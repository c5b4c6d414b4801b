// SPDX-License-Identifier: Apache-2.0
// Windows Prefetch: what ran, how often, when (last 1 or 8 times), which files it loaded. Versions 17, 23, 26, 30, 31,
// plain or MAM-compressed (XPRESS Huffman); not NTOSBOOT's trace chains. Little-endian, FILETIME in UTC, UTF-16LE.
//   file := [MAM] header(84) info(version) metrics[] chains[] strings volumes[]
// Spec: libyal/libscca, "Windows Prefetch File (PF) format" §2-§4.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "artifacts/parser.h"
#include "bytes/text.h"
#include "formats/xpress_huffman.h"

namespace triage {
namespace {
using namespace std::string_view_literals;
constexpr std::size_t kMaxPlain = std::size_t{16} << 20;
constexpr std::size_t kMaxVolumes = 64;
constexpr std::size_t kMaxFiles = 65536;
constexpr std::size_t kMaxListed = 64;  // names in the attribute files_elsewhere
constexpr std::size_t kInfoAt = 84;

struct Header {
  std::uint32_t version = 0;
  std::uint32_t file_size = 0;
  std::string executable;  // at most 29 characters, cut by Windows
  std::uint32_t path_hash = 0;
};

struct RunTime {
  std::uint64_t filetime = 0;
  std::size_t at = 0;
};

struct Info {
  std::uint32_t metrics_at = 0, metrics_count = 0;
  std::uint32_t strings_at = 0, strings_size = 0;
  std::uint32_t volumes_at = 0, volumes_count = 0, volumes_size = 0;
  std::vector<RunTime> runs;
  std::optional<std::uint32_t> run_count;
};

struct Volume {
  std::string device;
  std::string prefix;  // lower case, with the backslash that ends it
  Timestamp created;
  std::string serial;
};

struct Prefetch {
  Header header;
  Info info;
  std::vector<std::string> files;
  bool has_files = false;  // the names could be read
  std::vector<Volume> volumes;
};

Header parse_header(ByteCursor& c) {
  Header h;
  h.version = c.le<std::uint32_t>("version");                // §2 offset 0x00
  c.skip(8, "signature, unknown");                           // §2 offset 0x04
  h.file_size = c.le<std::uint32_t>("file_size");            // §2 offset 0x0c, bytes
  h.executable = utf16le_zstring(c.take(60, "executable"));  // §2 offset 0x10
  h.path_hash = c.le<std::uint32_t>("path_hash");            // §2 offset 0x4c
  c.skip(4, "flags");
  return h;
}

/// File information of every version: nine words, then the run times and the run count at places of their own (§3).
Info parse_info(ByteCursor& c, std::uint32_t version) {
  Info info;
  info.metrics_at = c.le<std::uint32_t>("metrics offset");
  info.metrics_count = c.le<std::uint32_t>("metrics count");
  c.skip(8, "trace chains");
  info.strings_at = c.le<std::uint32_t>("strings offset");
  info.strings_size = c.le<std::uint32_t>("strings size");
  info.volumes_at = c.le<std::uint32_t>("volumes offset");
  info.volumes_count = c.le<std::uint32_t>("volumes count");
  info.volumes_size = c.le<std::uint32_t>("volumes size");
  if (version >= 23) c.skip(8, "unknown");
  const std::size_t run_times = version >= 26 ? 8 : 1;
  for (std::size_t i = 0; i < run_times; ++i) {
    const std::size_t at = c.position();
    const auto filetime = c.le<std::uint64_t>("last run time");
    if (filetime != 0) info.runs.push_back({filetime, at});
  }
  // §3.4: the second form of version 30 (and 31) is eight bytes shorter; only the metrics offset tells them apart.
  const bool short_form = version >= 30 && info.metrics_at == 0x128;
  c.skip(short_form ? 8 : 16, "unknown");
  const auto run_count = c.le<std::uint32_t>("run count");
  if (c.ok()) info.run_count = run_count;
  return info;
}

std::vector<std::string> parse_strings(ByteCursor& c, const Info& info) {
  std::vector<std::string> out;
  const ByteCursor strings = c.sub(info.strings_at, info.strings_size, "strings");
  Bytes left = strings.data();
  while (left.size() >= 2) {
    std::size_t units = 0;
    while (2 * units + 1 < left.size() && (left[2 * units] != std::byte{0} || left[2 * units + 1] != std::byte{0}))
      ++units;
    if (out.size() == kMaxFiles) {
      c.reject("strings");
      break;
    }
    if (units > 0) out.push_back(utf16le_to_utf8(left.first(2 * units)));
    left = left.subspan(std::min(2 * units + 2, left.size()));
  }
  return out;
}

std::vector<Volume> parse_volumes(ByteCursor& c, const Header& header, const Info& info) {
  const std::size_t entry_size = header.version >= 30 ? 96 : header.version >= 23 ? 104 : 40;
  ByteCursor section = c.sub(info.volumes_at, info.volumes_size, "volumes");
  std::vector<Volume> out;
  const std::size_t count = std::min<std::size_t>(info.volumes_count, kMaxVolumes);
  for (std::size_t i = 0; i < count && section.ok(); ++i) {
    section.seek(i * entry_size, "volume");
    const auto device_at = section.le<std::uint32_t>("volume device path");  // from the start of the section
    const auto device_units = section.le<std::uint32_t>("volume device path length");
    const auto created = section.le<std::uint64_t>("volume created");
    const auto serial = section.le<std::uint32_t>("volume serial");
    const ByteCursor device = section.sub(device_at, std::size_t{device_units} * 2, "volume device path");
    if (!section.ok()) break;
    const std::string name = utf16le_zstring(device.data());
    out.push_back({name, ascii_lower(name) + '\\', from_filetime(created), fmt::format("{:08x}", serial)});
  }
  if (!section.ok()) c.reject(section.fault()->field);
  return out;
}

/// The loaded file whose last part is the executable (of which the header holds at most 29 characters).
std::optional<std::string> executable_path(const Prefetch& pf) {
  const std::string wanted = ascii_lower(pf.header.executable);
  for (const std::string& file : pf.files) {
    const std::string name = ascii_lower(file.substr(file.rfind('\\') + 1));
    if (name == wanted || (pf.header.executable.size() >= 29 && name.starts_with(wanted))) return file;
  }
  return std::nullopt;
}

const Volume* volume_of(const Prefetch& pf, const std::string& file) {
  const std::string lower = ascii_lower(file);
  for (const Volume& volume : pf.volumes)
    if (!volume.device.empty() && lower.starts_with(volume.prefix)) return &volume;
  return nullptr;
}

void describe(const Prefetch& pf, const std::optional<std::string>& path, Event& event) {
  const Volume* home = path ? volume_of(pf, *path) : nullptr;
  if (home != nullptr) event.volume = home->serial;
  std::vector<std::string> serials, devices, created, elsewhere;
  for (const Volume& volume : pf.volumes) {
    serials.push_back(volume.serial);
    devices.push_back(volume.device);
    created.push_back(volume.created.text().value_or("not set"));
  }
  for (const std::string& file : pf.files) {
    const Volume* volume = home != nullptr && elsewhere.size() < kMaxListed ? volume_of(pf, file) : nullptr;
    if (volume != nullptr && volume != home) elsewhere.push_back(file);
  }
  if (pf.info.run_count) event.attribute("run_count", *pf.info.run_count);
  event.attribute("path_hash", fmt::format("{:08x}", pf.header.path_hash));
  event.attribute("format_version", pf.header.version);
  if (pf.has_files) event.attribute("files", pf.files.size());
  if (pf.volumes.empty()) return;
  event.attribute("volume_serials", fmt::to_string(fmt::join(serials, "; ")));
  event.attribute("volume_devices", fmt::to_string(fmt::join(devices, "; ")));
  event.attribute("volume_created", fmt::to_string(fmt::join(created, "; ")));
  if (!elsewhere.empty()) event.attribute("files_elsewhere", fmt::to_string(fmt::join(elsewhere, "; ")));
}

/// One event per run time; `place` is the locator of a field of the plain file.
template <typename Place>
void emit(const Prefetch& pf, bool partial, Place place, EventSink& out) {
  Event event;
  event.when_meaning = Meaning::kRun;
  event.what = action::kProgramRun;
  event.object_kind = "program";
  event.how = "prefetch";
  event.partial = partial;
  const std::optional<std::string> path = executable_path(pf);
  if (!pf.header.executable.empty()) {
    event.object = pf.header.executable;
    event.program = pf.header.executable;
  }
  event.path = path;
  describe(pf, path, event);
  if (pf.info.runs.empty()) {
    event.locator = place(0, kInfoAt);
    out.event(event);
  }
  for (const RunTime& run : pf.info.runs) {
    event.when = from_filetime(run.filetime);
    event.locator = place(run.at, 8);
    out.event(event);
  }
}

/// `data` is the file without its compression; the faults of a compressed one are placed at `packed_at`.
template <typename Place>
Outcome parse_plain(Bytes data, bool whole, std::optional<std::uint64_t> packed_at, Place place, EventSink& out) {
  if (!has_at(data, 4, "SCCA")) return Outcome::kNotMine;
  ByteCursor c(data);
  Prefetch pf;
  pf.header = parse_header(c);
  static constexpr std::array kVersions = {17U, 23U, 26U, 30U, 31U};
  if (std::find(kVersions.begin(), kVersions.end(), pf.header.version) == kVersions.end()) {
    out.damage(DamageKind::kVersion, packed_at.value_or(0), "version",
               fmt::format("version {} is not read", pf.header.version));
    return Outcome::kUnsupportedVersion;
  }
  const bool has_header = c.ok();
  pf.info = parse_info(c, pf.header.version);
  if (c.ok()) pf.files = parse_strings(c, pf.info);
  pf.has_files = c.ok();
  if (c.ok()) pf.volumes = parse_volumes(c, pf.header, pf.info);
  if (c.ok())
    (void)c.sub(pf.info.metrics_at, std::size_t{pf.info.metrics_count} * (pf.header.version >= 23 ? 32 : 20),
                "metrics");  // only checked: the strings hold the same names
  const bool size_fits = pf.header.file_size == data.size();
  const bool good = c.ok() && size_fits && whole;
  if (has_header) emit(pf, !good, place, out);
  if (!size_fits && whole)
    out.damage(DamageKind::kRange, packed_at.value_or(12), "file_size",
               fmt::format("the header says {} bytes, there are {}", pf.header.file_size, data.size()));
  if (packed_at && !c.ok()) {
    out.damage(DamageKind::kRange, *packed_at, c.fault()->field,
               fmt::format("{} at {:#x} of the decompressed file lies outside it", c.fault()->field, c.fault()->at));
  } else {
    out.fault(c);
  }
  return good ? Outcome::kComplete : Outcome::kPartial;
}

Outcome parse_prefetch(const Artifact& in, EventSink& out) {
  if (!has_at(in.data, 0, "MAM"))
    return parse_plain(
        in.data, true, std::nullopt, [&in](std::uint64_t at, std::uint64_t length) { return in.at(at, length); }, out);
  ByteCursor c(in.data);
  c.skip(3, "signature");
  const auto method = c.le<std::uint8_t>("compression");  // 4 XPRESS Huffman, 0x80: a CRC-32 follows the size
  const auto size = c.le<std::uint32_t>("decompressed size");
  if ((method & 0x80) != 0) c.skip(4, "checksum");
  if (!c.ok() || (method & 0x7f) != 4) return Outcome::kNotMine;
  if (size > kMaxPlain) {
    out.damage(DamageKind::kLimit, 4, "decompressed size", fmt::format("{} bytes are more than 16 MiB", size));
    return Outcome::kPartial;
  }
  const std::size_t begin = c.position();
  const XpressResult plain = xpress_huffman_decompress(in.data.subspan(begin), size);
  const auto place = [&in, begin](std::uint64_t at, std::uint64_t) {
    Locator out_place = in.at(begin, in.data.size() - begin);
    out_place.steps.push_back({"xpress_huffman", at});
    return out_place;
  };
  const Outcome outcome = parse_plain(as_byte_span(plain.output), plain.complete, begin, place, out);
  if (plain.complete) return outcome;
  out.damage(DamageKind::kTruncated, begin + plain.fault_at, "compressed data",
             fmt::format("{} of {} bytes came out", plain.output.size(), size));
  return Outcome::kPartial;
}

constexpr std::array kMagics = {Magic{4, "SCCA"}, Magic{0, "MAM\x04"}, Magic{0, "MAM\x84"}};
constexpr std::array kPaths = {"**.pf"sv};
constexpr std::array kFields = {
    FieldSpec{"run_count", "count", "how often Windows counted a start of the program"},
    FieldSpec{"path_hash", "hex", "Windows' hash of the program's path, as in the file's name"},
    FieldSpec{"format_version", "count", "17 XP, 23 Vista and 7, 26 Windows 8, 30 and 31 Windows 10 and 11"},
    FieldSpec{"files", "count", "files the program loaded in its first seconds"},
    FieldSpec{"volume_serials", "hex", "serial numbers of the volumes it loaded files from"},
    FieldSpec{"volume_devices", "", "device paths of these volumes, in the same order"},
    FieldSpec{"volume_created", "", "when these volumes were formatted, UTC, in the same order"},
    FieldSpec{"files_elsewhere", "", "files loaded from another volume than the program's own (at most 64)"}};
constexpr std::array kReferences = {
    "https://github.com/libyal/libscca/blob/main/documentation/Windows%20Prefetch%20File%20(PF)%20format.asciidoc"sv,
    "MS-XCA: Xpress Compression Algorithm, 2.2"sv};

}  // namespace

extern const ArtifactParser prefetch;
constinit const ArtifactParser prefetch{
    .id = "windows.prefetch",
    .version = 1,
    .title_en = "Windows Prefetch",
    .title_ja = "Windowsプリフェッチ",
    .magics = kMagics,
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{16 << 20},
    .parse = parse_prefetch,
};

}  // namespace triage
