#include "server/responses/response.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/digest.h"
#include "server/base/text/language_tag.h"
#include "server/conditions/condition.h"
#include "server/conditions/facts.h"
#include "server/responses/validation/answer_check.h"
#include "server/responses/validation/answer_faults.h"
#include "server/responses/validation/option_check.h"
#include "server/responses/validation/response_times.h"
#include "server/surveys/logic/walk.h"

namespace canvass::responses {
namespace {

using google::protobuf::Struct;

constexpr absl::string_view kAnswers = "response.answers";
constexpr std::size_t kKeyInPath = 100;

bool Full(const Violations& violations) { return violations.list().size() >= Violations::kMaxReported; }

// All answers of a response against the questions of its survey.
class AnswersCheck {
 public:
  // `shown` is null if every respondent is shown every question.
  AnswersCheck(const v1::SurveyDefinition& definition, const std::vector<bool>* shown, Violations& violations)
      : definition_(definition), shown_(shown), violations_(violations), answered_(definition.questions_size()) {}

  // Returns the places of answers to be left out.
  std::vector<int> Run(const v1::Response& response) {
    std::vector<int> hidden;
    for (int i = 0; i < response.answers_size() && !Full(violations_); ++i) {
      const int place = Place({.list = kAnswers, .index = i}, response.answers(i));
      if (place < 0) continue;
      if (IsShown(place)) {
        CheckAnswer(definition_.questions(place), response.answers(i), {.list = kAnswers, .index = i}, violations_);
      } else if (definition_.hidden_answers() == v1::SurveyDefinition::HIDDEN_ANSWERS_DROP) {
        hidden.push_back(i);
      } else {
        AddHidden({.list = kAnswers, .index = i}, response.answers(i));
      }
    }
    for (int i = 0; i < definition_.questions_size() && !Full(violations_); ++i) CheckRequired(i);
    return hidden;
  }

 private:
  // The place of the answer's question, -1 if there is none. Says so if it was answered before.
  int Place(const AnswerPath& path, const v1::Answer& answer) {
    const int place = FindFrom(definition_.questions(), next_, answer.question());
    if (place < 0) {
      violations_.Add(path.To("question"),
                      absl::StrCat(Quoted(answer.question()), " is not a question of this version of the survey"));
      return place;
    }
    if (answered_[place]) {
      violations_.Add(path.To("question"), absl::StrCat("question ", Quoted(answer.question()), " is answered twice"));
    }
    answered_[place] = true;
    next_ = place + 1;
    return place;
  }

  void AddHidden(const AnswerPath& path, const v1::Answer& answer) {
    violations_.Add(path.To(""), absl::StrCat("question '", answer.question(),
                                              "' is not shown to respondents with these answers and facts; leave its "
                                              "answer out"));
  }

  void CheckRequired(int place) {
    const v1::Question& question = definition_.questions(place);
    if (answered_[place] || !question.required() || !IsShown(place)) return;
    violations_.Add(kAnswers, absl::StrCat("question '", question.key(), "' is required and has no answer"));
  }

  bool IsShown(int place) const { return shown_ == nullptr || (*shown_)[place]; }

  const v1::SurveyDefinition& definition_;
  const std::vector<bool>* const shown_;
  Violations& violations_;
  absl::InlinedVector<bool, 64> answered_;
  // Where the next answer's question probably stands.
  int next_ = 0;
};

void CheckResponseFacts(const v1::Response& response, const ResponseContext& context, Violations& violations) {
  if (!response.has_facts()) return;
  if (context.invitation_facts != nullptr) {
    violations.Add("response.facts", "must not be given with an invitation, which has its own");
    return;
  }
  for (const auto& [key, value] : response.facts().fields()) {
    const bool known = key == "event" || key == "contact";
    if (known && value.has_struct_value()) continue;
    violations.Add(absl::StrCat("response.facts.", absl::CHexEscape(absl::string_view(key).substr(0, kKeyInPath))),
                   known ? "must be an object" : "is neither `event` nor `contact`, the two objects that facts have");
    if (Full(violations)) return;
  }
  conditions::CheckFacts("response.facts", response.facts(), {}, violations);
}

// Whether the way of the respondent matters at all.
bool NeedsWalk(const v1::SurveyDefinition& definition) {
  return surveys::HasLogic(definition) || std::any_of(definition.quotas().begin(), definition.quotas().end(),
                                                      [](const v1::Quota& quota) { return quota.has_when(); });
}

// The quotas whose condition is true.
std::vector<int> QuotasOf(const v1::SurveyDefinition& definition, const std::optional<surveys::Walked>& walked) {
  std::vector<int> quotas;
  for (int i = 0; i < definition.quotas_size(); ++i) {
    const v1::Quota& quota = definition.quotas(i);
    if (!quota.has_when() || conditions::Evaluate(quota.when(), walked->facts)) quotas.push_back(i);
  }
  return quotas;
}

}  // namespace

Outcome Validate(const v1::SurveyDefinition& definition, const ResponseContext& context, const v1::Response& response,
                 Violations& violations) {
  std::optional<surveys::Walked> walked;
  if (NeedsWalk(definition)) {
    const Struct& facts = context.invitation_facts != nullptr ? *context.invitation_facts : response.facts();
    walked = surveys::Walk(definition, facts, response.answers());
  }
  Outcome outcome;
  outcome.hidden_answers =
      AnswersCheck(definition, walked.has_value() ? &walked->shown : nullptr, violations).Run(response);
  CheckTimes(response, context.now, violations);
  if (!response.language().empty() && !IsLanguageTag(response.language())) {
    violations.Add("response.language",
                   absl::StrCat(Quoted(response.language()), " is not a BCP 47 language tag such as `en` or `pt-BR`"));
  }
  if (!v1::Invitation::Channel_IsValid(response.channel())) {
    violations.Add("response.channel", absl::StrCat(static_cast<int>(response.channel()), " is not a channel"));
  }
  if (!v1::Response::Device_IsValid(response.device())) {
    violations.Add("response.device", absl::StrCat(static_cast<int>(response.device()), " is not a device"));
  }
  CheckResponseFacts(response, context, violations);
  outcome.quotas = QuotasOf(definition, walked);
  return outcome;
}

std::vector<std::string> LeaveOut(const std::vector<int>& places, v1::Response& response) {
  std::vector<std::string> keys;
  for (int place : places) keys.push_back(response.answers(place).question());
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    response.mutable_answers()->DeleteSubrange(*place, 1);
  }
  return keys;
}

std::string ContentDigest(const v1::Response& response) { return Digest16(StableBytes(response)); }

}  // namespace canvass::responses
