// SPDX-License-Identifier: Apache-2.0
#include "store/export_case.h"

#include <fmt/format.h>

#include <future>

#include "bytes/digest.h"
#include "bytes/json.h"
#include "bytes/zstd_file.h"
#include "store/content_store.h"
#include "store/dfxml.h"
#include "store/export_timeline.h"

namespace triage {
namespace {

/// An export in the making: its text goes to the file (through zstd where the name says so), counted and hashed.
class Export {
 public:
  static Result<Export> begin(const CaseFolder& folder, std::string_view name) {
    TRIAGE_TRY(OutputFile file,
               OutputFile::create(folder.fd(), "3-investigation/" + std::string(name), OutputFile::Existing::kReplace));
    return Export(std::move(file), std::string(name));
  }
  Status write(std::string_view text) {
    if (zstd_) return zstd_->write(text);
    return store(as_byte_span(text));
  }
  void count_row() { ++rows_; }
  void set_rows(std::uint64_t rows) { rows_ = rows; }
  Status finish(CaseDb& database) {
    if (zstd_) TRIAGE_TRY_STATUS(zstd_->finish());
    TRIAGE_TRY_STATUS(file_->commit());
    return database.set_meta(export_key(name_), fmt::format("{} {}", rows_, digest_->finish_hex()));
  }

 private:
  Export(OutputFile file, std::string name)
      : file_(std::make_unique<OutputFile>(std::move(file))),
        digest_(std::make_unique<Sha256>()),
        name_(std::move(name)) {
    if (!name_.ends_with(".zst")) return;
    // The members live on the heap, so that the writer's output stays right when the Export moves.
    zstd_ = std::make_unique<ZstdWriter>([out = file_.get(), digest = digest_.get()](Bytes data) -> Status {
      digest->update(data);
      return out->write(data);
    });
  }
  Status store(Bytes data) {
    digest_->update(data);
    return file_->write(data);
  }

  std::unique_ptr<OutputFile> file_;
  std::unique_ptr<Sha256> digest_;
  std::unique_ptr<ZstdWriter> zstd_;
  std::string name_;
  std::uint64_t rows_ = 0;
};

/// A thread's own view of the case: a Database serves one thread at a time.
Result<Export> export_timeline_csv(const CaseFolder& folder, const std::string& database_path,
                                   const DisplayZone& zone) {
  TRIAGE_TRY(Database database, Database::open(database_path, Database::Mode::kRead));
  TRIAGE_TRY_STATUS(database.execute("PRAGMA query_only=1; PRAGMA cache_size=-32768"));
  TRIAGE_TRY(Export csv, Export::begin(folder, "timeline.csv"));
  TRIAGE_TRY_STATUS(csv.write(kCsvByteOrderMark));
  TRIAGE_TRY_STATUS(csv.write(timeline_csv_header()));
  CsvRecord record;
  auto done = for_each_event(database, {}, [&](const Statement& row) -> Result<bool> {
    TRIAGE_TRY_STATUS(csv.write(timeline_csv_record(record, row, zone)));
    csv.count_row();
    return true;
  });
  TRIAGE_TRY_STATUS(std::move(done));
  return csv;
}

/// timeline.csv beside timeline.jsonl.zst: making their text takes most of an export, reading the rows does not.
Status export_events(const CaseFolder& folder, CaseDb& database, const DisplayZone& zone) {
  // Where no thread can be had, the CSV is made when it is asked for.
  auto csv = std::async(std::launch::async | std::launch::deferred,
                        [&] { return export_timeline_csv(folder, database.database().path(), zone); });
  TRIAGE_TRY(Export lines, Export::begin(folder, "timeline.jsonl.zst"));
  auto done = for_each_event(database.database(), {}, [&](const Statement& row) -> Result<bool> {
    TRIAGE_TRY_STATUS(lines.write(event_json(row) + "\n"));
    lines.count_row();
    return true;
  });
  TRIAGE_TRY(Export table, csv.get());
  TRIAGE_TRY_STATUS(std::move(done));
  TRIAGE_TRY_STATUS(lines.finish(database));
  return table.finish(database);
}

using ForEach = Status (*)(Database&, const EventVisitor&);

Status export_lines(const CaseFolder& folder, CaseDb& database, std::string_view name, ForEach for_each,
                    std::string (*line_of)(const Statement&)) {
  TRIAGE_TRY(Export out, Export::begin(folder, name));
  auto done = for_each(database.database(), [&](const Statement& row) -> Result<bool> {
    TRIAGE_TRY_STATUS(out.write(line_of(row) + "\n"));
    out.count_row();
    return true;
  });
  TRIAGE_TRY_STATUS(std::move(done));
  return out.finish(database);
}

Status export_files(const CaseFolder& folder, CaseDb& database) {
  TRIAGE_TRY(Export out, Export::begin(folder, "files.csv"));
  TRIAGE_TRY(Statement rows, database.database().prepare(
                                 "SELECT evidence, path, inode, allocated, kind, size, md5, sha1, sha256, volume, "
                                 "method, grade, type, runs, stream, survive_percent, saved, duplicate FROM files"));
  CsvRecord record;
  for (int i = 0; i < rows.column_count(); ++i) record.add(rows.column_name(i));
  TRIAGE_TRY_STATUS(out.write(kCsvByteOrderMark));
  TRIAGE_TRY_STATUS(out.write(record.finish()));
  while (true) {
    TRIAGE_TRY(const bool row, rows.step());
    if (!row) return out.finish(database);
    for (int i = 0; i < rows.column_count(); ++i) {
      if (rows.is_null(i)) {
        record.add_null();
      } else if (rows.is_integer(i)) {
        record.add(rows.integer(i));
      } else {
        record.add(rows.text(i));
      }
    }
    TRIAGE_TRY_STATUS(out.write(record.finish()));
    out.count_row();
  }
}

Status export_index(const CaseFolder& folder, CaseDb& database, bool carved) {
  TRIAGE_TRY(Export out, Export::begin(folder, carved ? "carved/recovered.jsonl" : "recovered/recovered.jsonl"));
  TRIAGE_TRY(const std::uint64_t rows, write_recovered_index(database.database(), carved,
                                                             [&](std::string_view text) { return out.write(text); }));
  out.set_rows(rows);
  return out.finish(database);
}

Status export_dfxml(const CaseFolder& folder, CaseDb& database, bool carved) {
  TRIAGE_TRY(Export out, Export::begin(folder, carved ? "carved/recovered.dfxml" : "recovered/recovered.dfxml"));
  TRIAGE_TRY(const std::uint64_t rows, write_recovered_dfxml(database.database(), carved,
                                                             [&](std::string_view text) { return out.write(text); }));
  out.set_rows(rows);
  return out.finish(database);
}

}  // namespace

Result<std::uint64_t> write_recovered_index(Database& database, bool carved, const TextOutput& out) {
  TRIAGE_TRY(Statement rows,
             database.prepare(
                 std::string("SELECT sha256, grade, method, path, runs, type, size, saved_as, evidence, inode, stream "
                             "FROM files WHERE saved = 1 AND ") +
                 (carved ? "method = 'carved'" : "allocated = 0 AND method IS NOT 'carved'")));
  std::uint64_t count = 0;
  while (true) {
    TRIAGE_TRY(const bool row, rows.step());
    if (!row) return count;
    JsonLine line;
    line.add("schema", "triage.recovered.v1");
    for (int i = 0; i < rows.column_count(); ++i) {
      const std::string_view name = rows.column_name(i) == "saved_as" ? "file" : rows.column_name(i);
      if (rows.is_null(i)) {
        line.add_null(name);
      } else if (name == "runs") {
        line.add_raw(name, rows.text(i));
      } else if (rows.is_integer(i)) {
        line.add(name, rows.integer(i));
      } else {
        line.add(name, rows.text(i));
      }
    }
    TRIAGE_TRY_STATUS(out(line.finish() + "\n"));
    ++count;
  }
}

Status export_case(const CaseFolder& folder, CaseDb& database, const DisplayZone& zone) {
  TRIAGE_TRY_STATUS(export_events(folder, database, zone));
  TRIAGE_TRY_STATUS(export_lines(folder, database, "findings.jsonl", for_each_finding, finding_json));
  TRIAGE_TRY_STATUS(export_lines(folder, database, "damage.jsonl", for_each_damage, damage_json));
  TRIAGE_TRY_STATUS(export_files(folder, database));
  TRIAGE_TRY_STATUS(export_index(folder, database, false));
  TRIAGE_TRY_STATUS(export_index(folder, database, true));
  TRIAGE_TRY_STATUS(export_dfxml(folder, database, false));
  return export_dfxml(folder, database, true);
}

}  // namespace triage
