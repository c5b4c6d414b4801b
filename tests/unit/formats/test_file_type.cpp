// SPDX-License-Identifier: Apache-2.0
#include "formats/file_type.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "bytes/text.h"

using namespace triage;
namespace fs = std::filesystem;

namespace {

std::string_view type_of(const std::string& content) { return type_by_content(as_byte_span(content)); }
std::string hex(std::string_view digits) { return *from_hex(digits); }

std::string local_header(const std::string& name, const std::string& content, bool descriptor = false) {
  const auto le = [](std::size_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
    return out;
  };
  const std::size_t size = descriptor ? 0 : content.size();
  return "PK\x03\x04" + le(20, 2) + le(descriptor ? 8 : 0, 2) + le(0, 2) + le(0, 4) + le(0, 4) + le(size, 4) +
         le(size, 4) + le(name.size(), 2) + le(0, 2) + name + content;
}

std::string utf16(const std::string& ascii) {
  std::string out;
  for (const char c : ascii) out += {c, '\0'};
  return out;
}

std::string ole_with(const std::string& entry) {
  std::string out = hex("d0cf11e0a1b11ae1");
  out.resize(1024, '\0');
  out[30] = 9;
  out[48] = 0;  // directory in sector 0, at 512
  const std::string name = utf16(entry);
  out.replace(512, 20, utf16("Root Entry"));
  out.replace(512 + 128, name.size(), name);
  return out;
}

}  // namespace

TEST_CASE("file type: signatures of binary formats name the format") {
  const std::map<std::string, std::string> cases = {{hex("ffd8ffe000104a464946"), "jpeg"},
                                                    {hex("89504e470d0a1a0a0000"), "png"},
                                                    {"GIF89a....", "gif"},
                                                    {hex("49492a0008000000"), "tiff"},
                                                    {hex("4d4d002a00000008"), "tiff"},
                                                    {hex("377abcaf271c0004"), "7z"},
                                                    {hex("1f8b0800000000"), "gzip"},
                                                    {hex("fd377a585a000004"), "xz"},
                                                    {hex("28b52ffd04"), "zstd"},
                                                    {"BZh91AY&SY", "bzip2"},
                                                    {hex("526172211a0700"), "rar"},
                                                    {hex("7f454c4602010100"), "elf"},
                                                    {"%PDF-1.7\n", "pdf"},
                                                    {"{\\rtf1\\ansi", "rtf"},
                                                    {std::string("regf\1\0\0\0", 8), "regf"},
                                                    {std::string("ElfFile\0", 8), "evtx"},
                                                    {std::string("SQLite format 3\0", 16), "sqlite"},
                                                    {hex("4c0000000114020000000000c000000000000046"), "lnk"},
                                                    {hex("1e00000053434341"), "prefetch"},
                                                    {hex("4d414d8400000000"), "prefetch"},
                                                    {hex("377f068200000000"), "sqlite-wal"},
                                                    {"!BDN....", "pst"},
                                                    {hex("00000000efcdab89"), "ese"},
                                                    {"vhdxfile", "vhdx"},
                                                    {"conectix", "vhd"},
                                                    {"KDMV....", "vmdk"},
                                                    {hex("514649fb00000003"), "qcow2"},
                                                    {hex("455646090d0aff00"), "ewf"},
                                                    {hex("03d9a29a67fb4bb5"), "kdbx"},
                                                    {hex("eb52902d4656452d46532d"), "bitlocker"},
                                                    {hex("4c554b53babe0001"), "luks"},
                                                    {hex("454d694c01000000"), "lime"},
                                                    {hex("41564d4c02000000"), "avml"},
                                                    {"KDUMP   ....", "kdump"},
                                                    {"HIBR....", "hiberfil"},
                                                    {"PAGEDU64", "memory-dump"},
                                                    {std::string(4086, '\0') + "SWAPSPACE2", "swap"},
                                                    {hex("cafebabe00000034"), "java-class"},
                                                    {hex("cafebabe00000002"), "macho-fat"},
                                                    {"RIFF....WEBPVP8 ", "webp"},
                                                    {"RIFF....WAVEfmt ", "wav"},
                                                    {hex("00000018") + "ftypheic", "heic"},
                                                    {hex("00000018") + "ftypisom", "mp4"},
                                                    {hex("00000014") + "ftypqt  ", "mov"},
                                                    {"bplist00", "bplist"},
                                                    {"LPKSHHRH", "journal"},
                                                    {"fLaC....", "flac"},
                                                    {hex("504b050600000000"), "zip"}};
  for (const auto& [content, type] : cases) CHECK_MESSAGE(type_of(content) == type, type);
}

TEST_CASE("file type: a ZIP is named by what it holds") {
  const std::string types = local_header("[Content_Types].xml", "<Types/>");
  CHECK(type_of(types + local_header("word/document.xml", "x")) == "docx");
  CHECK(type_of(types + local_header("xl/workbook.xml", "x")) == "xlsx");
  CHECK(type_of(types + local_header("ppt/presentation.xml", "x")) == "pptx");
  CHECK(type_of(local_header("[Content_Types].xml", "abc", true) + local_header("xl/workbook.xml", "x", true)) ==
        "xlsx");
  CHECK(type_of(local_header("mimetype", "application/vnd.oasis.opendocument.text")) == "odt");
  CHECK(type_of(local_header("mimetype", "application/epub+zip")) == "epub");
  CHECK(type_of(local_header("META-INF/MANIFEST.MF", "x")) == "jar");
  CHECK(type_of(local_header("AndroidManifest.xml", "x") + local_header("META-INF/MANIFEST.MF", "x")) == "apk");
  CHECK(type_of(local_header("word/document.xml", "x")) == "zip");  // no OPC package without its types part
  CHECK(type_of("PK\x03\x04") == "zip");                            // cut right after the signature
}

TEST_CASE("file type: a compound file is named by its streams, and plain ole when the directory is out of reach") {
  CHECK(type_of(ole_with("WordDocument")) == "doc");
  CHECK(type_of(ole_with("Workbook")) == "xls");
  CHECK(type_of(ole_with("EncryptedPackage")) == "ooxml-encrypted");
  CHECK(type_of(ole_with("Something")) == "ole");
  std::string far = ole_with("WordDocument");
  far[50] = '\x7f';
  CHECK(type_of(far) == "ole");
}

TEST_CASE("file type: MZ is pe only where the PE header is") {
  std::string program(256, '\0');
  program[0] = 'M';
  program[1] = 'Z';
  program[0x3c] = '\x80';
  CHECK(type_of(program) == "dos-exe");
  program.replace(0x80, 4, std::string("PE\0\0", 4));
  CHECK(type_of(program) == "pe");
}

TEST_CASE("file type: texts are told by their form and character set") {
  CHECK(type_of("hello\n") == "text");
  CHECK(type_of("こんにちは\n") == "text");
  CHECK(type_of(hex("82b182f182c982bf82cd")) == "text-cp932");   // こんにちは
  CHECK(type_of(hex("a4b3a4f3a4cba4c1a4cf")) == "text-euc-jp");  // the same
  CHECK(type_of("\x1b$B$3$s\x1b(B") == "text-iso2022jp");
  CHECK(type_of("\xff\xfe" + utf16("plain")) == "text-utf16");
  CHECK(type_of(utf16("without a mark, long enough")) == "text-utf16");
  CHECK(type_of("  <!DOCTYPE HTML><html>") == "html");
  CHECK(type_of("<?xml version=\"1.0\"?><root/>") == "xml");
  CHECK(type_of("<?xml version=\"1.0\"?><!DOCTYPE plist><plist/>") == "plist");
  CHECK(type_of("{ \"a\": 1 }") == "json");
  CHECK(type_of("#!/bin/sh\n") == "script");
  CHECK(type_of("-----BEGIN OPENSSH PRIVATE KEY-----\n") == "ssh-key");
  CHECK(type_of("-----BEGIN RSA PRIVATE KEY-----\n") == "pem");
  CHECK(type_of("Received: from a\r\nFrom: b@example.org\r\nSubject: c\r\nTo: d\r\n\r\nbody") == "eml");
  CHECK(type_of("From: is a word, Subject: too") == "text");
  CHECK(type_of("\xff\xfe" + utf16("Windows Registry Editor Version 5.00\r\n")) == "reg");
}

TEST_CASE("file type: what is no known format has no type") {
  CHECK(type_of("") == "");
  CHECK(type_of(std::string(4096, '\0')) == "");
  CHECK(type_of(hex("0102030405060708")) == "");
}

TEST_CASE("file type: an utf-8 character cut at the end of what is looked at does not spoil the text") {
  std::string text(65535, 'a');
  text += "あ";
  text += "more";
  CHECK(type_of(text) == "text");
}

TEST_CASE("file type: every type has an extension of at most eight small letters and digits") {
  CHECK(extension_of_type("jpeg") == "jpg");
  CHECK(extension_of_type("docx") == "docx");
  CHECK(extension_of_type("text-cp932") == "txt");
  CHECK(extension_of_type("pe") == "exe");
  CHECK(extension_of_type("") == "bin");
  CHECK(extension_of_type("no such type") == "bin");
}

TEST_CASE("file type: real files have the type their folder names") {
  const fs::path root = fs::path(TRIAGE_SOURCE_DIR) / "../shared/tools/carving-truth/inputs";
  if (!fs::exists(root)) {
    MESSAGE("skipped: no folder of real files");
    return;
  }
  std::size_t right = 0;
  std::size_t all = 0;
  // Folders are named by what collectors called the files; these contents are known to be another format.
  const std::set<std::string> equal_names = {"ppm=pnm", "jpg=tif", "exe=dos-exe"};
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(in), {}};
    const std::string folder = entry.path().parent_path().filename().string();
    const std::string type{extension_of_type(type_of(content))};
    ++all;
    const bool same = type == folder || equal_names.contains(folder + "=" + type);
    right += same ? 1 : 0;
    if (!same) MESSAGE(entry.path().filename().string() << " in " << folder << " reads as " << type_of(content));
  }
  MESSAGE("type by content: " << right << " of " << all << " real files");
  CHECK(right * 100 >= all * 97);
}
