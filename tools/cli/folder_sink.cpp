// SPDX-License-Identifier: Apache-2.0
#include "cli/folder_sink.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "bytes/json.h"
#include "cli/file_listing.h"
#include "cli/version.h"

namespace triage::cli {

std::string recovered_json(const FileRecord& file, const std::string& evidence, const std::string& kept_as) {
  JsonLine line;
  line.add("schema", "triage.recovered.v1").add("sha256", file.digests ? file.digests->sha256 : std::string());
  line.add("grade", file.grade ? std::optional(file_grade_name(*file.grade)) : std::nullopt);
  line.add("method", file.method).add("path", file.path).add_raw("runs", runs_json(file.runs));
  line.add("type", file.type.empty() ? std::nullopt : std::optional(file.type)).add("size", file.size);
  line.add("file", kept_as).add("evidence", evidence).add("inode", file.inode);
  return line.add("stream", file.stream).finish();
}

Result<std::unique_ptr<FolderSink>> FolderSink::open(const std::string& dir, Kept kept,
                                                     const std::vector<std::string>& images) {
  if (::mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST)
    return fail(ErrorCode::kOutput, "cannot make the output folder", dir, errno);
  std::unique_ptr<FolderSink> sink(new FolderSink(kept));
  sink->folder_ = UniqueFd(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!sink->folder_.valid()) {
    const int saved = errno;
    return fail(saved == ENOTDIR ? ErrorCode::kUsage : ErrorCode::kOutput, "cannot open the output folder", dir, saved);
  }
  std::error_code error;
  const bool empty = std::filesystem::is_empty(dir, error);
  if (error) return fail(ErrorCode::kOutput, "cannot read the output folder", dir, error.value());
  if (!empty)
    return fail(ErrorCode::kUsage, "the output folder is not empty", dir, 0,
                "nothing is overwritten; name another folder");
  TRIAGE_TRY(ContentStore store, ContentStore::open(sink->folder_.get(), ""));
  sink->store_.emplace(std::move(store));
  TRIAGE_TRY(OutputFile index,
             OutputFile::create(sink->folder_.get(), "recovered.jsonl", OutputFile::Existing::kRefuse));
  sink->index_.emplace(std::move(index));
  TRIAGE_TRY(OutputFile dfxml,
             OutputFile::create(sink->folder_.get(), "recovered.dfxml", OutputFile::Existing::kRefuse));
  sink->dfxml_file_.emplace(std::move(dfxml));
  sink->dfxml_.emplace([file = &*sink->dfxml_file_](std::string_view text) { return file->write(text); });
  TRIAGE_TRY_STATUS(sink->dfxml_->begin(version(), images));
  return sink;
}

Status FolderSink::keep(const BatchRecords& records, int slot_memory) {
  for (const OutputRecord& output : records.outputs) {
    if (output.carved != carved_) continue;
    // What an allocated file holds anyway is not returned a second time.
    if (output.carved && allocated_.contains(output.sha256)) continue;
    TRIAGE_TRY(ContentStore::Kept kept, store_->keep(slot_memory, output));
    if (!kept.existed) {
      ++file_count_;
      bytes_ += output.length;
    }
    batch_paths_[output.sha256] = std::move(kept.path);
  }
  return {};
}

Status FolderSink::extras(BatchExtras extras) {
  for (const ContentRecord& content : extras.contents) {
    if (!carved_ || allocated_.contains(content.as.sha256)) continue;
    TRIAGE_TRY(ContentStore::Kept kept, store_->keep(content));
    if (!kept.existed) {
      ++file_count_;
      bytes_ += content.as.length;
    }
    batch_paths_[content.as.sha256] = std::move(kept.path);
  }
  return {};
}

Status FolderSink::take(BatchRecords& records, int slot_memory) {
  overlap_.filter(records);
  TRIAGE_TRY_STATUS(keep(records, slot_memory));
  for (const FileRecord& file : records.files) {
    if (!file.digests) continue;
    const bool carved = file.method == "carved";
    if (file.allocated && !carved) batch_allocated_.push_back(file.digests->sha256);
    if (!file.saved || carved != carved_) continue;
    const auto kept = batch_paths_.find(file.digests->sha256);
    if (kept == batch_paths_.end()) continue;
    TRIAGE_TRY_STATUS(index_->write(recovered_json(file, evidence().id, kept->second) + "\n"));
    TRIAGE_TRY_STATUS(dfxml_->file({evidence().id, file.path, file.size, file.allocated, file.inode, file.runs,
                                    file.digests->md5, file.digests->sha1, file.digests->sha256}));
    ++line_count_;
  }
  return {};
}

Status FolderSink::commit_batch(std::uint64_t index) {
  (void)index;
  for (const std::string& sha256 : batch_allocated_) allocated_.insert(sha256);
  batch_allocated_.clear();
  batch_paths_.clear();
  overlap_.end_batch();
  return {};
}

Status FolderSink::finish() {
  TRIAGE_TRY_STATUS(store_->sync());
  TRIAGE_TRY_STATUS(dfxml_->end());
  TRIAGE_TRY_STATUS(dfxml_file_->commit());
  return index_->commit();
}

}  // namespace triage::cli
