#include "client/surveyjs/expression/condition_of.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/surveyjs/expression/condition_building.h"
#include "client/surveyjs/expression/loose_values.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {
namespace {

using nlohmann::json;
using Result = absl::StatusOr<v1::Condition>;

absl::Status Cannot(absl::string_view reason) { return absl::InvalidArgumentError(reason); }

absl::Status CannotCall(const Expression& call) {
  return Cannot(absl::StrCat("calls the function ", Shortened(call.name, 40), "()"));
}

bool IsOrder(absl::string_view op) { return op == "<" || op == "<=" || op == ">" || op == ">="; }

v1::Comparison::Operator OrderOf(absl::string_view op) {
  if (op == "<") return v1::Comparison::OPERATOR_LESS;
  if (op == "<=") return v1::Comparison::OPERATOR_LESS_OR_EQUAL;
  if (op == ">") return v1::Comparison::OPERATOR_GREATER;
  return v1::Comparison::OPERATOR_GREATER_OR_EQUAL;
}

absl::string_view Flipped(absl::string_view op) {
  if (op == "<") return ">";
  if (op == "<=") return ">=";
  if (op == ">") return "<";
  if (op == ">=") return "<=";
  return op;
}

bool HasLetter(absl::string_view text) {
  return absl::c_any_of(text, [](char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); });
}

class Builder {
 public:
  Builder(Resolve resolve, std::vector<std::string>& caveats) : resolve_(resolve), caveats_(caveats) {}

  Result Build(const Expression& expression) {
    switch (expression.kind) {
      case Expression::Kind::kConstant:
        return IsTruthy(expression.constant) ? Always() : Never();
      case Expression::Kind::kVariable:
        return BuildTruth(expression.name);
      case Expression::Kind::kList:
        return Cannot("has a list where a condition should be");
      case Expression::Kind::kFunction:
        return CannotCall(expression);
      case Expression::Kind::kOperation:
        return BuildOperation(expression);
    }
    return Cannot("is not a condition");
  }

 private:
  static bool IsTruthy(const json& value) {
    if (IsEmpty(value) || LooseBool(value) == false) return false;
    return LooseNumber(value) != 0.0;
  }

  Result BuildOperation(const Expression& operation) {
    const absl::string_view name = operation.name;
    if (name == "and" || name == "or") return BuildJunction(operation);
    if (name == "not") {
      Result inner = Build(operation.operands[0]);
      return inner.ok() ? Result(Not(*std::move(inner))) : inner;
    }
    if (name == "empty" || name == "notempty") return BuildPresence(operation);
    if (name == "+" || name == "-" || name == "*" || name == "/" || name == "%" || name == "^") {
      return Cannot(absl::StrCat("calculates with '", name, "'"));
    }
    return BuildComparison(operation);
  }

  Result BuildJunction(const Expression& operation) {
    std::vector<v1::Condition> conditions;
    for (const Expression& operand : operation.operands) {
      Result condition = Build(operand);
      if (!condition.ok()) return condition;
      conditions.push_back(*std::move(condition));
    }
    return operation.name == "and" ? And(std::move(conditions)) : Or(std::move(conditions));
  }

  Result BuildPresence(const Expression& operation) {
    const Expression& operand = operation.operands[0];
    if (operand.kind != Expression::Kind::kVariable) return Cannot("asks whether something calculated is empty");
    absl::StatusOr<Reference> reference = resolve_(operand.name);
    if (!reference.ok()) return reference.status();
    return operation.name == "notempty" ? IsThere(reference->field) : Not(IsThere(reference->field));
  }

  // `{name}` alone.
  Result BuildTruth(const std::string& name) {
    absl::StatusOr<Reference> reference = resolve_(name);
    if (!reference.ok()) return reference.status();
    switch (reference->kind) {
      case Reference::Kind::kBoolean:
        return Compare(reference->field, v1::Comparison::OPERATOR_EQUAL, BoolValue(true));
      case Reference::Kind::kNumber:
        return Compare(reference->field, v1::Comparison::OPERATOR_NOT_EQUAL, NumberValue(0));
      case Reference::Kind::kOption:
        return OneOf(*reference, IsTruthy);
      default:
        return IsThere(reference->field);
    }
  }

  Result BuildComparison(const Expression& operation) {
    if (operation.operands.size() != 2) return Cannot("compares more than two values");
    const Expression& left = operation.operands[0];
    const Expression& right = operation.operands[1];
    const bool left_is_name = left.kind == Expression::Kind::kVariable;
    const bool right_is_name = right.kind == Expression::Kind::kVariable;
    if (left_is_name && right_is_name) return Cannot("compares one answer with another");
    absl::string_view op = operation.name;
    if (!left_is_name && right_is_name) {
      if (!IsOrder(op) && op != "=" && op != "!=") return Cannot("looks for an answer within a constant");
      return BuildWith(right.name, Flipped(op), left);
    }
    if (left_is_name) return BuildWith(left.name, op, right);
    return BuildConstant(left, op, right);
  }

  static Result BuildConstant(const Expression& left, absl::string_view op, const Expression& right) {
    for (const Expression& side : {left, right}) {
      if (side.kind == Expression::Kind::kFunction) return CannotCall(side);
      if (side.kind != Expression::Kind::kConstant) return Cannot("compares something calculated");
    }
    if (op == "=" || IsOrder(op)) return LooselyOrdered(left.constant, op, right.constant) ? Always() : Never();
    if (op == "!=") return LooselyEqual(left.constant, right.constant) ? Never() : Always();
    return Cannot("compares constants");
  }

  // `{name} op constants`.
  Result BuildWith(const std::string& name, absl::string_view op, const Expression& right) {
    absl::StatusOr<std::vector<json>> constants = ConstantsOf(right);
    if (!constants.ok()) return constants.status();
    absl::StatusOr<Reference> reference = resolve_(name);
    if (!reference.ok()) return reference.status();
    const bool list = right.kind == Expression::Kind::kList;
    if ((op == "=" || op == "!=") && (constants->empty() || (!list && IsEmpty((*constants)[0])))) {
      return op == "=" ? Not(IsThere(reference->field)) : IsThere(reference->field);
    }
    if (op == "!=" || op == "notcontains" || op == "noneof") {
      Result positive = BuildPositive(*reference,
                                      op == "!="       ? "="
                                      : op == "noneof" ? "anyof"
                                                       : "contains",
                                      *constants, list);
      return positive.ok() ? Result(Not(*std::move(positive))) : positive;
    }
    return BuildPositive(*reference, op, *constants, list);
  }

  static absl::StatusOr<std::vector<json>> ConstantsOf(const Expression& right) {
    if (right.kind == Expression::Kind::kConstant) return std::vector<json>{right.constant};
    if (right.kind == Expression::Kind::kFunction) return CannotCall(right);
    if (right.kind != Expression::Kind::kList) return Cannot("compares with something calculated");
    std::vector<json> constants;
    for (const Expression& item : right.operands) {
      if (item.kind != Expression::Kind::kConstant) return Cannot("has a list of more than constants");
      constants.push_back(item.constant);
    }
    return constants;
  }

  Result BuildPositive(const Reference& reference, absl::string_view op, const std::vector<json>& constants,
                       bool list) {
    if (reference.kind == Reference::Kind::kObject) return Cannot("compares a whole matrix");
    const bool of_options = reference.kind == Reference::Kind::kOptions || reference.kind == Reference::Kind::kRanking;
    if (of_options) return BuildOptions(reference, op, constants, list);
    if (list && op != "anyof" && op != "allof") {
      if (constants.size() != 1) return Cannot("compares a single answer with a list");
      return BuildScalar(reference, op, constants[0]);
    }
    std::vector<v1::Condition> conditions;
    for (const json& constant : constants) {
      Result condition = BuildScalar(reference, op == "anyof" || op == "allof" ? "=" : op, constant);
      if (!condition.ok()) return condition;
      conditions.push_back(*std::move(condition));
    }
    return op == "allof" ? And(std::move(conditions)) : Or(std::move(conditions));
  }

  // A list of options: of a multiple choice or ranking.
  Result BuildOptions(const Reference& reference, absl::string_view op, const std::vector<json>& constants, bool list) {
    if (IsOrder(op)) return Cannot(absl::StrCat("compares several choices by '", op, "'"));
    std::vector<v1::Condition> chosen;
    for (const json& constant : constants) {
      std::vector<v1::Condition> same;
      for (const Reference::Option& option : reference.options) {
        if (LooselyEqual(option.value, constant)) same.push_back(HasText(reference.field, option.key));
      }
      chosen.push_back(Or(std::move(same)));
    }
    if (op == "anyof") return Or(std::move(chosen));
    if (op == "=" && list) return BuildSameOptions(reference, constants, std::move(chosen));
    if (op == "=") Caveat("a list of choices never equals one value in SurveyJS; read as 'contains'");
    return And(std::move(chosen));
  }

  // Those and no others.
  static Result BuildSameOptions(const Reference& reference, const std::vector<json>& constants,
                                 std::vector<v1::Condition> conditions) {
    if (reference.kind == Reference::Kind::kRanking) return Cannot("compares a whole ranking");
    for (const Reference::Option& option : reference.options) {
      const bool wanted =
          absl::c_any_of(constants, [&](const json& constant) { return LooselyEqual(option.value, constant); });
      if (!wanted) conditions.push_back(Not(HasText(reference.field, option.key)));
    }
    return And(std::move(conditions));
  }

  Result BuildScalar(const Reference& reference, absl::string_view op, const json& constant) {
    switch (reference.kind) {
      case Reference::Kind::kNumber:
        return BuildNumber(reference, op, constant);
      case Reference::Kind::kBoolean:
        return BuildBoolean(reference, op, constant);
      case Reference::Kind::kOption:
        return OneOf(reference, [&](const json& value) {
          return op == "contains" ? LooselyContains(value, constant) : LooselyOrdered(value, op, constant);
        });
      case Reference::Kind::kText:
        return BuildText(reference, op, constant);
      default:
        return BuildFact(reference, op, constant);
    }
  }

  static Result BuildNumber(const Reference& reference, absl::string_view op, const json& constant) {
    const std::optional<double> number = LooseNumber(constant);
    if (op == "contains") return Cannot("looks for a part of a number");
    if (!number.has_value() && op == "=") return Never();
    if (!number.has_value()) return Cannot(absl::StrCat("compares a number with ", Quoted(LooseText(constant))));
    return Compare(reference.field, op == "=" ? v1::Comparison::OPERATOR_EQUAL : OrderOf(op), NumberValue(*number));
  }

  static Result BuildBoolean(const Reference& reference, absl::string_view op, const json& constant) {
    const std::optional<bool> truth = LooseBool(constant);
    if (op != "=") return Cannot(absl::StrCat("compares yes and no by '", op, "'"));
    if (!truth.has_value()) return Never();
    return Compare(reference.field, v1::Comparison::OPERATOR_EQUAL, BoolValue(*truth));
  }

  Result BuildText(const Reference& reference, absl::string_view op, const json& constant) {
    if (IsOrder(op) && !constant.is_string()) {
      return Cannot("compares a text with a number; give its question the inputType 'number'");
    }
    const std::string text = LooseText(constant);
    if (IsOrder(op)) return Compare(reference.field, OrderOf(op), TextValue(text));
    if (HasLetter(text)) Caveat("SurveyJS compares texts whatever their case, Canvass does not");
    return op == "contains" ? HasText(reference.field, text) : EqualsText(reference.field, text);
  }

  static Result BuildFact(const Reference& reference, absl::string_view op, const json& constant) {
    if (op == "contains") return HasText(reference.field, LooseText(constant));
    if (constant.is_string() && op == "=") return EqualsText(reference.field, constant.get<std::string>());
    if (constant.is_boolean() && op != "=") return Cannot("compares true or false by order");
    google::protobuf::Value value = constant.is_number()    ? NumberValue(constant.get<double>())
                                    : constant.is_boolean() ? BoolValue(constant.get<bool>())
                                                            : TextValue(LooseText(constant));
    return Compare(reference.field, op == "=" ? v1::Comparison::OPERATOR_EQUAL : OrderOf(op), std::move(value));
  }

  template <typename Wanted>
  static v1::Condition OneOf(const Reference& reference, const Wanted& wanted) {
    std::vector<v1::Condition> conditions;
    for (const Reference::Option& option : reference.options) {
      if (wanted(option.value)) conditions.push_back(EqualsText(reference.field, option.key));
    }
    return Or(std::move(conditions));
  }

  void Caveat(absl::string_view caveat) {
    if (!absl::c_linear_search(caveats_, caveat)) caveats_.emplace_back(caveat);
  }

  Resolve resolve_;
  std::vector<std::string>& caveats_;
};

}  // namespace

Result ConditionOf(const Expression& expression, Resolve resolve, std::vector<std::string>& caveats) {
  Result condition = Builder(resolve, caveats).Build(expression);
  if (!condition.ok()) return condition;
  const absl::Status size = CheckSize(*condition);
  if (!size.ok()) return size;
  return condition;
}

}  // namespace canvass::surveyjs
