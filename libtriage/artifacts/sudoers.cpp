// SPDX-License-Identifier: Apache-2.0
// Who may act as whom (/etc/sudoers and what it includes). No times.
//   rule := who hosts "=" ["(" users [":" groups] ")"] { tag ":" } commands     who := account | "%" group | alias
//   alias := ("User" | "Host" | "Runas" | "Cmnd") "_Alias" name "=" list        default := "Defaults" [":@!>" scope] …
// Spec: sudoers(5).
#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>

#include "artifacts/line_log.h"
#include "artifacts/parser.h"
#include "formats/config_lines.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

/// "user host = (root) NOPASSWD: /bin/ls" behind the equals sign.
void read_commands(std::string_view text, Event& event) {
  LineScan scan(text);
  if (scan.skip('(')) add_text(event, "run_as", scan.until(')').value_or(std::string_view{}));
  scan.skip_blanks();
  std::string tags;
  while (true) {
    const std::string_view word = scan.rest().substr(0, scan.rest().find_first_of(": \t"));
    const bool tag = !word.empty() && word.size() < scan.rest().size() && scan.rest()[word.size()] == ':' &&
                     word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string_view::npos;
    if (!tag) break;
    tags += (tags.empty() ? "" : ",") + std::string(word);
    (void)scan.skip(word);  // it was just read from there
    (void)scan.skip(':');   // so was this
    scan.skip_blanks();
  }
  add_text(event, "tags", tags);
  set_text(event.object, scan.rest());
}

bool read_rule(std::string_view text, Event& event) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view left = trimmed(text.substr(0, equals));
  const std::size_t blank = left.find_last_of(" \t");
  const bool alias = left.find("_Alias ") != std::string_view::npos;
  if (blank == std::string_view::npos) return false;
  const std::string_view right = trimmed(text.substr(equals + 1));
  if (right.empty()) return false;
  if (alias) {
    event.object_kind = "alias";
    event.how = "sudoers: alias";
    set_text(event.object, right);
    add_text(event, "name", trimmed(left.substr(blank)));
    return true;
  }
  event.object_kind = "permission";
  event.how = "sudoers: may run";
  set_text(event.who, trimmed(left.substr(0, blank)));
  add_text(event, "hosts", left.substr(blank + 1));
  read_commands(right, event);
  return event.object.has_value();
}

bool read_line(std::string_view text, Event& event) {
  event.what = action::kConfigChanged;
  const bool include = text.starts_with("@include") || text.starts_with("#include");
  if (!text.starts_with("Defaults") && !include) return read_rule(text, event);
  event.object_kind = "setting";
  event.how = include ? "sudoers: include" : "sudoers: default";
  const std::size_t blank = text.find_first_of(" \t");
  if (blank == std::string_view::npos) return false;
  set_text(event.object, trimmed(text.substr(blank)));
  if (!include && blank > 8) add_text(event, "scope", text.substr(8, blank - 8));
  return event.object.has_value();
}

Outcome parse_sudoers(const Artifact& in, EventSink& out) {
  if (!looks_like_text(in.data)) return Outcome::kNotMine;
  ConfigLine line;
  std::uint64_t events = 0, noise = 0;
  std::size_t noise_at = 0;
  bool cut = false;
  for (ConfigReader reader(in.data); reader.next(line);) {
    if (line.text.front() == '#' && !line.text.starts_with("#include")) continue;
    Event event;
    cut = cut || line.cut;
    if (!read_line(line.text, event)) {
      if (noise++ == 0) noise_at = line.at;
      continue;
    }
    event.record = ++events;
    event.locator = in.at(line.at, line.size);
    out.event(std::move(event));
  }
  if (events == 0) return Outcome::kNotMine;
  if (noise > 0) out.damage(DamageKind::kRange, noise_at, "line", fmt::format("{} lines are not understood", noise));
  if (cut) out.damage(DamageKind::kTruncated, in.data.size(), "line", "the last line should go on");
  return noise == 0 && !cut ? Outcome::kComplete : Outcome::kPartial;
}

constexpr std::array kPaths = {"**/etc/sudoers"sv, "**/etc/sudoers.d/*"sv};
constexpr std::array kFields = {FieldSpec{"hosts", "", "machines the rule is for"},
                                FieldSpec{"run_as", "", "accounts and groups it may act as"},
                                FieldSpec{"tags", "", "NOPASSWD, SETENV …"}, FieldSpec{"name", "", "name of the alias"},
                                FieldSpec{"scope", "", "whom a default is for"}};
constexpr std::array kReferences = {"https://www.sudo.ws/docs/man/sudoers.man/"sv};

}  // namespace

extern const ArtifactParser sudoers;
constinit const ArtifactParser sudoers{
    .id = "linux.sudoers",
    .version = 1,
    .title_en = "sudo: who may act as whom",
    .title_ja = "sudo の権限設定（誰が何をできるか）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{16 << 20},
    .parse = parse_sudoers,
};

}  // namespace triage
