// SPDX-License-Identifier: Apache-2.0
// Logs in W3C Extended Log File Format: "#Fields:" names the columns of the lines that follow.
// Spec: https://www.w3.org/TR/WD-logfile.html
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/year_zone.h"

namespace triage {

class W3cLog {
 public:
  void restart();
  /// Takes a directive ("#Fields:", "#Date:", "#Time Format:"); false for a line of data.
  bool directive(std::string_view line);
  /// Splits a line of data into its columns; false when there are no columns yet, or not as many words as columns.
  bool split(std::string_view line);
  /// The column of that name in the line last split; "" where there is none or the log says "-".
  [[nodiscard]] std::string_view column(std::string_view name) const;
  /// The time of the line last split, from "date" and "time" (the date of the last #Date where there is no column).
  [[nodiscard]] std::optional<LogTime> time(std::string& raw) const;
  /// "#Time Format: Local" was said.
  [[nodiscard]] bool local() const { return local_; }

 private:
  std::vector<std::string> names_;
  std::vector<std::string_view> words_;
  std::string date_;
  bool local_ = false;
};

}  // namespace triage
