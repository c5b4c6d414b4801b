// SPDX-License-Identifier: Apache-2.0
// The Sleuth Kit's body file (version 3): MD5|name|inode|mode|UID|GID|size|atime|mtime|ctime|crtime, times in seconds
// since 1970. A name's "|" would shift the columns: it is shown as \x7c, control characters as escape_terminal does.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "bytes/text.h"
#include "store/export_timeline.h"

namespace triage {
namespace {

/// One line in the making: all stamps of one metadata structure.
struct BodyLine {
  std::string key;  ///< artifact, evidence, stream and path
  std::string name;
  std::string inode;
  std::string mode = "-/----------";
  std::int64_t uid = 0;
  std::int64_t gid = 0;
  std::int64_t size = 0;
  std::array<std::int64_t, 4> times{};  ///< accessed, modified, changed, created

  [[nodiscard]] std::string text() const {
    return fmt::format("0|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}\n", name, inode, mode, uid, gid, size, times[0], times[1],
                       times[2], times[3]);
  }
};

std::string body_name(std::string_view path) {
  std::string out;
  for (const char c : escape_terminal(path)) {
    if (c == '|') {
      out += "\\x7c";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

/// "v1048576.i64.a128-1" → "64-128-1", the Sleuth Kit's form; other keys → "0".
std::string body_inode(std::string_view stream) {
  const std::size_t inode = stream.find(".i");
  if (inode == std::string_view::npos) return "0";
  const std::string_view rest = stream.substr(inode + 2);
  std::string out(rest.substr(0, rest.find('.')));
  if (const std::size_t attribute = rest.find(".a"); attribute != std::string_view::npos) {
    const std::string_view tail = rest.substr(attribute + 2);
    out += fmt::format("-{}", tail.substr(0, tail.find('.')));
  }
  return out.find_first_not_of("0123456789-") == std::string::npos && !out.empty() ? out : "0";
}

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

std::int64_t floor_seconds(std::int64_t nanos) {
  return nanos >= 0 ? nanos / kNanosPerSecond : -((-(nanos + 1)) / kNanosPerSecond) - 1;
}

void add_stamps(BodyLine& line, std::string_view meanings, std::int64_t seconds) {
  static constexpr std::array<std::string_view, 4> kNames = {"accessed", "modified", "changed", "created"};
  while (!meanings.empty()) {
    const std::string_view one = meanings.substr(0, meanings.find(','));
    meanings.remove_prefix(std::min(one.size() + 1, meanings.size()));
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      if (kNames[i] == one) line.times[i] = seconds;
    }
  }
}

/// "100644" (octal st_mode) → "r/rrw-r--r--", the Sleuth Kit's form; other text → "-/----------".
std::string body_mode(std::string_view octal) {
  std::uint32_t mode = 0;
  const auto [end, error] = std::from_chars(octal.data(), octal.data() + octal.size(), mode, 8);
  if (error != std::errc{} || end != octal.data() + octal.size()) return "-/----------";
  static constexpr std::string_view kTypes = "-pc-d-b-r-l-s---";
  const char type = kTypes[(mode >> 12) & 0xf];
  std::string out = {type, '/', type};
  for (int bit = 8; bit >= 0; --bit) out.push_back((mode >> bit & 1U) != 0 ? "xwr"[bit % 3] : '-');
  const auto special = [&](std::uint32_t flag, std::size_t at, char mark) {
    if ((mode & flag) != 0) out[at] = out[at] == 'x' ? mark : static_cast<char>(mark - 'a' + 'A');
  };
  special(04000, 5, 's');
  special(02000, 8, 's');
  special(01000, 11, 't');
  return out;
}

BodyLine line_of(const Statement& row, std::string key) {
  BodyLine line;
  line.key = std::move(key);
  const bool file_name = row.text(0) == "ntfs.filename";
  line.name = body_name(row.text(3)) + (file_name ? " ($FILE_NAME)" : "");
  if (row.integer(8) != 0) line.name += " (deleted)";
  line.inode = body_inode(row.text(2));
  line.uid = row.integer(6);
  line.size = row.integer(7);
  const auto attributes = nlohmann::json::parse(row.text(9), nullptr, false);
  if (!attributes.is_object()) return line;
  if (const auto gid = attributes.find("gid"); gid != attributes.end() && gid->is_number_unsigned()) {
    line.gid = gid->get<std::int64_t>();
  }
  if (const auto mode = attributes.find("mode"); mode != attributes.end() && mode->is_string()) {
    line.mode = body_mode(mode->get<std::string>());
  }
  return line;
}

}  // namespace

Status write_bodyfile(Database& database, const TimelineFilter& filter, const TextOutput& out) {
  // In the order of recording: the stamps of one file stand together.
  std::string sql =
      "SELECT artifact, (SELECT id FROM t_evidence WHERE num = e.evidence) AS source_id, "
      "(SELECT text FROM t_text WHERE id = e.stream) AS stream_key, (SELECT text FROM t_text WHERE id = e.path) AS path, "
      "when_ns, when_meaning, uid, object_size, recovered, attributes FROM t_event e "
      "WHERE artifact IN ('fs.times', 'ntfs.filename') AND when_ns IS NOT NULL";
  if (filter.from_ns) sql += fmt::format(" AND when_ns >= {}", *filter.from_ns);
  if (filter.to_ns) sql += fmt::format(" AND when_ns < {}", *filter.to_ns);
  TRIAGE_TRY(Statement rows, database.prepare(sql + " ORDER BY seq"));
  BodyLine line;
  while (true) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) break;
    std::string key = fmt::format("{}\n{}\n{}\n{}", rows.text(0), rows.text(1), rows.text(2), rows.text(3));
    if (key != line.key) {
      if (!line.key.empty()) TRIAGE_TRY_STATUS(out(line.text()));
      line = line_of(rows, std::move(key));
    }
    add_stamps(line, rows.text(5), floor_seconds(rows.integer(4)));
  }
  return line.key.empty() ? Status{} : out(line.text());
}

}  // namespace triage
