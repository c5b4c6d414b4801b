// SPDX-License-Identifier: Apache-2.0
// Carvers on real files: the exact end must be found whatever follows, and a cut file must never be called complete.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "carve/carver.h"

using namespace triage;
namespace fs = std::filesystem;

namespace {

struct Real {
  fs::path path;
  std::string content;
  const Carver* carver = nullptr;
};

/// The carver that takes the file for one of its own, where several have its first bytes.
const Carver* carver_for(const std::string& content) {
  for (const Carver* carver : all_carvers())
    for (const CarveMagic& magic : carver->magics)
      if (has_at(as_byte_span(content), magic.offset, magic.bytes) &&
          carver->validate(as_byte_span(content)).grade != CarveGrade::kNone)
        return carver;
  return nullptr;
}

std::vector<Real> real_files() {
  std::vector<Real> out;
  std::set<std::string> seen;
  for (const fs::path& root : {fs::path(TRIAGE_SOURCE_DIR) / "../shared/tools/carving-truth/inputs",
                               fs::path("/usr/share/forensics-samples/original-files")}) {
    std::error_code none;
    for (const auto& entry : fs::recursive_directory_iterator(root, none)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      std::string content{std::istreambuf_iterator<char>(in), {}};
      const Carver* carver = carver_for(content);
      if (carver != nullptr && seen.insert(content).second) out.push_back({entry.path(), std::move(content), carver});
    }
  }
  return out;
}

/// Files whose exact size is not in them: a log that was cut before it came here; formats without an end mark, which
/// have the right length but are not called complete when other bytes follow at once.
bool is_known_exception(const Real& file) {
  const std::string_view id = file.carver->id;
  return id == "html" || id == "mail" || id == "mpeg" || id == "mp3" ||
         (id == "evtx_file" && file.content.size() % 4096 != 0);
}

std::string trailing(int kind) {
  switch (kind) {
    case 0: return std::string(5000, '\0');
    case 1: {  // bytes that look like anything
      std::string out;
      std::uint32_t value = 1;
      for (int i = 0; i < 70000; ++i) out.push_back(static_cast<char>((value = value * 1664525 + 1013904223) >> 24));
      return out;
    }
    default: return "PK\x05\x06 and %%EOF and \xff\xd9 text follows " + std::string(3000, 'x');
  }
}

struct Score {
  int exact = 0;
  int all = 0;
};

}  // namespace

TEST_CASE("carvers: real files followed by other bytes have their exact length") {
  const auto files = real_files();
  if (files.empty()) {
    MESSAGE("skipped: no real files");
    return;
  }
  std::map<std::string, Score> scores;
  for (const Real& file : files) {
    Score& score = scores[std::string(file.carver->id)];
    ++score.all;
    bool exact = true;
    for (int kind = 0; kind < 3; ++kind) {
      const std::string data = file.content + trailing(kind);
      const CarveResult result = file.carver->validate(as_byte_span(data));
      const bool right = result.grade == CarveGrade::kComplete && result.length.value == file.content.size();
      if (!right && exact)
        MESSAGE(file.path.filename().string() << " with bytes of kind " << kind << ": "
                                              << (result.grade == CarveGrade::kComplete ? "complete " : "not complete ")
                                              << result.length.value << " of " << file.content.size());
      exact = exact && right;
    }
    score.exact += exact ? 1 : 0;
    CHECK_MESSAGE((exact || is_known_exception(file)), file.path.string());
  }
  for (const auto& [id, score] : scores) MESSAGE(id << ": exact " << score.exact << " of " << score.all);
}

TEST_CASE("carvers: a file that is cut is never complete, asks for more, and claims no more than there is") {
  for (const Real& file : real_files()) {
    // Their ends are told by what follows: whole pages, a text, spare zeros.
    const std::string_view id = file.carver->id;
    if (id == "jet" || id == "hive_file" || id == "pem") continue;
    for (const std::size_t parts : {std::size_t{2}, std::size_t{3}, std::size_t{7}}) {
      const std::size_t size = file.content.size() - file.content.size() / parts;
      const Bytes cut = as_byte_span(file.content).first(size);
      const CarveResult result = file.carver->validate(cut);
      CHECK(result.length.value <= size);
      const bool whole_part = result.grade == CarveGrade::kComplete && result.length.value < size;
      CHECK_MESSAGE((result.grade != CarveGrade::kComplete || whole_part), file.path.string());
    }
  }
}

TEST_CASE("carvers: every short prefix of a real file is judged without harm") {
  std::set<const Carver*> done;
  for (const Real& file : real_files()) {
    if (!done.insert(file.carver).second) continue;
    for (std::size_t size = 0; size < std::min<std::size_t>(file.content.size(), 3000); ++size) {
      const CarveResult result = file.carver->validate(as_byte_span(file.content).first(size));
      CHECK(result.length.value <= size);
    }
  }
}
