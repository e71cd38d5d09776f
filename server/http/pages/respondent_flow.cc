#include "server/http/pages/respondent_flow.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_split.h"
#include "server/responses/questionnaire/shown_question.h"
#include "server/responses/questionnaire/step.h"
#include "server/surveys/survey.h"
#include "server/surveys/texts/languages.h"

namespace canvass::http {
namespace {

constexpr int kStart = -1;  // the page before the first one

void Remove(absl::string_view question, RespondentFlow::Answers& answers) {
  answers.erase(std::remove_if(answers.begin(), answers.end(),
                               [&](const v1::Answer& answer) { return answer.question() == question; }),
                answers.end());
}

}  // namespace

RespondentFlow::RespondentFlow(const responses::Respondent& respondent, const Answers& answers)
    : respondent_(respondent),
      definition_(respondent.survey->definition),
      answers_(answers),
      walked_(surveys::Walk(definition_, *respondent.facts, answers)),
      pages_(surveys::PagesOf(definition_)) {
  for (const v1::Answer& answer : answers) answered_.insert(answer.question());
}

absl::StatusOr<v1::Step> RespondentFlow::Resume() const {
  int stopped = static_cast<int>(pages_.size()) - 1;
  while (stopped > kStart && !HasAnyAnswer(stopped)) --stopped;
  if (stopped > kStart && !HasAllAnswers(stopped)) --stopped;
  absl::StatusOr<v1::Step> step = StepAfter(stopped, respondent_.full_quotas);
  if (!step.ok() || !step->complete() || step->quota_full() || stopped == kStart) return step;
  return StepAfter(stopped - 1, respondent_.full_quotas);
}

absl::StatusOr<v1::Step> RespondentFlow::Show(absl::string_view page) const {
  const int place = PlaceOf(page);
  if (place == kStart || !IsShown(place)) return Resume();
  absl::StatusOr<v1::Step> step = StepAfter(place - 1, respondent_.full_quotas);
  if (step.ok() && step->complete() && !step->quota_full()) return Resume();
  return step;
}

absl::StatusOr<v1::Step> RespondentFlow::After(absl::string_view page) const {
  return StepAfter(PlaceOf(page), respondent_.full_quotas);
}

absl::StatusOr<v1::Step> RespondentFlow::End() const {
  return StepAfter(static_cast<int>(pages_.size()) - 1, /*full_quotas=*/{});
}

bool RespondentFlow::HasPage(absl::string_view page) const { return PlaceOf(page) != kStart; }

std::string RespondentFlow::Before(absl::string_view page) const {
  int before = PlaceOf(page) - 1;
  while (before > kStart && !IsShown(before)) --before;
  return before > kStart ? KeyOf(before) : "";
}

bool RespondentFlow::IsLast(absl::string_view page) const {
  const int count = static_cast<int>(pages_.size());
  int next = PlaceOf(page) + 1;
  while (next < count && !IsShown(next)) ++next;
  return next >= count;
}

std::vector<const v1::Question*> RespondentFlow::QuestionsOf(absl::string_view page) const {
  std::vector<const v1::Question*> questions;
  const int place = PlaceOf(page);
  if (place == kStart) return questions;
  for (int i = pages_[place].first; i < pages_[place].end; ++i) questions.push_back(&definition_.questions(i));
  return questions;
}

std::string RespondentFlow::Title() const {
  const responses::Reader reader{
      .survey = *respondent_.survey, .seed = respondent_.seed, .facts = walked_.facts, .answers = answers_};
  return responses::ReadText(
      reader, surveys::TextIn(definition_.title(), respondent_.survey->language, definition_.default_language()));
}

RespondentFlow::Answers RespondentFlow::ShownAnswers() const {
  Answers shown;
  for (int i = 0; i < definition_.questions_size(); ++i) {
    if (!walked_.shown[i]) continue;
    const auto answer = std::find_if(answers_.begin(), answers_.end(), [&](const v1::Answer& candidate) {
      return candidate.question() == definition_.questions(i).key();
    });
    if (answer != answers_.end()) *shown.Add() = *answer;
  }
  return shown;
}

int RespondentFlow::PlaceOf(absl::string_view page) const {
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    if (surveys::KeyOf(definition_, pages_[i]) == page) return static_cast<int>(i);
  }
  return kStart;
}

std::string RespondentFlow::KeyOf(int place) const {
  return place == kStart ? "" : std::string(surveys::KeyOf(definition_, pages_[place]));
}

bool RespondentFlow::IsShown(int place) const {
  const auto first = walked_.shown.begin() + pages_[place].first;
  return std::find(first, walked_.shown.begin() + pages_[place].end, true) != walked_.shown.begin() + pages_[place].end;
}

bool RespondentFlow::HasAnyAnswer(int place) const {
  for (int i = pages_[place].first; i < pages_[place].end; ++i) {
    if (walked_.shown[i] && answered_.contains(definition_.questions(i).key())) return true;
  }
  return false;
}

bool RespondentFlow::HasAllAnswers(int place) const {
  for (int i = pages_[place].first; i < pages_[place].end; ++i) {
    const v1::Question& question = definition_.questions(i);
    if (walked_.shown[i] && !question.has_statement() && !answered_.contains(question.key())) return false;
  }
  return true;
}

absl::StatusOr<v1::Step> RespondentFlow::StepAfter(int place, const std::vector<std::string>& full_quotas) const {
  const std::string after = KeyOf(std::max(place, kStart));
  return responses::NextStepOf({.survey = *respondent_.survey,
                                .seed = respondent_.seed,
                                .facts = *respondent_.facts,
                                .answers = answers_,
                                .after_page = after,
                                .full_quotas = full_quotas});
}

const PageAnswers::Item* PageAnswers::Find(absl::string_view question) const {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.question->key() == question; });
  return found == items.end() ? nullptr : &*found;
}

void PageAnswers::MergeInto(Blanks blanks, const absl::flat_hash_set<std::string>& without, v1::Response& draft) const {
  for (const Item& item : items) {
    if (item.question->has_statement() || without.contains(item.question->key())) continue;
    Remove(item.question->key(), *draft.mutable_answers());
    // A box that is not ticked says no only once the page is left behind.
    const bool is_blank = !item.read.answer.has_value() ||
                          (item.question->has_consent() && !item.read.answer->consent() && blanks == Blanks::kLeave);
    if (!is_blank) {
      *draft.add_answers() = *item.read.answer;
    } else if (blanks == Blanks::kDismiss && !item.question->required() && !item.read.unreadable) {
      v1::Answer& dismissed = *draft.add_answers();
      dismissed.set_question(item.question->key());
      dismissed.set_dismissed(true);
    }
  }
}

PageAnswers ReadPage(const std::vector<const v1::Question*>& questions, const Form& form) {
  const absl::flat_hash_set<absl::string_view> shown = absl::StrSplit(form.First("shown"), ',');
  PageAnswers page;
  for (const v1::Question* question : questions) {
    if (shown.contains(question->key()))
      page.items.push_back({.question = question, .read = ReadAnswer(*question, form)});
  }
  return page;
}

}  // namespace canvass::http
