// SPDX-License-Identifier: Apache-2.0
// A RecordSink that keeps what it is given, and a folder of rule files that lives as long as the test.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "model/sink.h"

namespace triage {

struct CollectedRecords final : RecordSink {
  std::vector<Finding> findings;
  std::vector<Event> events;
  std::vector<std::pair<DamageKind, std::string>> damages;
  void event(Event event) override { events.push_back(std::move(event)); }
  void damage(DamageKind kind, std::uint64_t, std::string_view, std::string detail) override {
    damages.emplace_back(kind, std::move(detail));
  }
  void finding(Finding finding) override { findings.push_back(std::move(finding)); }
  void file(FileRecord) override {}
  void output(OutputRecord) override {}
};

struct RuleFolder {
  std::filesystem::path path;
  RuleFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "triage-rules-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~RuleFolder() { std::filesystem::remove_all(path); }
  RuleFolder(const RuleFolder&) = delete;
  RuleFolder& operator=(const RuleFolder&) = delete;
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << text;
  }
};

}  // namespace triage
