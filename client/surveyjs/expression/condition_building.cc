#include "client/surveyjs/expression/condition_building.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace canvass::surveyjs {
namespace {

constexpr int kMaxDepth = 16;
constexpr int kMaxComparisons = 100;

// The conditions with those of inner lists of the same kind in their place.
template <typename IsSame, typename ListOf>
std::vector<v1::Condition> Flattened(std::vector<v1::Condition> conditions, const IsSame& is_same,
                                     const ListOf& list_of) {
  std::vector<v1::Condition> flat;
  for (v1::Condition& condition : conditions) {
    if (!is_same(condition)) {
      flat.push_back(std::move(condition));
      continue;
    }
    for (v1::Condition& inner : *list_of(condition)->mutable_conditions()) flat.push_back(std::move(inner));
  }
  return flat;
}

// `f:* AND NOT f = v` says `f != v`.
void MergeNotEqual(std::vector<v1::Condition>& conditions) {
  for (std::size_t i = 0; i + 1 < conditions.size(); ++i) {
    const absl::string_view field = FieldThatIsThere(conditions[i]);
    const v1::Condition& next = conditions[i + 1];
    if (field.empty() || !next.has_not_() || !next.not_().has_compare()) continue;
    const v1::Comparison& equal = next.not_().compare();
    if (equal.operator_() != v1::Comparison::OPERATOR_EQUAL || absl::string_view(equal.field()) != field) continue;
    conditions[i] = Compare(equal.field(), v1::Comparison::OPERATOR_NOT_EQUAL, equal.value());
    conditions.erase(conditions.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }
}

struct Size {
  int depth = 1;
  int leaves = 0;
};

Size SizeOf(const v1::Condition& condition) {
  if (condition.has_not_()) {
    Size size = SizeOf(condition.not_());
    ++size.depth;
    return size;
  }
  if (!condition.has_all() && !condition.has_any()) return {.depth = 1, .leaves = 1};
  Size size;
  for (const v1::Condition& inner : condition.has_all() ? condition.all().conditions() : condition.any().conditions()) {
    const Size of_inner = SizeOf(inner);
    size.depth = std::max(size.depth, of_inner.depth + 1);
    size.leaves += of_inner.leaves;
  }
  return size;
}

}  // namespace

v1::Condition Always() { return {}; }

v1::Condition Never() {
  v1::Condition condition;
  condition.mutable_any();
  return condition;
}

bool IsAlways(const v1::Condition& condition) { return condition.kind_case() == v1::Condition::KIND_NOT_SET; }
bool IsNever(const v1::Condition& condition) { return condition.has_any() && condition.any().conditions().empty(); }

v1::Condition And(std::vector<v1::Condition> conditions) {
  std::vector<v1::Condition> flat = Flattened(
      std::move(conditions), [](const v1::Condition& each) { return each.has_all(); },
      [](v1::Condition& each) { return each.mutable_all(); });
  flat.erase(std::remove_if(flat.begin(), flat.end(), IsAlways), flat.end());
  if (std::any_of(flat.begin(), flat.end(), IsNever)) return Never();
  MergeNotEqual(flat);
  if (flat.empty()) return Always();
  if (flat.size() == 1) return flat[0];
  v1::Condition condition;
  for (v1::Condition& each : flat) *condition.mutable_all()->add_conditions() = std::move(each);
  return condition;
}

v1::Condition Or(std::vector<v1::Condition> conditions) {
  std::vector<v1::Condition> flat = Flattened(
      std::move(conditions), [](const v1::Condition& each) { return each.has_any(); },
      [](v1::Condition& each) { return each.mutable_any(); });
  if (std::any_of(flat.begin(), flat.end(), IsAlways)) return Always();
  if (flat.empty()) return Never();
  if (flat.size() == 1) return flat[0];
  v1::Condition condition;
  for (v1::Condition& each : flat) *condition.mutable_any()->add_conditions() = std::move(each);
  return condition;
}

v1::Condition Not(v1::Condition condition) {
  if (IsAlways(condition)) return Never();
  if (IsNever(condition)) return Always();
  if (condition.has_not_()) {
    v1::Condition inner = condition.not_();
    return inner;
  }
  v1::Condition negated;
  *negated.mutable_not_() = std::move(condition);
  return negated;
}

google::protobuf::Value TextValue(absl::string_view text) {
  google::protobuf::Value value;
  value.set_string_value(std::string(text));
  return value;
}

google::protobuf::Value NumberValue(double number) {
  google::protobuf::Value value;
  value.set_number_value(number);
  return value;
}

google::protobuf::Value BoolValue(bool truth) {
  google::protobuf::Value value;
  value.set_bool_value(truth);
  return value;
}

v1::Condition Compare(absl::string_view field, v1::Comparison::Operator op, google::protobuf::Value value) {
  v1::Condition condition;
  condition.mutable_compare()->set_field(std::string(field));
  condition.mutable_compare()->set_operator_(op);
  *condition.mutable_compare()->mutable_value() = std::move(value);
  return condition;
}

v1::Condition EqualsText(absl::string_view field, absl::string_view text) {
  std::string pattern(text);
  if (absl::EndsWith(pattern, "*")) pattern.insert(pattern.size() - 1, "\\");
  if (absl::StartsWith(pattern, "*")) pattern.insert(0, "\\");
  return Compare(field, v1::Comparison::OPERATOR_EQUAL, TextValue(pattern));
}

v1::Condition HasText(absl::string_view field, absl::string_view text) {
  return Compare(field, v1::Comparison::OPERATOR_HAS, TextValue(text == "*" ? "\\*" : text));
}

v1::Condition IsThere(absl::string_view field) { return Compare(field, v1::Comparison::OPERATOR_HAS, TextValue("*")); }

absl::string_view FieldThatIsThere(const v1::Condition& condition) {
  const v1::Comparison& compare = condition.compare();
  const bool is_there = compare.operator_() == v1::Comparison::OPERATOR_HAS && compare.value().string_value() == "*";
  return is_there ? absl::string_view(compare.field()) : absl::string_view();
}

absl::Status CheckSize(const v1::Condition& condition) {
  const Size size = SizeOf(condition);
  if (size.depth > kMaxDepth) {
    return absl::InvalidArgumentError(
        absl::StrCat("is nested ", size.depth, " deep; conditions are nested at most ", kMaxDepth, " deep"));
  }
  if (size.leaves > kMaxComparisons) {
    return absl::InvalidArgumentError(
        absl::StrCat("has ", size.leaves, " comparisons; conditions have at most ", kMaxComparisons));
  }
  return absl::OkStatus();
}

}  // namespace canvass::surveyjs
