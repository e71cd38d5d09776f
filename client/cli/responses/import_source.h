// The rows of a file of answers, one by one: CSV with a header, or NDJSON.
//
//   absl::StatusOr<std::unique_ptr<ImportSource>> source = ImportSource::Open("-", TableFormat::kCsv);
//   while (std::optional<ImportRecord> record = (*source)->Next()) …
//
// Not thread-safe. Owns the file.
#ifndef CANVASS_CLIENT_CLI_RESPONSES_IMPORT_SOURCE_H_
#define CANVASS_CLIENT_CLI_RESPONSES_IMPORT_SOURCE_H_

#include <cstdint>
#include <fstream>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cli/documents/node.h"
#include "client/cli/translations/csv.h"

namespace canvass::cli {

enum class TableFormat { kCsv, kNdjson };

// The format that `name` ("csv", "ndjson") says, or else the file's name.
TableFormat TableFormatOf(absl::string_view name, absl::string_view file);

struct ImportRecord {
  // In the order of the file, from 1, and the line where it begins.
  std::int64_t number = 0;
  int line = 0;
  // Of CSV: the cells as they are. Of NDJSON: the line.
  std::vector<std::string> fields;
  // Of NDJSON.
  Node node;
  // Why it cannot be read; empty if it can.
  std::string problem;

  // What tells it from other rows.
  std::string Content() const;
};

class ImportSource {
 public:
  // Reads the header of CSV. UsageError if there is none, or if the file cannot be read.
  static absl::StatusOr<std::unique_ptr<ImportSource>> Open(const std::string& file, TableFormat format);

  // Nothing at the end.
  std::optional<ImportRecord> Next();

  // Titles of the columns; empty for NDJSON.
  const std::vector<std::string>& header() const { return header_; }
  // How many rows there are about, nothing for a pipe.
  std::optional<std::int64_t> total() const { return total_; }
  // For messages: the path, or "standard input".
  const std::string& name() const { return name_; }
  TableFormat format() const { return format_; }

 private:
  explicit ImportSource(TableFormat format) : format_(format) {}
  absl::Status ReadHeader();
  bool NextCsv(ImportRecord& record);
  bool NextLine(ImportRecord& record);

  const TableFormat format_;
  std::string name_;
  std::ifstream file_;
  std::optional<CsvStream> csv_;
  std::istream* lines_ = nullptr;
  std::vector<std::string> header_;
  std::optional<std::int64_t> total_;
  std::int64_t number_ = 0;
  int line_ = 0;
};

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_RESPONSES_IMPORT_SOURCE_H_
