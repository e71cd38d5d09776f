#include "server/surveys/flow/comparison_rules.h"

#include <google/protobuf/repeated_ptr_field.h>
#include <google/protobuf/struct.pb.h>

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/text/characters.h"
#include "server/conditions/condition.h"
#include "server/conditions/facts.h"
#include "server/surveys/definition/entry_rules.h"
#include "server/surveys/definition/faults.h"
#include "server/surveys/flow/comparisons.h"
#include "server/surveys/flow/field_values.h"
#include "server/surveys/flow/text_values.h"
#include "server/surveys/survey.h"

namespace canvass::surveys {
namespace {

using google::protobuf::RepeatedPtrField;
using google::protobuf::Value;

// How one kind of field reads.
enum class Reading { kNumber, kText, kBoolean, kList, kObject };

Reading ReadingOf(const v1::Question& question, bool row) {
  switch (question.kind_case()) {
    case v1::Question::kSingleChoice:
    case v1::Question::kFreeText:
    case v1::Question::kDate:
      return Reading::kText;
    case v1::Question::kMultipleChoice:
    case v1::Question::kRanking:
      return Reading::kList;
    case v1::Question::kMatrix:
      return row ? Reading::kText : Reading::kObject;
    case v1::Question::kConsent:
      return Reading::kBoolean;
    default:
      return Reading::kNumber;
  }
}

// What keeps a value that reads so from ever being compared like that; empty if nothing.
std::string KindFault(Reading reading, const v1::Comparison& compare) {
  const Value::KindCase kind = compare.value().kind_case();
  switch (reading) {
    case Reading::kNumber:
      return kind == Value::kNumberValue ? "" : "is a number; compare it with a number";
    case Reading::kText:
      return kind == Value::kStringValue ? "" : "is text; compare it with text in quotes";
    case Reading::kBoolean:
      return kind == Value::kBoolValue ? "" : "is true or false; compare it with one of these";
    case Reading::kList:
      return IsHas(compare) && kind == Value::kStringValue ? ""
                                                           : "is a list of options; ask for one with field:\"key\"";
    case Reading::kObject:
      return IsHas(compare) && kind == Value::kStringValue ? "" : "is a matrix; compare one row, as in field.row";
  }
  return "";
}

bool HasOption(const RepeatedPtrField<v1::ChoiceOption>& options, absl::string_view key) {
  return std::any_of(options.begin(), options.end(),
                     [&](const v1::ChoiceOption& option) { return absl::string_view(option.key()) == key; });
}

// That the option, row or column that is asked for does not exist; empty if it does, nullopt if none is asked for.
std::optional<std::string> OptionFault(const v1::Question& question, bool row, const v1::Comparison& compare) {
  const bool whole = ReadingOf(question, row) == Reading::kText;
  if (whole ? !IsEquality(compare) || IsWild(compare) : !IsHas(compare)) return std::nullopt;
  const std::string key = LiteralOf(compare);
  const RepeatedPtrField<v1::ChoiceOption>* options = OptionsOf(question);
  if (question.has_matrix()) options = row ? &question.matrix().columns() : &question.matrix().rows();
  if (options == nullptr) return std::nullopt;
  if (HasOption(*options, key)) return "";
  const absl::string_view what = !question.has_matrix() ? "option" : row ? "column" : "row";
  return absl::StrCat("question ", Quoted(question.key()), " has no ", what, " ", Quoted(key));
}

bool IsEverTrue(const v1::Comparison& compare, const std::vector<Value>& values) {
  return std::any_of(values.begin(), values.end(),
                     [&](const Value& value) { return conditions::IsTrueOf(compare, value); });
}

std::string RangeText(const v1::Question& question, const FieldValues& values) {
  if (values.values.empty()) return "there is no such answer";
  if (question.has_date() || question.has_number()) return "no answer is allowed to be like that";
  if (!ScaleOf(question).has_value()) return "no answer is like that";
  const Scale scale = *ScaleOf(question);
  return absl::StrCat("scores are ", scale.low, " to ", scale.high);
}

std::optional<std::string> AnswerFault(const v1::Question& question, bool row, const v1::Comparison& compare) {
  const std::string kind = KindFault(ReadingOf(question, row), compare);
  if (!kind.empty()) {
    return absl::StrCat("can never be true: an answer to question ", Quoted(question.key()), " ", kind);
  }
  const std::optional<std::string> option = OptionFault(question, row, compare);
  if (option.has_value()) return option->empty() ? std::nullopt : option;
  if (question.has_date() && compare.operator_() == v1::Comparison::OPERATOR_EQUAL && !IsWild(compare) &&
      !ParseDay(compare.value().string_value()).has_value()) {
    return absl::StrCat("can never be true: ", Quoted(compare.value().string_value()),
                        " is not a day of the calendar such as 2026-01-31");
  }
  const v1::Comparison* const comparisons[] = {&compare};
  const FieldValues values = ValuesOfAnswer(question, comparisons);
  if (!values.complete || IsEverTrue(compare, values.values)) return std::nullopt;
  return absl::StrCat("can never be true of question ", Quoted(question.key()), ": ", RangeText(question, values));
}

std::optional<std::string> ValueFault(const v1::CalculatedValue& value, const v1::Comparison& compare) {
  const std::string name = absl::StrCat("value ", Quoted(value.key()));
  if (value.has_aggregate() && !compare.value().has_number_value()) {
    return absl::StrCat("can never be true: ", name, " is a number; compare it with a number");
  }
  if (!value.has_select()) return std::nullopt;
  std::vector<Value> values;
  for (const v1::Selection::Case& each : value.select().cases()) values.push_back(each.value());
  if (IsEverTrue(compare, values)) return std::nullopt;
  return absl::StrCat("can never be true: no case of ", name, " is like that");
}

Reading ReadingOf(const v1::HiddenField& field) {
  if (field.type() == v1::HiddenField::TYPE_NUMBER) return Reading::kNumber;
  return field.type() == v1::HiddenField::TYPE_BOOLEAN ? Reading::kBoolean : Reading::kText;
}

std::optional<std::string> HiddenFault(const v1::HiddenField& field, const v1::Comparison& compare) {
  const std::string name = absl::StrCat("hidden field ", Quoted(field.key()));
  const std::string kind = KindFault(ReadingOf(field), compare);
  if (!kind.empty()) return absl::StrCat("can never be true: ", name, " ", kind);
  const std::string& text = compare.value().string_value();
  const bool exact = compare.operator_() == v1::Comparison::OPERATOR_EQUAL && !IsWild(compare);
  if (field.type() == v1::HiddenField::TYPE_DATE && exact && !ParseDay(text).has_value()) {
    return absl::StrCat("can never be true: ", Quoted(text), " is not a day of the calendar such as 2026-01-31");
  }
  const auto max_length = static_cast<std::size_t>(MaxLengthOf(field));
  if (field.type() == v1::HiddenField::TYPE_TEXT && exact && CharacterCount(LiteralOf(compare)) > max_length) {
    return absl::StrCat("can never be true: ", name, " has at most ", max_length, " characters");
  }
  const v1::Comparison* const comparisons[] = {&compare};
  const FieldValues values = ValuesOfHiddenField(field, comparisons);
  if (!values.complete || IsEverTrue(compare, values.values)) return std::nullopt;
  return absl::StrCat("can never be true: ", name, " is never like that");
}

}  // namespace

std::optional<std::string> ComparisonFault(const DefinitionMap& map, const v1::Comparison& compare) {
  if (AsksForAnything(compare)) return std::nullopt;
  const std::vector<absl::string_view> parts = absl::StrSplit(compare.field(), '.');
  if (parts[0] == "answer") {
    return AnswerFault(map.definition().questions(map.Question(parts[1])), parts.size() > 2, compare);
  }
  if (parts[0] == "value") return ValueFault(map.definition().values(map.Value(parts[1])), compare);
  if (parts[0] == "hidden") return HiddenFault(map.definition().hidden_fields(map.HiddenField(parts[1])), compare);
  return std::nullopt;
}

}  // namespace canvass::surveys
