#include "server/surveys/texts/piped_fact.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "server/conditions/facts.h"
#include "server/surveys/survey.h"
#include "server/surveys/texts/languages.h"
#include "server/surveys/texts/pipes.h"

namespace canvass::surveys {
namespace {

using google::protobuf::RepeatedPtrField;
using google::protobuf::Value;

// How a respondent reads the keys that an answer to `question` holds.
class OptionReader {
 public:
  OptionReader(const v1::SurveyDefinition& definition, absl::string_view language, const v1::Question& question,
               const RepeatedPtrField<v1::Answer>& answers)
      : definition_(definition), language_(language), question_(question), answers_(answers) {}

  std::string Text(const std::string& key) const {
    const RepeatedPtrField<v1::ChoiceOption>* options =
        question_.has_matrix() ? &question_.matrix().columns() : OptionsOf(question_);
    if (options == nullptr) return key;
    for (const v1::ChoiceOption& option : *options) {
      if (option.key() != key) continue;
      std::string written = option.other() ? OtherText() : "";
      return written.empty() ? std::string(TextIn(option.text(), language_, definition_.default_language())) : written;
    }
    return key;
  }

 private:
  std::string OtherText() const {
    for (const v1::Answer& answer : answers_) {
      if (answer.question() == question_.key()) return answer.other_text();
    }
    return "";
  }

  const v1::SurveyDefinition& definition_;
  const absl::string_view language_;
  const v1::Question& question_;
  const RepeatedPtrField<v1::Answer>& answers_;
};

}  // namespace

std::optional<std::string> PipedFact(const v1::SurveyDefinition& definition, absl::string_view language,
                                     const google::protobuf::Struct& facts, const RepeatedPtrField<v1::Answer>& answers,
                                     absl::string_view path) {
  const Value* fact = conditions::Find(facts, path);
  if (fact == nullptr) return std::nullopt;
  const v1::Question* question = nullptr;
  if (absl::StartsWith(path, "answer.")) {
    absl::string_view key = absl::StripPrefix(path, "answer.");
    question = FindQuestion(definition, key.substr(0, key.find('.')));
  }
  const auto read = [&](const Value& value) -> std::string {
    if (question == nullptr || !value.has_string_value()) return conditions::FactText(value);
    return OptionReader(definition, language, *question, answers).Text(value.string_value());
  };
  std::string text;
  if (fact->has_list_value()) {
    std::vector<std::string> parts;
    for (const Value& value : fact->list_value().values()) parts.push_back(read(value));
    text = absl::StrJoin(parts, ", ");
  } else {
    text = read(*fact);
  }
  if (text.empty()) return std::nullopt;
  return PipedText(text);
}

}  // namespace canvass::surveys
