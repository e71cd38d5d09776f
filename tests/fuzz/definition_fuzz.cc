// Bytes read as a survey definition: whatever they are, checking them ends, and what publishing accepts can be walked
// through by respondents who answer anything.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/error.h"
#include "server/surveys/definition/check_definition.h"
#include "server/surveys/logic/walk.h"
#include "server/surveys/publishing/check_for_publish.h"
#include "server/surveys/publishing/regrets.h"
#include "server/surveys/survey.h"
#include "server/surveys/texts/expected_duration.h"
#include "server/surveys/texts/language_report.h"

namespace canvass::surveys {
namespace {

using Answers = google::protobuf::RepeatedPtrField<v1::Answer>;

void Require(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "broken: " << what << "\n";
  std::abort();
}

// Decisions taken from the input, again from its start when it is used up.
class Choices {
 public:
  Choices(const uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  int Below(int end) { return size_ == 0 || end <= 0 ? 0 : data_[next_++ % size_] % end; }

 private:
  const uint8_t* data_;
  std::size_t size_;
  std::size_t next_ = 0;
};

v1::Answer AnyAnswer(const v1::Question& question, Choices& choices) {
  v1::Answer answer;
  answer.set_question(question.key());
  const auto* options = OptionsOf(question);
  if (const auto scale = ScaleOf(question); scale.has_value()) {
    answer.set_score(scale->low + choices.Below(scale->high - scale->low + 1));
  } else if (question.has_single_choice()) {
    answer.set_choice(options->at(choices.Below(options->size())).key());
  } else if (question.has_multiple_choice()) {
    answer.mutable_choices()->add_keys(options->at(choices.Below(options->size())).key());
  } else if (question.has_ranking()) {
    for (const v1::ChoiceOption& option : *options) answer.mutable_ranking()->add_keys(option.key());
  } else if (question.has_matrix()) {
    const auto& columns = question.matrix().columns();
    for (const v1::ChoiceOption& row : question.matrix().rows()) {
      (*answer.mutable_matrix()->mutable_columns())[row.key()] = columns.at(choices.Below(columns.size())).key();
    }
  } else if (question.has_number()) {
    answer.set_number(question.number().min() + choices.Below(5));
  } else if (question.has_consent()) {
    answer.set_consent(choices.Below(2) == 0);
  } else if (question.has_date()) {
    answer.set_date("2026-01-31");
  } else {
    answer.set_text(absl::StrCat("text ", choices.Below(3)));
  }
  return answer;
}

// What was shown stays so, whatever is answered later.
void Respond(const v1::SurveyDefinition& definition, Choices& choices) {
  Answers answers;
  std::vector<bool> passed;
  for (int place = 0; place < definition.questions_size(); ++place) {
    const Walked walked = Walk(definition, {}, answers);
    for (int earlier = 0; earlier < place; ++earlier) {
      Require(walked.shown[earlier] == passed[earlier], "an answer changed which earlier questions are shown");
    }
    passed.push_back(walked.shown[place]);
    if (walked.shown[place] && !definition.questions(place).has_statement()) {
      *answers.Add() = AnyAnswer(definition.questions(place), choices);
    }
  }
  Require((Walk(definition, {}, answers).ending == nullptr) == definition.endings().empty(), "there is no ending");
}

void Check(v1::SurveyDefinition definition, Choices& choices) {
  Violations for_publish;
  const bool keeps_limits = CheckForPublish(std::as_const(definition), for_publish);
  Require(keeps_limits || !for_publish.empty(), "limits were exceeded without a word");
  Require(for_publish.list().size() <= Violations::kMaxReported, "there are too many violations");
  if (keeps_limits) {
    Violations warnings;
    FindRegrets(definition, warnings);
    ReportLanguages(definition);
    ExpectedDuration(definition);
  }
  Violations for_save;
  CheckDefinition(definition, for_save);
  Require(for_save.list().size() <= for_publish.list().size(), "publishing accepts what saving refuses");
  if (!for_publish.empty()) return;
  Violations again;
  Require(CheckDefinition(definition, again) && again.empty(), "what was saved cannot be saved again");
  Respond(definition, choices);
}

}  // namespace
}  // namespace canvass::surveys

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  canvass::v1::SurveyDefinition definition;
  if (!definition.ParseFromArray(data, static_cast<int>(size))) return 0;
  canvass::surveys::Choices choices(data, size);
  canvass::surveys::Check(std::move(definition), choices);
  return 0;
}
