#include "server/http/pages/survey_page.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/notification.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/text/language_tag.h"
#include "server/distribution/links/qr_code.h"
#include "server/distribution/links/survey_link.h"
#include "server/http/pages/problem_text.h"
#include "server/http/pages/question_view.h"
#include "server/http/pages/respondent_flow.h"
#include "server/surveys/survey.h"
#include "server/surveys/texts/languages.h"
#include "server/surveys/texts/late_message.h"

namespace canvass::http {
namespace {

using v1::Questionnaire;

// How long a browser waits for the response to be stored.
constexpr absl::Duration kMaxSubmit = absl::Seconds(20);
constexpr absl::string_view kLanguageButton = "language:";

// What who cannot answer reads.
PageReply LatePage(const Visit& visit, Questionnaire::Availability availability) {
  static const v1::SurveyDefinition none;
  const responses::Respondent& respondent = visit.respondent();
  const v1::SurveyDefinition& definition = respondent.survey == nullptr ? none : respondent.survey->definition;
  const bool answered = availability == Questionnaire::AVAILABILITY_ANSWERED;
  const PageFrame& frame = visit.frame();
  return MessagePage(frame, {.heading = std::string(frame.sentences.Get(answered ? "answered_title" : "closed_title")),
                             .lines = {surveys::LateMessage(definition, frame.language, availability)}});
}

// The end of the survey, with its own words or ours.
PageReply EndPage(const Visit& visit, const SurveyRequest& request, const v1::Step& step) {
  const Sentences& sentences = visit.frame().sentences;
  const absl::string_view title = OnlyText(step.ending().title());
  Message message{.heading = std::string(title.empty() ? sentences.Get("thanks_title") : title)};
  message.lines.emplace_back(step.has_ending() ? OnlyText(step.ending().text()) : sentences.Get("thanks_text"));
  if (visit.is_kiosk()) {
    // Beside /s/<token>/<visit>.
    message.link = absl::StrCat("../", request.token, visit.HiddenQuery());
    message.link_text = std::string(sentences.Get("again"));
  } else if (absl::StartsWith(step.ending().redirect_url(), "https://")) {
    // A link, not a redirect: the policy lets no form lead to another site, and people want to know where they go.
    message.link = step.ending().redirect_url();
    message.link_text = std::string(sentences.Get("continue"));
  }
  PageReply reply = MessagePage(visit.frame(), message);
  if (visit.is_kiosk()) reply.next_location = message.link;
  return reply;
}

// The page of `step`, with what was filled in and what is wrong with it.
PageReply QuestionsPage(const Visit& visit, const RespondentFlow& flow, const v1::Step& step, const Form& form,
                        std::vector<ShownProblem> problems) {
  const std::vector<std::string> languages = surveys::LanguagesOf(visit.respondent().survey->definition);
  const std::string title = flow.Title();
  const std::string& page = step.page().key();
  return SurveyPage(visit.frame(), {.step = step,
                                    .languages = languages,
                                    .title = title,
                                    .form = form,
                                    .problems = std::move(problems),
                                    .is_first = flow.Before(page).empty(),
                                    .is_last = flow.IsLast(page)});
}

// What stands in the fields of a page: the draft's answers, and where there are none the scores of the address.
Form Filled(const v1::QuestionnairePage& page, const v1::Response& draft, const Form& query) {
  Form form;
  for (const v1::Question& question : page.questions()) {
    bool answered = false;
    for (const v1::Answer& answer : draft.answers()) {
      if (answer.question() != question.key()) continue;
      WriteAnswer(question, answer, form);
      answered = true;
    }
    const absl::string_view score = query.First(question.key());
    if (!answered && !score.empty() && surveys::ScaleOf(question).has_value()) {
      form.Add(FieldName(question), std::string(score));
    }
  }
  return form;
}

// One page on its way from the browser into the draft.
class Taking {
 public:
  Taking(const PageParts& parts, const SurveyRequest& request, const Form& form, Visit& visit)
      : parts_(parts), request_(request), form_(form), visit_(visit), page_(form.First("page")) {}

  absl::StatusOr<PageReply> Run() {
    const RespondentFlow before(visit_.respondent(), visit_.draft().answers());
    if (!before.HasPage(page_)) return Redirect(visit_.address());
    answers_ = ReadPage(before.QuestionsOf(page_), form_);
    const absl::string_view go = form_.First("go");
    if (go == "back") return GoBack();
    if (absl::StartsWith(go, kLanguageButton)) return ChangeLanguage(absl::StripPrefix(go, kLanguageButton));
    return GoOn();
  }

 private:
  // The draft as it would be with the page's answers.
  v1::Response Merged(Blanks blanks) const {
    v1::Response draft = visit_.draft();
    answers_.MergeInto(blanks, /*without=*/{}, draft);
    return draft;
  }

  // What is wrong with the answers to this page.
  absl::StatusOr<std::vector<ShownProblem>> FindProblems(const v1::Response& draft) const {
    const RespondentFlow flow(visit_.respondent(), draft.answers());
    CANVASS_ASSIGN_OR_RETURN(const v1::Step after, flow.After(page_));
    CANVASS_ASSIGN_OR_RETURN(const v1::Step shown, flow.Show(page_));
    std::vector<ShownProblem> problems;
    for (const v1::Question& question : shown.page().questions()) {
      const PageAnswers::Item* item = answers_.Find(question.key());
      if (item == nullptr) continue;
      const auto found = std::find_if(after.problems().begin(), after.problems().end(),
                                      [&](const auto& problem) { return problem.question() == question.key(); });
      if (found == after.problems().end() && !item->read.unreadable) continue;
      const absl::string_view field =
          found == after.problems().end() ? absl::string_view() : absl::string_view(found->field());
      problems.push_back(
          {.question = question.key(), .text = ProblemText(question, item->read, field, visit_.frame().sentences)});
    }
    return problems;
  }

  // Keeps what is right of the page.
  absl::Status Keep(Blanks blanks, const std::vector<ShownProblem>& problems, absl::string_view language = "") {
    absl::flat_hash_set<std::string> wrong;
    for (const ShownProblem& problem : problems) wrong.insert(problem.question);
    return visit_.ChangeDraft([&](v1::Response& draft) {
      answers_.MergeInto(blanks, wrong, draft);
      if (!language.empty()) draft.set_language(std::string(language));
    });
  }

  absl::StatusOr<PageReply> GoBack() {
    CANVASS_ASSIGN_OR_RETURN(const std::vector<ShownProblem> problems, FindProblems(Merged(Blanks::kLeave)));
    CANVASS_RETURN_IF_ERROR(Keep(Blanks::kLeave, problems));
    const RespondentFlow flow(visit_.respondent(), visit_.draft().answers());
    return Redirect(visit_.AddressOf(flow.Before(page_)));
  }

  absl::StatusOr<PageReply> ChangeLanguage(absl::string_view language) {
    if (!IsLanguageTag(language)) return Redirect(visit_.AddressOf(page_));
    CANVASS_ASSIGN_OR_RETURN(const std::vector<ShownProblem> problems, FindProblems(Merged(Blanks::kLeave)));
    CANVASS_RETURN_IF_ERROR(Keep(Blanks::kLeave, problems, language));
    return Redirect(visit_.AddressOf(page_));
  }

  absl::StatusOr<PageReply> GoOn() {
    const v1::Response merged = Merged(Blanks::kDismiss);
    CANVASS_ASSIGN_OR_RETURN(std::vector<ShownProblem> problems, FindProblems(merged));
    CANVASS_RETURN_IF_ERROR(Keep(Blanks::kDismiss, problems));
    if (visit_.is_done()) return Redirect(visit_.address());
    if (!problems.empty()) {
      const RespondentFlow flow(visit_.respondent(), merged.answers());
      CANVASS_ASSIGN_OR_RETURN(const v1::Step step, flow.Show(page_));
      return QuestionsPage(visit_, flow, step, form_, std::move(problems));
    }
    const RespondentFlow flow(visit_.respondent(), visit_.draft().answers());
    CANVASS_ASSIGN_OR_RETURN(const std::string unseen, FindUnseen(flow));
    // An answer made a question of the same page appear: it is asked before the page is left.
    if (!unseen.empty()) return Redirect(absl::StrCat(visit_.AddressOf(page_), "#q-", unseen));
    CANVASS_ASSIGN_OR_RETURN(const v1::Step next, flow.After(page_));
    if (!next.complete()) return Redirect(visit_.AddressOf(next.page().key()));
    if (next.quota_full()) return EndPage(visit_, request_, next);
    return Submit(flow.ShownAnswers());
  }

  // A question of the page that is shown with the answers as they are now, and was not before; empty if there is none.
  absl::StatusOr<std::string> FindUnseen(const RespondentFlow& flow) const {
    CANVASS_ASSIGN_OR_RETURN(const v1::Step step, flow.Show(page_));
    if (step.page().key() != page_) return std::string();
    for (const v1::Question& question : step.page().questions()) {
      if (answers_.Find(question.key()) == nullptr) return question.key();
    }
    return std::string();
  }

  v1::SubmitResponseRequest SubmitRequest(const RespondentFlow::Answers& answers) const {
    v1::SubmitResponseRequest request;
    request.set_parent(ResourceName(visit_.scope().tenant()));
    v1::Response& response = *request.mutable_response();
    *response.mutable_answers() = answers;
    response.set_language(visit_.respondent().survey->language);
    *response.mutable_start_time() = visit_.draft().start_time();
    if (!visit_.facts().fields().empty()) *response.mutable_facts() = visit_.facts();
    if (!visit_.invitation_token().empty()) {
      request.set_invitation_token(visit_.invitation_token());
      return request;
    }
    response.set_survey(visit_.link()->survey());
    response.set_channel(v1::Invitation::CHANNEL_LINK);
    request.set_request_id(visit_.request_id());
    return request;
  }

  // Whether the answers were stored by this or an earlier call, so that the respondent is thanked.
  absl::StatusOr<PageReply> Submit(const RespondentFlow::Answers& answers) {
    const absl::Status status = SubmitAndWait(SubmitRequest(answers));
    const v1::ErrorReason reason = ReasonOf(status);
    // The answers of somebody else came first.
    if (reason == v1::ERROR_REASON_REQUEST_ID_REUSED && visit_.is_once()) {
      CANVASS_RETURN_IF_ERROR(MarkUsed());
      return LatePage(visit_, Questionnaire::AVAILABILITY_ANSWERED);
    }
    switch (reason) {
      case v1::ERROR_REASON_SURVEY_CLOSED:
      case v1::ERROR_REASON_QUOTA_FULL:
        return LatePage(visit_, Questionnaire::AVAILABILITY_CLOSED);
      case v1::ERROR_REASON_INVITATION_EXPIRED:
        return LatePage(visit_, Questionnaire::AVAILABILITY_EXPIRED);
      case v1::ERROR_REASON_INVITATION_NOT_OPEN:
        return LatePage(visit_, Questionnaire::AVAILABILITY_NOT_OPEN);
      case v1::ERROR_REASON_INVITATION_ANSWERED:
      case v1::ERROR_REASON_REQUEST_ID_REUSED:
        break;
      default:
        CANVASS_RETURN_IF_ERROR(status);
    }
    if (visit_.is_once()) CANVASS_RETURN_IF_ERROR(MarkUsed());
    CANVASS_RETURN_IF_ERROR(visit_.Seal());
    return Redirect(visit_.address());
  }

  absl::Status MarkUsed() {
    return parts_.links.MarkUsed(visit_.scope(), distribution::IdOf(*visit_.link()), parts_.clock.Now());
  }

  absl::Status SubmitAndWait(v1::SubmitResponseRequest request) {
    // Shared with the intake, which answers by the deadline at the latest.
    struct Answer {
      absl::Status status;
      absl::Notification done;
    };
    auto answer = std::make_shared<Answer>();
    parts_.intake.Submit(
        visit_.scope(), std::move(request), parts_.clock.Now() + kMaxSubmit,
        [answer](const absl::StatusOr<v1::SubmitResponseResponse>& result) {
          answer->status = result.status();
          answer->done.Notify();
        },
        // Who answers has not written the link that lacks one.
        responses::MissingFields::kAllowed);
    if (!answer->done.WaitForNotificationWithTimeout(2 * kMaxSubmit)) {
      return Error(absl::StatusCode::kUnavailable, v1::ERROR_REASON_OUTCOME_UNKNOWN, "the response was not stored yet");
    }
    return answer->status;
  }

  const PageParts& parts_;
  const SurveyRequest& request_;
  const Form& form_;
  Visit& visit_;
  const std::string page_;
  PageAnswers answers_;
};

// What who has handed the answers in reads.
absl::StatusOr<PageReply> DonePage(const Visit& visit, const SurveyRequest& request) {
  if (visit.respondent().survey == nullptr) return LatePage(visit, Questionnaire::AVAILABILITY_ANSWERED);
  const RespondentFlow flow(visit.respondent(), visit.draft().answers());
  CANVASS_ASSIGN_OR_RETURN(const v1::Step end, flow.End());
  return end.complete() ? EndPage(visit, request, end) : LatePage(visit, Questionnaire::AVAILABILITY_ANSWERED);
}

}  // namespace

absl::StatusOr<PageReply> ShowSurvey(const PageParts& parts, const SurveyRequest& request, Opening opening) {
  CANVASS_ASSIGN_OR_RETURN(const std::unique_ptr<Visit> visit, Visit::Begin(parts, request));
  if (visit->is_done()) return DonePage(*visit, request);
  if (!visit->is_open()) return LatePage(*visit, visit->availability());
  if (visit->is_new()) return Redirect(visit->address());
  // Links are opened by whoever passes, invitations by one person: only these begin when they are opened.
  const bool begins = opening == Opening::kNoted && !visit->invitation_token().empty();
  const bool is_news = !visit->draft().has_start_time() || visit->brings_hidden();
  if (begins && is_news) CANVASS_RETURN_IF_ERROR(visit->ChangeDraft([](v1::Response&) {}));
  const RespondentFlow flow(visit->respondent(), visit->draft().answers());
  const absl::string_view page = request.query.First("_page");
  CANVASS_ASSIGN_OR_RETURN(const v1::Step step, page.empty() ? flow.Resume() : flow.Show(page));
  if (step.complete()) return EndPage(*visit, request, step);
  return QuestionsPage(*visit, flow, step, Filled(step.page(), visit->draft(), request.query), {});
}

absl::StatusOr<PageReply> TakePage(const PageParts& parts, const SurveyRequest& request, const Form& form) {
  CANVASS_ASSIGN_OR_RETURN(const std::unique_ptr<Visit> visit, Visit::Begin(parts, request));
  // Sent twice, or from a page of the browser's past: the thanks are what is true now.
  if (visit->is_done() || visit->is_new()) return Redirect(visit->address());
  if (!visit->is_open()) return LatePage(*visit, visit->availability());
  return Taking(parts, request, form, *visit).Run();
}

absl::StatusOr<PageReply> ShowQrCode(const PageParts& parts, absl::string_view token) {
  CANVASS_ASSIGN_OR_RETURN(const distribution::SurveyLinkClaims claims, parts.link_tokens.Verify(token));
  CANVASS_ASSIGN_OR_RETURN(const tenants::TenantEntry tenant, parts.tenants.Find(claims.tenant));
  CANVASS_ASSIGN_OR_RETURN(const v1::SurveyLink link, parts.links.Get(tenant.scope, claims.link));
  PageReply reply;
  CANVASS_ASSIGN_OR_RETURN(reply.html, distribution::QrCodeSvg(parts.link_addresses.Of(tenant.scope, link)));
  reply.content_type = "image/svg+xml";
  reply.policy = "default-src 'none'";
  return reply;
}

}  // namespace canvass::http
