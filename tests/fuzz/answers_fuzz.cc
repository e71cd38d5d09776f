// Answers and definitions as a hostile caller would send them, through what judges every response: Validate and Walk.
// Neither may crash or hang, and what they say must hold together.
//
// The first byte chooses: bytes as they come from the wire, or a survey with logic that is put together from the bytes,
// which leads deeper.
#include <fuzzer/FuzzedDataProvider.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/error.h"
#include "server/responses/response.h"
#include "server/surveys/logic/walk.h"

namespace canvass {
namespace {

constexpr int kMaxQuestions = 12;
constexpr int kMaxOptions = 5;
constexpr std::size_t kMaxText = 40;
const absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);

// One of few keys, so that they meet.
std::string Key(FuzzedDataProvider& data) { return absl::StrCat("k", data.ConsumeIntegralInRange(0, kMaxQuestions)); }

void FillComparison(FuzzedDataProvider& data, v1::Comparison& comparison) {
  const char* const root = data.PickValueInArray({"answer.", "value.", "event.", "contact."});
  comparison.set_field(root + Key(data));
  comparison.set_operator_(static_cast<v1::Comparison::Operator>(data.ConsumeIntegralInRange(0, 8)));
  if (data.ConsumeBool()) {
    comparison.mutable_value()->set_number_value(data.ConsumeIntegralInRange(-1, 11));
  } else {
    comparison.mutable_value()->set_string_value(Key(data));
  }
}

void FillCondition(FuzzedDataProvider& data, int depth, v1::Condition& condition) {
  switch (depth > 3 ? 0 : data.ConsumeIntegralInRange(0, 3)) {
    case 0:
      return FillComparison(data, *condition.mutable_compare());
    case 1:
      return FillCondition(data, depth + 1, *condition.mutable_not_());
    case 2:
      FillCondition(data, depth + 1, *condition.mutable_all()->add_conditions());
      return FillCondition(data, depth + 1, *condition.mutable_all()->add_conditions());
    default:
      FillCondition(data, depth + 1, *condition.mutable_any()->add_conditions());
      return FillCondition(data, depth + 1, *condition.mutable_any()->add_conditions());
  }
}

template <typename Options>
void FillOptions(FuzzedDataProvider& data, Options& options) {
  const int count = data.ConsumeIntegralInRange(0, kMaxOptions);
  for (int i = 0; i < count; ++i) {
    v1::ChoiceOption& option = *options.Add();
    option.set_key(absl::StrCat("k", i));
    option.set_exclusive(data.ConsumeBool());
    option.set_other(data.ConsumeBool());
  }
}

void FillKind(FuzzedDataProvider& data, v1::Question& question) {
  switch (data.ConsumeIntegralInRange(0, 9)) {
    case 0:
      return question.mutable_rating()->set_points(data.ConsumeIntegral<int32_t>());
    case 1:
      return FillOptions(data, *question.mutable_single_choice()->mutable_options());
    case 2:
      question.mutable_multiple_choice()->set_min_choices(data.ConsumeIntegralInRange(-1, 4));
      question.mutable_multiple_choice()->set_max_choices(data.ConsumeIntegralInRange(-1, 4));
      return FillOptions(data, *question.mutable_multiple_choice()->mutable_options());
    case 3:
      question.mutable_free_text()->set_min_length(data.ConsumeIntegralInRange(-1, 9));
      question.mutable_free_text()->set_max_length(data.ConsumeIntegralInRange(-1, 20));
      return question.mutable_free_text()->set_pattern(
          static_cast<v1::TextQuestion::Pattern>(data.ConsumeIntegralInRange(0, 5)));
    case 4:
      FillOptions(data, *question.mutable_matrix()->mutable_rows());
      return FillOptions(data, *question.mutable_matrix()->mutable_columns());
    case 5:
      question.mutable_ranking()->set_min_ranked(data.ConsumeIntegralInRange(-1, 4));
      return FillOptions(data, *question.mutable_ranking()->mutable_options());
    case 6:
      if (data.ConsumeBool()) question.mutable_number()->set_max(data.ConsumeFloatingPoint<double>());
      return question.mutable_number()->set_decimals(data.ConsumeIntegralInRange(-1, 400));
    case 7:
      return question.mutable_date()->set_min(data.ConsumeRandomLengthString(kMaxText));
    case 8:
      question.mutable_consent();
      return;
    default:
      question.mutable_nps();
      return;
  }
}

void FillQuestion(FuzzedDataProvider& data, v1::Question& question) {
  question.set_required(data.ConsumeBool());
  FillKind(data, question);
  if (data.ConsumeBool()) FillCondition(data, 0, *question.mutable_show_if());
  if (!data.ConsumeBool()) return;
  v1::Route& route = *question.add_routes();
  if (data.ConsumeBool()) FillCondition(data, 0, *route.mutable_when());
  if (data.ConsumeBool()) {
    route.set_skip_to(Key(data));
  } else {
    route.set_end_with(Key(data));
  }
}

v1::SurveyDefinition Definition(FuzzedDataProvider& data) {
  v1::SurveyDefinition definition;
  const int count = data.ConsumeIntegralInRange(0, kMaxQuestions);
  for (int i = 0; i < count; ++i) {
    v1::Question& question = *definition.add_questions();
    question.set_key(absl::StrCat("k", i));
    FillQuestion(data, question);
  }
  if (data.ConsumeBool()) {
    definition.set_hidden_answers(v1::SurveyDefinition::HIDDEN_ANSWERS_DROP);
  }
  while (data.ConsumeBool() && definition.pages_size() < 4) {
    v1::Page& page = *definition.add_pages();
    page.set_starts_with(Key(data));
    if (data.ConsumeBool()) FillCondition(data, 0, *page.mutable_show_if());
  }
  while (data.ConsumeBool() && definition.values_size() < 4) {
    v1::CalculatedValue& value = *definition.add_values();
    value.set_key(Key(data));
    value.mutable_aggregate()->set_function(static_cast<v1::Aggregate::Function>(data.ConsumeIntegralInRange(0, 6)));
    v1::Aggregate::Term& term = *value.mutable_aggregate()->add_terms();
    term.set_field("answer." + Key(data));
    if (data.ConsumeBool()) term.set_weight(data.ConsumeFloatingPoint<double>());
  }
  while (data.ConsumeBool() && definition.quotas_size() < 4) {
    FillCondition(data, 0, *definition.add_quotas()->mutable_when());
  }
  definition.add_endings()->set_key(Key(data));
  return definition;
}

void FillAnswer(FuzzedDataProvider& data, v1::Answer& answer) {
  answer.set_question(Key(data));
  if (data.ConsumeBool()) answer.set_other_text(data.ConsumeRandomLengthString(kMaxText));
  switch (data.ConsumeIntegralInRange(0, 9)) {
    case 0:
      return answer.set_score(data.ConsumeIntegralInRange(-1, 11));
    case 1:
      return answer.set_choice(Key(data));
    case 2:
      while (data.ConsumeBool()) answer.mutable_choices()->add_keys(Key(data));
      return;
    case 3:
      return answer.set_text(data.ConsumeRandomLengthString(kMaxText));
    case 4:
      return answer.set_dismissed(data.ConsumeBool());
    case 5:
      while (data.ConsumeBool()) (*answer.mutable_matrix()->mutable_columns())[Key(data)] = Key(data);
      return;
    case 6:
      while (data.ConsumeBool()) answer.mutable_ranking()->add_keys(Key(data));
      return;
    case 7:
      return answer.set_number(data.ConsumeFloatingPoint<double>());
    case 8:
      return answer.set_date(data.ConsumeRandomLengthString(kMaxText));
    default:
      return answer.set_consent(data.ConsumeBool());
  }
}

v1::Response Response(FuzzedDataProvider& data) {
  v1::Response response;
  auto& event = *(*response.mutable_facts()->mutable_fields())["event"].mutable_struct_value()->mutable_fields();
  while (data.ConsumeBool() && event.size() < 4) event[Key(data)].set_string_value(Key(data));
  while (data.remaining_bytes() > 0) FillAnswer(data, *response.add_answers());
  return response;
}

void Require(bool holds) {
  if (!holds) std::abort();
}

void Judge(const v1::SurveyDefinition& definition, v1::Response response) {
  const surveys::Walked walked = surveys::Walk(definition, response.facts(), response.answers());
  Require(walked.shown.size() == static_cast<std::size_t>(definition.questions_size()));
  Violations violations;
  const responses::Outcome outcome = responses::Validate(definition, {.now = kNow}, response, violations);
  if (!violations.empty()) return;
  // Without its hidden answers it is as right as before, and counts in the same quotas.
  const std::vector<std::string> hidden = responses::LeaveOut(outcome.hidden_answers, response);
  Require(hidden.size() == outcome.hidden_answers.size());
  const responses::Outcome again = responses::Validate(definition, {.now = kNow}, response, violations);
  Require(violations.empty() && again.hidden_answers.empty() && again.quotas == outcome.quotas);
}

}  // namespace
}  // namespace canvass

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, std::size_t size) {
  FuzzedDataProvider data(bytes, size);
  if (data.ConsumeBool()) {
    const canvass::v1::SurveyDefinition definition = canvass::Definition(data);
    canvass::Judge(definition, canvass::Response(data));
    return 0;
  }
  canvass::v1::SurveyDefinition definition;
  canvass::v1::Response response;
  const std::string of_definition = data.ConsumeRandomLengthString();
  if (!definition.ParseFromString(of_definition) || !response.ParseFromString(data.ConsumeRemainingBytesAsString())) {
    return 0;
  }
  canvass::Judge(definition, response);
  return 0;
}
