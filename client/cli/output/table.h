// Rows in columns, as wide as their content:
//
//   NAME           STATE      VERSION
//   post-purchase  published        3
//
// Not thread-safe.
#ifndef CANVASS_CLIENT_CLI_OUTPUT_TABLE_H_
#define CANVASS_CLIENT_CLI_OUTPUT_TABLE_H_

#include <string>
#include <vector>

#include "client/charts/style.h"

namespace canvass::cli {

enum class Align { kLeft, kRight };
// Whether a column may be cut where the table is wider than the terminal. Ids and times are not: people copy them.
enum class Fit { kWhole, kCut };

struct TableColumn {
  std::string title;
  Align align = Align::kLeft;
  Fit fit = Fit::kWhole;
};

class Table {
 public:
  explicit Table(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

  // As many cells as there are columns. What could steer a terminal is taken out of them.
  void AddRow(const std::vector<std::string>& cells);

  // One line each, title first. `max_width` 0: as wide as it gets, for pipes; else columns that may be cut are, the
  // widest first.
  std::string Render(const charts::ChartStyle& style, int max_width) const;

 private:
  std::vector<int> Widths(int max_width) const;
  std::string Line(const std::vector<std::string>& cells, const std::vector<int>& widths,
                   const charts::ChartStyle& style) const;

  std::vector<TableColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_OUTPUT_TABLE_H_
