#include "server/surveys/publishing/trials.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_split.h"

namespace canvass::surveys {
namespace {

using google::protobuf::RepeatedPtrField;
using google::protobuf::Struct;
using google::protobuf::Value;

v1::Answer& AnswerTo(const std::string& question, RepeatedPtrField<v1::Answer>& answers) {
  for (v1::Answer& answer : answers) {
    if (answer.question() == question) return answer;
  }
  v1::Answer& answer = *answers.Add();
  answer.set_question(question);
  return answer;
}

void SetKeys(const Value& list, v1::ChoiceList& keys) {
  for (const Value& key : list.list_value().values()) keys.add_keys(key.string_value());
}

// Makes `answer` one that reads as `value`.
void SetAnswer(const v1::Question& question, const std::string& row, const Value& value, v1::Answer& answer) {
  switch (question.kind_case()) {
    case v1::Question::kSingleChoice:
      return answer.set_choice(value.string_value());
    case v1::Question::kMultipleChoice:
      return SetKeys(value, *answer.mutable_choices());
    case v1::Question::kRanking:
      return SetKeys(value, *answer.mutable_ranking());
    case v1::Question::kMatrix:
      (*answer.mutable_matrix()->mutable_columns())[row] = value.string_value();
      return;
    case v1::Question::kFreeText:
      return answer.set_text(value.string_value());
    case v1::Question::kDate:
      return answer.set_date(value.string_value());
    case v1::Question::kNumber:
      return answer.set_number(value.number_value());
    case v1::Question::kConsent:
      return answer.set_consent(value.bool_value());
    default:
      return answer.set_score(static_cast<int>(value.number_value()));
  }
}

void SetFact(absl::string_view path, const Value& value, Struct& facts) {
  const std::vector<std::string> parts = absl::StrSplit(path, '.');
  Struct* object = &facts;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    object = (*object->mutable_fields())[parts[i]].mutable_struct_value();
  }
  (*object->mutable_fields())[parts.back()] = value;
}

// A step of splitmix64 (Steele, Lea, Flood 2014): well mixed from any seed.
uint64_t Mix(uint64_t& state) {
  state += 0x9e3779b97f4a7c15ULL;
  uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
  return mixed ^ (mixed >> 31);
}

}  // namespace

Trials::Trials(const Influences& influences, std::vector<int> fields, Absence absence,
               const v1::SurveyDefinition& definition)
    : influences_(influences),
      definition_(definition),
      fields_(std::move(fields)),
      absence_(absence),
      choices_(fields_.size()) {
  for (int field : fields_) {
    complete_ = complete_ && influences_.fields()[field].complete;
    if (count_ < kMany) count_ *= ChoicesOf(field);
  }
  count_ = std::min(count_, kMany);
}

int Trials::ChoicesOf(int field) const {
  const InfluentialField& influential = influences_.fields()[field];
  // A field without any value is absent.
  const bool absent = absence_ == Absence::kOfAll || influential.may_be_absent || influential.values.empty();
  return static_cast<int>(influential.values.size()) + (absent ? 1 : 0);
}

bool Trials::Next() {
  if (std::exchange(started_, true)) {
    std::size_t digit = 0;
    while (digit < fields_.size() && ++choices_[digit] == ChoicesOf(fields_[digit])) choices_[digit++] = 0;
    if (digit == fields_.size()) return false;
  }
  Make();
  return true;
}

void Trials::Pick(uint64_t seed) {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    choices_[i] = static_cast<int>(Mix(seed) % static_cast<uint64_t>(ChoicesOf(fields_[i])));
  }
  Make();
}

void Trials::Make() {
  answers_.Clear();
  facts_.Clear();
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const InfluentialField& field = influences_.fields()[fields_[i]];
    if (static_cast<std::size_t>(choices_[i]) >= field.values.size()) continue;
    const Value& value = field.values[choices_[i]];
    if (field.question < 0) {
      SetFact(field.path, value, facts_);
    } else {
      const v1::Question& question = definition_.questions(field.question);
      SetAnswer(question, field.row, value, AnswerTo(question.key(), answers_));
    }
  }
}

}  // namespace canvass::surveys
