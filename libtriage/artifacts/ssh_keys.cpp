// SPDX-License-Identifier: Apache-2.0
// SSH trust of an account: keys that may log in (authorized_keys) and servers it once connected to (known_hosts, also
// with hashed names). No times.
//   authorized := [options] type base64 [comment]         known := ["@" marker] names type base64 [comment]
//   hashed name := "|1|" base64 salt "|" base64 HMAC-SHA1(salt, name)
// Spec: sshd(8), "AUTHORIZED_KEYS FILE FORMAT" and "SSH_KNOWN_HOSTS FILE FORMAT"; RFC 4253 §6.6.
#include <array>
#include <optional>
#include <string>

#include "artifacts/line_log.h"
#include "bytes/base64.h"
#include "bytes/digest.h"
#include "bytes/text.h"
#include "formats/config_lines.h"
#include "formats/home_path.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

bool is_key_type(std::string_view word) {
  return word.starts_with("ssh-") || word.starts_with("ecdsa-") || word.starts_with("sk-ssh-") ||
         word.starts_with("sk-ecdsa-");
}

/// "SHA256:…" as ssh-keygen -l prints it; nullopt when the key is not base64 of a key that begins with its own type.
std::optional<std::string> fingerprint(std::string_view type, std::string_view key) {
  const auto blob = from_base64(key);
  if (!blob) return std::nullopt;
  ByteCursor c(as_byte_span(*blob));
  const auto name_size = c.be<std::uint32_t>("type");
  if (as_chars(c.take(std::min<std::size_t>(name_size, blob->size()), "type")) != type) return std::nullopt;
  std::string out = to_base64(sha256_raw(as_byte_span(*blob)));
  while (out.ends_with('=')) out.pop_back();
  return "SHA256:" + out;
}

/// Options stand before the type and may hold quoted blanks.
std::string_view take_options(LineScan& scan) {
  const std::string_view from = scan.rest();
  bool quoted = false;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i] == '"' && (i == 0 || from[i - 1] != '\\')) quoted = !quoted;
    if (quoted || (from[i] != ' ' && from[i] != '\t')) continue;
    const std::string_view out = from.substr(0, i);
    (void)scan.skip(out);  // it stands there
    scan.skip_blanks();
    return out;
  }
  return {};
}

class KeyFile final : public LineLog {
 public:
  KeyFile(std::string_view path, bool known) : owner_(home_owner(path)), known_(known) {}
  std::optional<LogTime> time_of(std::string_view) override { return std::nullopt; }
  LineSays read(const LogLine& line, LogClock& clock, Event& event) override;

 private:
  static bool names(LineScan& scan, Event& event);
  std::optional<std::string> owner_;
  bool known_;
};

bool KeyFile::names(LineScan& scan, Event& event) {
  if (scan.skip('@')) add_text(event, "marker", scan.word());
  scan.skip_blanks();
  const std::string_view all = scan.word();
  if (all.empty()) return false;
  if (all.starts_with("|1|")) {
    add_text(event, "hashed_host", all);
    return true;
  }
  std::string_view first = all.substr(0, all.find(','));
  if (first.starts_with('[')) first = first.substr(1, first.find(']') - 1);
  if (first.find_first_of("*?!") == std::string_view::npos) set_text(event.remote, first);
  add_text(event, "hosts", all);
  return true;
}

LineSays KeyFile::read(const LogLine& line, LogClock&, Event& event) {
  const std::string_view text = trimmed(line.text);
  if (text.empty() || text.front() == '#') return LineSays::kNothing;
  LineScan scan(text);
  if (known_ && !names(scan, event)) return LineSays::kNoise;
  scan.skip_blanks();
  if (!known_ && !is_key_type(scan.rest())) add_text(event, "options", take_options(scan));
  const std::string_view type = scan.word();
  scan.skip_blanks();
  const std::string_view key = scan.word();
  const auto print = is_key_type(type) ? fingerprint(type, key) : std::nullopt;
  if (!print) return LineSays::kNoise;
  const bool marked = known_ && !event.attributes.empty() && event.attributes.front().name == "marker";
  event.what = known_ && !marked ? action::kNetworkConnected : action::kConfigChanged;
  event.how = marked ? "SSH: key of servers marked" : known_ ? "SSH: key of a server accepted" : "SSH: key may log in";
  if (known_ && !marked) event.channel = "remote";
  event.who = owner_;
  event.object_kind = "key";
  event.object = *print;
  add_text(event, "key_type", type);
  add_text(event, "comment", trimmed(scan.rest()));
  return LineSays::kEvent;
}

Outcome parse_ssh_keys(const Artifact& in, EventSink& out) {
  const std::string name = ascii_lower(path_name(in.stream.path));
  KeyFile file(in.stream.path, name.find("known_hosts") != std::string::npos);
  return read_line_log(in, out, file);
}

constexpr std::array kPaths = {"**/.ssh/authorized_keys*"sv, "**/.ssh/known_hosts*"sv, "**/etc/ssh/ssh_known_hosts*"sv,
                               "**/administrators_authorized_keys"sv};
constexpr std::array kFields = {FieldSpec{"hosts", "", "every name and address of the line"},
                                FieldSpec{"hashed_host", "", "the name of the server, hashed: |1|salt|HMAC-SHA1"},
                                FieldSpec{"marker", "", "cert-authority or revoked"},
                                FieldSpec{"options", "", "what the key may and may not"},
                                FieldSpec{"key_type", "", "kind of key"},
                                FieldSpec{"comment", "", "what the key is called"}};
constexpr std::array kReferences = {"https://man.openbsd.org/sshd.8#AUTHORIZED_KEYS_FILE_FORMAT"sv,
                                    "https://man.openbsd.org/sshd.8#SSH_KNOWN_HOSTS_FILE_FORMAT"sv};

}  // namespace

extern const ArtifactParser ssh_keys;
constinit const ArtifactParser ssh_keys{
    .id = "linux.ssh_keys",
    .version = 1,
    .title_en = "SSH: keys that may log in, servers connected to",
    .title_ja = "SSH のログイン許可鍵・接続先サーバー",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{16 << 20},
    .parse = parse_ssh_keys,
};

}  // namespace triage
