#include "server/mysql/statement.h"

#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace canvass::mysql {
namespace {

// Visits the alternatives of a Value. Unsigned numbers beyond int64_t travel as text: the driver never clears the sign
// flag that setUInt64 leaves on a placeholder, so a later negative number in the same place would turn into a huge one.
struct Binder {
  sql::PreparedStatement& statement;
  unsigned index;

  void operator()(std::monostate) const { statement.setNull(index, sql::DataType::SQLNULL); }
  void operator()(int64_t value) const { statement.setInt64(index, value); }
  void operator()(uint64_t value) const {
    if (value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
      statement.setInt64(index, static_cast<int64_t>(value));
    } else {
      statement.setString(index, absl::StrCat(value));
    }
  }
  void operator()(double value) const { statement.setDouble(index, value); }
  // Text and bytes alike: the driver takes the length from the string, and a column of bytes takes them as they are.
  // (As a blob, text would compare by bytes with a text column and miss its index.)
  void operator()(const std::string& value) const { statement.setString(index, value); }
};

enum class Kind { kSigned, kUnsigned, kReal, kDecimal, kBytes };

Kind KindOf(sql::ResultSetMetaData& metadata, unsigned column) {
  switch (metadata.getColumnType(column)) {
    case sql::DataType::BIT:
    case sql::DataType::TINYINT:
    case sql::DataType::SMALLINT:
    case sql::DataType::MEDIUMINT:
    case sql::DataType::INTEGER:
    case sql::DataType::BIGINT:
    case sql::DataType::YEAR:
      return metadata.isSigned(column) ? Kind::kSigned : Kind::kUnsigned;
    case sql::DataType::REAL:
    case sql::DataType::DOUBLE:
      return Kind::kReal;
    case sql::DataType::DECIMAL:
    case sql::DataType::NUMERIC:
      return Kind::kDecimal;
    default:
      return Kind::kBytes;
  }
}

Value FromDecimal(const std::string& text) {
  int64_t whole = 0;
  if (absl::SimpleAtoi(text, &whole)) return whole;
  double real = 0;
  if (absl::SimpleAtod(text, &real)) return real;
  return std::monostate();
}

Value ReadColumn(sql::ResultSet& result, unsigned column, Kind kind) {
  // isNull() of the driver looks at the row without converting the value, wasNull() only after a read.
  if (result.isNull(column)) return std::monostate();
  switch (kind) {
    case Kind::kSigned:
      return static_cast<int64_t>(result.getInt64(column));
    case Kind::kUnsigned:
      return static_cast<uint64_t>(result.getUInt64(column));
    case Kind::kReal:
      return static_cast<double>(result.getDouble(column));
    case Kind::kDecimal:
      return FromDecimal(result.getString(column).asStdString());
    case Kind::kBytes:
      break;
  }
  return result.getString(column).asStdString();
}

}  // namespace

void Bind(sql::PreparedStatement& statement, absl::Span<const Value> params) {
  unsigned index = 1;
  for (const Value& value : params) std::visit(Binder{statement, index++}, value);
}

Rows ReadRows(sql::ResultSet& result) {
  sql::ResultSetMetaData& metadata = *result.getMetaData();
  const unsigned columns = metadata.getColumnCount();
  std::vector<Kind> kinds;
  kinds.reserve(columns);
  for (unsigned column = 1; column <= columns; ++column) kinds.push_back(KindOf(metadata, column));
  Rows rows;
  rows.reserve(result.rowsCount());
  while (result.next()) {
    std::vector<Value> values;
    values.reserve(columns);
    for (unsigned column = 1; column <= columns; ++column) {
      values.push_back(ReadColumn(result, column, kinds[column - 1]));
    }
    rows.emplace_back(std::move(values));
  }
  return rows;
}

sql::PreparedStatement& StatementCache::Get(sql::Connection& connection, absl::string_view sql) {
  if (auto found = by_sql_.find(sql); found != by_sql_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return *entries_.front().statement;
  }
  std::string text(sql);
  std::unique_ptr<sql::PreparedStatement> statement(connection.prepareStatement(text));
  entries_.push_front({std::move(text), std::move(statement)});
  by_sql_.emplace(entries_.front().sql, entries_.begin());
  if (entries_.size() > capacity_) Drop(entries_.back().sql);
  return *entries_.front().statement;
}

void StatementCache::Drop(absl::string_view sql) {
  auto found = by_sql_.find(sql);
  if (found == by_sql_.end()) return;
  const std::list<Entry>::iterator entry = found->second;
  by_sql_.erase(found);  // before its key goes with the entry
  entries_.erase(entry);
}

}  // namespace canvass::mysql
