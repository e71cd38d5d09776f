#include "client/cli/output/table.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "client/charts/text_width.h"

namespace canvass::cli {
namespace {

constexpr int kGap = 2;
// A column is not cut below this.
constexpr int kMinColumn = 6;

}  // namespace

void Table::AddRow(const std::vector<std::string>& cells) {
  std::vector<std::string>& row = rows_.emplace_back();
  for (const std::string& cell : cells) row.push_back(charts::Printable(cell));
}

std::string Table::Render(const charts::ChartStyle& style, int max_width) const {
  const std::vector<int> widths = Widths(max_width);
  std::vector<std::string> titles;
  for (const TableColumn& column : columns_) titles.push_back(column.title);
  std::string text = absl::StrCat(charts::Paint(style, charts::Color::kBold, Line(titles, widths, style)), "\n");
  for (const std::vector<std::string>& row : rows_) absl::StrAppend(&text, Line(row, widths, style), "\n");
  return text;
}

std::vector<int> Table::Widths(int max_width) const {
  std::vector<int> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    int width = charts::DisplayWidth(columns_[i].title);
    for (const std::vector<std::string>& row : rows_) width = std::max(width, charts::DisplayWidth(row[i]));
    widths.push_back(width);
  }
  if (max_width == 0 || widths.empty()) return widths;
  const int gaps = kGap * (static_cast<int>(widths.size()) - 1);
  int surplus = std::accumulate(widths.begin(), widths.end(), gaps) - max_width;
  while (surplus > 0) {
    int* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const bool cuttable = columns_[i].fit == Fit::kCut && widths[i] > kMinColumn;
      if (cuttable && (widest == nullptr || widths[i] > *widest)) widest = &widths[i];
    }
    if (widest == nullptr) break;
    --*widest;
    --surplus;
  }
  return widths;
}

std::string Table::Line(const std::vector<std::string>& cells, const std::vector<int>& widths,
                        const charts::ChartStyle& style) const {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string cell = charts::Truncate(cells[i], widths[i], style);
    if (i > 0) line.append(kGap, ' ');
    line += columns_[i].align == Align::kRight ? charts::PadLeft(cell, widths[i]) : charts::PadRight(cell, widths[i]);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace canvass::cli
