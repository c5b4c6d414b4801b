// SPDX-License-Identifier: Apache-2.0
// Streams of a compound file: what Word, Excel, PowerPoint and Outlook keep in one. Pictures stand in "Data",
// "Pictures" or the text's own stream, attachments of a message in streams of their own.     Spec: [MS-CFB].
#include "bytes/text.h"
#include "formats/cfb.h"
#include "unpack/members.h"

namespace triage {
namespace {

/// Names may begin with control characters ("\x05SummaryInformation"): they are shown as digits.
std::string shown_name(std::string_view path) { return escape_terminal(path); }

}  // namespace

void unpack_cfb(Unpacking& job) {
  const auto view = CfbView::open(job.data);
  if (!view) return;
  if (!view->fault().empty()) job.sink.damage(DamageKind::kRange, 0, "compound file", view->fault());
  for (const CfbEntry& entry : view->entries()) {
    if (entry.storage || entry.size == 0) continue;
    const std::uint64_t allowed = job.allowed(entry.size);
    if (entry.size > allowed) {
      job.sink.damage(DamageKind::kLimit, entry.at, "stream", shown_name(entry.path) + ": larger than is unpacked");
      continue;
    }
    const std::vector<std::byte> content = view->read(entry, static_cast<std::size_t>(entry.size));
    if (content.empty()) continue;
    const UnpackedMember member{shown_name(entry.path),       "cfb", view->first_byte(entry).value_or(0), content,
                                content.size() == entry.size, false};
    if (!job.tell(member)) return;
  }
}

}  // namespace triage
