// SPDX-License-Identifier: Apache-2.0
#include "artifacts/browser_cookie.h"

namespace triage {

void give_cookie(const BrowserCookie& cookie, Event start, const BrowserProfile& profile, EventSink& out) {
  Event event = std::move(start);
  event.what = action::kUrlVisited;
  event.who = profile.user;
  event.program = profile.program;
  event.object_kind = "cookie";
  event.object = cookie.name;
  event.channel = "web";
  if (cookie.host) event.remote = cookie.host->starts_with('.') ? cookie.host->substr(1) : *cookie.host;
  if (event.remote && event.remote->empty()) event.remote.reset();
  if (cookie.path) event.attribute("cookie_path", *cookie.path);
  if (const auto text = cookie.expires.text()) event.attribute("expires", *text);
  if (profile.profile) event.attribute("profile", *profile.profile);
  Event used = event;
  const bool once = cookie.used.raw == cookie.created.raw;
  event.how = "cookie set";
  event.when = cookie.created;
  event.when_meaning = Meaning::kCreated;
  if (once) event.when_meaning.add(Meaning::kAccessed);
  out.event(std::move(event));
  if (once || cookie.used.status == TimeStatus::kNotSet) return;
  used.how = "cookie used";
  used.when = cookie.used;
  used.when_meaning = Meaning::kAccessed;
  out.event(std::move(used));
}

}  // namespace triage
