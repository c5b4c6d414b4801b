// SPDX-License-Identifier: Apache-2.0
// Lines of configuration files: a backslash at the end of a line goes on with the next.
#pragma once

#include <string>
#include <string_view>

#include "formats/log_line.h"

namespace triage {

struct ConfigLine {
  std::string text;      ///< without blanks at both ends, continued lines joined by one blank; bytes as found
  std::size_t at = 0;    ///< bytes from the start of the file
  std::size_t size = 0;  ///< bytes in the file with the last line end
  bool cut = false;      ///< the file ends where the line should go on, or it is too long
};

/// Without blanks (space, tab, CR) at both ends.
std::string_view trimmed(std::string_view text);

class ConfigReader {
 public:
  explicit ConfigReader(Bytes data) : lines_(data) {}
  /// Next line that is not empty, comments too; false at the end.
  bool next(ConfigLine& line);

 private:
  LineReader lines_;
};

}  // namespace triage
