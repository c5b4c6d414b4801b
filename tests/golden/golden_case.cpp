// SPDX-License-Identifier: Apache-2.0
#include "golden/golden_case.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

#include "bytes/digest.h"
#include "bytes/text.h"
#include "bytes/zstd_file.h"

namespace triage::golden {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxInput = std::size_t{256} << 20;
constexpr std::size_t kMaxHexInput = std::size_t{16} << 10;

std::optional<std::string> bytes_of_hex(std::string text) {
  std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
  return from_hex(text);
}

/// The bytes that `file` (….hex or ….zst) stands for.
Result<std::string> read_input(const fs::path& file) {
  const std::string stored = read_whole(file);
  if (file.extension() == ".hex") {
    auto raw = bytes_of_hex(stored);
    if (!raw) return fail(ErrorCode::kUnreadable, "the file is not plain hex", file.string());
    if (raw->size() > kMaxHexInput) return fail(ErrorCode::kUnreadable, "larger than 16 KiB: use .zst", file.string());
    return std::move(*raw);
  }
  return zstd_decompress(as_byte_span(stored), kMaxInput);
}

std::map<std::string, std::string> parse_origin(const std::string& text) {
  std::map<std::string, std::string> out;
  std::istringstream lines(text);
  std::string line;
  std::string* last = nullptr;
  while (std::getline(lines, line)) {
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == ' ' && last != nullptr) {
      *last += line;
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::size_t begin = line.find_first_not_of(' ', colon + 1);
    last = &out[line.substr(0, colon)];
    *last = begin == std::string::npos ? std::string{} : line.substr(begin);
  }
  return out;
}

}  // namespace

std::string GoldenCase::value(const std::string& key) const {
  const auto found = origin.find(key);
  return found == origin.end() ? std::string{} : found->second;
}

std::string read_whole(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<fs::path> find_cases(const fs::path& root) {
  std::vector<fs::path> out;
  for (const char* folder : {"artifacts", "carve"}) {
    std::error_code none;
    for (const auto& stem : fs::directory_iterator(root / folder, none)) {
      if (!stem.is_directory()) continue;
      for (const auto& name : fs::directory_iterator(stem.path()))
        if (fs::exists(name.path() / "origin")) out.push_back(name.path());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

Result<GoldenCase> load_case(const fs::path& directory) {
  GoldenCase out;
  out.directory = directory;
  out.name = directory.filename().string();
  out.stem = directory.parent_path().filename().string();
  out.folder = directory.parent_path().parent_path().filename().string();
  out.origin = parse_origin(read_whole(directory / "origin"));
  bool has_input = false;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const fs::path& file = entry.path();
    if (file.extension() != ".hex" && file.extension() != ".zst") continue;
    const std::string base = file.stem().string();
    TRIAGE_TRY(std::string raw, read_input(file));
    if (base == "input") {
      out.input = std::move(raw);
      has_input = true;
    } else if (base.starts_with("companion")) {
      out.companions.emplace_back(base.substr(std::string_view("companion").size()), std::move(raw));
    }
  }
  if (!has_input) return fail(ErrorCode::kUnreadable, "no input.hex or input.zst", directory.string());
  std::sort(out.companions.begin(), out.companions.end());
  return out;
}

std::vector<std::string> check_origin(const GoldenCase& golden) {
  std::vector<std::string> out;
  for (const char* key : {"made-by", "licence", "sha256", "expected-from", "covers"})
    if (golden.value(key).empty()) out.push_back(std::string("origin has no ") + key);
  if (golden.folder == "artifacts" && golden.value("path").empty()) out.emplace_back("origin has no path");
  const std::string digest = sha256_hex(golden.input);
  if (golden.value("sha256") != digest) out.push_back("origin's sha256 is not the input's, which is " + digest);
  return out;
}

}  // namespace triage::golden
