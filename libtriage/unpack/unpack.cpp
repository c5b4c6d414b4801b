// SPDX-License-Identifier: Apache-2.0
#include "unpack/unpack.h"

#include <fmt/format.h>

#include <array>

#include "bytes/text.h"
#include "unpack/members.h"

namespace triage {
namespace {

struct Reader {
  std::string_view type;
  void (*read)(Unpacking&);
};

// Jump lists are left out: their parser reads the shortcuts in them. Pictures and films that are built like containers
// (HEIC, MP4) are no containers of files.
constexpr auto kReaders = std::to_array<Reader>({
    {"zip", unpack_zip},          {"docx", unpack_zip},        {"xlsx", unpack_zip},        {"pptx", unpack_zip},
    {"vsdx", unpack_zip},         {"xps", unpack_zip},         {"odt", unpack_zip},         {"ods", unpack_zip},
    {"odp", unpack_zip},          {"odg", unpack_zip},         {"epub", unpack_zip},        {"jar", unpack_zip},
    {"apk", unpack_zip},          {"tar", unpack_tar},         {"gzip", unpack_compressed}, {"xz", unpack_compressed},
    {"zstd", unpack_compressed},  {"ole", unpack_cfb},         {"doc", unpack_cfb},         {"xls", unpack_cfb},
    {"ppt", unpack_cfb},          {"msg", unpack_cfb},         {"vsd", unpack_cfb},         {"jtd", unpack_cfb},
    {"7z", unpack_by_library},    {"rar", unpack_by_library},  {"cab", unpack_by_library},  {"lha", unpack_by_library},
    {"bzip2", unpack_by_library}, {"cpio", unpack_by_library}, {"ar", unpack_by_library},   {"deb", unpack_by_library},
});

const Reader* reader_of(std::string_view type) {
  for (const Reader& reader : kReaders)
    if (reader.type == type) return &reader;
  return nullptr;
}

}  // namespace

bool Unpacking::tell(const UnpackedMember& member) {
  if (budget.members == 0 || member.content.size() > budget.bytes) {
    sink.damage(DamageKind::kLimit, member.at, "members", "too much comes out of this file; the rest is not unpacked");
    budget.members = 0;
    return false;
  }
  --budget.members;
  budget.bytes -= member.content.size();
  return sink.member(member);
}

std::string stem_of(std::string_view name, std::string_view suffix) {
  if (const std::size_t slash = name.rfind('/'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  if (ascii_lower(name).ends_with(suffix) && name.size() > suffix.size()) name.remove_suffix(suffix.size());
  return std::string(name);
}

bool is_container(std::string_view type) { return reader_of(type) != nullptr; }

void unpack(Bytes container, std::string_view type, std::string_view name, UnpackBudget& budget, UnpackSink& sink) {
  const Reader* reader = reader_of(type);
  if (reader == nullptr) return;
  Unpacking job{container, type, name, budget, sink};
  reader->read(job);
}

}  // namespace triage
