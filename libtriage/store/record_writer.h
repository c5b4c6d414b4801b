// SPDX-License-Identifier: Apache-2.0
// RecordWriter: prepared inserts of the model's records into the tables of case.db. Used by CaseDb only, inside its
// transactions.
#pragma once

#include <array>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/batch.h"
#include "store/database.h"

namespace triage {

class RecordWriter {
 public:
  static Result<RecordWriter> make(Database& database);

  /// `saved_as` is where its content lies below recovered/ or carved/; empty when it was not kept.
  Status file(std::int64_t evidence, const FileRecord& file, std::string_view saved_as);
  /// The evidence of the event's locator is not looked at: what a child process says lies in `evidence`.
  Status event(std::int64_t evidence, const IdentifiedEvent& identified);
  /// `evidence` is null for findings and damage of the whole case.
  Status finding(std::optional<std::int64_t> evidence, std::string_view origin, const Finding& finding);
  Status damage(std::optional<std::int64_t> evidence, std::string_view origin, const Damage& damage);
  Status volume(std::int64_t evidence, const VolumeRecord& volume);
  /// Forgets which texts are stored: after a rollback they are not.
  void forget_texts() { texts_.clear(); }

 private:
  RecordWriter(Database& database, std::vector<Statement> statements)
      : database_(&database), statements_(std::move(statements)) {}
  /// Rowid of `text` in t_text.
  Result<std::int64_t> text_id(std::string_view text);
  Status bind_text_id(Statement& statement, int parameter, std::string_view text);
  /// `text` or a cleaned copy that lives until the next record.
  std::string_view clean(std::string_view text);
  std::string_view clean(const std::string& text) { return clean(std::string_view(text)); }
  std::optional<std::string_view> clean(const std::optional<std::string>& text);

  /// Lets the map be asked with a view, without making a string.
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  Database* database_;
  std::vector<Statement> statements_;
  std::unordered_map<std::string, std::int64_t, TextHash, std::equal_to<>> texts_;
  std::deque<std::string> scratch_;
};

}  // namespace triage
