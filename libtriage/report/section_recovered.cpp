// SPDX-License-Identifier: Apache-2.0
#include "report/section_recovered.h"

#include <map>
#include <set>

#include "bytes/base64.h"
#include "bytes/json.h"
#include "store/preview_store.h"

namespace triage {
namespace {

constexpr std::int64_t kMostPictures = 200;
constexpr std::int64_t kMostTexts = 80;
constexpr std::int64_t kMostMembers = 200;

/// Kept deleted and carved files that a case shows.
constexpr std::string_view kKept =
    "f.saved = 1 AND f.duplicate = 0 AND f.saved_as IS NOT NULL AND f.sha256 IS NOT NULL";
/// Members that a person would call a file: those of Office documents are parts of one.
constexpr std::string_view kMembers =
    "kind = 'child' AND type IN ('jpeg','png','gif','bmp','tiff','webp','heic','psd','pdf','doc','docx','xls','xlsx','ppt',"
    "'pptx','odt','ods','odp','rtf','zip','7z','rar','gzip','tar','eml','msg','pst','mbox','sqlite','text','text-cp932',"
    "'text-utf16','csv','lnk','regf','evtx','pe','elf','kdbx','pem','ssh-key','mp4','mov','mp3','wav')";

/// Text in both languages.
struct Words {
  std::string_view english;
  std::string_view japanese;
};
constexpr Words kSheetTitle{"What the kept files show", "保存したファイルの見本"};
constexpr Words kSheetNote{
    "Small pictures and first words of files that were recovered or found by content. They were made anew while the "
    "evidence was read; figures and addresses in texts are masked. A card leads to the file itself beside this report: "
    "open it with care, it comes from the evidence as it was.",
    "復元したファイルと内容から見つけたファイルの縮小画像と冒頭の語句です。証拠を読む際に新たに作ったもので、文中の数字とアドレスは伏せています。"
    "見本から、この報告書と同じ場所にあるファイルそのものを開けます。証拠にあったままの内容なので、注意して開いてください。"};
constexpr Words kLeftOut{
    "{0} of {1} files with a picture or first words are shown; the others lie beside them under "
    "3-investigation/.",
    "画像または冒頭の語句のある {1} 個のうち {0} 個を示します。残りも 3-investigation/ の下にあります。"};
constexpr Words kWithout{"{0} further kept files have neither (another format, or broken).",
                         "このほかに保存した {0} 個には見本がありません(対象外の形式、または壊れているもの)。"};
constexpr Words kPixels{"{0} × {1} pixels", "{0} × {1} 画素"};
constexpr Words kOpen{"open", "開く"};
constexpr Words kMembersTitle{"Inside archives and documents", "書庫と文書の中にあるファイル"};
constexpr Words kMembersNote{"{0} of {1} members are listed; case.db (view files, kind child) holds all.",
                             "{1} 件のうち {0} 件を示します。全件は case.db(ビュー files、kind が child)にあります。"};
constexpr Words kType{"Type", "形式"};

std::string_view say(const ReportPage& page, const Words& words) {
  return page.say.japanese() ? words.japanese : words.english;
}

template <typename... Args>
std::string say(const ReportPage& page, const Words& words, const Args&... args) {
  return fmt::vformat(say(page, words), fmt::make_format_args(args...));
}

/// One kept file with its preview.
struct Card {
  std::string evidence, path, grade, method, sha256, link, media, content;
  std::uint64_t size = 0;
  std::int64_t survive = 100;
  std::int64_t width = 0, height = 0, source_width = 0, source_height = 0;
};

Result<std::vector<Card>> read_cards(const ReportPage& page, std::string_view media, std::int64_t most) {
  TRIAGE_TRY(
      Statement rows,
      page.database.prepare(fmt::format(
          "SELECT f.evidence, f.path, f.grade, f.method, f.size, f.sha256, f.saved_as, f.survive_percent, p.width, "
          "p.height, p.source_width, p.source_height, p.content FROM files f JOIN previews p USING (sha256) "
          "WHERE {} AND p.media = ?1 ORDER BY f.method IS 'carved', f.evidence, f.path, f.sha256",
          kKept)));
  rows.bind(1, media);
  std::vector<Card> cards;
  std::set<std::string, std::less<>> seen;  // a content that lies in several places is one card
  while (static_cast<std::int64_t>(cards.size()) < most) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) break;
    const std::string folder = rows.text(3) == "carved" ? "carved" : "recovered";
    Card card;
    card.link = fmt::format("3-investigation/{}/{}", folder, rows.text(6));
    if (!is_kept_path(card.link) || !seen.emplace(rows.text(5)).second) continue;
    card.evidence = rows.text(0);
    card.path = rows.text(1);
    card.grade = rows.text(2);
    card.method = rows.text(3);
    card.size = static_cast<std::uint64_t>(std::max<std::int64_t>(rows.integer(4), 0));
    card.sha256 = rows.text(5);
    card.survive = rows.is_null(7) ? 100 : rows.integer(7);
    card.width = rows.integer(8);
    card.height = rows.integer(9);
    card.source_width = rows.integer(10);
    card.source_height = rows.integer(11);
    card.media = media;
    card.content = rows.text(12);
    cards.push_back(std::move(card));
  }
  return cards;
}

/// The file's own time of last change, by path, of those that have one.
Result<std::map<std::string, std::string, std::less<>>> read_times(const ReportPage& page,
                                                                   const std::vector<Card>& cards) {
  std::string paths = "[";
  for (const Card& card : cards) {
    if (card.method == "carved") continue;
    if (paths.size() > 1) paths += ',';
    append_json_string(paths, card.path);
  }
  paths += ']';
  std::map<std::string, std::string, std::less<>> out;
  if (paths == "[]") return out;
  TRIAGE_TRY(
      Statement rows,
      page.database.prepare("SELECT path, \"when\" FROM events WHERE artifact = 'fs.times' AND recovered = 1 AND "
                            "when_ns IS NOT NULL AND instr(when_meaning, 'modified') > 0 AND path IN (SELECT value "
                            "FROM json_each(?1)) ORDER BY when_ns"));
  rows.bind(1, std::string_view(paths));
  while (true) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) return out;
    out[std::string(rows.text(0))] = rows.text(1);
  }
}

void write_card(const ReportPage& page, const Card& card, std::string_view changed) {
  HtmlWriter& out = page.out;
  out.open("li", {{"class", "shot"}});
  out.open("a", {{"href", card.link}});
  if (card.media == "image/jpeg") {
    const std::string source = "data:image/jpeg;base64," + to_base64(as_byte_span(card.content));
    const std::string width = fmt::to_string(card.width);
    const std::string height = fmt::to_string(card.height);
    out.empty("img", {{"src", source}, {"width", width}, {"height", height}, {"alt", say(page, kOpen)}});
  } else {
    out.open("span", {{"class", "words"}}).evidence(card.content, 1024).close("span");
  }
  out.close("a").empty("br");
  out.open("b").evidence(card.path, 160).close("b").empty("br");
  out.text(word(page.say, WordGroup::kGrade, card.grade));
  if (card.grade == "overwritten") out.text(" ").text(page.say(Say::kSurvive, card.survive));
  out.text(" · ").text(word(page.say, WordGroup::kMethod, card.method)).text(" · ").text(binary_size(card.size));
  if (card.source_width > 0) out.text(" · ").text(say(page, kPixels, card.source_width, card.source_height));
  if (!changed.empty()) out.empty("br").text(shown_utc_text(page, changed));
  out.empty("br").open("span", {{"class", "source"}}).evidence(evidence_name(page, card.evidence), 80).text(" ");
  out.code(card.sha256.substr(0, 16) + "…").close("span").close("li").newline();
}

Status write_cards(const ReportPage& page) {
  TRIAGE_TRY(std::vector<Card> cards, read_cards(page, "image/jpeg", kMostPictures));
  TRIAGE_TRY(std::vector<Card> texts, read_cards(page, "text/plain", kMostTexts));
  std::move(texts.begin(), texts.end(), std::back_inserter(cards));
  if (cards.empty()) return {};
  TRIAGE_TRY(const std::int64_t all,
             page.database.integer(fmt::format("SELECT count(DISTINCT f.sha256) FROM files f WHERE {}", kKept)));
  TRIAGE_TRY(const std::int64_t with,
             page.database.integer(fmt::format("SELECT count(DISTINCT f.sha256) FROM files f JOIN previews p USING "
                                               "(sha256) WHERE {}",
                                               kKept)));
  TRIAGE_TRY(const auto times, read_times(page, cards));
  page.out.element("h3", say(page, kSheetTitle));
  paragraph(page, say(page, kSheetNote), "note");
  const auto shown = static_cast<std::int64_t>(cards.size());
  if (with > shown)
    paragraph(page, say(page, kLeftOut, grouped(cards.size()), grouped(static_cast<std::uint64_t>(with))));
  page.out.open("ul", {{"class", "sheet"}}).newline();
  for (const Card& card : cards) {
    const auto changed = times.find(card.path);
    write_card(page, card, changed == times.end() ? std::string_view() : std::string_view(changed->second));
  }
  page.out.close("ul").newline();
  if (all > with) paragraph(page, say(page, kWithout, grouped(static_cast<std::uint64_t>(all - with))));
  return {};
}

Status write_members(const ReportPage& page) {
  TRIAGE_TRY(const std::int64_t all,
             page.database.integer(fmt::format("SELECT count(*) FROM files WHERE {}", kMembers)));
  if (all == 0) return {};
  page.out.element("h3", say(page, kMembersTitle));
  if (all > kMostMembers)
    paragraph(page, say(page, kMembersNote, grouped(static_cast<std::uint64_t>(kMostMembers)),
                        grouped(static_cast<std::uint64_t>(all))));
  TRIAGE_TRY(Statement rows,
             page.database.prepare(fmt::format("SELECT evidence, path, type, size, sha256, grade FROM files WHERE {} "
                                               "ORDER BY evidence, path, stream LIMIT {}",
                                               kMembers, kMostMembers)));
  GridTable table(page.out, "members",
                  {std::string(page.say(Say::kPath)), std::string(say(page, kType)), std::string(page.say(Say::kGrade)),
                   std::string(page.say(Say::kSize)), std::string(page.say(Say::kSha256))});
  while (true) {
    TRIAGE_TRY(const bool more, rows.step());
    if (!more) break;
    table.begin_row();
    table.begin_cell("where");
    page.out.open("span", {{"class", "source"}})
        .evidence(evidence_name(page, rows.text(0)), 120)
        .close("span")
        .text(" ");
    page.out.evidence(rows.text(1));
    table.end_cell();
    table.text_cell(rows.text(2));
    table.text_cell(word(page.say, WordGroup::kGrade, rows.text(5)));
    table.text_cell(grouped(static_cast<std::uint64_t>(std::max<std::int64_t>(rows.integer(3), 0))), "numeral");
    table.code_cell(rows.text(4));
    table.end_row();
  }
  table.end();
  return {};
}

}  // namespace

bool is_kept_path(std::string_view path) {
  const auto take = [&path](std::string_view prefix) {
    if (!path.starts_with(prefix)) return false;
    path.remove_prefix(prefix.size());
    return true;
  };
  const auto take_of = [&path](std::string_view allowed, std::size_t least, std::size_t most) {
    const std::size_t count = std::min(path.find_first_not_of(allowed), path.size());
    if (count < least || count > most) return false;
    path.remove_prefix(count);
    return true;
  };
  constexpr std::string_view kHex = "0123456789abcdef";
  constexpr std::string_view kWord = "abcdefghijklmnopqrstuvwxyz0123456789";
  return take("3-investigation/") && (take("recovered/") || take("carved/")) && take_of(kHex, 2, 2) && take("/") &&
         take_of(kHex, 32, 32) && take(".") && take_of(kWord, 1, 8) && path.empty();
}

Status write_recovered_sheet(const ReportPage& page) {
  if (page.redactor != nullptr) return {};  // a picture or first words cannot be masked
  TRIAGE_TRY(const bool known, has_previews(page.database));
  if (known) TRIAGE_TRY_STATUS(write_cards(page));
  return write_members(page);
}

}  // namespace triage
