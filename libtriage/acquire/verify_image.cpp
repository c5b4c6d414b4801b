// SPDX-License-Identifier: Apache-2.0
#include "acquire/verify_image.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "acquire/acquire_image.h"
#include "acquire/chunk_check.h"
#include "acquire/output_stream.h"
#include "bytes/ssh_signature.h"
#include "bytes/text.h"
#include "bytes/zstd_frame.h"
#include "evidence/zst_image.h"

namespace triage {
namespace {

constexpr std::size_t kShownRanges = 10;

ImageCheck good(std::string name, std::string detail) { return {std::move(name), true, std::move(detail)}; }
ImageCheck bad(std::string name, std::string detail) { return {std::move(name), false, std::move(detail)}; }
ImageCheck check_of(std::string name, bool ok, std::string when_ok, std::string when_not) {
  return {std::move(name), ok, ok ? std::move(when_ok) : std::move(when_not)};
}

/// Whether SHA-256 of the footer's content but its last 32 bytes is those.
bool footer_digest_fits(const ZstImage& image, const ZstFooter& footer) {
  Sha256 digest;
  std::vector<std::byte> step(1U << 20);
  std::uint64_t at = footer.stored_at;
  const std::uint64_t end = footer.stored_at + footer.stored_bytes - kDigestBytes;
  while (at < end) {
    const auto part = std::span(step).first(static_cast<std::size_t>(std::min<std::uint64_t>(step.size(), end - at)));
    if (!image.read_file(at, part)) return false;
    digest.update(part);
    at += part.size();
  }
  std::array<std::byte, kDigestBytes> stored{};
  return image.read_file(end, stored).has_value() && digest.finish_raw() == stored;
}

ImageCheck unreadable_check(const ImageClaims& claims) {
  if (claims.unreadable_bytes == 0) return good("read errors", "the acquisition met none");
  return good("read errors", fmt::format("the source did not give {} bytes in {} runs; zeros stand for them",
                                         claims.unreadable_bytes, claims.unreadable_runs));
}

std::string id_in(const std::string& metadata) {
  const auto json = nlohmann::json::parse(metadata, nullptr, false);
  return json.is_object() && json.contains("image_id") && json["image_id"].is_string()
             ? json["image_id"].get<std::string>()
             : "";
}

/// The signature over `statement` (the footer's JSON), where there is one or one is asked for.
void check_signature(std::string_view armored, std::string_view statement, const VerifyImageOptions& options,
                     std::vector<ImageCheck>& checks) {
  if (armored.empty()) {
    if (!options.allowed_signers.empty()) checks.push_back(bad("signature", "the image is not signed"));
    return;
  }
  const auto key = verify_ssh_signature(armored, kImageNamespace, statement);
  if (!key) {
    checks.push_back(bad("signature", key.error().message));
  } else if (options.allowed_signers.empty()) {
    checks.push_back(good("signature", fmt::format("valid, by {} ({}); whether that is the right person only the key's "
                                                   "owner can say",
                                                   key->fingerprint(), key->line())));
  } else if (options.allowed_signers.find(key->line()) == std::string::npos) {
    checks.push_back(bad("signature", "valid, but the key is not among those you trust: " + key->fingerprint()));
  } else {
    checks.push_back(good("signature", fmt::format("valid, by {}, which you trust", key->fingerprint())));
  }
}

/// The chunk check of any format, told as one line.
Result<ImageCheck> chunk_lines(const ChunkCheckPlan& plan, const VerifyImageOptions& options) {
  TRIAGE_TRY(const auto ranges, check_chunks(plan, options));
  const std::uint64_t count = (plan.size + plan.chunk_bytes - 1) / plan.chunk_bytes;
  return check_of("chunks", ranges.empty(), fmt::format("{} chunks of {} bytes are unchanged", count, plan.chunk_bytes),
                  "changed: " + range_list(ranges));
}

/// Digests of the whole, when asked for.
Status add_whole(ImageInput& input, const ImageClaims& claims, const VerifyImageOptions& options,
                 std::vector<ImageCheck>& checks) {
  if (!options.whole) return {};
  std::vector<DigestKind> kinds;
  for (const auto& claim : claims.hashes) kinds.push_back(claim.first);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> unreadable;
  TRIAGE_TRY(const auto found, hash_in_order(input, kinds, options, unreadable));
  for (const auto& [kind, hex] : claims.hashes) {
    const auto one = std::find_if(found.begin(), found.end(), [k = kind](const auto& pair) { return pair.first == k; });
    const std::string value = one == found.end() ? "" : one->second;
    checks.push_back(check_of(std::string(digest_kind_name(kind)), value == hex, hex,
                              fmt::format("the image has {}, its footer says {}", value, hex)));
  }
  return {};
}

std::string recorded_hashes(const ImageClaims& claims) {
  std::string out;
  for (const auto& [kind, hex] : claims.hashes)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", digest_kind_name(kind), hex);
  return out;
}

// ---- zst

void check_footer(const ZstImage& image, const ImageClaims& claims, std::vector<ImageCheck>& checks) {
  std::vector<std::string> wrong;
  std::uint64_t data_frames = 0;
  bool frames_fit = true;
  for (std::size_t i = 0; i < image.frame_count(); ++i) {
    const auto frame = image.frame(i);
    if (frame.content_bytes == 0) continue;
    const std::uint64_t wanted =
        std::min<std::uint64_t>(claims.chunk_bytes, claims.size - std::min(claims.size, frame.at));
    frames_fit = frames_fit && frame.content_bytes == wanted;
    ++data_frames;
  }
  if (!footer_digest_fits(image, *image.footer())) wrong.emplace_back("its own digest differs");
  if (claims.size != image.size())
    wrong.push_back(fmt::format("it is of {} bytes, the frames hold {}", claims.size, image.size()));
  if (claims.chunk_count != image.footer()->chunk_count || claims.chunk_count != data_frames || !frames_fit) {
    wrong.emplace_back("its chunks are not the frames of the image");
  }
  if (claims.metadata_sha256 != sha256_hex(image.metadata())) wrong.emplace_back("the metadata were changed");
  if (claims.image_id != id_in(image.metadata())) wrong.emplace_back("it belongs to another image");
  checks.push_back(check_of("footer", wrong.empty(), "fits the image " + claims.image_id,
                            fmt::format("{}", fmt::join(wrong, "; "))));
}

Result<std::vector<ImageCheck>> frames_only(const ZstImage& image, const VerifyImageOptions& options) {
  // Without a list each frame's own checksum is all there is.
  std::vector<ReadFault> faults;
  FrameDecompressor decompressor;
  std::vector<std::byte> stored, content;
  for (std::size_t i = 0; i < image.frame_count(); ++i) {
    if (options.stop != nullptr && options.stop->load()) return fail(ErrorCode::kInterrupted, "stopped");
    const auto frame = image.frame(i);
    if (frame.content_bytes == 0) continue;
    stored.resize(frame.stored_bytes);
    content.resize(frame.content_bytes);
    if (!image.read_file(frame.stored_at, stored) || !decompressor.decompress(stored, content)) {
      append_fault(faults, frame.at, frame.content_bytes, EIO);
    }
  }
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  for (const ReadFault& fault : faults) ranges.emplace_back(fault.at.value, fault.length.value);
  return std::vector<ImageCheck>{
      check_of("frames", ranges.empty(), "the checksums of the frames fit", "damaged: " + range_list(ranges))};
}

Result<std::vector<ImageCheck>> verify_zst(const EvidenceSpec& spec, const VerifyImageOptions& options) {
  auto opened = ZstImage::open(spec.paths.front());
  if (!opened) return std::vector<ImageCheck>{bad("container", opened.error().text())};
  const ZstImage& image = **opened;
  std::vector<ImageCheck> checks;
  const bool whole = !image.truncated() && image.footer_fault().empty() && (image.footer() || image.metadata().empty());
  checks.push_back(check_of(
      "container", whole, fmt::format("{} frames, {} bytes", image.frame_count(), image.size()),
      image.truncated() ? fmt::format("it ends after byte {} of the source: no footer, no seek table", image.size())
                        : image.footer_fault()));
  if (!image.footer()) {
    TRIAGE_TRY(const auto more, frames_only(image, options));
    checks.insert(checks.end(), more.begin(), more.end());
    if (whole) checks.push_back(bad("footer", "not an image of triage: nothing says what it should be"));
    return checks;
  }
  const auto claims = parse_claims(image.footer()->json);
  if (!claims) {
    checks.push_back(bad("footer", claims.error().message));
    return checks;
  }
  check_footer(image, *claims, checks);
  check_signature(image.footer()->seal, image.footer()->json, options, checks);
  const ChunkList list(image.fd(), image.footer()->digests_at, image.footer()->chunk_count);
  const auto root = list.merkle_root();
  checks.push_back(check_of("merkle root", root == claims->merkle_root, claims->merkle_root,
                            "the list of chunk digests is not the one the footer was made of"));
  ChunkCheckPlan plan{
      claims->size, static_cast<std::size_t>(claims->chunk_bytes), &list, [&image]() -> Result<ChunkReader> {
        auto decompressor = std::make_shared<FrameDecompressor>();
        auto stored = std::make_shared<std::vector<std::byte>>();
        return ChunkReader([&image, decompressor, stored](std::uint64_t index, std::span<std::byte> out) -> Status {
          if (index + 1 >= image.frame_count()) return fail(ErrorCode::kUnreadable, "no such frame");
          const auto frame = image.frame(static_cast<std::size_t>(index) + 1);  // behind the metadata
          if (stored->size() < frame.stored_bytes) stored->resize(frame.stored_bytes);
          const auto part = std::span(*stored).first(frame.stored_bytes);
          TRIAGE_TRY_STATUS(image.read_file(frame.stored_at, part));
          return decompressor->decompress(part, out);
        });
      }};
  TRIAGE_TRY(ImageCheck chunks, chunk_lines(plan, options));
  checks.push_back(std::move(chunks));
  if (options.whole) {
    TRIAGE_TRY(auto reader, open_evidence(spec));
    TRIAGE_TRY_STATUS(add_whole(*make_reader_input(std::move(reader)), *claims, options, checks));
  } else {
    checks.push_back(good("hashes", "recorded, bound by the footer: " + recorded_hashes(*claims)));
  }
  checks.push_back(unreadable_check(*claims));
  return checks;
}

// ---- raw and ewf with what lies beside them

struct Sidecar {
  ImageClaims claims;
  std::string metadata_sha256;
  UniqueFd chunks;
  std::uint64_t chunk_count = 0;
  std::string footer;     ///< JSON
  std::string statement;  ///< the footer as it was signed
  std::string signature;  ///< armored; "" unsigned
};

/// A small file beside the image; "" where there is none.
std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (file) text << file.rdbuf();
  return text.str();
}

/// The signed statement must be the footer of the sidecar.
void check_statement(const Sidecar& sidecar, const VerifyImageOptions& options, std::vector<ImageCheck>& checks) {
  const bool same =
      nlohmann::json::parse(sidecar.statement, nullptr, false) == nlohmann::json::parse(sidecar.footer, nullptr, false);
  if (!sidecar.signature.empty() && !same) {
    checks.push_back(bad("signature", "what was signed is not what the sidecar says"));
    return;
  }
  check_signature(sidecar.signature, sidecar.statement, options, checks);
}

/// The image's name without what its format adds: NAME.001 → NAME, NAME.E01 → NAME.
std::string base_of(const EvidenceSpec& spec) {
  const std::string& first = spec.paths.front();
  const std::size_t dot = first.rfind('.');
  const bool ewf = spec.format == EvidenceFormat::kEwf;
  if (dot == std::string::npos || (!ewf && !first.ends_with(".001"))) return first;
  return first.substr(0, dot);
}

Result<Sidecar> load_sidecar(const std::string& base) {
  const std::string text = text_of(base + ".json");
  if (text.empty()) {
    return fail(ErrorCode::kUnsupported, "nothing is known to check this image against", base + ".json", 0,
                "its sidecar .json and .chunks must lie beside it");
  }
  const auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("footer") || !json.contains("metadata")) {
    return fail(ErrorCode::kUnsupported, "not the sidecar of an image", base + ".json");
  }
  Sidecar sidecar;
  sidecar.footer = json["footer"].dump();
  TRIAGE_TRY(sidecar.claims, parse_claims(sidecar.footer));
  sidecar.statement = text_of(base + std::string(kStatementSuffix));
  sidecar.signature = text_of(base + std::string(kStatementSignatureSuffix));
  sidecar.chunks.reset(::open((base + ".chunks").c_str(), O_RDONLY | O_CLOEXEC));
  struct stat facts {};
  if (sidecar.chunks.valid() && ::fstat(sidecar.chunks.get(), &facts) == 0) {
    sidecar.chunk_count = static_cast<std::uint64_t>(facts.st_size) / sizeof(ChunkDigest);
  }
  return sidecar;
}

/// Chunks by the evidence's own source, one for each thread.
Result<ChunkReader> source_reader(const EvidenceSpec& spec, std::uint64_t chunk_bytes) {
  TRIAGE_TRY(std::unique_ptr<EvidenceReader> opened, open_evidence(spec));
  const std::shared_ptr<EvidenceReader> reader(std::move(opened));
  return ChunkReader([reader, chunk_bytes](std::uint64_t index, std::span<std::byte> out) -> Status {
    std::vector<ReadFault> faults;
    reader->source()->read(ByteOffset{index * chunk_bytes}, out, faults);
    if (faults.empty()) return {};
    return fail(ErrorCode::kUnreadable, "the image cannot be read there");
  });
}

Status check_beside(const EvidenceSpec& spec, const Sidecar& sidecar, const VerifyImageOptions& options,
                    std::vector<ImageCheck>& checks) {
  const ImageClaims& claims = sidecar.claims;
  check_statement(sidecar, options, checks);
  TRIAGE_TRY(std::unique_ptr<EvidenceReader> reader, open_evidence(spec));
  const std::uint64_t size = reader->source()->size().value;
  checks.push_back(check_of("size", size == claims.size, fmt::format("{} bytes", size),
                            fmt::format("the image has {} bytes, {} were acquired", size, claims.size)));
  const ChunkList list(sidecar.chunks.get(), 0, sidecar.chunk_count);
  const auto root = sidecar.chunk_count == claims.chunk_count ? list.merkle_root() : std::nullopt;
  checks.push_back(check_of("merkle root", root == claims.merkle_root, claims.merkle_root,
                            "the list of chunk digests is missing or not the one the sidecar was made with"));
  ChunkCheckPlan plan{std::min(size, claims.size), static_cast<std::size_t>(claims.chunk_bytes), &list,
                      [&] { return source_reader(spec, claims.chunk_bytes); }};
  TRIAGE_TRY(ImageCheck chunks, chunk_lines(plan, options));
  checks.push_back(std::move(chunks));
  if (options.whole) {
    TRIAGE_TRY_STATUS(add_whole(*make_reader_input(std::move(reader)), claims, options, checks));
  } else {
    checks.push_back(good("hashes", "recorded: " + recorded_hashes(claims)));
  }
  checks.push_back(unreadable_check(claims));
  return {};
}

/// The container's own hashes over one pass.
Status check_ewf(const EvidenceSpec& spec, const VerifyImageOptions& options, std::vector<ImageCheck>& checks) {
  TRIAGE_TRY(std::unique_ptr<EvidenceReader> reader, open_evidence(spec));
  const EvidenceRecord record = reader->record();
  std::vector<DigestKind> kinds;
  if (record.container_md5) kinds.push_back(DigestKind::kMd5);
  if (record.container_sha1) kinds.push_back(DigestKind::kSha1);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> damaged;
  TRIAGE_TRY(const auto found, hash_in_order(*make_reader_input(std::move(reader)), kinds, options, damaged));
  checks.push_back(
      check_of("checksums", damaged.empty(), "those of all chunks fit", "damaged: " + range_list(damaged)));
  if (kinds.empty()) checks.push_back(bad("hashes", "the container carries none"));
  for (const auto& [kind, hex] : found) {
    const std::string& stored = kind == DigestKind::kMd5 ? *record.container_md5 : *record.container_sha1;
    checks.push_back(check_of(std::string(digest_kind_name(kind)), hex == stored, hex,
                              fmt::format("the image has {}, the container says {}", hex, stored)));
  }
  return {};
}

}  // namespace

std::string range_list(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& ranges) {
  std::string out = "bytes ";
  for (std::size_t i = 0; i < std::min(ranges.size(), kShownRanges); ++i) {
    out += fmt::format("{}{} to {}", i == 0 ? "" : ", ", ranges[i].first, ranges[i].first + ranges[i].second - 1);
  }
  if (ranges.size() > kShownRanges) out += fmt::format(" and {} more ranges", ranges.size() - kShownRanges);
  return out + " of the source";
}

Result<std::vector<ImageCheck>> verify_image(const EvidenceSpec& image, const VerifyImageOptions& options) {
  if (image.format == EvidenceFormat::kZst) return verify_zst(image, options);
  std::vector<ImageCheck> checks;
  auto sidecar = load_sidecar(base_of(image));
  const bool ewf = image.format == EvidenceFormat::kEwf;
  if (!sidecar && (!ewf || sidecar.error().code == ErrorCode::kVerification)) {
    if (sidecar.error().code == ErrorCode::kVerification) return std::vector{bad("sidecar", sidecar.error().message)};
    return tl::unexpected(sidecar.error());
  }
  if (ewf) TRIAGE_TRY_STATUS(check_ewf(image, options, checks));
  if (sidecar) TRIAGE_TRY_STATUS(check_beside(image, *sidecar, options, checks));
  return checks;
}

}  // namespace triage
