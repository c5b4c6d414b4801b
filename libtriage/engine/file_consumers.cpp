// SPDX-License-Identifier: Apache-2.0
// Consumers that describe files: digests, type, times, deleted content, and the row of the `files` view.
#include "engine/file_consumers.h"

#include <algorithm>

#include "artifacts/fs_times.h"
#include "engine/content_check.h"
#include "formats/file_type.h"

namespace triage {
namespace {

bool is_entry(const Stream& stream) { return stream.meta.has_value() && stream.kind != StreamKind::kSlack; }

bool has_bytes(const Stream& stream) {
  return stream.kind == StreamKind::kFile || stream.kind == StreamKind::kNamedStream ||
         stream.kind == StreamKind::kMetadata || stream.kind == StreamKind::kChild;
}

bool is_deleted(const Stream& stream) {
  return stream.meta && !(stream.meta->allocated && stream.meta->name_allocated);
}

class DigestConsumer final : public Consumer {
 public:
  [[nodiscard]] std::string_view name() const override { return "digest"; }
  [[nodiscard]] bool wants(const PieceData& data, const PieceFacts& facts) const override {
    const Piece& piece = data.piece;
    return !facts.digests && piece.readable && piece.whole && is_entry(piece.stream) && has_bytes(piece.stream) &&
           !piece.stream.alias_of && data.data.size() == piece.stream.size.value &&
           (piece.stream.availability == Availability::kWhole ||
            piece.stream.availability == Availability::kOverwritten);
  }
  void consume(const PieceData& data, PieceFacts& facts, RecordSink&) override {
    digests_.update(data.data);
    facts.digests = digests_.finish();
  }

 private:
  DigestSet digests_;
};

class TypeConsumer final : public Consumer {
 public:
  [[nodiscard]] std::string_view name() const override { return "type"; }
  [[nodiscard]] bool wants(const PieceData& data, const PieceFacts&) const override {
    return !data.data.empty() && data.piece.stream_offset == 0 && has_bytes(data.piece.stream) && !data.all_zero;
  }
  void consume(const PieceData& data, PieceFacts& facts, RecordSink&) override {
    facts.type = type_by_content(data.data);
  }
};

class TimesConsumer final : public Consumer {
 public:
  [[nodiscard]] std::string_view name() const override { return "fs.times"; }
  [[nodiscard]] std::uint16_t version() const override { return kFsTimesVersion; }
  [[nodiscard]] bool wants(const PieceData& data, const PieceFacts&) const override {
    // A named stream has no stamps of its own.
    return data.piece.last && is_entry(data.piece.stream) && data.piece.stream.kind != StreamKind::kNamedStream;
  }
  void consume(const PieceData& data, PieceFacts&, RecordSink& out) override {
    emit_fs_times(data.piece.stream, data.base, out);
  }
};

FileGrade grade_of(const PieceData& data, const PieceFacts& facts) {
  const Stream& stream = data.piece.stream;
  if (stream.availability == Availability::kOverwritten) return FileGrade::kOverwritten;
  if (stream.availability != Availability::kWhole || data.data.empty()) return FileGrade::kNameOnly;
  const auto valid = validate_by_type(facts.type, data.data);
  if (valid && valid->grade == CarveGrade::kComplete && valid->length.value <= data.data.size())
    return FileGrade::kComplete;
  if (valid) return FileGrade::kLikely;
  // FAT forgets the chain of a deleted file: beyond its first cluster the place is a guess.
  const bool guessed = stream.file_system.starts_with("fat") || stream.file_system == "exfat";
  return stream.inferred || (guessed && stream.extents.size() > 1) ? FileGrade::kLikely : FileGrade::kComplete;
}

class RecoverConsumer final : public Consumer {
 public:
  explicit RecoverConsumer(bool keep) : keep_(keep) {}
  [[nodiscard]] std::string_view name() const override { return "recover"; }
  [[nodiscard]] bool wants(const PieceData& data, const PieceFacts&) const override {
    return is_entry(data.piece.stream) && is_deleted(data.piece.stream) && has_bytes(data.piece.stream) &&
           !data.piece.stream.alias_of;
  }
  void consume(const PieceData& data, PieceFacts& facts, RecordSink& out) override {
    facts.grade = grade_of(data, facts);
    if (!keep_ || *facts.grade == FileGrade::kNameOnly || data.all_zero) return;
    if (!data.piece.whole || !facts.digests) {
      if (data.piece.last)
        out.damage(DamageKind::kLimit, 0, "", "deleted file is larger than --max-file; its content is not copied");
      return;
    }
    const EntryTimes& times = data.piece.stream.meta->times;
    OutputRecord record;
    record.sha256 = facts.digests->sha256;
    record.extension = extension_of_type(facts.type);
    record.slot_offset = data.piece.slot_offset;
    record.length = data.data.size();
    record.modified_nanos = times.modified.utc_nanos;
    record.accessed_nanos = times.accessed.utc_nanos;
    facts.saved = true;
    facts.found.push_back({{{0, record.length}},
                           data.piece.stream.path,
                           record.extension,
                           record.sha256,
                           *facts.grade == FileGrade::kComplete,
                           true});
    out.output(std::move(record));
  }

 private:
  bool keep_;
};

class FilesConsumer final : public Consumer {
 public:
  [[nodiscard]] std::string_view name() const override { return "files"; }
  [[nodiscard]] bool wants(const PieceData& data, const PieceFacts&) const override {
    return data.piece.last && is_entry(data.piece.stream);
  }
  void consume(const PieceData& data, PieceFacts& facts, RecordSink& out) override {
    const Stream& stream = data.piece.stream;
    FileRecord file;
    file.sequence = stream.sequence;
    file.stream = stream.key;
    file.volume = stream.volume;
    file.path = stream.path;
    file.raw_path = stream.raw_path;
    file.inode = stream.meta->inode;
    file.allocated = !is_deleted(stream);
    file.kind = stream_kind_name(stream.kind);
    file.size = stream.size.value;
    file.digests = facts.digests;
    file.type = facts.type;
    file.runs = stream.extents;
    file.alias_of = stream.alias_of;
    file.survive_percent = stream.survive_percent;
    file.saved = facts.saved;
    if (!file.allocated) {
      file.method = recovery_method_name(stream.method);
      file.grade = facts.grade.value_or(FileGrade::kNameOnly);
    }
    out.file(std::move(file));
  }
};

}  // namespace

void add_file_consumers(Consumers& out, const ConsumerChoice& choice) {
  if (choice.digests) out.push_back(std::make_unique<DigestConsumer>());
  out.push_back(std::make_unique<TypeConsumer>());
  if (choice.times) out.push_back(std::make_unique<TimesConsumer>());
}

void add_closing_consumers(Consumers& out, const ConsumerChoice& choice) {
  out.push_back(std::make_unique<RecoverConsumer>(choice.recover));
  if (choice.files) out.push_back(std::make_unique<FilesConsumer>());
}

}  // namespace triage
