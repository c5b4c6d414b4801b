// SPDX-License-Identifier: Apache-2.0
#include "cli/runs_verify.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <map>

#include "engine/run_digests.h"
#include "store/case_folder.h"
#include "store/kept_index.h"
#include "store/output_file.h"

namespace triage::cli {
namespace {

constexpr std::size_t kTried = 16;  ///< files that tell which evidence an image is
constexpr std::size_t kNamed = 3;   ///< mismatches told by name

/// The kept files of one evidence.
struct Group {
  std::vector<KeptFile> placed;  ///< with byte runs
  std::size_t elsewhere = 0;     ///< without: content inside metadata, or not kept as it lies
};

/// Indexes of a case, or the one of a folder.
Result<std::map<std::string, Group>> groups_of(const std::string& dir) {
  const UniqueFd folder(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) return fail(ErrorCode::kUnreadable, "cannot be opened", dir, errno);
  std::map<std::string, Group> out;
  const std::vector<std::string> indexes = is_kept_folder(dir)
                                               ? std::vector<std::string>{"recovered.jsonl"}
                                               : std::vector<std::string>{"3-investigation/recovered/recovered.jsonl",
                                                                          "3-investigation/carved/recovered.jsonl"};
  for (const std::string& index : indexes) {
    if (!open_beneath(folder.get(), index, O_PATH)) continue;
    TRIAGE_TRY(std::vector<KeptFile> files, read_kept_index(folder.get(), index));
    for (KeptFile& file : files) {
      Group& group = out[file.evidence];
      std::uint64_t covered = 0;
      for (const Extent& run : file.runs) covered += run.length.value;
      if (file.runs.empty() || covered != file.size) {
        ++group.elsewhere;
      } else {
        group.placed.push_back(std::move(file));
      }
    }
  }
  return out;
}

Result<std::vector<RunDigest>> read_again(const EvidenceSpec& spec, const std::vector<KeptFile>& files,
                                          std::size_t most) {
  std::vector<std::vector<Extent>> items;
  for (std::size_t i = 0; i < std::min(files.size(), most); ++i) items.push_back(files[i].runs);
  return digest_runs(spec, items);
}

/// The image of `images` that has most of the group's first files; the only one where there is one.
Result<const EvidenceSpec*> image_of(const Group& group, const std::vector<EvidenceSpec>& images) {
  const EvidenceSpec* best = images.empty() ? nullptr : &images.front();
  if (images.size() < 2) return best;
  std::size_t most = 0;
  for (const EvidenceSpec& image : images) {
    TRIAGE_TRY(const std::vector<RunDigest> digests, read_again(image, group.placed, kTried));
    std::size_t same = 0;
    for (std::size_t i = 0; i < digests.size(); ++i) same += digests[i].sha256 == group.placed[i].sha256 ? 1 : 0;
    if (same > most) best = &image;
    most = std::max(most, same);
  }
  return most == 0 ? nullptr : best;
}

CheckResult check_group(const std::string& id, const Group& group, const std::vector<EvidenceSpec>& images) {
  const std::string name = "runs " + id;
  const auto image = image_of(group, images);
  if (!image) return {name, false, image.error().text()};
  if (*image == nullptr)
    return {name, false, "none of the images named has its files: it was not named, or it changed"};
  const auto digests = read_again(**image, group.placed, group.placed.size());
  if (!digests) return {name, false, digests.error().text()};
  std::size_t wrong = 0;
  std::size_t unreadable = 0;
  std::string named;
  for (std::size_t i = 0; i < digests->size(); ++i) {
    const RunDigest& digest = (*digests)[i];
    if (digest.sha256 == group.placed[i].sha256) continue;
    ++(digest.readable ? wrong : unreadable);
    const Extent& run = group.placed[i].runs.front();
    if (wrong + unreadable <= kNamed) named += fmt::format("; {} (from byte {})", group.placed[i].path, run.at.value);
  }
  const std::string of = fmt::format("{} of {} files", wrong + unreadable, group.placed.size());
  if (unreadable != 0) return {name, false, fmt::format("{} can no longer be read in {}{}", of, (*image)->name, named)};
  if (wrong != 0)
    return {name, false, fmt::format("{} changed: {} are no longer there as recovered{}", (*image)->name, of, named)};
  std::string detail =
      fmt::format("{} files read again from {}, every digest matches", group.placed.size(), (*image)->name);
  if (group.elsewhere != 0) detail += fmt::format("; {} have no byte runs", group.elsewhere);
  return {name, true, detail};
}

}  // namespace

Result<std::vector<CheckResult>> verify_runs(const std::string& dir, const std::vector<std::string>& evidence) {
  TRIAGE_TRY(const auto groups, groups_of(dir));
  std::vector<EvidenceSpec> images;
  for (const std::string& path : evidence) {
    TRIAGE_TRY(EvidenceSpec spec, recognise_evidence(path));
    images.push_back(std::move(spec));
  }
  std::vector<CheckResult> out;
  for (const auto& [id, group] : groups) out.push_back(check_group(id, group, images));
  if (out.empty()) out.push_back({"runs", true, "no kept files"});
  return out;
}

}  // namespace triage::cli
