// From a row of a table to a submission.
//
//   RowReader reader(map, tenant, survey);
//   absl::Status status = reader.Bind(header, …);
//   std::vector<RowFault> faults = reader.Read(cells, request);
//
// Not thread-safe.
#ifndef CANVASS_CLIENT_CLI_RESPONSES_ROW_READER_H_
#define CANVASS_CLIENT_CLI_RESPONSES_ROW_READER_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/errors.pb.h"
#include "canvass/v1/response_service.pb.h"
#include "client/cli/responses/import_map.h"

namespace canvass::cli {

// A cell as its file has it.
struct Cell {
  std::string text;
  // A number or boolean of JSON, which stays one in facts.
  bool plain = false;
};

// What is wrong with a row.
struct RowFault {
  // The column's title, or the field's name; empty if it is the row as a whole.
  std::string column;
  std::string message;
};

// What to do with columns that are nothing, and with names that have no column.
struct BindOptions {
  bool ignore_unknown = false;
  // Whether every column that the map names must be there.
  bool complete = true;
};

class RowReader {
 public:
  // Both names are full ones.
  RowReader(ImportMap map, std::string tenant, std::string survey)
      : map_(std::move(map)), tenant_(std::move(tenant)), survey_(std::move(survey)) {}

  // The rows that follow have these columns. UsageError with every fault.
  absl::Status Bind(const std::vector<std::string>& names, const BindOptions& options);

  // The submission of a row. The faults are all there are; `request` is of no use then.
  std::vector<RowFault> Read(const std::vector<Cell>& cells, v1::SubmitResponseRequest& request) const;

  // The faults of a row that the server refused.
  std::vector<RowFault> FaultsOf(const v1::Problem& problem, const v1::SubmitResponseRequest& request) const;

  // Titles of the columns that are left out.
  std::vector<std::string> LeftOut() const;

 private:
  struct Bound {
    ImportTarget target;
    // Nothing: only the value for all rows.
    std::optional<std::size_t> column;
  };

  absl::Status ReadCell(const ImportTarget& target, const Cell& cell, v1::SubmitResponseRequest& request) const;
  absl::Status ReadAnswer(const ImportTarget& target, const std::string& text, v1::Response& response) const;
  absl::Status ReadTimeCell(absl::string_view text, google::protobuf::Timestamp& time) const;
  std::string ColumnOf(absl::string_view field, const v1::Response& response) const;

  ImportMap map_;
  std::string tenant_;
  std::string survey_;
  std::vector<Bound> bound_;
  std::size_t width_ = 0;
};

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_RESPONSES_ROW_READER_H_
