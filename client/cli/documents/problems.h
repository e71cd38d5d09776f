// What is wrong with a document, and where each of its fields stands, so that the server's complaints can be led back
// to a line.
//
// Not thread-safe.
#ifndef CANVASS_CLIENT_CLI_DOCUMENTS_PROBLEMS_H_
#define CANVASS_CLIENT_CLI_DOCUMENTS_PROBLEMS_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace canvass::cli {

// The faults of one document, all of them at once.
class Problems {
 public:
  // `source` is the file's name.
  explicit Problems(absl::string_view source) : source_(source) {}

  void Add(int line, absl::string_view path, absl::string_view message);
  bool empty() const { return problems_.empty(); }
  // Ok if there are none, otherwise a usage error with a line "file:line: path: message" for each, in
  // the file's order.
  absl::Status ToStatus() const;

 private:
  struct Problem {
    int line;
    std::string text;
  };

  std::string source_;
  std::vector<Problem> problems_;
};

// From a field's path to its line.
class Locations {
 public:
  Locations() = default;
  Locations(absl::string_view source, int line) : source_(source), line_(line) {}

  void Add(absl::string_view path, int line) { lines_.try_emplace(std::string(path), line); }

  // "file:line" of the field at `path`, or of the nearest field around it. The server's paths begin at its request or
  // at the resource (`survey.definition.questions[1].key`), those of a file where the file begins (`questions[1].key`);
  // both are found.
  std::string Find(absl::string_view server_path) const;

 private:
  int LineAt(absl::string_view path) const;

  std::string source_;
  int line_ = 0;
  absl::flat_hash_map<std::string, int> lines_;
};

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_DOCUMENTS_PROBLEMS_H_
