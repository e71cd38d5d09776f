#include "server/conditions/condition.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/error.h"
#include "server/base/text/characters.h"
#include "server/conditions/condition_text.h"
#include "server/conditions/facts.h"

namespace canvass::conditions {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// Comparisons, and conditions that say nothing, all count: a condition of nothing but empty lists takes time as well.
constexpr int kMaxLeaves = kMaxComparisons;
constexpr int kMaxListLength = 100;

bool IsOrder(v1::Comparison::Operator op) {
  return op == v1::Comparison::OPERATOR_LESS || op == v1::Comparison::OPERATOR_LESS_OR_EQUAL ||
         op == v1::Comparison::OPERATOR_GREATER || op == v1::Comparison::OPERATOR_GREATER_OR_EQUAL;
}

class Normalizer {
 public:
  explicit Normalizer(absl::Span<const absl::string_view> roots) : roots_(roots) {}

  absl::Status Run(absl::string_view field, v1::Condition& condition) {
    Normalize(std::string(field), 1, condition);
    if (leaves_ > kMaxLeaves) {
      violations_.Add(field, absl::StrCat("has more than ", kMaxComparisons, " comparisons"));
    }
    return violations_.ToStatus(v1::ERROR_REASON_INVALID_CONDITION);
  }

 private:
  void Normalize(const std::string& path, int depth, v1::Condition& condition) {
    if (Done()) return;
    if (depth > kMaxDepth) {
      return violations_.Add(path, absl::StrCat("is nested more than ", kMaxDepth, " deep"));
    }
    switch (condition.kind_case()) {
      case v1::Condition::kAll:
        return NormalizeList(path + ".all", depth, *condition.mutable_all());
      case v1::Condition::kAny:
        return NormalizeList(path + ".any", depth, *condition.mutable_any());
      case v1::Condition::kNot:
        return Normalize(path + ".not", depth + 1, *condition.mutable_not_());
      case v1::Condition::kCompare:
        ++leaves_;
        return CheckComparison(path + ".compare", condition.compare());
      case v1::Condition::kText:
        return NormalizeText(path + ".text", depth, condition);
      case v1::Condition::KIND_NOT_SET:
        ++leaves_;
        return;
    }
  }

  void NormalizeList(const std::string& path, int depth, v1::ConditionList& list) {
    if (list.conditions().empty()) ++leaves_;
    if (list.conditions_size() > kMaxListLength) {
      return violations_.Add(path + ".conditions", absl::StrCat("has ", list.conditions_size(), " items; at most ",
                                                                kMaxListLength, " are allowed"));
    }
    for (int i = 0; i < list.conditions_size() && !Done(); ++i) {
      Normalize(absl::StrCat(path, ".conditions[", i, "]"), depth + 1, *list.mutable_conditions(i));
    }
  }

  void NormalizeText(const std::string& path, int depth, v1::Condition& condition) {
    absl::StatusOr<v1::Condition> parsed = ParseCondition(condition.text());
    if (!parsed.ok()) return violations_.Add(path, parsed.status().message());
    condition = *std::move(parsed);
    // The caller wrote none of the parsed parts, so whatever is wrong with them is told of the text.
    Violations outer = std::exchange(violations_, Violations());
    Normalize("", depth, condition);
    std::swap(outer, violations_);
    for (const FieldViolation& violation : outer.list()) violations_.Add(path, violation.description);
  }

  void CheckComparison(const std::string& path, const v1::Comparison& compare) {
    if (!IsFactPath(compare.field(), roots_)) {
      violations_.Add(
          path + ".field",
          absl::StrCat("'", Shorten(compare.field(), kMaxPathBytes), "' is not a path of at most ", kMaxPathBytes,
                       " bytes that starts with one of: ", absl::StrJoin(roots_, ".x, "), ".x"));
    }
    if (!v1::Comparison::Operator_IsValid(compare.operator_()) ||
        compare.operator_() == v1::Comparison::OPERATOR_UNSPECIFIED) {
      violations_.Add(path + ".operator", "must be one of the operators other than OPERATOR_UNSPECIFIED");
    }
    CheckValue(path + ".value", compare);
  }

  void CheckValue(const std::string& path, const v1::Comparison& compare) {
    const Value& value = compare.value();
    switch (value.kind_case()) {
      case Value::kNumberValue:
        if (!std::isfinite(value.number_value())) violations_.Add(path, "must be a finite number");
        return;
      case Value::kStringValue:
        if (value.string_value().size() > kMaxTextBytes) {
          violations_.Add(path, absl::StrCat("has ", value.string_value().size(), " bytes; at most ", kMaxTextBytes,
                                             " are allowed"));
        }
        return;
      case Value::kBoolValue:
        if (IsOrder(compare.operator_())) violations_.Add(path, "true and false have no order; use = or !=");
        return;
      default:
        violations_.Add(path,
                        "must be text, a number or a boolean; use NOT field:* to find where a field is not there");
    }
  }

  // Enough is known; the rest of a hostile condition need not be walked.
  bool Done() const { return leaves_ > kMaxLeaves || violations_.list().size() >= Violations::kMaxReported; }

  const absl::Span<const absl::string_view> roots_;
  Violations violations_;
  int leaves_ = 0;
};

// Whether `text` fits `pattern`, in which `*` at the start or end stands for anything and `\*` there for a star.
bool MatchesPattern(absl::string_view text, absl::string_view pattern) {
  const bool open_start = absl::StartsWith(pattern, "*");
  if (open_start) pattern.remove_prefix(1);
  const bool literal_start = !open_start && absl::StartsWith(pattern, "\\*");
  if (literal_start) pattern.remove_prefix(1);
  std::string unescaped;
  bool open_end = false;
  if (pattern.size() > (literal_start ? 1 : 0) && pattern.back() == '*') {
    if (absl::EndsWith(pattern, "\\*")) {
      unescaped = absl::StrCat(pattern.substr(0, pattern.size() - 2), "*");
      pattern = unescaped;
    } else {
      open_end = true;
      pattern.remove_suffix(1);
    }
  }
  if (open_start && open_end) return absl::StrContains(text, pattern);
  if (open_start) return absl::EndsWith(text, pattern);
  if (open_end) return absl::StartsWith(text, pattern);
  return text == pattern;
}

bool Equal(const Value& fact, const Value& value) {
  if (fact.kind_case() != value.kind_case()) return false;
  switch (value.kind_case()) {
    case Value::kNumberValue:
      return fact.number_value() == value.number_value();
    case Value::kBoolValue:
      return fact.bool_value() == value.bool_value();
    case Value::kStringValue:
      return MatchesPattern(fact.string_value(), value.string_value());
    default:
      return false;
  }
}

// -1, 0 or 1 as `fact` is before, at or behind `value`; nullopt if they have no order.
std::optional<int> Order(const Value& fact, const Value& value) {
  if (fact.has_number_value() && value.has_number_value()) {
    const double a = fact.number_value();
    const double b = value.number_value();
    if (std::isnan(a) || std::isnan(b)) return std::nullopt;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  if (fact.has_string_value() && value.has_string_value()) {
    const int order = absl::string_view(fact.string_value()).compare(value.string_value());
    return std::clamp(order, -1, 1);
  }
  return std::nullopt;
}

// The text of a has comparison, in which `\*` alone says a star, since `*` alone asks whether there is anything.
absl::string_view HasText(const Value& value) {
  const absl::string_view text = value.string_value();
  return text == "\\*" ? text.substr(1) : text;
}

bool SameScalar(const Value& fact, const Value& value) {
  if (fact.has_string_value() && value.has_string_value()) return fact.string_value() == HasText(value);
  return Equal(fact, value);
}

// `fact:value` for what stands at the end of the path.
bool Has(const Value& fact, const Value& value) {
  switch (fact.kind_case()) {
    case Value::kListValue:
      return std::any_of(fact.list_value().values().begin(), fact.list_value().values().end(),
                         [&](const Value& element) { return SameScalar(element, value); });
    case Value::kStructValue:
      return value.has_string_value() && fact.struct_value().fields().contains(std::string(HasText(value)));
    case Value::kStringValue:
      return value.has_string_value() && absl::StrContains(fact.string_value(), HasText(value));
    default:
      return Equal(fact, value);
  }
}

// Whether `visit` is true of the value at `path`, or of one of them where the path leads through lists. The depth of a
// walk is the number of parts of the path and of lists within lists, which CheckFacts bounds.
template <typename Visit>
bool AnyAt(const Value& value, absl::string_view path, const Visit& visit) {
  if (path.empty()) return visit(value);
  if (value.has_list_value()) {
    return std::any_of(value.list_value().values().begin(), value.list_value().values().end(),
                       [&](const Value& element) { return AnyAt(element, path, visit); });
  }
  if (!value.has_struct_value()) return false;
  const std::size_t dot = path.find('.');
  const auto found = value.struct_value().fields().find(std::string(path.substr(0, dot)));
  if (found == value.struct_value().fields().end()) return false;
  return AnyAt(found->second, dot == absl::string_view::npos ? absl::string_view() : path.substr(dot + 1), visit);
}

bool EvaluateComparison(const v1::Comparison& compare, const Struct& facts) {
  const absl::string_view path = compare.field();
  if (compare.operator_() != v1::Comparison::OPERATOR_HAS) {
    const Value* fact = Find(facts, path);
    return fact != nullptr && IsTrueOf(compare, *fact);
  }
  const std::size_t dot = path.find('.');
  const auto root = facts.fields().find(std::string(path.substr(0, dot)));
  if (root == facts.fields().end() || dot == absl::string_view::npos) return false;
  return AnyAt(root->second, path.substr(dot + 1), [&](const Value& fact) { return IsTrueOf(compare, fact); });
}

bool EvaluateAt(int depth, const v1::Condition& condition, const Struct& facts) {
  if (depth > kMaxDepth) return false;
  const auto inner = [&](const v1::Condition& each) { return EvaluateAt(depth + 1, each, facts); };
  switch (condition.kind_case()) {
    case v1::Condition::kAll:
      return std::all_of(condition.all().conditions().begin(), condition.all().conditions().end(), inner);
    case v1::Condition::kAny:
      return std::any_of(condition.any().conditions().begin(), condition.any().conditions().end(), inner);
    case v1::Condition::kNot:
      return !inner(condition.not_());
    case v1::Condition::kCompare:
      return EvaluateComparison(condition.compare(), facts);
    case v1::Condition::kText:
      return false;
    case v1::Condition::KIND_NOT_SET:
      return true;
  }
  return false;
}

}  // namespace

absl::Status NormalizeCondition(absl::string_view field, absl::Span<const absl::string_view> roots,
                                v1::Condition& condition) {
  return Normalizer(roots).Run(field, condition);
}

bool IsTrueOf(const v1::Comparison& compare, const Value& fact) {
  if (fact.has_null_value() || fact.kind_case() == Value::KIND_NOT_SET) return false;
  switch (compare.operator_()) {
    case v1::Comparison::OPERATOR_HAS:
      return compare.value().string_value() == "*" || Has(fact, compare.value());
    case v1::Comparison::OPERATOR_EQUAL:
      return Equal(fact, compare.value());
    case v1::Comparison::OPERATOR_NOT_EQUAL:
      return !Equal(fact, compare.value());
    case v1::Comparison::OPERATOR_LESS:
      return Order(fact, compare.value()) == -1;
    case v1::Comparison::OPERATOR_LESS_OR_EQUAL:
      return Order(fact, compare.value()).value_or(1) <= 0;
    case v1::Comparison::OPERATOR_GREATER:
      return Order(fact, compare.value()) == 1;
    case v1::Comparison::OPERATOR_GREATER_OR_EQUAL:
      return Order(fact, compare.value()).value_or(-1) >= 0;
    default:
      return false;
  }
}

bool Evaluate(const v1::Condition& condition, const Struct& facts) { return EvaluateAt(1, condition, facts); }

}  // namespace canvass::conditions
