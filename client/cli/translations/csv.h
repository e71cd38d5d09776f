// Comma-separated values as RFC 4180 has them, in UTF-8, and as spreadsheets save them: with a byte order mark, with
// semicolons or tabs where the language writes commas in numbers, with bare line feeds.
//
// Thread-safe: pure functions, and a reader that is one thread's.
#ifndef CANVASS_CLIENT_CLI_TRANSLATIONS_CSV_H_
#define CANVASS_CLIENT_CLI_TRANSLATIONS_CSV_H_

#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace canvass::cli {

struct CsvRow {
  // Where it begins, from 1.
  int line = 0;
  std::vector<std::string> fields;
};

// One record, ended by CRLF. Fields are quoted where they must be.
std::string CsvLine(absl::Span<const std::string> fields);

// What somebody wrote, for a cell that a spreadsheet may open: what it would take for a formula gets an apostrophe
// before it. FromSpreadsheetText takes it away again.
std::string SpreadsheetText(absl::string_view text);
std::string FromSpreadsheetText(absl::string_view cell);

// The records of `text`; empty lines are left out. InvalidArgument, beginning with the line, if a quote is not closed,
// if something stands behind one, or if it is not UTF-8.
absl::StatusOr<std::vector<CsvRow>> ParseCsv(absl::string_view text);

// The same record by record, however many there are.
class CsvStream {
 public:
  // `input` must outlive it.
  explicit CsvStream(std::istream& input) : input_(input) {}

  // The next record; nothing at the end. InvalidArgument as ParseCsv, after which the next one can still be read.
  absl::StatusOr<std::optional<CsvRow>> Next();

 private:
  std::istream& input_;
  // By the first line.
  std::optional<char> separator_;
  int line_ = 1;
};

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_TRANSLATIONS_CSV_H_
