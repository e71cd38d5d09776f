// Request ids of rows that have none: the same row of the same import has the same one whenever it is sent, so that
// nothing is stored twice. Rows that are alike are told apart by how many came before.
//
//   RowIds ids("visit/answers.csv");
//   request.set_request_id(ids.Next(content));
//
// Not thread-safe. Takes some 20 bytes for every row it has seen.
#ifndef CANVASS_CLIENT_CLI_RESPONSES_ROW_IDS_H_
#define CANVASS_CLIENT_CLI_RESPONSES_ROW_IDS_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace canvass::cli {

class RowIds {
 public:
  // Imports of another name are other responses, whatever is in them.
  explicit RowIds(std::string import_name) : import_name_(std::move(import_name)) {}

  // Of the next row, in the order of the file.
  std::string Next(absl::string_view content);

 private:
  const std::string import_name_;
  // How often a row came, by the beginning of its digest.
  absl::flat_hash_map<std::uint64_t, std::uint32_t> seen_;
};

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_RESPONSES_ROW_IDS_H_
