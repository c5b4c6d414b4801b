// SPDX-License-Identifier: Apache-2.0
// triage parsers: what this build can read and carve, with the sources each reader was written from.
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <span>
#include <string>

#include "artifacts/parser.h"
#include "artifacts/registry_plugin.h"
#include "bytes/json.h"
#include "bytes/text.h"
#include "carve/carver.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/output.h"

namespace triage {
namespace {

using cli::Context;
using cli::ExitCode;
using cli::Message;

constexpr Message kTitle{"list what this build can read and carve", "読める形式と復元できる形式を一覧する"};
constexpr Message kDetails{
    "Parsers turn an artifact into events, plugins do so with one kind of key of a registry hive; carvers find files by "
    "content. Each names the specifications it follows.",
    "解析器(parser)は痕跡をイベントにし、プラグイン(plugin)はレジストリの1種類のキーをイベントにする。カーバー(carver)"
    "は内容からファイルを見つける。いずれも準拠した仕様を示す。"};
constexpr Message kPlain{"every format, one line each", "すべての形式を1行ずつ"};
constexpr Message kDetailed{"with signatures, paths, fields and references", "シグネチャ、パス、項目、参考文献も"};

std::string hex(std::string_view bytes) { return to_hex(std::as_bytes(std::span(bytes.data(), bytes.size()))); }

std::string text_array(std::span<const std::string_view> texts) {
  std::string out = "[";
  for (const std::string_view item : texts) {
    if (out.size() > 1) out += ',';
    append_json_string(out, item);
  }
  return out + "]";
}

template <typename MagicType>
std::string magic_array(std::span<const MagicType> magics) {
  std::string out = "[";
  for (const MagicType& magic : magics) {
    if (out.size() > 1) out += ',';
    out += JsonLine().add("offset", std::uint64_t{magic.offset}).add("hex", hex(magic.bytes)).finish();
  }
  return out + "]";
}

std::string field_array(std::span<const FieldSpec> fields) {
  std::string out = "[";
  for (const FieldSpec& field : fields) {
    if (out.size() > 1) out += ',';
    out += JsonLine().add("name", field.name).add("unit", field.unit).add("meaning", field.meaning).finish();
  }
  return out + "]";
}

std::string parser_json(const ArtifactParser& parser) {
  JsonLine line;
  line.add("schema", "triage.parser.v1").add("kind", "parser").add("id", parser.id);
  line.add("version", std::uint64_t{parser.version}).add("title", parser.title_en).add("title_ja", parser.title_ja);
  line.add_raw("magics", magic_array(parser.magics)).add_raw("paths", text_array(parser.paths));
  line.add_raw("companions", text_array(parser.companions)).add_raw("fields", field_array(parser.fields));
  line.add_raw("references", text_array(parser.references)).add("max_input", parser.max_input.value);
  return line.finish();
}

std::string plugin_json(const RegistryPlugin& plugin, const ArtifactParser& parser) {
  JsonLine line;
  line.add("schema", "triage.parser.v1").add("kind", "plugin").add("id", plugin.id).add("of", parser.id);
  line.add("version", std::uint64_t{plugin.version}).add("title", plugin.title_en).add("title_ja", plugin.title_ja);
  line.add_raw("keys", text_array(plugin.keys)).add_raw("fields", field_array(plugin.fields));
  line.add_raw("references", text_array(plugin.references));
  return line.finish();
}

std::string carver_json(const Carver& carver) {
  JsonLine line;
  line.add("schema", "triage.parser.v1").add("kind", "carver").add("id", carver.id);
  line.add("title", carver.title_en).add("title_ja", carver.title_ja).add("extension", carver.extension);
  line.add_raw("magics", magic_array(carver.magics)).add_raw("references", text_array(carver.references));
  line.add("min_length", carver.min_length.value).add("max_length", carver.max_length.value);
  return line.finish();
}

Result<ExitCode> list_parsers(const Context& context) {
  const bool japanese = context.lang == cli::Lang::kJapanese;
  cli::Output out;
  cli::Table table({"KIND", "ID", "VERSION", "TITLE"});
  for (const ArtifactParser* parser : all_parsers()) {
    if (context.json) {
      out.line(parser_json(*parser));
    } else {
      table.row({"parser", std::string(parser->id), fmt::to_string(parser->version),
                 std::string(japanese ? parser->title_ja : parser->title_en)});
    }
    if (parser->plugins == nullptr) continue;
    for (const RegistryPlugin* plugin : parser->plugins()) {
      if (context.json) {
        out.line(plugin_json(*plugin, *parser));
      } else {
        table.row({"plugin", std::string(plugin->id), fmt::to_string(plugin->version),
                   std::string(japanese ? plugin->title_ja : plugin->title_en)});
      }
    }
  }
  for (const Carver* carver : all_carvers()) {
    if (context.json) {
      out.line(carver_json(*carver));
    } else {
      table.row({"carver", std::string(carver->id), "", std::string(japanese ? carver->title_ja : carver->title_en)});
    }
  }
  if (!context.json) table.print(out, cli::use_color(context, STDOUT_FILENO));
  TRIAGE_TRY_STATUS(out.finish());
  return ExitCode::kComplete;
}

}  // namespace

void add_parsers(CLI::App& app, Context& context) {
  CLI::App& command = cli::add_command(
      app, context, "parsers", {kTitle, kDetails, {{"triage parsers", kPlain}, {"triage parsers --json", kDetailed}}});
  cli::add_flags(command, context, {cli::Flag::kJson});
  cli::on_run(command, context, [&context] { return list_parsers(context); });
}

}  // namespace triage
