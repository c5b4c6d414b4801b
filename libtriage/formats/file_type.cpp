// SPDX-License-Identifier: Apache-2.0
// Type by content: a table of signatures, refined where one container holds many formats (ZIP, OLE, RIFF, ISO media,
// MZ), then text. References: the formats' own specifications; "List of file signatures" of the GNU file project's
// magic (facts only).
#include "formats/file_type.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "formats/text_kind.h"
#include "formats/zip_kind.h"

namespace triage {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMaxHead = 64 * 1024;

struct Signature {
  std::string_view type;
  std::size_t at;
  std::string_view bytes;
};

// Longer and rarer signatures first where two could match.
constexpr auto kSignatures = std::to_array<Signature>({
    // pictures
    {"jpeg", 0, "\xff\xd8\xff"sv},
    {"png", 0, "\x89PNG\r\n\x1a\n"sv},
    {"gif", 0, "GIF87a"sv},
    {"gif", 0, "GIF89a"sv},
    {"tiff", 0, "II*\0"sv},
    {"tiff", 0, "MM\0*"sv},
    {"psd", 0, "8BPS\0\1"sv},
    {"xcf", 0, "gimp xcf "sv},
    {"jp2", 0, "\0\0\0\x0cjP  \r\n\x87\n"sv},
    {"emf", 40, " EMF"sv},
    {"wmf", 0, "\xd7\xcd\xc6\x9a"sv},
    {"djvu", 0, "AT&TFORM"sv},
    {"dwg", 0, "AC10"sv},
    {"ico", 0, "\0\0\1\0\1\0"sv},
    // sound and film
    {"mp3", 0, "ID3"sv},
    {"flac", 0, "fLaC"sv},
    {"ogg", 0, "OggS"sv},
    {"mkv", 0, "\x1a\x45\xdf\xa3"sv},
    {"asf", 0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11"sv},
    {"mpeg", 0, "\0\0\1\xba"sv},
    {"mpeg", 0, "\0\0\1\xb3"sv},
    {"midi", 0, "MThd"sv},
    {"aiff", 0, "FORM\0"sv},
    {"flv", 0, "FLV\1"sv},
    {"amr", 0, "#!AMR"sv},
    // archives
    {"rar", 0, "Rar!\x1a\x07"sv},
    {"7z", 0, "7z\xbc\xaf\x27\x1c"sv},
    {"gzip", 0, "\x1f\x8b\x08"sv},
    {"bzip2", 4, "1AY&SY"sv},
    {"xz", 0,
     "\xfd"
     "7zXZ\0"sv},
    {"zstd", 0, "\x28\xb5\x2f\xfd"sv},
    {"lz4", 0, "\x04\x22\x4d\x18"sv},
    {"cab", 0, "MSCF\0\0\0\0"sv},
    {"lha", 2, "-lh"sv},
    {"rpm", 0, "\xed\xab\xee\xdb"sv},
    {"deb", 0, "!<arch>\ndebian"sv},
    {"ar", 0, "!<arch>\n"sv},
    {"tar", 257, "ustar"sv},
    {"cpio", 0, "070701"sv},
    {"zip", 0, "PK\5\6"sv},
    {"zip", 0, "PK\7\x08PK\3\4"sv},
    // documents
    {"pdf", 0, "%PDF-"sv},
    {"rtf", 0, "{\\rtf"sv},
    {"ps", 0, "%!PS"sv},
    {"chm", 0, "ITSF"sv},
    {"one", 0, "\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3"sv},
    {"mdb", 0, "\0\1\0\0Standard Jet DB"sv},
    {"accdb", 0, "\0\1\0\0Standard ACE DB"sv},
    // programs
    {"elf", 0,
     "\x7f"
     "ELF"sv},
    {"macho", 0, "\xcf\xfa\xed\xfe"sv},
    {"macho", 0, "\xce\xfa\xed\xfe"sv},
    {"macho", 0, "\xfe\xed\xfa\xcf"sv},
    {"macho", 0, "\xfe\xed\xfa\xce"sv},
    {"dex", 0, "dex\n03"sv},
    {"wasm", 0, "\0asm\1\0\0\0"sv},
    // system
    {"evtx", 0, "ElfFile\0"sv},
    {"evtx-chunk", 0, "ElfChnk\0"sv},
    {"evt", 0, "\x30\0\0\0LfLe"sv},
    {"regf", 0, "regf"sv},
    {"lnk", 0, "\x4c\0\0\0\1\x14\2\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"sv},
    {"prefetch", 4, "SCCA"sv},
    {"prefetch", 0, "MAM\4"sv},
    {"prefetch", 0, "MAM\x84"sv},
    {"sqlite", 0, "SQLite format 3\0"sv},
    {"sqlite-wal", 0, "\x37\x7f\x06\x82"sv},
    {"sqlite-wal", 0, "\x37\x7f\x06\x83"sv},
    {"sqlite-journal", 0, "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"sv},
    {"ese", 4, "\xef\xcd\xab\x89"sv},
    {"pst", 0, "!BDN"sv},
    {"dbx", 0, "\xcf\xad\x12\xfe"sv},
    {"thumbcache", 0, "CMMM"sv},
    {"journal", 0, "LPKSHHRH"sv},
    {"bplist", 0, "bplist00"sv},
    {"hiberfil", 0, "hibr"sv},
    {"hiberfil", 0, "HIBR"sv},
    {"memory-dump", 0, "PAGEDUMP"sv},
    {"memory-dump", 0, "PAGEDU64"sv},
    {"minidump", 0, "MDMP\x93\xa7"sv},
    {"lime", 0, "EMiL"sv},
    {"avml", 0, "AVML\2\0\0\0"sv},
    {"kdump", 0, "KDUMP   "sv},
    {"swap", 4086, "SWAPSPACE2"sv},
    {"pcap", 0, "\xd4\xc3\xb2\xa1"sv},
    {"pcap", 0, "\xa1\xb2\xc3\xd4"sv},
    {"pcapng", 0, "\x0a\x0d\x0d\x0a"sv},
    {"ttf", 0, "\0\1\0\0\0"sv},
    {"otf", 0, "OTTO"sv},
    {"woff", 0, "wOFF"sv},
    {"woff2", 0, "wOF2"sv},
    // images of disks, encrypted volumes, keys
    {"vhdx", 0, "vhdxfile"sv},
    {"vhd", 0, "conectix"sv},
    {"vmdk", 0, "KDMV"sv},
    {"vmdk", 0, "# Disk DescriptorFile"sv},
    {"qcow2", 0, "QFI\xfb"sv},
    {"ewf", 0, "EVF\x09\x0d\x0a\xff\0"sv},
    {"ewf", 0, "EVF2\x0d\x0a\x81\0"sv},
    {"ewf-logical", 0, "LVF\x09\x0d\x0a\xff\0"sv},
    {"aff", 0, "AFF10\r\n\0"sv},
    {"vdi", 64, "\x7f\x10\xda\xbe"sv},
    {"luks", 0, "LUKS\xba\xbe"sv},
    {"bitlocker", 3, "-FVE-FS-"sv},
    {"ntfs", 3, "NTFS    "sv},
    {"iso9660", 32769, "CD001"sv},
    {"kdbx", 0, "\x03\xd9\xa2\x9a"sv},
    {"jks", 0, "\xfe\xed\xfe\xed\0\0\0"sv},
    {"gpg-key", 0, "\x99\1"sv},
    {"mft", 0, "FILE0\0"sv},
    {"mft", 0, "FILE*\0"sv},
});

struct TypeExtension {
  std::string_view type;
  std::string_view extension;
};

// Types whose usual extension is another word. A type that is not here and fits [a-z0-9]{1,8} is its own extension.
constexpr auto kExtensions = std::to_array<TypeExtension>({
    {"jpeg", "jpg"},
    {"tiff", "tif"},
    {"gzip", "gz"},
    {"bzip2", "bz2"},
    {"zstd", "zst"},
    {"mpeg", "mpg"},
    {"midi", "mid"},
    {"asf", "wmv"},
    {"pe", "exe"},
    {"elf", "elf"},
    {"macho", "macho"},
    {"lnk", "lnk"},
    {"prefetch", "pf"},
    {"sqlite-wal", "wal"},
    {"sqlite-journal", "journal"},
    {"ese", "edb"},
    {"evtx-chunk", "evtx"},
    {"thumbcache", "db"},
    {"bplist", "plist"},
    {"memory-dump", "dmp"},
    {"minidump", "dmp"},
    {"hiberfil", "sys"},
    {"ewf", "e01"},
    {"ewf-logical", "l01"},
    {"iso9660", "iso"},
    {"bitlocker", "img"},
    {"luks", "img"},
    {"ntfs", "img"},
    {"gpg-key", "gpg"},
    {"ssh-key", "key"},
    {"ssh-public-key", "pub"},
    {"pgp", "asc"},
    {"vcard", "vcf"},
    {"script", "sh"},
    {"text", "txt"},
    {"text-utf16", "txt"},
    {"text-cp932", "txt"},
    {"text-euc-jp", "txt"},
    {"text-iso2022jp", "txt"},
    {"text-8bit", "txt"},
    {"java-class", "class"},
    {"macho-fat", "macho"},
    {"ooxml-encrypted", "ole"},
    {"dos-exe", "exe"},
    {"pnm", "pnm"},
    {"lha", "lzh"},
});

std::string_view iso_media_kind(Bytes head) {
  if (!has_at(head, 4, "ftyp")) return {};
  const std::string_view brand = as_chars(head.subspan(std::min<std::size_t>(8, head.size()))).substr(0, 4);
  if (brand == "heic" || brand == "heix" || brand == "mif1" || brand == "hevc" || brand == "msf1") return "heic";
  if (brand == "avif" || brand == "avis") return "avif";
  if (brand == "qt  ") return "mov";
  if (brand.starts_with("M4A")) return "m4a";
  if (brand.starts_with("3g")) return "3gp";
  return "mp4";
}

std::string_view riff_kind(Bytes head) {
  if (!has_at(head, 0, "RIFF")) return {};
  if (has_at(head, 8, "WAVE")) return "wav";
  if (has_at(head, 8, "AVI ")) return "avi";
  if (has_at(head, 8, "WEBP")) return "webp";
  if (has_at(head, 8, "ACON")) return "ani";
  return "riff";
}

std::string_view mz_kind(Bytes head) {
  if (!has_at(head, 0, "MZ")) return {};
  ByteCursor cursor(head);
  cursor.seek(0x3c, "e_lfanew");
  const auto header_at = cursor.le<std::uint32_t>("e_lfanew");
  if (!cursor.ok()) return "dos-exe";
  if (has_at(head, header_at, "PE\0\0"sv)) return "pe";
  // The header may lie after what is at hand; DOS programs have no such field to speak of.
  return header_at >= head.size() && head.size() >= kMaxHead ? "pe" : "dos-exe";
}

struct OleName {
  std::string_view entry;
  std::string_view type;
};
constexpr auto kOleNames = std::to_array<OleName>({
    {"EncryptedPackage", "ooxml-encrypted"},
    {"WordDocument", "doc"},
    {"Workbook", "xls"},
    {"Book", "xls"},
    {"PowerPoint Document", "ppt"},
    {"__properties_version1.0", "msg"},
    {"VisioDocument", "vsd"},
    {"DestList", "jumplist"},
    {"JSRV_SegmentInformation", "jtd"},
});

bool is_utf16_name(Bytes entry, std::string_view name) {
  for (std::size_t i = 0; i < name.size(); ++i)
    if (entry[2 * i] != std::byte(name[i]) || entry[2 * i + 1] != std::byte{0}) return false;
  return entry[2 * name.size()] == std::byte{0};
}

/// [MS-CFB] §2.2, §2.6: the first directory sectors, where they are at hand.
std::string_view ole_kind(Bytes head) {
  if (!has_at(head, 0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) return {};
  ByteCursor cursor(head);
  cursor.seek(30, "sector_shift");
  const auto shift = cursor.le<std::uint16_t>("sector_shift");
  cursor.seek(48, "directory_sector");
  const auto sector = cursor.le<std::uint32_t>("directory_sector");
  if (!cursor.ok() || (shift != 9 && shift != 12)) return "ole";
  std::uint64_t at = (static_cast<std::uint64_t>(sector) + 1) << shift;
  std::string_view best = "ole";
  constexpr std::size_t kEntry = 128;
  for (int i = 0; i < 32 && at + kEntry <= head.size(); ++i, at += kEntry) {
    const Bytes entry = head.subspan(at, kEntry);
    for (const OleName& known : kOleNames) {
      if (!is_utf16_name(entry, known.entry)) continue;
      if (known.type == "ooxml-encrypted") return known.type;
      if (best == "ole") best = known.type;
    }
  }
  return best;
}

std::string_view by_rule(Bytes head) {
  if (has_at(head, 0, "\xca\xfe\xba\xbe")) {  // Java class and Mach-O universal share it; the next word tells
    ByteCursor cursor(head);
    cursor.seek(4, "version or count");
    const auto word = cursor.be<std::uint32_t>("version or count");
    return cursor.ok() && word < 40 ? "macho-fat" : "java-class";
  }
  if (has_at(head, 0, "BM")) {
    ByteCursor cursor(head);
    cursor.seek(6, "reserved");
    const auto reserved = cursor.le<std::uint32_t>("reserved");
    cursor.skip(4, "pixels");
    const auto header_size = cursor.le<std::uint32_t>("header_size");
    if (cursor.ok() && reserved == 0 && header_size >= 12 && header_size <= 124) return "bmp";
  }
  if (head.size() >= 3 && head[0] == std::byte{'P'} && head[1] >= std::byte{'1'} && head[1] <= std::byte{'6'} &&
      (head[2] == std::byte{'\n'} || head[2] == std::byte{' '}))
    return "pnm";
  if (head.size() >= 4 && head[0] == std::byte{0xff} && (head[1] == std::byte{0xfb} || head[1] == std::byte{0xf3}) &&
      (head[2] & std::byte{0xf0}) != std::byte{0xf0})
    return "mp3";
  return {};
}

}  // namespace

std::string_view type_by_content(Bytes whole) {
  const Bytes head = whole.first(std::min(whole.size(), kMaxHead));
  if (head.empty()) return {};
  if (const std::string_view type = ole_kind(whole); !type.empty()) return type;  // its directory may lie anywhere
  for (const auto refine : {zip_kind_of_head, riff_kind, mz_kind, iso_media_kind, by_rule})
    if (const std::string_view type = refine(head); !type.empty()) return type;
  for (const Signature& signature : kSignatures)
    if (has_at(head, signature.at, signature.bytes)) return signature.type;
  return text_kind(head, whole.size() > kMaxHead || whole.size() % 4096 == 0);
}

std::string_view extension_of_type(std::string_view type) {
  for (const TypeExtension& known : kExtensions)
    if (known.type == type) return known.extension;
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const bool word = !type.empty() && type.size() <= 8 && std::all_of(type.begin(), type.end(), fits);
  return word ? type : "bin";
}

}  // namespace triage
