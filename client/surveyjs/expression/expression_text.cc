#include "client/surveyjs/expression/expression_text.h"

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "client/surveyjs/expression/condition_building.h"
#include "client/surveyjs/expression/loose_values.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {
namespace {

using google::protobuf::Value;
using Result = absl::StatusOr<std::string>;

absl::Status Cannot(absl::string_view reason) { return absl::InvalidArgumentError(reason); }

// The text that `pattern` equals; InvalidArgument if a star of it stands for anything.
Result LiteralOf(absl::string_view pattern) {
  std::string text(pattern);
  if (absl::StartsWith(text, "*") || (absl::EndsWith(text, "*") && !absl::EndsWith(text, "\\*"))) {
    return Cannot(absl::StrCat("compares with ", Quoted(pattern), ", whose star stands for anything"));
  }
  if (text.size() > 2 && absl::EndsWith(text, "\\*")) text.erase(text.size() - 2, 1);
  if (absl::StartsWith(text, "\\*")) text.erase(0, 1);
  return text;
}

absl::string_view SignOf(v1::Comparison::Operator op) {
  switch (op) {
    case v1::Comparison::OPERATOR_LESS:
      return "<";
    case v1::Comparison::OPERATOR_LESS_OR_EQUAL:
      return "<=";
    case v1::Comparison::OPERATOR_GREATER:
      return ">";
    case v1::Comparison::OPERATOR_GREATER_OR_EQUAL:
      return ">=";
    case v1::Comparison::OPERATOR_HAS:
      return "contains";
    default:
      return "=";
  }
}

class Writer {
 public:
  explicit Writer(NameOf name_of) : name_of_(name_of) {}

  Result Write(const v1::Condition& condition) {
    switch (condition.kind_case()) {
      case v1::Condition::kAll:
        return WriteList(condition.all(), " and ", "true");
      case v1::Condition::kAny:
        return WriteList(condition.any(), " or ", "false");
      case v1::Condition::kNot:
        return WriteNot(condition.not_());
      case v1::Condition::kCompare:
        return WriteCompare(condition.compare(), SignOf(condition.compare().operator_()));
      case v1::Condition::kText:
        return Cannot("is in its text form");
      case v1::Condition::KIND_NOT_SET:
        return std::string("true");
    }
    return Cannot("is no condition");
  }

 private:
  Result WriteList(const v1::ConditionList& list, absl::string_view junction, absl::string_view otherwise) {
    if (list.conditions().empty()) return std::string(otherwise);
    std::vector<std::string> parts;
    for (const v1::Condition& inner : list.conditions()) {
      Result part = Write(inner);
      if (!part.ok()) return part;
      const bool parentheses = list.conditions_size() > 1 && (inner.has_all() || inner.has_any());
      parts.push_back(parentheses ? absl::StrCat("(", *part, ")") : *std::move(part));
    }
    return absl::StrJoin(parts, junction);
  }

  Result WriteNot(const v1::Condition& inner) {
    const absl::string_view field = FieldThatIsThere(inner);
    if (!field.empty()) return absl::StrCat(Name(field), " empty");
    // SurveyJS has words for these two, which are true of a missing answer as well.
    const v1::Comparison::Operator op = inner.compare().operator_();
    if (op == v1::Comparison::OPERATOR_EQUAL) return WriteCompare(inner.compare(), "<>");
    if (op == v1::Comparison::OPERATOR_HAS) return WriteCompare(inner.compare(), "notcontains");
    Result text = Write(inner);
    return text.ok() ? Result(absl::StrCat("!(", *text, ")")) : text;
  }

  // `op` stands for the operator that the comparison has, as it is or negated.
  Result WriteCompare(const v1::Comparison& compare, absl::string_view op) {
    const std::string name = Name(compare.field());
    Value literal = compare.value();
    if (compare.operator_() == v1::Comparison::OPERATOR_HAS) {
      if (literal.string_value() == "*") return absl::StrCat(name, " notempty");
      if (literal.string_value() == "\\*") literal.set_string_value("*");
    }
    const bool equality = compare.operator_() == v1::Comparison::OPERATOR_EQUAL ||
                          compare.operator_() == v1::Comparison::OPERATOR_NOT_EQUAL;
    if (literal.has_string_value() && equality) {
      Result text = LiteralOf(literal.string_value());
      if (!text.ok()) return text;
      literal.set_string_value(*text);
    }
    const std::string constant = ConstantText(literal);
    if (compare.operator_() == v1::Comparison::OPERATOR_NOT_EQUAL) {
      // True of a missing answer in SurveyJS, but not here.
      return absl::StrCat("(", name, " notempty and ", name, " <> ", constant, ")");
    }
    return absl::StrCat(name, " ", op, " ", constant);
  }

  std::string Name(absl::string_view field) { return absl::StrCat("{", name_of_(field), "}"); }

  NameOf name_of_;
};

}  // namespace

Result ExpressionText(const v1::Condition& condition, NameOf name_of) { return Writer(name_of).Write(condition); }

std::string ConstantText(const Value& value) {
  if (value.has_bool_value()) return value.bool_value() ? "true" : "false";
  if (value.has_number_value()) {
    const double number = value.number_value();
    const bool whole = std::abs(number) < 1e15 && number == std::trunc(number);
    return whole ? absl::StrCat(static_cast<int64_t>(number)) : LooseText(nlohmann::json(number));
  }
  return absl::StrCat("'", absl::StrReplaceAll(value.string_value(), {{"'", "\\'"}, {"\"", "\\\""}}), "'");
}

}  // namespace canvass::surveyjs
