// SPDX-License-Identifier: Apache-2.0
// Previews of the files that this piece keeps: thumbnails and first words. The decoders of pictures are C: they run
// here, in the sandbox, as a consumer of their own, so that what one of them does wrong costs previews only.
#include <algorithm>

#include "engine/content_consumers.h"
#include "engine/preview_text.h"
#include "formats/file_type.h"
#include "formats/peek.h"
#include "formats/thumbnail.h"

namespace triage {
namespace {

constexpr std::size_t kMostInPiece = 400;
constexpr std::uint64_t kLargestFile = 64ULL << 20;

class PreviewConsumer final : public Consumer {
 public:
  [[nodiscard]] std::string_view name() const override { return "preview"; }
  [[nodiscard]] bool wants(const PieceData&, const PieceFacts& facts) const override {
    return facts.keep_preview &&
           std::any_of(facts.found.begin(), facts.found.end(), [](const FoundFile& file) { return file.saved; });
  }
  void consume(const PieceData& data, PieceFacts& facts, RecordSink&) override {
    std::size_t made = 0;
    for (const FoundFile& file : facts.found) {
      if (!file.saved || made == kMostInPiece) continue;
      std::uint64_t length = 0;
      for (const CarvePart& piece : file.parts) length += piece.length;
      if (length > kLargestFile || file.parts.empty()) continue;
      Bytes content = part(data.data, file.parts.front().offset, file.parts.front().length);
      std::vector<std::byte> joined;
      if (file.parts.size() > 1) {
        for (const CarvePart& piece : file.parts) {
          const Bytes bytes = part(data.data, piece.offset, piece.length);
          joined.insert(joined.end(), bytes.begin(), bytes.end());
        }
        content = joined;
      }
      if (const auto record = preview_of(content)) {
        PreviewRecord named = *record;
        named.sha256 = file.sha256;
        facts.keep_preview(named);
        ++made;
      }
    }
  }

 private:
  static std::optional<PreviewRecord> preview_of(Bytes content) {
    const std::string_view type = type_by_content(content);
    if (has_thumbnail(type)) {
      auto made = make_thumbnail(type, content);
      if (!made) return std::nullopt;
      return PreviewRecord{
          "", "image/jpeg", made->width, made->height, made->source_width, made->source_height, std::move(made->jpeg)};
    }
    auto text = preview_text(type, content);
    if (!text) return std::nullopt;
    return PreviewRecord{"", "text/plain", 0, 0, 0, 0, *std::move(text)};
  }
};

}  // namespace

void add_preview_consumer(Consumers& out) { out.push_back(std::make_unique<PreviewConsumer>()); }

}  // namespace triage
