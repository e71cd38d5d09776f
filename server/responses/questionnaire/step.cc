#include "server/responses/questionnaire/step.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/conditions/condition.h"
#include "server/responses/questionnaire/shown_question.h"
#include "server/responses/validation/answer_check.h"
#include "server/surveys/definition/faults.h"
#include "server/surveys/logic/pages.h"
#include "server/surveys/logic/walk.h"
#include "server/surveys/texts/languages.h"
#include "server/surveys/texts/late_message.h"

namespace canvass::responses {
namespace {

using surveys::PageRange;

constexpr int kStart = -1;  // the page before the first one

class StepMaker {
 public:
  explicit StepMaker(const StepRequest& request)
      : request_(request),
        definition_(request.survey.definition),
        walked_(surveys::Walk(definition_, request.facts, request.answers)),
        pages_(request.survey.pages),
        reader_{.survey = request.survey, .seed = request.seed, .facts = walked_.facts, .answers = request.answers} {
    answers_.reserve(request.answers.size());
    for (const v1::Answer& answer : request.answers) answers_.emplace(answer.question(), &answer);
  }

  absl::StatusOr<v1::Step> Run() && {
    int left = kStart;
    if (!request_.after_page.empty() && (left = PageOf(request_.after_page)) == kStart) return UnknownPage();
    SetHiddenAnswers();
    SetValues();
    const int faulty = FindProblems(left);
    if (faulty != kStart) {
      ShowPage(faulty, faulty - 1);
    } else if (const v1::Quota* full = FullQuota()) {
      EndWithFullQuota(*full);
    } else if (const int next = NextShown(left); next < static_cast<int>(pages_.size())) {
      ShowPage(next, left);
    } else {
      End(walked_.ending);
    }
    return std::move(step_);
  }

 private:
  int PageOf(absl::string_view key) const {
    for (std::size_t i = 0; i < pages_.size(); ++i) {
      if (surveys::KeyOf(definition_, pages_[i]) == key) return static_cast<int>(i);
    }
    return kStart;
  }

  absl::Status UnknownPage() const {
    const std::string known = absl::StrJoin(pages_, ", ", [this](std::string* out, const PageRange& page) {
      absl::StrAppend(out, surveys::KeyOf(definition_, page));
    });
    return FieldError(
        v1::ERROR_REASON_INVALID_FIELD, "after_page",
        absl::StrCat(surveys::Quoted(request_.after_page), " is not a page of the survey, which has ", known));
  }

  bool IsShown(const PageRange& page) const {
    const auto first = walked_.shown.begin() + page.first;
    return std::find(first, walked_.shown.begin() + page.end, true) != walked_.shown.begin() + page.end;
  }

  int NextShown(int left) const {
    int next = left + 1;
    while (next < static_cast<int>(pages_.size()) && !IsShown(pages_[next])) ++next;
    return next;
  }

  // Judges the answers up to the page that is left; returns the first page with a problem, kStart if there is none.
  int FindProblems(int left) {
    int first = kStart;
    for (int page = 0; page <= left; ++page) {
      const int before = step_.problems_size();
      for (int place = pages_[page].first; place < pages_[page].end; ++place) {
        if (walked_.shown[place]) Judge(definition_.questions(place));
      }
      if (first == kStart && step_.problems_size() > before) first = page;
    }
    return first;
  }

  void Judge(const v1::Question& question) {
    const auto answer = answers_.find(question.key());
    if (answer == answers_.end()) {
      if (question.required()) AddProblem(question, {"", "this question is required and has no answer"});
      return;
    }
    Violations violations;
    CheckAnswer(question, *answer->second, {}, violations);
    for (const FieldViolation& violation : violations.list()) AddProblem(question, violation);
  }

  void AddProblem(const v1::Question& question, const FieldViolation& violation) {
    v1::AnswerProblem& problem = *step_.add_problems();
    problem.set_question(question.key());
    problem.set_field(violation.field);
    problem.set_description(violation.description);
  }

  void SetHiddenAnswers() {
    for (int place = 0; place < definition_.questions_size(); ++place) {
      const std::string& key = definition_.questions(place).key();
      if (!walked_.shown[place] && answers_.contains(key)) step_.add_hidden_answers(key);
    }
  }

  void SetValues() {
    const auto values = walked_.facts.fields().find("value");
    if (values != walked_.facts.fields().end()) *step_.mutable_values() = values->second.struct_value();
  }

  // The first quota that is full and that these answers count towards.
  const v1::Quota* FullQuota() const {
    for (const v1::Quota& quota : definition_.quotas()) {
      const bool full = std::find(request_.full_quotas.begin(), request_.full_quotas.end(), quota.key()) !=
                        request_.full_quotas.end();
      if (full && (!quota.has_when() || conditions::Evaluate(quota.when(), walked_.facts))) return &quota;
    }
    return nullptr;
  }

  void EndWithFullQuota(const v1::Quota& quota) {
    step_.set_quota_full(true);
    for (const v1::Ending& ending : definition_.endings()) {
      if (ending.key() == quota.ending()) return End(&ending);
    }
    End(nullptr);
    (*step_.mutable_ending()->mutable_text())[request_.survey.language] =
        surveys::LateMessage(definition_, request_.survey.language, v1::Questionnaire::AVAILABILITY_CLOSED);
  }

  void End(const v1::Ending* ending) {
    step_.set_complete(true);
    step_.set_progress_percent(100);
    *step_.mutable_remaining_duration() = ToProto(absl::ZeroDuration());
    if (ending == nullptr) return;
    *step_.mutable_ending() = *ending;
    for (auto& [language, text] : *step_.mutable_ending()->mutable_title()) text = ReadText(reader_, text);
    for (auto& [language, text] : *step_.mutable_ending()->mutable_text()) text = ReadText(reader_, text);
  }

  // Shows a page to a respondent who has left the pages up to `left` behind.
  void ShowPage(int number, int left) {
    const PageRange& range = pages_[number];
    v1::QuestionnairePage& page = *step_.mutable_page();
    page.set_key(std::string(surveys::KeyOf(definition_, range)));
    if (range.page != nullptr) {
      page.set_title(PageText(range.page->title()));
      page.set_description(PageText(range.page->description()));
    }
    for (int place = range.first; place < range.end; ++place) {
      if (walked_.shown[place]) *page.add_questions() = ShownQuestion(reader_, place);
    }
    SetProgress(left == kStart ? 0 : pages_[left].end);
  }

  std::string PageText(const surveys::TextMap& text) const {
    return ReadText(reader_, surveys::TextIn(text, request_.survey.language, definition_.default_language()));
  }

  // `behind` is the place of the first question that is not left behind.
  void SetProgress(int behind) {
    std::vector<bool> rest = walked_.shown;
    const auto total = std::count(rest.begin(), rest.end(), true);
    std::fill(rest.begin(), rest.begin() + behind, false);
    const auto ahead = std::count(rest.begin(), rest.end(), true);
    step_.set_progress_percent(total == 0 ? 0 : static_cast<int>(100 * (total - ahead) / total));
    *step_.mutable_remaining_duration() = ToProto(request_.survey.durations.Of(rest));
  }

  const StepRequest& request_;
  const v1::SurveyDefinition& definition_;
  const surveys::Walked walked_;
  const std::vector<PageRange>& pages_;
  const Reader reader_;
  absl::flat_hash_map<absl::string_view, const v1::Answer*> answers_;
  v1::Step step_;
};

}  // namespace

absl::StatusOr<v1::Step> NextStepOf(const StepRequest& request) { return StepMaker(request).Run(); }

}  // namespace canvass::responses
