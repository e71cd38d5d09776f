#include "client/demo/table.h"

#include <csv.h>
#include <zlib.h>

#include <array>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

namespace canvass::demo {
namespace {

struct Parsing {
  std::vector<Table::Row> rows;
  Table::Row row;
};

void OnCell(void* cell, std::size_t size, void* parsing) {
  static_cast<Parsing*>(parsing)->row.emplace_back(static_cast<const char*>(cell), size);
}

void OnRow(int, void* parsing) {
  auto& state = *static_cast<Parsing*>(parsing);
  state.rows.push_back(std::exchange(state.row, {}));
}

// Every row of the file, the header too. zlib reads plain files as well.
absl::StatusOr<std::vector<Table::Row>> ReadRows(const std::string& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (file == nullptr) return absl::NotFoundError(absl::StrCat("cannot open ", path));
  csv_parser parser;
  csv_init(&parser, CSV_STRICT | CSV_APPEND_NULL);
  Parsing parsing;
  std::array<char, 1 << 16> buffer;
  int size = 0;
  bool good = true;
  while (good && (size = gzread(file.get(), buffer.data(), buffer.size())) > 0) {
    good = csv_parse(&parser, buffer.data(), static_cast<std::size_t>(size), OnCell, OnRow, &parsing) ==
           static_cast<std::size_t>(size);
  }
  good = good && size == 0 && csv_fini(&parser, OnCell, OnRow, &parsing) == 0;
  const std::string fault = csv_strerror(csv_error(&parser));
  csv_free(&parser);
  if (good) return std::move(parsing.rows);
  return absl::InvalidArgumentError(absl::StrCat(path, ": row ", parsing.rows.size() + 1, ": ", fault));
}

}  // namespace

absl::StatusOr<Table> Table::Read(const std::string& path, const std::vector<std::string>& columns) {
  absl::StatusOr<std::vector<Row>> rows = ReadRows(path);
  if (!rows.ok()) return rows.status();
  if (rows->empty()) return absl::InvalidArgumentError(absl::StrCat(path, " is empty"));
  Table table;
  for (std::size_t i = 0; i < rows->front().size(); ++i) table.columns_[rows->front()[i]] = i;
  for (const std::string& column : columns) {
    if (!table.columns_.contains(column)) {
      return absl::InvalidArgumentError(absl::StrCat(path, " has no column ", column));
    }
  }
  rows->erase(rows->begin());
  table.rows_ = *std::move(rows);
  return table;
}

absl::string_view Table::Cell(const Row& row, absl::string_view column) const {
  const std::size_t index = columns_.at(column);
  return index < row.size() ? absl::string_view(row[index]) : absl::string_view();
}

}  // namespace canvass::demo
