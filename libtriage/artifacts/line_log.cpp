// SPDX-License-Identifier: Apache-2.0
#include "artifacts/line_log.h"

#include <fmt/format.h>

#include <string>

namespace triage {

Outcome read_line_log(const Artifact& in, EventSink& out, LineLog& log) {
  if (!looks_like_text(in.data)) return Outcome::kNotMine;
  LogClock clock(in.stream);
  LogLine line;
  log.restart();
  for (LineReader reader(in.data); reader.next(line);)
    if (const auto time = log.time_of(line.text)) clock.observe(*time);
  clock.infer();
  log.restart();
  std::uint64_t number = 0, events = 0, noise = 0, bad_times = 0;
  std::size_t noise_at = 0, bad_time_at = 0;
  for (LineReader reader(in.data); reader.next(line);) {
    Event event;
    event.record = ++number;
    const LineSays said = log.read(line, clock, event);
    if (said == LineSays::kNoise && noise++ == 0) noise_at = line.at;
    if (said != LineSays::kEvent) continue;
    if (event.when.status == TimeStatus::kOutOfRange && bad_times++ == 0) bad_time_at = line.at;
    event.locator = in.at(line.at, line.size);
    ++events;
    out.event(std::move(event));
  }
  if (events == 0) return Outcome::kNotMine;
  if (noise > 0) out.damage(DamageKind::kRange, noise_at, "line", fmt::format("{} lines are not understood", noise));
  if (bad_times > 0)
    out.damage(DamageKind::kRange, bad_time_at, "time",
               fmt::format("{} lines have a date or time that cannot be", bad_times));
  return noise + bad_times == 0 ? Outcome::kComplete : Outcome::kPartial;
}

void note_inference(const LogTime& time, const LogClock& clock, Event& event) {
  if (!time.year && !clock.year_from().empty()) event.attribute("year_from", clock.year_from());
  if (!time.offset_minutes && !clock.zone_from().empty()) event.attribute("zone_from", clock.zone_from());
}

void set_text(std::optional<std::string>& field, std::string_view text) {
  if (!text.empty() && text != "-") field = log_text(text);
}

void add_text(Event& event, std::string_view name, std::string_view text) {
  if (!text.empty() && text != "-") event.attributes.push_back({std::string(name), log_text(text), false});
}

}  // namespace triage
