// SPDX-License-Identifier: Apache-2.0
// Access logs of Apache and nginx (common and combined format, with or without a virtual host in front).
//   line := [vhost ] address ident user "[" 10/Oct/2000:13:55:36 -0700 "] " "request" status bytes ["referer" "agent"]
// Spec: Apache HTTP Server 2.4, mod_log_config, "Combined Log Format"; nginx, ngx_http_log_module, "combined".
#include <array>

#include "artifacts/line_log.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

struct Request {
  std::string_view address, user, line, status, bytes, referer, agent, raw_time, virtual_host;
  LogTime time;
};

std::optional<Request> read_request(std::string_view text) {
  LineScan scan(text);
  Request out;
  const auto before = scan.until(" [");
  if (!before) return std::nullopt;
  LineScan front(*before);
  const std::string_view words[] = {front.word(), front.word(), front.word(), front.word()};
  const std::size_t first = words[3].empty() ? 0 : 1;  // four words: a virtual host stands first
  if (first == 1) out.virtual_host = words[0];
  out.address = words[first];
  out.user = words[first + 2];
  if (out.user.empty()) return std::nullopt;
  const std::string_view from = scan.rest();
  const auto time = scan_clf_time(scan);
  if (!time) return std::nullopt;
  out.time = *time;
  out.raw_time = from.substr(0, from.size() - scan.rest().size());
  if (!scan.skip("] ")) return std::nullopt;
  const auto line = scan.quoted();
  if (!line) return std::nullopt;
  out.line = *line;
  (void)scan.skip(' ');
  out.status = scan.word();
  out.bytes = scan.word();
  out.referer = scan.quoted().value_or(std::string_view{});
  (void)scan.skip(' ');
  out.agent = scan.quoted().value_or(std::string_view{});
  return out;
}

class AccessLog final : public LineLog {
 public:
  std::optional<LogTime> time_of(std::string_view line) override {
    const auto request = read_request(line);
    return request ? std::optional(request->time) : std::nullopt;
  }
  LineSays read(const LogLine& line, LogClock& clock, Event& event) override {
    if (line.text.empty()) return LineSays::kNothing;
    const auto request = read_request(line.text);
    if (!request) return LineSays::kNoise;
    event.when = clock.stamp(request->time, request->raw_time);
    event.when_meaning = Meaning::kLogged;
    event.what = action::kUrlVisited;
    event.object_kind = "url";
    event.how = "web server request";
    event.channel = "web";
    set_text(event.remote, request->address);
    set_text(event.who, request->user);
    set_text(event.host, request->virtual_host);
    LineScan words(request->line);
    add_text(event, "method", words.word());
    set_text(event.object, words.word());
    if (const auto bytes = decimal(request->bytes)) event.attribute("bytes_sent", *bytes);
    if (const auto status = decimal(request->status)) event.attribute("status", *status);
    add_text(event, "referer", request->referer);
    add_text(event, "agent", request->agent);
    return LineSays::kEvent;
  }
};

Outcome parse_access(const Artifact& in, EventSink& out) {
  AccessLog log;
  return read_line_log(in, out, log);
}

constexpr std::array kPaths = {"**access.log*"sv, "**access_log*"sv, "**access-log*"sv, "**/httpd/*_log*"sv};
constexpr std::array kFields = {FieldSpec{"method", "", "HTTP method"}, FieldSpec{"status", "count", "HTTP status"},
                                FieldSpec{"bytes_sent", "bytes", "size of the answer"},
                                FieldSpec{"referer", "", "page the visitor came from, as the browser says"},
                                FieldSpec{"agent", "", "browser, as it names itself"}};
constexpr std::array kReferences = {"https://httpd.apache.org/docs/2.4/mod/mod_log_config.html"sv,
                                    "https://nginx.org/en/docs/http/ngx_http_log_module.html"sv};

}  // namespace

extern const ArtifactParser web_access;
constinit const ArtifactParser web_access{
    .id = "web.access",
    .version = 1,
    .title_en = "Web server access logs (Apache, nginx)",
    .title_ja = "Webサーバーのアクセスログ（Apache・nginx）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{4ULL << 30},
    .parse = parse_access,
};

}  // namespace triage
