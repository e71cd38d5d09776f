#include "server/surveys/logic/answer_fact.h"

#include <string>

namespace canvass::surveys {
namespace {

using google::protobuf::Value;

void SetList(const v1::ChoiceList& choices, Value& value) {
  google::protobuf::ListValue& list = *value.mutable_list_value();
  for (const std::string& key : choices.keys()) list.add_values()->set_string_value(key);
}

}  // namespace

std::optional<Value> AnswerFact(const v1::Answer& answer) {
  Value value;
  switch (answer.value_case()) {
    case v1::Answer::kScore:
      value.set_number_value(answer.score());
      return value;
    case v1::Answer::kNumber:
      value.set_number_value(answer.number());
      return value;
    case v1::Answer::kChoice:
      value.set_string_value(answer.choice());
      return value;
    case v1::Answer::kText:
      value.set_string_value(answer.text());
      return value;
    case v1::Answer::kDate:
      value.set_string_value(answer.date());
      return value;
    case v1::Answer::kChoices:
      SetList(answer.choices(), value);
      return value;
    case v1::Answer::kRanking:
      SetList(answer.ranking(), value);
      return value;
    case v1::Answer::kMatrix:
      value.mutable_struct_value();
      for (const auto& [row, column] : answer.matrix().columns()) {
        (*value.mutable_struct_value()->mutable_fields())[row].set_string_value(column);
      }
      return value;
    case v1::Answer::kConsent:
      value.set_bool_value(answer.consent());
      return value;
    case v1::Answer::kDismissed:
    case v1::Answer::VALUE_NOT_SET:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace canvass::surveys
