#include "server/surveys/publishing/reach_rules.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "server/conditions/condition.h"
#include "server/surveys/flow/comparisons.h"
#include "server/surveys/logic/answer_fact.h"
#include "server/surveys/logic/calculated_values.h"
#include "server/surveys/logic/pages.h"
#include "server/surveys/logic/walk.h"
#include "server/surveys/publishing/influences.h"
#include "server/surveys/publishing/trials.h"

namespace canvass::surveys {
namespace {

// What all trials of one definition may cost, in steps of some tenths of a microsecond.
constexpr int64_t kMaxSteps = 2'000'000;
// What one trial costs beside what is looked at.
constexpr int64_t kStepsOfTrial = 20;
// So many respondents picked at random show most of a survey.
constexpr int kPicks = 100;

// What a walk looks at, apart from calculated values.
int64_t StepsOfWalk(const v1::SurveyDefinition& definition) {
  int64_t steps =
      kStepsOfTrial + definition.questions_size() + definition.questions_size() * definition.pages_size() / 4;
  const auto count = [&](const v1::Condition& condition) {
    ForEachComparison(condition, [&](const v1::Comparison&) { ++steps; });
  };
  for (const v1::Page& page : definition.pages()) count(page.show_if());
  for (const v1::Question& question : definition.questions()) {
    count(question.show_if());
    for (const v1::Route& route : question.routes()) count(route.when());
  }
  return steps;
}

// What it takes to work out all values once.
int64_t StepsOfValues(const v1::SurveyDefinition& definition) {
  int64_t steps = 0;
  for (const v1::CalculatedValue& value : definition.values()) {
    steps += static_cast<int64_t>(DefinitionMap::FieldsOf(value).size()) + value.select().cases_size() + 1;
  }
  return steps;
}

class ReachChecker {
 public:
  ReachChecker(const DefinitionMap& map, const Broken& broken, Faults& faults)
      : definition_(map.definition()),
        broken_(broken),
        faults_(faults),
        influences_(map, broken),
        steps_of_walk_(StepsOfWalk(definition_)),
        steps_of_values_(StepsOfValues(definition_)),
        shown_(definition_.questions_size()),
        ended_with_(definition_.endings_size()),
        pages_(definition_.questions_size(), nullptr) {
    for (const PageRange& range : PagesOf(definition_)) {
      std::fill(pages_.begin() + range.first, pages_.begin() + range.end, range.page);
    }
    for (const v1::Quota& quota : definition_.quotas()) {
      // Whether the quota ever counts and fills is not looked into.
      if (map.Ending(quota.ending()) >= 0) ended_with_[map.Ending(quota.ending())] = true;
    }
  }

  void Run() {
    PickRespondents();
    for (int i = 0; i < definition_.questions_size() && !faults_.Full(); ++i) {
      if (shown_[i] || !IsUnreachable(i)) continue;
      faults_.Add(absl::StrCat("definition.questions[", i, "]"),
                  "is never shown: no answers and facts make its conditions true and lead here");
    }
    for (int i = 0; i < definition_.endings_size() && !faults_.Full(); ++i) {
      if (ended_with_[i] || !IsUnreachableEnding(i)) continue;
      faults_.Add(absl::StrCat("definition.endings[", i, "]"),
                  i == 0 ? "is never shown: every way through the survey leads to another ending"
                         : "is never shown: no route leads here, nor does a quota");
    }
  }

 private:
  // Values may be worked out again after every answer.
  int64_t CostOfWalk(std::size_t fields) const {
    const auto count = static_cast<int64_t>(fields);
    return steps_of_walk_ + count + steps_of_values_ * (count + 1);
  }

  void TryWalk(const Trials& trials) {
    const Walked walked = Walk(definition_, trials.facts(), trials.answers());
    for (std::size_t i = 0; i < shown_.size(); ++i) shown_[i] = shown_[i] || walked.shown[i];
    for (std::size_t i = 0; i < ended_with_.size(); ++i) {
      if (walked.ending == &definition_.endings(static_cast<int>(i))) ended_with_[i] = true;
    }
  }

  void PickRespondents() {
    std::vector<int> all(influences_.fields().size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
    Trials trials(influences_, all, Trials::Absence::kAllowed, definition_);
    const auto is_shown = [](bool shown) { return shown; };
    for (int i = 0; i < kPicks && !std::all_of(shown_.begin(), shown_.end(), is_shown); ++i) {
      if (!Spend(1, CostOfWalk(all.size()))) return;
      trials.Pick(i);
      TryWalk(trials);
    }
  }

  // Takes what `count` trials cost off what is left; false if that is not enough.
  bool Spend(int64_t count, int64_t cost) {
    if (count > steps_left_ / cost) return false;
    steps_left_ -= count * cost;
    return true;
  }

  // Tries all combinations until one is `reached`. True if none is and that is certain.
  bool NoneOf(Trials trials, int64_t cost, absl::FunctionRef<bool(const Trials& trials)> reached) {
    if (!trials.complete() || !Spend(trials.count(), cost)) return false;
    while (trials.Next()) {
      if (reached(trials)) return false;
    }
    return true;
  }

  // The same for walks that what `fields` hold decides.
  bool NoWalkOf(const Influences::Fields& fields, absl::FunctionRef<bool()> reached) {
    if (!fields.has_value()) return false;
    return NoneOf(Trials(influences_, *fields, Trials::Absence::kAllowed, definition_), CostOfWalk(fields->size()),
                  [&](const Trials& trials) {
                    TryWalk(trials);
                    return reached();
                  });
  }

  bool IsUnreachable(int question) {
    return NeverHolds(question) ||
           NoWalkOf(influences_.OnQuestion(question), [&]() -> bool { return shown_[question]; });
  }

  // Whether its conditions can never hold, however one may come here. That takes few fields, so it can be told of
  // questions in long surveys, too.
  bool NeverHolds(int question) {
    const Influences::Fields fields = influences_.OnConditionsOf(question);
    if (!fields.has_value() || fields->empty()) return false;
    return NoneOf(Trials(influences_, *fields, Trials::Absence::kOfAll, definition_), kStepsOfTrial + steps_of_values_,
                  [&](const Trials& trials) { return ConditionsHold(question, trials); });
  }

  bool ConditionsHold(int question, const Trials& trials) const {
    google::protobuf::Struct facts = trials.facts();
    for (const v1::Answer& answer : trials.answers()) {
      std::optional<google::protobuf::Value> fact = AnswerFact(answer);
      if (!fact.has_value()) continue;
      auto& answers = *(*facts.mutable_fields())["answer"].mutable_struct_value()->mutable_fields();
      answers[answer.question()] = *std::move(fact);
    }
    Calculate(definition_, facts);
    const v1::Page* page = pages_[question];
    return conditions::Evaluate(definition_.questions(question).show_if(), facts) &&
           (page == nullptr || conditions::Evaluate(page->show_if(), facts));
  }

  bool IsUnreachableEnding(int ending) {
    const auto ends_here = [&]() -> bool { return ended_with_[ending]; };
    // Who is not led elsewhere finishes with the first.
    if (ending == 0) return NoWalkOf(influences_.OnEnding(), ends_here);
    for (int i = 0; i < definition_.questions_size(); ++i) {
      if (LeadsTo(definition_.questions(i), ending) && !NoWalkOf(influences_.OnRoutesOf(i), ends_here)) return false;
    }
    return true;
  }

  bool LeadsTo(const v1::Question& question, int ending) const {
    return std::any_of(question.routes().begin(), question.routes().end(), [&](const v1::Route& route) {
      // To which ending a broken route was meant to lead is not known.
      return !route.has_skip_to() &&
             (broken_.contains(&route) || route.end_with() == definition_.endings(ending).key());
    });
  }

  const v1::SurveyDefinition& definition_;
  const Broken& broken_;
  Faults& faults_;
  const Influences influences_;
  const int64_t steps_of_walk_;
  const int64_t steps_of_values_;
  std::vector<bool> shown_;
  std::vector<bool> ended_with_;
  std::vector<const v1::Page*> pages_;
  int64_t steps_left_ = kMaxSteps;
};

}  // namespace

void CheckReach(const DefinitionMap& map, const Broken& broken, Faults& faults) {
  ReachChecker(map, broken, faults).Run();
}

}  // namespace canvass::surveys
