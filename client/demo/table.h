// A CSV file with a header, plain or gzipped, in memory: the demo's data sets are small.
//
//   absl::StatusOr<Table> table = Table::Read("responses.csv.gz");
//   for (const Table::Row& row : table->rows()) Use(table->Cell(row, "nps"));
//
// Constant after Read(), so thread-safe.
#ifndef CANVASS_CLIENT_DEMO_TABLE_H_
#define CANVASS_CLIENT_DEMO_TABLE_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace canvass::demo {

class Table {
 public:
  using Row = std::vector<std::string>;

  // NotFound if there is no such file, InvalidArgument if it is no CSV, with the row. `columns` must all be in its
  // header.
  static absl::StatusOr<Table> Read(const std::string& path, const std::vector<std::string>& columns);

  const std::vector<Row>& rows() const { return rows_; }
  // Empty if the row is shorter than the header. `column` is one of those given to Read().
  absl::string_view Cell(const Row& row, absl::string_view column) const;

 private:
  absl::flat_hash_map<std::string, std::size_t> columns_;
  std::vector<Row> rows_;
};

}  // namespace canvass::demo

#endif  // CANVASS_CLIENT_DEMO_TABLE_H_
