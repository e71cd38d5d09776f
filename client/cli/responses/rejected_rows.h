// The rows of an import that were rejected: written to a file of the same form with what is wrong in a column
// `problem`, so that they can be mended there and imported again; and which reasons there are most.
//
//   RejectedRows rejected("answers.csv.rejected.csv", *source);
//   rejected.Add(record, faults);
//   rejected.Settle(record.number);
//
// Not thread-safe.
#ifndef CANVASS_CLIENT_CLI_RESPONSES_REJECTED_ROWS_H_
#define CANVASS_CLIENT_CLI_RESPONSES_REJECTED_ROWS_H_

#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "client/cli/responses/import_source.h"
#include "client/cli/responses/row_reader.h"

namespace canvass::cli {

class RejectedRows {
 public:
  // The file is made with the first row. `header` is that of CSV.
  RejectedRows(std::string path, TableFormat format, std::vector<std::string> header)
      : path_(std::move(path)), format_(format), header_(std::move(header)) {}

  void Add(const ImportRecord& record, const std::vector<RowFault>& faults);

  // Nothing before row `number` is added any more: what was is written, in the order of the file.
  void Settle(std::int64_t number);

  // Writes the rest. UsageError if not all could be written.
  absl::Status Close();

  std::int64_t count() const { return count_; }
  const std::string& path() const { return path_; }
  // "2 × recommend: is not a score; 1 × …", the three that are most frequent.
  std::string Reasons() const;

 private:
  std::string Line(const ImportRecord& record, const std::string& problem) const;

  const std::string path_;
  const TableFormat format_;
  const std::vector<std::string> header_;
  std::ofstream file_;
  // By their place in the file.
  std::map<std::int64_t, std::string> waiting_;
  std::map<std::string, std::int64_t> reasons_;
  std::int64_t count_ = 0;
};

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_RESPONSES_REJECTED_ROWS_H_
