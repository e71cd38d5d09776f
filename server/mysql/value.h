// What goes into a statement's placeholders and comes out of its rows.
//
//   Params params;
//   params.Add(scope.tenant().value()).Add(id).Add(clock.Now());
//   for (const Row& row : rows) Use(row.Int(0), row.String(1), row.Time(2));
//
// Times are BIGINT microseconds UTC, UUIDs BINARY(16), strings and bytes the same.
#ifndef CANVASS_SERVER_MYSQL_VALUE_H_
#define CANVASS_SERVER_MYSQL_VALUE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/ids.h"

namespace canvass::mysql {

// The empty alternative is SQL NULL.
using Value = std::variant<std::monostate, int64_t, uint64_t, double, std::string>;

class Params {
 public:
  Params& AddNull() { return Push(std::monostate()); }
  Params& Add(int value) { return Push(static_cast<int64_t>(value)); }
  Params& Add(int64_t value) { return Push(value); }
  Params& Add(uint64_t value) { return Push(value); }
  Params& Add(double value) { return Push(value); }
  Params& Add(std::string value) { return Push(std::move(value)); }
  Params& Add(absl::string_view value) { return Push(std::string(value)); }
  Params& Add(const char* value) { return Push(std::string(value)); }
  Params& Add(absl::Time value) { return Push(absl::ToUnixMicros(value)); }
  Params& Add(const Uuid& value) { return Push(value.bytes()); }
  template <typename Tag>
  Params& Add(const StrongId<Tag>& value) {
    return Push(value.value());
  }

  std::size_t size() const { return values_.size(); }
  const std::vector<Value>& values() const { return values_; }

 private:
  // In place: gcc 12 takes a variant that is moved for one that may be uninitialized.
  template <typename Type>
  Params& Push(Type value) {
    values_.emplace_back(std::in_place_type<Type>, std::move(value));
    return *this;
  }
  std::vector<Value> values_;
};

// One row of a result. A column read as another type than it holds yields that type's zero: the SQL beside the call
// says what a column is. Columns count from 0.
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  std::size_t size() const { return values_.size(); }
  bool IsNull(std::size_t column) const;
  int64_t Int(std::size_t column) const;
  uint64_t Unsigned(std::size_t column) const;
  double Double(std::size_t column) const;
  const std::string& String(std::size_t column) const;
  absl::Time Time(std::size_t column) const;
  class Uuid Uuid(std::size_t column) const;

 private:
  std::vector<Value> values_;
};

using Rows = std::vector<Row>;

}  // namespace canvass::mysql

#endif  // CANVASS_SERVER_MYSQL_VALUE_H_
