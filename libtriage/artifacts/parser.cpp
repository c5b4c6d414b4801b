// SPDX-License-Identifier: Apache-2.0
#include "artifacts/parser.h"

#include <algorithm>
#include <array>

#include "bytes/text.h"

namespace triage {

std::string_view outcome_name(Outcome outcome) {
  static constexpr std::array<std::string_view, 4> kNames = {"complete", "partial", "not_mine", "unsupported_version"};
  return kNames[static_cast<std::size_t>(outcome)];
}

bool parser_wants(const ArtifactParser& parser, const Stream& stream, Bytes head) {
  if (parser.skips != nullptr && parser.skips(stream)) return false;
  const auto magic_matches = [head](const Magic& magic) { return has_at(head, magic.offset, magic.bytes); };
  if (!parser.magics.empty() && std::none_of(parser.magics.begin(), parser.magics.end(), magic_matches)) return false;
  // Paths of a folder taken as evidence begin without a slash: "**/dpkg.log" is to match a file at its top, too.
  const std::string rooted = stream.path.starts_with('/') ? stream.path : "/" + stream.path;
  const auto path_matches = [&](std::string_view glob) {
    return glob_match(glob, rooted) || glob_match(glob, stream.path);
  };
  return parser.paths.empty() || std::any_of(parser.paths.begin(), parser.paths.end(), path_matches);
}

}  // namespace triage
