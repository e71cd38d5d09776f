#include "server/mysql/value.h"

namespace canvass::mysql {
namespace {

// Numbers convert into one another, because the type of a computed column differs between servers (SUM of BIGINT is a
// DECIMAL, COUNT is a BIGINT). Anything else yields zero.
template <typename Number>
Number ToNumber(const Value& value) {
  if (const auto* signed_value = std::get_if<int64_t>(&value)) return static_cast<Number>(*signed_value);
  if (const auto* unsigned_value = std::get_if<uint64_t>(&value)) return static_cast<Number>(*unsigned_value);
  if (const auto* real = std::get_if<double>(&value)) return static_cast<Number>(*real);
  return Number{};
}

}  // namespace

bool Row::IsNull(std::size_t column) const {
  return column >= values_.size() || std::holds_alternative<std::monostate>(values_[column]);
}

int64_t Row::Int(std::size_t column) const { return column < values_.size() ? ToNumber<int64_t>(values_[column]) : 0; }

uint64_t Row::Unsigned(std::size_t column) const {
  return column < values_.size() ? ToNumber<uint64_t>(values_[column]) : 0;
}

double Row::Double(std::size_t column) const { return column < values_.size() ? ToNumber<double>(values_[column]) : 0; }

const std::string& Row::String(std::size_t column) const {
  static const std::string* const kEmpty = new std::string;
  const auto* text = column < values_.size() ? std::get_if<std::string>(&values_[column]) : nullptr;
  return text != nullptr ? *text : *kEmpty;
}

absl::Time Row::Time(std::size_t column) const { return absl::FromUnixMicros(Int(column)); }

Uuid Row::Uuid(std::size_t column) const { return Uuid::FromBytes(String(column)); }

}  // namespace canvass::mysql
