// SPDX-License-Identifier: Apache-2.0
#include "store/record_writer.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "bytes/json.h"

namespace triage {
namespace {

constexpr std::size_t kTextCacheLimit = 8192;

enum Insert : std::size_t { kText, kFile, kEvent, kFinding, kDamage, kVolume };

std::string placeholders(int count) {
  std::string out;
  for (int i = 1; i <= count; ++i) out += fmt::format("{}?{}", i == 1 ? "" : ",", i);
  return out;
}

std::string json_array(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out.push_back(',');
    append_json_string(out, text);
  }
  return out + "]";
}

std::string runs_json(const std::vector<Extent>& runs) {
  std::string out = "[";
  for (const Extent& run : runs) {
    fmt::format_to(std::back_inserter(out), "{}[{},{},{}]", out.size() > 1 ? "," : "", run.at.value, run.length.value,
                   run.sparse ? 1 : 0);
  }
  return out + "]";
}

/// RFC 8259 integers and plain decimals: what parsers emit. What a child calls a number must be one.
bool is_json_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::string_view whole = text.substr(0, text.find('.'));
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (!digits(whole) || (whole.size() > 1 && whole[0] == '0')) return false;
  return whole.size() == text.size() || digits(text.substr(whole.size() + 1));
}

/// The attributes as a JSON object that is one whatever the child said.
std::string safe_attributes_json(const Event& event) {
  if (event.attributes.empty()) return "{}";
  JsonLine line;
  for (const Attribute& attribute : event.attributes) {
    if (attribute.is_number && is_json_number(attribute.value)) {
      line.add_raw(attribute.name, attribute.value);
    } else {
      line.add(attribute.name, attribute.value);
    }
  }
  return line.finish();
}

/// `details` where it is a JSON object, else an object that holds it as text; empty stays empty.
std::string safe_details_json(const std::string& details) {
  if (details.empty()) return {};
  if (details.front() == '{' && nlohmann::json::accept(details)) return details;
  return JsonLine().add("text", details).finish();
}

}  // namespace

Result<RecordWriter> RecordWriter::make(Database& database) {
  std::vector<Statement> statements;
  const std::array<std::string, 6> inserts = {
      "INSERT INTO t_text(text) VALUES(?1)",
      "INSERT INTO t_file(evidence,sequence,stream,volume,path,raw_path,inode,allocated,kind,size,md5,sha1,sha256,method,"
      "grade,type,runs,alias_of,survive_percent,saved,saved_as) VALUES(" +
          placeholders(21) + ")",
      "INSERT INTO t_event(id,evidence,when_text,when_ns,when_meaning,when_basis,when_precision,when_raw,who,sid,uid,"
      "session,host,volume,path,remote,what,object_kind,object,object_size,object_sha256,how,channel,program,why,"
      "artifact,artifact_version,stream,place,source,record,recovered,partial,attributes) VALUES(" +
          placeholders(34) + ")",
      "INSERT INTO t_finding(origin,evidence,id,rule,claim,claim_ja,severity,likelihood,quality,events,exhibits,"
      "alternatives,alternatives_ja,limits,limits_ja,technique,question,step,path,locator,details,recovered) VALUES(" +
          placeholders(22) + ")",
      "INSERT INTO t_damage(origin,evidence,stream,path,at,kind,detail,consumer,field) VALUES(" + placeholders(9) + ")",
      "INSERT INTO t_volume(evidence,volume,offset,length,table_kind,description,file_system,status,label,serial,"
      "block_size,encryption) VALUES(" +
          placeholders(12) + ")"};
  for (const std::string& sql : inserts) {
    TRIAGE_TRY(Statement statement, database.prepare(sql));
    statements.push_back(std::move(statement));
  }
  return RecordWriter(database, std::move(statements));
}

std::string_view RecordWriter::clean(std::string_view text) {
  std::string changed;
  const std::string_view safe = storable_text(text, changed);
  if (safe.data() == text.data()) return text;
  scratch_.push_back(std::move(changed));
  return scratch_.back();
}

std::optional<std::string_view> RecordWriter::clean(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return clean(std::string_view(*text));
}

Result<std::int64_t> RecordWriter::text_id(std::string_view text) {
  text = clean(text);
  if (const auto known = texts_.find(text); known != texts_.end()) return known->second;
  TRIAGE_TRY_STATUS(statements_[kText].bind(1, text).run());
  if (texts_.size() >= kTextCacheLimit) texts_.clear();
  const std::int64_t id = database_->last_insert_id();
  texts_.emplace(std::string(text), id);
  return id;
}

Status RecordWriter::bind_text_id(Statement& statement, int parameter, std::string_view text) {
  if (text.empty()) {
    statement.bind_null(parameter);
    return {};
  }
  TRIAGE_TRY(const std::int64_t id, text_id(text));
  statement.bind(parameter, id);
  return {};
}

Status RecordWriter::file(std::int64_t evidence, const FileRecord& file, std::string_view saved_as) {
  scratch_.clear();
  Statement& row = statements_[kFile];
  TRIAGE_TRY_STATUS(bind_text_id(row, 3, file.stream));
  TRIAGE_TRY_STATUS(bind_text_id(row, 5, file.path));
  const std::string runs = runs_json(file.runs);
  row.bind(1, evidence).bind(2, file.sequence).bind(4, file.volume);
  if (file.raw_path.empty()) {
    row.bind_null(6);
  } else {
    row.bind_blob(6, file.raw_path);
  }
  row.bind(7, file.inode).bind(8, file.allocated).bind_or_null(9, clean(file.kind)).bind(10, file.size);
  const Digests none;
  const Digests& digests = file.digests ? *file.digests : none;
  row.bind_or_null(11, digests.md5).bind_or_null(12, digests.sha1).bind_or_null(13, digests.sha256);
  row.bind_or_null(14, clean(file.method));
  row.bind_or_null(15, file.grade ? file_grade_name(*file.grade) : std::string_view());
  row.bind_or_null(16, clean(file.type)).bind(17, std::string_view(runs)).bind(18, file.alias_of);
  row.bind(19, static_cast<int>(file.survive_percent)).bind(20, !saved_as.empty()).bind_or_null(21, saved_as);
  return row.run();
}

Status RecordWriter::event(std::int64_t evidence, const IdentifiedEvent& identified) {
  scratch_.clear();
  const Event& event = identified.event;
  Statement& row = statements_[kEvent];
  TRIAGE_TRY_STATUS(bind_text_id(row, 15, event.path ? std::string_view(*event.path) : std::string_view()));
  TRIAGE_TRY_STATUS(bind_text_id(row, 19, event.object ? std::string_view(*event.object) : std::string_view()));
  TRIAGE_TRY_STATUS(bind_text_id(row, 28, event.locator.stream));
  TRIAGE_TRY_STATUS(bind_text_id(row, 30, event.source));
  const std::optional<std::string> when = event.when.text();
  const std::string meaning = event.when_meaning.text();
  const std::string locator = event.locator.text();
  const std::string_view place =
      std::string_view(locator).substr(event.locator.evidence.size() + 1 + event.locator.stream.size());
  const std::string attributes = safe_attributes_json(event);
  row.bind(1, std::string_view(identified.id)).bind(2, evidence).bind(3, clean(when)).bind(4, event.when.utc_nanos);
  row.bind_or_null(5, meaning).bind(6, basis_name(event.when.basis)).bind(7, precision_name(event.when.precision));
  row.bind_or_null(8, clean(event.when.raw)).bind(9, clean(event.who)).bind(10, clean(event.sid)).bind(11, event.uid);
  row.bind(12, clean(event.session)).bind(13, clean(event.host)).bind(14, clean(event.volume));
  row.bind(16, clean(event.remote)).bind_or_null(17, clean(event.what)).bind(18, clean(event.object_kind));
  row.bind(20, event.object_size).bind(21, clean(event.object_sha256)).bind(22, clean(event.how));
  row.bind(23, clean(event.channel)).bind(24, clean(event.program)).bind(25, clean(event.why));
  row.bind_or_null(26, clean(event.artifact)).bind(27, static_cast<int>(event.artifact_version));
  row.bind(29, clean(place)).bind(31, event.record).bind(32, event.recovered).bind(33, event.partial);
  row.bind(34, clean(std::string_view(attributes)));
  return row.run();
}

Status RecordWriter::finding(std::optional<std::int64_t> evidence, std::string_view origin, const Finding& finding) {
  scratch_.clear();
  Statement& row = statements_[kFinding];
  const std::string id = finding_id(finding);
  const std::string events = json_array(finding.events);
  const std::string exhibits = json_array(finding.exhibits);
  const std::string details = safe_details_json(finding.details);
  const std::string locator = finding.locator.stream.empty() ? std::string() : finding.locator.text();
  row.bind(1, origin).bind(2, evidence).bind(3, std::string_view(id)).bind_or_null(4, clean(finding.rule));
  row.bind_or_null(5, clean(finding.claim.en)).bind_or_null(6, clean(finding.claim.ja));
  row.bind(7, severity_name(finding.severity)).bind(8, likelihood_name(finding.likelihood));
  row.bind(9, quality_name(finding.quality)).bind(10, std::string_view(events)).bind(11, std::string_view(exhibits));
  row.bind_or_null(12, clean(finding.alternatives.en)).bind_or_null(13, clean(finding.alternatives.ja));
  row.bind_or_null(14, clean(finding.limits.en)).bind_or_null(15, clean(finding.limits.ja));
  row.bind_or_null(16, clean(finding.technique)).bind_or_null(17, clean(finding.question));
  row.bind_or_null(18, clean(finding.step)).bind_or_null(19, clean(finding.path)).bind_or_null(20, clean(locator));
  row.bind_or_null(21, clean(details)).bind(22, finding.recovered);
  return row.run();
}

Status RecordWriter::damage(std::optional<std::int64_t> evidence, std::string_view origin, const Damage& damage) {
  scratch_.clear();
  Statement& row = statements_[kDamage];
  row.bind(1, origin).bind(2, evidence).bind_or_null(3, clean(damage.stream)).bind_or_null(4, clean(damage.path));
  row.bind(5, damage.at).bind(6, damage_kind_name(damage.kind)).bind_or_null(7, clean(damage.detail));
  row.bind_or_null(8, clean(damage.consumer)).bind_or_null(9, clean(damage.field));
  return row.run();
}

Status RecordWriter::volume(std::int64_t evidence, const VolumeRecord& volume) {
  scratch_.clear();
  Statement& row = statements_[kVolume];
  row.bind(1, evidence).bind(2, volume.index).bind(3, volume.offset.value).bind(4, volume.length.value);
  row.bind_or_null(5, clean(volume.table)).bind_or_null(6, clean(volume.description));
  row.bind_or_null(7, clean(volume.file_system)).bind_or_null(8, clean(volume.status));
  row.bind_or_null(9, clean(volume.label)).bind_or_null(10, clean(volume.serial));
  row.bind(11, volume.block_size).bind_or_null(12, clean(volume.encryption));
  return row.run();
}

}  // namespace triage
