// Where a respondent stands in a survey: which page comes first, next and before, given the answers so far; and what a
// page that comes back says.
//
//   const RespondentFlow flow(respondent, draft.answers());
//   CANVASS_ASSIGN_OR_RETURN(const v1::Step step, flow.Resume());
//
//   const PageAnswers page = ReadPage(flow.QuestionsOf(key), form);
//   page.MergeInto(Blanks::kDismiss, draft);
//
// What a Step is and means says questionnaire.proto. Pure; a flow is not thread-safe, and what it is made with must
// outlive it.
#ifndef CANVASS_SERVER_HTTP_PAGES_RESPONDENT_FLOW_H_
#define CANVASS_SERVER_HTTP_PAGES_RESPONDENT_FLOW_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/questionnaire.pb.h"
#include "canvass/v1/response.pb.h"
#include "server/http/pages/answer_form.h"
#include "server/responses/questionnaire/respondents.h"
#include "server/surveys/logic/pages.h"
#include "server/surveys/logic/walk.h"

namespace canvass::http {

class RespondentFlow {
 public:
  using Answers = google::protobuf::RepeatedPtrField<v1::Answer>;

  // `respondent` is open, or has handed the answers in.
  RespondentFlow(const responses::Respondent& respondent, const Answers& answers);

  // Where the person stopped: the page after the last one that was answered whole. At the end the last page again, so
  // that it can be sent.
  absl::StatusOr<v1::Step> Resume() const;
  // The page of that key, if the answers lead there; else as Resume().
  absl::StatusOr<v1::Step> Show(absl::string_view page) const;
  // What comes after the page; the first page after "".
  absl::StatusOr<v1::Step> After(absl::string_view page) const;
  // What who has handed the answers in reads at the end.
  absl::StatusOr<v1::Step> End() const;

  bool HasPage(absl::string_view page) const;
  // The page that was shown before; empty at the first one.
  std::string Before(absl::string_view page) const;
  // Whether no further page would be shown, as far as the answers can tell.
  bool IsLast(absl::string_view page) const;
  // All questions of the page, whether shown or not.
  std::vector<const v1::Question*> QuestionsOf(absl::string_view page) const;
  // The survey's title for this respondent; may be empty.
  std::string Title() const;
  // The answers that can be handed in: to questions that were shown, in their order.
  Answers ShownAnswers() const;

 private:
  int PlaceOf(absl::string_view page) const;
  std::string KeyOf(int place) const;
  bool IsShown(int place) const;
  // Whether any, or every, shown question of the page that takes an answer has one.
  bool HasAnyAnswer(int place) const;
  bool HasAllAnswers(int place) const;
  absl::StatusOr<v1::Step> StepAfter(int place, const std::vector<std::string>& full_quotas) const;

  const responses::Respondent& respondent_;
  const v1::SurveyDefinition& definition_;
  const Answers& answers_;
  const surveys::Walked walked_;
  const std::vector<surveys::PageRange> pages_;
  absl::flat_hash_set<absl::string_view> answered_;
};

// What becomes of questions on the page that were left blank. A respondent who goes on has chosen not to answer them;
// one who goes back, or changes the language, has not.
enum class Blanks { kDismiss, kLeave };

// What a page that came back says.
struct PageAnswers {
  struct Item {
    const v1::Question* question;
    FormAnswer read;
  };
  // The questions that the respondent saw.
  std::vector<Item> items;

  // The item of that question; null if the respondent did not see it.
  const Item* Find(absl::string_view question) const;
  // Replaces what `draft` says to these questions. Those of `without` keep what they have.
  void MergeInto(Blanks blanks, const absl::flat_hash_set<std::string>& without, v1::Response& draft) const;
};

// The form's field `shown` says which of `questions` the respondent saw.
PageAnswers ReadPage(const std::vector<const v1::Question*>& questions, const Form& form);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_PAGES_RESPONDENT_FLOW_H_
