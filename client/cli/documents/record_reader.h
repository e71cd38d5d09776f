// Takes a file apart into records: YAML documents, the items of a YAML or JSON list, or the lines of NDJSON, which are
// read one by one, so that a file may be as long as it likes and a pipe may never end.
//
//   absl::StatusOr<RecordReader> reader = RecordReader::Open("-");
//   while (true) {
//     absl::StatusOr<std::optional<Node>> record = reader->Next();
//     if (!record.ok() || !record->has_value()) break;
//   }
//
// Not thread-safe. Owns the file.
#ifndef CANVASS_CLIENT_CLI_DOCUMENTS_RECORD_READER_H_
#define CANVASS_CLIENT_CLI_DOCUMENTS_RECORD_READER_H_

#include <cstddef>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cli/documents/node.h"

namespace canvass::cli {

class RecordReader {
 public:
  // Opens a file, or standard input for "-". UsageError if it cannot be read.
  static absl::StatusOr<RecordReader> Open(const std::string& path);
  // Reads from `input`, which must outlive it; `source` is what messages call it.
  static RecordReader From(std::istream& input, absl::string_view source);

  // The next record; nothing at the end. UsageError with "file:line: …" if it cannot be parsed. Of NDJSON the line
  // after it can then still be read, of anything else nothing.
  absl::StatusOr<std::optional<Node>> Next();

  // For messages: the path, or "standard input".
  const std::string& source() const { return source_; }

 private:
  enum class Form { kUnknown, kLines, kWhole };

  RecordReader() = default;
  absl::Status Begin();
  absl::Status LoadWhole(std::string text);
  absl::StatusOr<std::optional<Node>> NextLine();
  absl::Status WithSource(const absl::Status& status) const;

  std::string source_;
  std::unique_ptr<std::istream> owned_;
  std::istream* input_ = nullptr;
  Form form_ = Form::kUnknown;
  // Of NDJSON: a line that was read to find out the form.
  std::optional<std::string> pending_;
  int line_ = 0;
  // Of anything else: all records.
  std::vector<Node> records_;
  std::size_t next_ = 0;
};

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_DOCUMENTS_RECORD_READER_H_
