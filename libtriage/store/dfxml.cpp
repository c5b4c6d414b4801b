// SPDX-License-Identifier: Apache-2.0
#include "store/dfxml.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bytes/text.h"

namespace triage {
namespace {

constexpr std::string_view kHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<dfxml xmlns=\"http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML\"\n"
    "       xmlns:dc=\"http://purl.org/dc/elements/1.1/\" version=\"1.1.0\">\n"
    "  <metadata>\n    <dc:type>Recovered Files</dc:type>\n  </metadata>\n";

/// Text for XML 1.0: markup escaped, control characters and what XML cannot hold shown as digits.
std::string xml_text(std::string_view text) {
  std::string out;
  const std::string shown = escape_terminal(text);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const bool noncharacter = shown.compare(i, 3, "\xef\xbf\xbe") == 0 || shown.compare(i, 3, "\xef\xbf\xbf") == 0;
    if (noncharacter) {  // XML 1.0 §2.2
      out += shown[i + 2] == '\xbe' ? "\\u{fffe}" : "\\u{ffff}";
      i += 2;
    } else if (shown[i] == '&') {
      out += "&amp;";
    } else if (shown[i] == '<') {
      out += "&lt;";
    } else if (shown[i] == '>') {
      out += "&gt;";
    } else {
      out += shown[i];
    }
  }
  return out;
}

std::string hash_element(std::string_view type, std::string_view hex) {
  if (hex.empty()) return {};
  return fmt::format("    <hashdigest type=\"{}\">{}</hashdigest>\n", type, xml_text(hex));
}

}  // namespace

std::vector<Extent> runs_of_json(std::string_view json) {
  std::vector<Extent> out;
  const auto list = nlohmann::json::parse(json, nullptr, false);
  if (!list.is_array()) return out;
  for (const auto& run : list) {
    const bool good = run.is_array() && run.size() == 3 && run[0].is_number_unsigned() && run[1].is_number_unsigned();
    if (!good) return {};
    out.push_back({ByteOffset{run[0].get<std::uint64_t>()}, ByteCount{run[1].get<std::uint64_t>()}, run[2] != 0});
  }
  return out;
}

Status DfxmlWriter::begin(std::string_view program_version, const std::vector<std::string>& images) {
  std::string text(kHead);
  text += "  <creator version=\"1.0\">\n    <program>triage</program>\n";
  text += fmt::format("    <version>{}</version>\n  </creator>\n  <source>\n", xml_text(program_version));
  for (const std::string& image : images) {
    // Without its folder: the same evidence read elsewhere gives the same file.
    const std::string_view name = std::string_view(image).substr(image.rfind('/') + 1);
    text += fmt::format("    <image_filename>{}</image_filename>\n", xml_text(name));
  }
  return out_(text + "  </source>\n");
}

Status DfxmlWriter::file(const DfxmlFile& file) {
  std::string text = fmt::format("  <fileobject>\n    <filename>{}</filename>\n    <id>{}/{}</id>\n",
                                 xml_text(file.path), xml_text(file.evidence), ++number_);
  text += fmt::format("    <name_type>r</name_type>\n    <filesize>{}</filesize>\n    <alloc>{}</alloc>\n", file.size,
                      file.allocated ? 1 : 0);
  if (file.inode) text += fmt::format("    <inode>{}</inode>\n", *file.inode);
  text += "    <byte_runs>\n";
  std::uint64_t at = 0;
  for (const Extent& run : file.runs) {
    // A run may reach beyond the content to the end of its unit.
    const std::uint64_t length = std::min(run.length.value, file.size - std::min(at, file.size));
    if (length == 0) break;
    text +=
        fmt::format("      <byte_run file_offset=\"{}\" {} len=\"{}\"/>\n", at,
                    run.sparse ? std::string("fill=\"0\"") : fmt::format("img_offset=\"{}\"", run.at.value), length);
    at += length;
  }
  text += "    </byte_runs>\n" + hash_element("md5", file.md5) + hash_element("sha1", file.sha1) +
          hash_element("sha256", file.sha256) + "  </fileobject>\n";
  return out_(text);
}

Status DfxmlWriter::end() { return out_("</dfxml>\n"); }

Result<std::uint64_t> write_recovered_dfxml(Database& database, bool carved, const TextOutput& out) {
  DfxmlWriter writer(out);
  std::vector<std::string> images;
  TRIAGE_TRY(Statement names, database.prepare("SELECT name FROM evidence ORDER BY id"));
  while (true) {
    TRIAGE_TRY(const bool row, names.step());
    if (!row) break;
    images.emplace_back(names.text(0));
  }
  TRIAGE_TRY_STATUS(writer.begin("", images));
  TRIAGE_TRY(Statement rows,
             database.prepare(std::string("SELECT evidence, path, size, allocated, inode, runs, md5, sha1, sha256 "
                                          "FROM files WHERE saved = 1 AND ") +
                              (carved ? "method = 'carved'" : "allocated = 0 AND method IS NOT 'carved'")));
  std::uint64_t count = 0;
  for (;; ++count) {
    TRIAGE_TRY(const bool row, rows.step());
    if (!row) break;
    DfxmlFile file{rows.text(0),         rows.text(1), static_cast<std::uint64_t>(rows.integer(2)),
                   rows.integer(3) != 0, std::nullopt, runs_of_json(rows.text(5)),
                   rows.text(6),         rows.text(7), rows.text(8)};
    if (!rows.is_null(4)) file.inode = static_cast<std::uint64_t>(rows.integer(4));
    TRIAGE_TRY_STATUS(writer.file(file));
  }
  TRIAGE_TRY_STATUS(writer.end());
  return count;
}

}  // namespace triage
