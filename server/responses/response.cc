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
  AnswersCheck(const v1::SurveyDefinition& definition, const std::vector<bool>* shown, bool drop_hidden,
               Violations& violations)
      : definition_(definition),
        shown_(shown),
        drop_hidden_(drop_hidden),
        violations_(violations),
        answered_(definition.questions_size()) {}

  // Returns the places of answers to be left out.
  std::vector<int> Run(const v1::Response& response) {
    std::vector<int> hidden;
    for (int i = 0; i < response.answers_size() && !Full(violations_); ++i) {
      const int place = Place({.list = kAnswers, .index = i}, response.answers(i));
      if (place < 0) continue;
      if (IsShown(place)) {
        CheckAnswer(definition_.questions(place), response.answers(i), {.list = kAnswers, .index = i}, violations_);
      } else if (drop_hidden_) {
        hidden.push_back(i);
      } else {
        AddHidden({.list = kAnswers, .index = i}, response.answers(i));
      }
    }
    for (int i = 0; i < definition_.questions_size() && !Full(violations_); ++i) CheckRequired(i);
    return hidden;
  }

  // Each answer for itself.
  void RunPart(const v1::Response& response) {
    for (int i = 0; i < response.answers_size() && !Full(violations_); ++i) {
      const int place = Place({.list = kAnswers, .index = i}, response.answers(i));
      if (place < 0) continue;
      CheckAnswer(definition_.questions(place), response.answers(i), {.list = kAnswers, .index = i}, violations_);
    }
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
  const bool drop_hidden_;
  Violations& violations_;
  absl::InlinedVector<bool, 64> answered_;
  // Where the next answer's question probably stands.
  int next_ = 0;
};

// What is wrong with an object of facts other than the hidden fields; empty if nothing.
absl::string_view FactsFault(const std::string& key, const google::protobuf::Value& value,
                             const ResponseContext& context) {
  if (key != "event" && key != "contact") return "is none of `event`, `contact` and `hidden`, the objects of facts";
  if (context.invitation_facts != nullptr) return "must not be given with an invitation, which has its own";
  return value.has_struct_value() ? "" : "must be an object";
}

void CheckResponseFacts(const v1::SurveyDefinition& definition, const v1::Response& response,
                        const ResponseContext& context, Violations& violations) {
  const std::size_t before = violations.list().size();
  for (const auto& [key, value] : response.facts().fields()) {
    if (Full(violations)) return;
    const absl::string_view fault = key == kHidden ? "" : FactsFault(key, value, context);
    if (fault.empty()) continue;
    violations.Add(absl::StrCat("response.facts.", absl::CHexEscape(absl::string_view(key).substr(0, kKeyInPath))),
                   fault);
  }
  if (response.has_facts()) conditions::CheckFacts("response.facts", response.facts(), {}, violations);
  if (violations.list().size() > before) return;
  CheckHidden(definition, "response.facts", response.facts(), context.missing_hidden, violations);
}

// The facts that logic and quotas read. `merged` holds them if they come from two sides.
const Struct& FactsOf(const v1::Response& response, const ResponseContext& context, Struct& merged) {
  if (context.invitation_facts == nullptr) return response.facts();
  if (!response.facts().fields().contains(kHidden)) return *context.invitation_facts;
  merged = *context.invitation_facts;
  CopyHidden(response.facts(), merged);
  return merged;
}

// Everything but answers and facts.
void CheckVisit(const v1::Response& response, absl::Time now, Violations& violations) {
  CheckTimes(response, now, violations);
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
}

// Of the questions that were shown, how many have an answer: statements ask nothing. `hidden` are the places of answers
// that do not count.
double CompletenessOf(const v1::SurveyDefinition& definition, const std::vector<bool>* shown,
                      const v1::Response& response, const std::vector<int>& hidden) {
  int asked = 0;
  for (int i = 0; i < definition.questions_size(); ++i) {
    if ((shown == nullptr || (*shown)[i]) && !definition.questions(i).has_statement()) ++asked;
  }
  const auto given = std::count_if(response.answers().begin(), response.answers().end(),
                                   [](const v1::Answer& answer) { return !answer.dismissed(); });
  const auto hidden_given =
      std::count_if(hidden.begin(), hidden.end(), [&](int place) { return !response.answers(place).dismissed(); });
  return asked == 0 ? 1 : static_cast<double>(given - hidden_given) / asked;
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
    Struct merged;
    walked = surveys::Walk(definition, FactsOf(response, context, merged), response.answers());
  }
  const std::vector<bool>* const shown = walked.has_value() ? &walked->shown : nullptr;
  const bool drop_hidden =
      context.drop_hidden_answers || definition.hidden_answers() == v1::SurveyDefinition::HIDDEN_ANSWERS_DROP;
  Outcome outcome;
  outcome.hidden_answers = AnswersCheck(definition, shown, drop_hidden, violations).Run(response);
  outcome.completeness = CompletenessOf(definition, shown, response, outcome.hidden_answers);
  CheckVisit(response, context.now, violations);
  CheckResponseFacts(definition, response, context, violations);
  outcome.quotas = QuotasOf(definition, walked);
  return outcome;
}

void CheckPart(const v1::SurveyDefinition& definition, const ResponseContext& context, const v1::Response& response,
               Violations& violations) {
  AnswersCheck(definition, /*shown=*/nullptr, /*drop_hidden=*/false, violations).RunPart(response);
  CheckVisit(response, context.now, violations);
  CheckResponseFacts(definition, response, context, violations);
}

void CheckQuestionKey(const v1::SurveyDefinition& definition, const std::string& key, absl::string_view field,
                      Violations& violations) {
  if (FindFrom(definition.questions(), 0, key) >= 0) return;
  violations.Add(field, absl::StrCat(Quoted(key), " is not a question of this version of the survey"));
}

std::vector<std::string> LeaveOut(const std::vector<int>& places, v1::Response& response) {
  std::vector<std::string> keys;
  for (int place : places) keys.push_back(response.answers(place).question());
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    response.mutable_answers()->DeleteSubrange(*place, 1);
  }
  return keys;
}

void ClearOutputFields(v1::Response& response) {
  response.clear_invitation();
  response.clear_create_time();
  response.clear_duration();
  response.clear_tags();
  response.clear_note();
  response.clear_exclusion();
  response.clear_update_time();
  response.clear_etag();
  response.clear_completeness();
}

std::string ContentDigest(const v1::Response& response) { return Digest16(StableBytes(response)); }

}  // namespace canvass::responses
