// SPDX-License-Identifier: Apache-2.0
#include "cli/image_plan.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "bytes/json.h"
#include "bytes/text.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/read_keys.h"
#include "cli/small_file.h"
#include "cli/version.h"
#include "engine/output_place.h"
#include "evidence/reader.h"
#include "evidence/tsk_source.h"
#include "evidence/zst_image.h"

namespace triage::cli {
namespace {

// clang-format off
constexpr Message kInUse{"the source is mounted for writing ({}); its content may change while it is read", "対象は書き込み可能でマウントされている({})。読み取り中に内容が変わりうる"};
constexpr Message kLittleRoom{"{} are free where the image goes, the source has {}: it may not fit", "イメージの保存先の空きは {}、対象は {}。収まらない可能性がある"};
// clang-format on

constexpr std::size_t kMaxKeyFile = 64 * 1024;

Result<ImageFormat> format_of(const ImageChoice& choice) {
  if (choice.format == "raw") return ImageFormat::kRaw;
  if (choice.format == "ewf") return ImageFormat::kEwf;
  if (choice.split != 0) return fail(ErrorCode::kUsage, "a zst image is one file", "--split", 0, "choose raw or ewf");
  return ImageFormat::kZst;
}

Result<std::vector<DigestKind>> hashes_of(const ImageChoice& choice) {
  std::vector<DigestKind> kinds;
  std::stringstream words(choice.hashes);
  std::string word;
  while (std::getline(words, word, ',')) {
    const auto kind = digest_kind_from_name(word);
    if (!kind) {
      return fail(ErrorCode::kUsage, "not a digest this program takes: " + escape_terminal(word), "--hash", 0,
                  "choose of md5, sha1, sha256, sha512");
    }
    kinds.push_back(*kind);
  }
  return kinds;
}

Result<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::kUsage, "cannot be opened", path, errno);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What ddrescue wrote for MAP: as given, or MAP without ".map", with the usual endings.
Result<std::string> rescued_path(const ImageChoice& choice) {
  if (!choice.rescued.empty()) return choice.rescued;
  std::string base = choice.map;
  if (base.ends_with(".map")) base.resize(base.size() - 4);
  for (const char* ending : {"", ".img", ".raw", ".dd", ".bin"}) {
    std::error_code error;
    if (base + ending != choice.map && std::filesystem::is_regular_file(base + ending, error)) return base + ending;
  }
  return fail(ErrorCode::kUsage, "the file that ddrescue wrote is not found", choice.map, 0, "name it with --rescued");
}

Result<std::unique_ptr<ImageInput>> with_rescued(std::unique_ptr<ImageInput> input, const ImageChoice& choice) {
  if (choice.map.empty()) return input;
  TRIAGE_TRY(const std::string text, read_text(choice.map));
  auto map = ErrorMap::parse(text);
  if (!map) {
    map.error().where = choice.map;
    return tl::unexpected(map.error());
  }
  TRIAGE_TRY(const std::string path, rescued_path(choice));
  TRIAGE_TRY(std::unique_ptr<Medium> rescued, open_medium(path));
  return make_rescued_input(std::move(input), *std::move(map), std::move(rescued));
}

/// What makes a file the same one when an acquisition goes on.
std::string file_identity(const EvidenceSpec& spec) {
  struct stat facts {};
  if (::stat(spec.paths.front().c_str(), &facts) != 0) return spec.name;
  return fmt::format("{} {} {}.{:09} {}", evidence_format_name(spec.format), facts.st_size, facts.st_mtim.tv_sec,
                     facts.st_mtim.tv_nsec, spec.paths.size());
}

/// Who writes to the source now; refused unless allowed.
Status check_mounts(const Context& context, const ImageChoice& choice, const DeviceDossier& dossier) {
  std::string where;
  for (const SourceMount& mount : dossier.mounts) {
    if (!mount.writable) continue;
    where +=
        (where.empty() ? "" : ", ") + mount.device + " " + (mount.folder.empty() ? mount.file_system : mount.folder);
  }
  if (where.empty()) return {};
  if (!choice.allow_mounted) {
    return fail(ErrorCode::kUsage,
                "the source is mounted for writing (" + where + "); its content would change while it is read",
                choice.source, 0, "unmount it, or take it as it is with --allow-mounted");
  }
  warn(context, text(context.lang, kInUse, escape_terminal(where)));
  return {};
}

Result<std::unique_ptr<ImageInput>> open_input(const EvidenceSpec& spec, const ImageChoice& choice) {
  if (spec.format == EvidenceFormat::kFolder) {
    return fail(ErrorCode::kUnsupported, "a folder has no sectors", spec.name, 0, "name a device, a file or an image");
  }
  if (spec.format == EvidenceFormat::kRaw || spec.format == EvidenceFormat::kDevice) {
    TRIAGE_TRY(std::unique_ptr<Medium> medium, open_medium(spec.paths.front()));
    return make_medium_input(std::move(medium), {choice.retries, choice.reverse});
  }
  // What is missing at the end of an image would be missing without a word in the new one.
  bool whole = spec.format != EvidenceFormat::kEwf || check_ewf_end(spec).empty();
  if (spec.format == EvidenceFormat::kZst) {
    TRIAGE_TRY(const std::unique_ptr<ZstImage> image, ZstImage::open(spec.paths.front()));
    whole = image->warnings().empty();
  }
  if (!whole) {
    return fail(ErrorCode::kUnreadable, "the image is not whole", spec.name, 0,
                "see what is missing with `triage verify`; finish it with --resume where it was begun");
  }
  TRIAGE_TRY(std::unique_ptr<EvidenceReader> reader, open_evidence(spec));
  return make_reader_input(std::move(reader));
}

/// The plaintext of the volume that --decrypted means.
Result<std::unique_ptr<ImageInput>> open_plain(const Context& context, const ImageChoice& choice, EvidenceSpec spec,
                                               ImagePlan& plan) {
  const auto volume = VolumeSelector::parse(choice.decrypted);
  if (!volume) {
    return fail(ErrorCode::kUsage, "not a volume: " + escape_terminal(choice.decrypted), "--decrypted", 0,
                "a number of `triage list --volumes`, v and the volume's first byte, or *");
  }
  if (!choice.map.empty()) return fail(ErrorCode::kUsage, "a map is of the source, not of its plaintext", "--map");
  TRIAGE_TRY(spec.keys, read_keys(context));
  TRIAGE_TRY(DecryptedVolume opened, open_decrypted(spec, *volume));
  plan.opened = std::move(opened.volume);
  return make_decrypted_input(std::move(opened.plain));
}

Result<SshPrivateKey> read_signing_key(const std::string& path) {
  TRIAGE_TRY(const std::string text, read_small_file(path, kMaxKeyFile));
  auto key = SshPrivateKey::parse(text);
  if (!key && key.error().where.empty()) key.error().where = path;
  return key;
}

Status check_unlock(const Context& context, const ImageChoice& choice) {
  if (choice.decrypted.empty() && !context.unlock.empty()) {
    return fail(ErrorCode::kUsage, "an image holds what lies on the medium; keys change nothing of it", "--unlock", 0,
                "copy the plaintext of a volume with --decrypted, or give the key to list or run");
  }
  if (!choice.decrypted.empty() && choice.source == "-") {
    return fail(ErrorCode::kUsage, "standard input is read once; a volume cannot be opened in it", "--decrypted");
  }
  return {};
}

}  // namespace

std::string opened_json(const VolumeRecord& volume) {
  JsonLine line;
  line.add("volume", std::uint64_t{volume.index}).add("offset", volume.offset.value).add("length", volume.length.value);
  line.add("encryption", volume.encryption).add("key_kind", volume.unlocked_with);
  return line.add("lock", volume.unlocked_lock).finish();
}

Status check_room(const Context& context, const ImagePlan& plan) {
  const auto size = plan.input->size();
  if (context.output == "-" || !size || context.resume) return {};
  const std::string folder = std::filesystem::absolute(context.output).parent_path().string();
  struct statvfs room {};
  if (::statvfs(folder.c_str(), &room) != 0) {
    return fail(ErrorCode::kOutput, "the image cannot be written there", folder, errno);
  }
  const std::uint64_t free = std::uint64_t{room.f_bavail} * room.f_frsize;
  if (free >= *size) return {};
  if (plan.request.format == ImageFormat::kRaw) {
    return fail(ErrorCode::kOutput, "the image needs " + human_bytes(*size) + ", " + human_bytes(free) + " are free",
                folder, ENOSPC, "choose another disk, or --format zst");
  }
  warn(context, text(context.lang, kLittleRoom, human_bytes(free), human_bytes(*size)));
  return {};
}

Result<ImagePlan> make_image_plan(const Context& context, const ImageChoice& choice) {
  ImagePlan plan;
  TRIAGE_TRY_STATUS(check_unlock(context, choice));
  TRIAGE_TRY(plan.request.format, format_of(choice));
  TRIAGE_TRY(plan.request.hashes, hashes_of(choice));
  if (!choice.sign.empty() && context.output == "-" && plan.request.format == ImageFormat::kRaw) {
    return fail(ErrorCode::kUsage, "a raw stream has no place for a signature", "--sign", 0, "stream zst");
  }
  if (!choice.sign.empty()) {
    TRIAGE_TRY(SshPrivateKey key, read_signing_key(choice.sign));
    plan.key.emplace(std::move(key));
  }
  plan.request.output = context.output;
  if (plan.request.format == ImageFormat::kEwf && context.output == "-") {
    return fail(ErrorCode::kUsage, "E01 cannot be streamed: its first bytes depend on the last", "-o -", 0,
                "stream zst or raw");
  }
  plan.request.segment_bytes = choice.split;
  plan.request.level = choice.level;
  plan.request.jobs = context.jobs;
  plan.request.resume = context.resume;
  plan.request.labels = choice.labels;
  plan.request.source_name = choice.source;
  plan.request.tool = version_line();
  plan.request.argv = context.argv;
  plan.request.stop = &interrupted();
  if (choice.source == "-") {
    if (!choice.map.empty()) return fail(ErrorCode::kUsage, "standard input cannot be joined with a map", "--map");
    plan.kind = "pipe";
    plan.request.identity = "pipe";
    plan.request.source_json = "{\"kind\":\"pipe\"}";
    plan.input = make_pipe_input(STDIN_FILENO);
    return plan;
  }
  TRIAGE_TRY(const EvidenceSpec spec, recognise_evidence(choice.source));
  if (context.output != "-") TRIAGE_TRY_STATUS(check_output_place(context.output, spec));
  TRIAGE_TRY(plan.dossier, examine_source(choice.source));
  TRIAGE_TRY_STATUS(check_mounts(context, choice, plan.dossier));
  plan.request.identity = plan.dossier.kind == "file" ? file_identity(spec) : plan.dossier.identity();
  if (choice.decrypted.empty()) {
    TRIAGE_TRY(std::unique_ptr<ImageInput> input, open_input(spec, choice));
    TRIAGE_TRY(plan.input, with_rescued(std::move(input), choice));
  } else {
    TRIAGE_TRY(plan.input, open_plain(context, choice, spec, plan));
    plan.request.identity += fmt::format(" decrypted v{}", plan.opened->offset.value);
  }
  plan.kind = evidence_format_name(spec.format);
  plan.request.model = plan.dossier.model;
  plan.request.serial = plan.dossier.serial;
  plan.request.source_json = plan.dossier.json();
  return plan;
}

}  // namespace triage::cli
