// SPDX-License-Identifier: Apache-2.0
// Logs of containers: Docker's json-file (…-json.log) and those of CRI-O and containerd (/var/log/pods,
// /var/log/containers).
//   docker := {"log":"text\n","stream":"stdout"|"stderr",["attrs":{…},]"time":"2016-01-07T16:49:10.237Z"}
//   cri := 2016-10-06T00:17:09.669794202Z " stdout " | " stderr " "F " | "P " text
// Times are UTC or have an offset. Spec: Docker, "JSON File logging driver"; Kubernetes, CRI logging (kubelet cri
// logs).
#include <array>
#include <optional>
#include <string>

#include "artifacts/line_log.h"
#include "formats/home_path.h"

namespace triage {
namespace {
using namespace std::string_view_literals;

/// The text of member "name" with its simple escapes undone; nullopt where it is not there.
std::optional<std::string> member(std::string_view json, std::string_view name) {
  const std::size_t at = json.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  LineScan scan(json.substr(at + name.size()));
  const auto quoted = scan.quoted();
  if (!quoted) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < quoted->size(); ++i) {
    char c = (*quoted)[i];
    if (c == '\\' && i + 1 < quoted->size()) {
      c = (*quoted)[++i];
      if (c == 'n' || c == 'r') continue;  // the end of the line
      if (c == 't') c = '\t';
      if (c == 'u') {
        out += "\\u";
        continue;
      }
    }
    out += c;
  }
  return log_text(out);
}

/// "…/containers/<64 hex digits>/…" → the id.
std::string container_of(std::string_view path) {
  for (std::size_t at = path.find('/'); at != std::string_view::npos; at = path.find('/', at + 1)) {
    const std::string_view part = path.substr(at + 1, path.find('/', at + 1) - at - 1);
    if (part.size() == 64 && part.find_first_not_of("0123456789abcdef") == std::string_view::npos)
      return std::string(part);
  }
  return {};
}

class ContainerLog final : public LineLog {
 public:
  explicit ContainerLog(std::string_view path) : container_(container_of(path)) {}
  std::optional<LogTime> time_of(std::string_view) override { return std::nullopt; }  // every line says it all
  LineSays read(const LogLine& line, LogClock& clock, Event& event) override {
    if (line.text.empty()) return LineSays::kNothing;
    std::optional<std::string> text, stream, raw;
    if (line.text.front() == '{') {
      text = member(line.text, "\"log\":");
      stream = member(line.text, "\"stream\":");
      raw = member(line.text, "\"time\":");
    } else {
      LineScan words(line.text);
      raw = std::string(words.word());
      stream = std::string(words.word());
      const std::string_view mark = words.word();
      if (mark == "F" || mark == "P") text = log_text(words.rest());
    }
    LineScan scan(raw ? std::string_view(*raw) : std::string_view{});
    const auto time = scan_iso_time(scan);
    if (!time || !text || (stream != "stdout" && stream != "stderr")) return LineSays::kNoise;
    event.when = clock.stamp(*time, *raw);
    event.when_meaning = Meaning::kLogged;
    event.what = action::kLogRecorded;
    event.object_kind = "message";
    if (!text->empty()) event.object = text;
    event.how = "container log";
    add_text(event, "stream", *stream);
    add_text(event, "container", container_);
    return LineSays::kEvent;
  }

 private:
  std::string container_;
};

Outcome parse_container(const Artifact& in, EventSink& out) {
  ContainerLog log(in.stream.path);
  return read_line_log(in, out, log);
}

constexpr std::array kPaths = {"**/containers/**-json.log*"sv, "**/var/log/pods/**.log*"sv,
                               "**/var/log/containers/*.log"sv, "**/cri.log"sv};
constexpr std::array kFields = {FieldSpec{"stream", "", "stdout or stderr"},
                                FieldSpec{"container", "", "id of the container"}};
constexpr std::array kReferences = {
    "https://docs.docker.com/engine/logging/drivers/json-file/"sv,
    "https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md"sv};

}  // namespace

extern const ArtifactParser container_log;
constinit const ArtifactParser container_log{
    .id = "linux.container_log",
    .version = 1,
    .title_en = "Logs of containers (Docker, CRI)",
    .title_ja = "コンテナーのログ（Docker・CRI）",
    .magics = {},
    .paths = kPaths,
    .companions = {},
    .fields = kFields,
    .references = kReferences,
    .max_input = ByteCount{4ULL << 30},
    .parse = parse_container,
};

}  // namespace triage
