// SPDX-License-Identifier: Apache-2.0
#include "carve/carve_filter.h"

#include <algorithm>
#include <array>
#include <set>

#include "formats/file_type.h"

namespace triage {
namespace {

constexpr std::array<std::string_view, kFormatGroupCount> kGroupNames = {
    "docs",   "pictures", "video", "audio",   "archives", "databases", "mail",
    "system", "programs", "keys",  "network", "disks",    "fonts",     "other"};

struct Sorted {
  std::string_view word;
  FormatGroup group;
};

// By the id of the carver.
constexpr auto kGroups = std::to_array<Sorted>({
    {"dwg", FormatGroup::kDocs},
    {"html", FormatGroup::kDocs},
    {"ole", FormatGroup::kDocs},
    {"pdf", FormatGroup::kDocs},
    {"rtf", FormatGroup::kDocs},
    {"xml", FormatGroup::kDocs},
    {"bmp", FormatGroup::kPictures},
    {"emf", FormatGroup::kPictures},
    {"gif", FormatGroup::kPictures},
    {"heic", FormatGroup::kPictures},
    {"ico", FormatGroup::kPictures},
    {"jpeg", FormatGroup::kPictures},
    {"png", FormatGroup::kPictures},
    {"pnm", FormatGroup::kPictures},
    {"psd", FormatGroup::kPictures},
    {"tiff", FormatGroup::kPictures},
    {"webp", FormatGroup::kPictures},
    {"wmf", FormatGroup::kPictures},
    {"xcf", FormatGroup::kPictures},
    {"asf", FormatGroup::kVideo},
    {"avi", FormatGroup::kVideo},
    {"mkv", FormatGroup::kVideo},
    {"mp4", FormatGroup::kVideo},
    {"mpeg", FormatGroup::kVideo},
    {"mpegts", FormatGroup::kVideo},
    {"aiff", FormatGroup::kAudio},
    {"flac", FormatGroup::kAudio},
    {"midi", FormatGroup::kAudio},
    {"mp3", FormatGroup::kAudio},
    {"ogg", FormatGroup::kAudio},
    {"wav", FormatGroup::kAudio},
    {"bzip2", FormatGroup::kArchives},
    {"cab", FormatGroup::kArchives},
    {"gzip", FormatGroup::kArchives},
    {"lz4", FormatGroup::kArchives},
    {"rar", FormatGroup::kArchives},
    {"sevenzip", FormatGroup::kArchives},
    {"tar", FormatGroup::kArchives},
    {"xz", FormatGroup::kArchives},
    {"zip", FormatGroup::kArchives},
    {"zstd", FormatGroup::kArchives},
    {"berkeleydb", FormatGroup::kDatabases},
    {"ese_file", FormatGroup::kDatabases},
    {"jet", FormatGroup::kDatabases},
    {"sqlite", FormatGroup::kDatabases},
    {"sqlite_wal", FormatGroup::kDatabases},
    {"mail", FormatGroup::kMail},
    {"outlook_store", FormatGroup::kMail},
    {"evtx_chunk", FormatGroup::kSystem},
    {"evtx_file", FormatGroup::kSystem},
    {"hbin", FormatGroup::kSystem},
    {"hive_file", FormatGroup::kSystem},
    {"indx_records", FormatGroup::kSystem},
    {"lnk_file", FormatGroup::kSystem},
    {"mft_records", FormatGroup::kSystem},
    {"prefetch_file", FormatGroup::kSystem},
    {"usn_records", FormatGroup::kSystem},
    {"dex", FormatGroup::kPrograms},
    {"elf", FormatGroup::kPrograms},
    {"javaclass", FormatGroup::kPrograms},
    {"pe", FormatGroup::kPrograms},
    {"bitlocker", FormatGroup::kKeys},
    {"kdbx", FormatGroup::kKeys},
    {"luks", FormatGroup::kKeys},
    {"pem", FormatGroup::kKeys},
    {"wallet", FormatGroup::kKeys},
    {"pcap", FormatGroup::kNetwork},
    {"pcapng", FormatGroup::kNetwork},
    {"qcow2", FormatGroup::kDisks},
    {"vhd", FormatGroup::kDisks},
    {"vmdk", FormatGroup::kDisks},
    {"ttf", FormatGroup::kFonts},
    {"woff", FormatGroup::kFonts},
});

// Extensions that a carver gives to some of its files and that are for something else than the rest of them.
constexpr auto kRefined = std::to_array<Sorted>({
    {"docx", FormatGroup::kDocs},    {"xlsx", FormatGroup::kDocs},     {"pptx", FormatGroup::kDocs},
    {"vsdx", FormatGroup::kDocs},    {"xps", FormatGroup::kDocs},      {"odt", FormatGroup::kDocs},
    {"ods", FormatGroup::kDocs},     {"odp", FormatGroup::kDocs},      {"odg", FormatGroup::kDocs},
    {"epub", FormatGroup::kDocs},    {"doc", FormatGroup::kDocs},      {"xls", FormatGroup::kDocs},
    {"ppt", FormatGroup::kDocs},     {"vsd", FormatGroup::kDocs},      {"jtd", FormatGroup::kDocs},
    {"msg", FormatGroup::kMail},     {"apk", FormatGroup::kPrograms},  {"jar", FormatGroup::kPrograms},
    {"svg", FormatGroup::kPictures}, {"svgz", FormatGroup::kPictures}, {"wma", FormatGroup::kAudio},
    {"m4a", FormatGroup::kAudio},    {"ogv", FormatGroup::kVideo},
});

// Extensions in use besides the carvers' own.
constexpr auto kFurther = std::to_array<std::string_view>(
    {"arw",  "asc", "core", "cr2", "cr3", "crt",  "cur", "dll", "dng",  "key",  "log", "m2ts",
     "mbox", "mov", "mp2",  "nef", "o",   "orf",  "ost", "otf", "pbm",  "pef",  "pgm", "ppk",
     "psb",  "rw2", "so",   "spx", "sys", "opus", "tgz", "ttc", "webm", "woff2"});

bool contains(const std::vector<FormatGroup>& groups, FormatGroup group) {
  return std::find(groups.begin(), groups.end(), group) != groups.end();
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::string_view format_group_name(FormatGroup group) { return kGroupNames.at(static_cast<std::size_t>(group)); }

FormatGroup group_of(const Carver& carver, std::string_view extension) {
  for (const Sorted& refined : kRefined)
    if (refined.word == extension) return refined.group;
  for (const Sorted& sorted : kGroups)
    if (sorted.word == carver.id) return sorted.group;
  return FormatGroup::kOther;
}

bool CarveFilter::wants(const Carver& carver, std::string_view extension, std::uint64_t length) const {
  if (length < min_size) return false;
  if (types.empty() && groups.empty()) return true;
  if (contains(types, extension)) return true;
  // An id that is an extension too means that extension only: "zip" is no word for a docx.
  if (carver.id != carver.extension && contains(types, carver.id)) return true;
  return contains(groups, group_of(carver, extension));
}

bool CarveFilter::wants_type(std::string_view type, std::uint64_t length) const {
  if (length < min_size) return false;
  if (types.empty() && groups.empty()) return true;
  if (type.empty()) return false;
  const std::string_view extension = extension_of_type(type);
  if (contains(types, extension) || contains(types, type)) return true;
  for (const Sorted& refined : kRefined)
    if (refined.word == extension) return contains(groups, refined.group);
  const auto carvers = all_carvers();
  return std::any_of(carvers.begin(), carvers.end(), [&](const Carver* carver) {
    return (carver->id == type || carver->extension == extension) && contains(groups, group_of(*carver, extension));
  });
}

std::vector<std::string> format_type_words() {
  std::set<std::string, std::less<>> words(kFurther.begin(), kFurther.end());
  for (const Sorted& refined : kRefined) words.emplace(refined.word);
  for (const Carver* carver : all_carvers()) words.insert({std::string(carver->id), std::string(carver->extension)});
  return {words.begin(), words.end()};
}

std::vector<std::string> format_group_words() { return {kGroupNames.begin(), kGroupNames.end()}; }

}  // namespace triage
