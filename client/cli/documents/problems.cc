#include "client/cli/documents/problems.h"

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "client/cli/exit_code.h"

namespace canvass::cli {

void Problems::Add(int line, absl::string_view path, absl::string_view message) {
  problems_.push_back({line, absl::StrCat(path, path.empty() ? "" : ": ", message)});
}

absl::Status Problems::ToStatus() const {
  if (problems_.empty()) return absl::OkStatus();
  std::vector<Problem> sorted = problems_;
  absl::c_stable_sort(sorted, [](const Problem& a, const Problem& b) { return a.line < b.line; });
  return UsageError(absl::StrJoin(sorted, "\n", [this](std::string* out, const Problem& problem) {
    absl::StrAppend(out, source_, ":", problem.line, ": ", problem.text);
  }));
}

std::string Locations::Find(absl::string_view server_path) const {
  // The keys of maps stand in a file as fields do: text["cs"] is text.cs.
  const std::string in_file = absl::StrReplaceAll(server_path, {{"[\"", "."}, {"\"]", ""}});
  absl::string_view path = in_file;
  int line = 0;
  // The request's own levels are taken off one by one until what is left is known.
  while (line == 0 && !path.empty()) {
    line = LineAt(path);
    const std::size_t dot = path.find('.');
    path = dot == absl::string_view::npos ? "" : path.substr(dot + 1);
  }
  return absl::StrCat(source_, ":", line != 0 ? line : line_);
}

int Locations::LineAt(absl::string_view path) const {
  while (!path.empty()) {
    const auto found = lines_.find(path);
    if (found != lines_.end()) return found->second;
    const std::size_t end = path.find_last_of(".[");
    path = end == absl::string_view::npos ? "" : path.substr(0, end);
  }
  return 0;
}

}  // namespace canvass::cli
