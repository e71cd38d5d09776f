#include "server/surveys/logic/walk.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "server/conditions/condition.h"
#include "server/surveys/flow/comparisons.h"
#include "server/surveys/logic/answer_fact.h"
#include "server/surveys/logic/calculated_values.h"
#include "server/surveys/logic/pages.h"

namespace canvass::surveys {
namespace {

using Answers = google::protobuf::RepeatedPtrField<v1::Answer>;

bool ReadsValues(const v1::Condition& condition) {
  bool reads = false;
  ForEachComparison(
      condition, [&](const v1::Comparison& compare) { reads = reads || absl::StartsWith(compare.field(), "value."); });
  return reads;
}

class Walker {
 public:
  Walker(const v1::SurveyDefinition& definition, const google::protobuf::Struct& facts, const Answers& answers)
      : definition_(definition) {
    walked_.facts = facts;
    walked_.shown.assign(definition.questions_size(), false);
    if (!definition.endings().empty()) walked_.ending = &definition.endings(0);
    answers_.reserve(answers.size());
    for (const v1::Answer& answer : answers) answers_.emplace(answer.question(), &answer);
  }

  Walked Run() && {
    walked_.facts.mutable_fields()->erase("answer");
    for (const PageRange& page : PagesOf(definition_)) {
      const bool page_shown = page.page == nullptr || !page.page->has_show_if() || IsTrue(page.page->show_if());
      for (int place = page.first; page_shown && place < page.end; ++place) Visit(place);
    }
    if (values_stale_) Calculate(definition_, walked_.facts);
    return std::move(walked_);
  }

 private:
  void Visit(int place) {
    const v1::Question& question = definition_.questions(place);
    if (ended_ || place < next_ || (question.has_show_if() && !IsTrue(question.show_if()))) return;
    walked_.shown[place] = true;
    TakeAnswer(question.key());
    for (const v1::Route& route : question.routes()) {
      if (!route.has_when() || IsTrue(route.when())) return Follow(place, route);
    }
  }

  void TakeAnswer(const std::string& key) {
    const auto answer = answers_.find(key);
    if (answer == answers_.end()) return;
    std::optional<google::protobuf::Value> fact = AnswerFact(*answer->second);
    if (!fact.has_value()) return;
    google::protobuf::Value& answers = (*walked_.facts.mutable_fields())["answer"];
    (*answers.mutable_struct_value()->mutable_fields())[key] = *std::move(fact);
    values_stale_ = true;
  }

  void Follow(int place, const v1::Route& route) {
    // What does not lead forward, which publishing refuses, leads to the next question.
    if (route.has_skip_to()) next_ = std::max(place + 1, PlaceOf(definition_, route.skip_to()));
    if (!route.has_end_with()) return;
    ended_ = true;
    for (const v1::Ending& ending : definition_.endings()) {
      if (ending.key() == route.end_with()) walked_.ending = &ending;
    }
  }

  bool IsTrue(const v1::Condition& condition) {
    if (values_stale_ && ReadsValues(condition)) {
      Calculate(definition_, walked_.facts);
      values_stale_ = false;
    }
    return conditions::Evaluate(condition, walked_.facts);
  }

  const v1::SurveyDefinition& definition_;
  absl::flat_hash_map<absl::string_view, const v1::Answer*> answers_;
  Walked walked_;
  int next_ = 0;  // no question before this place is shown any more
  bool ended_ = false;
  bool values_stale_ = true;
};

}  // namespace

bool HasLogic(const v1::SurveyDefinition& definition) {
  return std::any_of(definition.questions().begin(), definition.questions().end(),
                     [](const v1::Question& q) { return q.has_show_if() || !q.routes().empty(); }) ||
         std::any_of(definition.pages().begin(), definition.pages().end(),
                     [](const v1::Page& page) { return page.has_show_if(); });
}

Walked Walk(const v1::SurveyDefinition& definition, const google::protobuf::Struct& facts, const Answers& answers) {
  return Walker(definition, facts, answers).Run();
}

}  // namespace canvass::surveys
