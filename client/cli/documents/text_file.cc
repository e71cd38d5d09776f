#include "client/cli/documents/text_file.h"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "client/cli/exit_code.h"

namespace canvass::cli {

absl::StatusOr<std::string> ReadTextFile(const std::string& file) {
  if (file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return UsageError(absl::StrCat("cannot read ", file, ": ", std::generic_category().message(errno)));
  std::string text(std::istreambuf_iterator<char>(stream), {});
  // A directory can be opened, not read.
  if (stream.bad()) return UsageError(absl::StrCat("cannot read ", file));
  return text;
}

}  // namespace canvass::cli
