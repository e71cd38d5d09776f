// canvass response: what customers answered.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/response.pb.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/answers.h"
#include "client/cli/documents/hidden_fields.h"
#include "client/cli/documents/load.h"
#include "client/cli/exit_code.h"
#include "client/cli/paging.h"
#include "client/cli/published_survey.h"
#include "client/cli/responses/verbs.h"

namespace canvass::cli {
namespace {

struct ResponseFlags {
  std::string id;
  std::vector<std::string> files;
  std::string survey;
  std::string contact;
  std::string pending;
  std::string token_file;
  std::string language;
  std::string request_id;
  std::string filter;
  std::string since;
  std::string until;
  std::vector<std::string> answers;
  std::vector<std::string> dismissed;
  std::vector<std::string> hidden;
  int limit = kDefaultLimit;
};
using Flags = std::shared_ptr<ResponseFlags>;

absl::Status SubmitOne(Session& session, const v1::SubmitResponseRequest& request) {
  const auto response = session.Call(&client::Responses::SubmitResponse, request);
  if (!response.ok()) return response.status();
  session.out().Note(absl::StrCat("response ", ShortName(response->name()),
                                  response->repeated_call() ? " was stored before" : " stored"));
  for (const std::string& question : response->hidden_answers()) {
    session.out().Note(absl::StrCat("the answer to ", question, " was left out: its question was not shown"));
  }
  if (session.out().format() == Format::kName) {
    session.out().PrintText(absl::StrCat(response->name(), "\n"));
    return absl::OkStatus();
  }
  return session.out().PrintAs(*response, absl::StrCat(ShortName(response->name()), "\n"));
}

absl::Status SubmitFiles(Session& session, const ResponseFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  auto documents = LoadAll<v1::SubmitResponseRequest>(flags.files, *tenant, ReadResponse);
  if (!documents.ok()) return documents.status();
  for (Document<v1::SubmitResponseRequest>& document : *documents) {
    session.SetLocations(std::move(document.locations));
    absl::Status status = SubmitOne(session, document.message);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// The invitation that waits for `contact`, of the given survey where one is given.
absl::StatusOr<v1::Invitation> FindPending(Session& session, const std::string& contact, const std::string& survey) {
  v1::ListPendingInvitationsRequest request;
  request.set_contact(contact);
  const auto pending = session.Call(&client::Invitations::ListPendingInvitations, request);
  if (!pending.ok()) return pending.status();
  for (const v1::Invitation& invitation : pending->invitations()) {
    if (survey.empty() || ShortName(invitation.survey()) == ShortName(survey)) return invitation;
  }
  return UsageError(absl::StrCat("nothing is pending for ", ShortName(contact),
                                 survey.empty() ? "" : absl::StrCat(" of survey ", ShortName(survey))));
}

absl::Status FillAnswers(const ResponseFlags& flags, const v1::SurveyDefinition& definition, v1::Response& response) {
  for (const std::string& text : flags.answers) {
    absl::StatusOr<v1::Answer> answer = ParseAnswer(definition, text);
    if (!answer.ok()) return answer.status();
    *response.add_answers() = *std::move(answer);
  }
  for (const std::string& key : flags.dismissed) {
    absl::StatusOr<v1::Answer> answer = DismissedAnswer(definition, key);
    if (!answer.ok()) return answer.status();
    *response.add_answers() = *std::move(answer);
  }
  for (const std::string& text : flags.hidden) {
    absl::Status status = SetHiddenField(definition, text, response);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Who is asked and which version, from what the flags say.
absl::Status FillSubject(Session& session, const ResponseFlags& flags, v1::SubmitResponseRequest& request) {
  v1::Response& response = *request.mutable_response();
  if (!flags.survey.empty()) response.set_survey(FullName(request.parent(), "surveys", flags.survey));
  if (!flags.contact.empty()) response.set_contact(FullName(request.parent(), "contacts", flags.contact));
  if (!flags.token_file.empty()) {
    const std::string path = flags.token_file == "-" ? "/dev/stdin" : flags.token_file;
    const absl::StatusOr<std::string> token = ReadKeyFile(path);
    if (!token.ok()) return token.status();
    request.set_invitation_token(*token);
  }
  if (flags.pending.empty()) return absl::OkStatus();
  const auto invitation =
      FindPending(session, FullName(request.parent(), "contacts", flags.pending), response.survey());
  if (!invitation.ok()) return invitation.status();
  request.set_invitation_token(invitation->token());
  response.set_survey(invitation->survey());
  response.set_survey_version(invitation->survey_version());
  return absl::OkStatus();
}

absl::Status Submit(Session& session, const ResponseFlags& flags) {
  if (!flags.files.empty()) return SubmitFiles(session, flags);
  if (flags.answers.empty() && flags.dismissed.empty()) return UsageError("give a file, or answers by --answer");
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::SubmitResponseRequest request;
  request.set_parent(*tenant);
  request.set_request_id(flags.request_id);
  absl::Status status = FillSubject(session, flags, request);
  if (!status.ok()) return status;
  v1::Response& response = *request.mutable_response();
  if (response.survey().empty()) return UsageError("say which survey: --survey, or --pending");
  response.set_language(flags.language);
  const auto version = PublishedSurvey(session, response.survey(), response.survey_version());
  if (!version.ok()) return version.status();
  status = FillAnswers(flags, version->definition(), response);
  return status.ok() ? SubmitOne(session, request) : status;
}

absl::Status Get(Session& session, const ResponseFlags& flags) {
  const absl::StatusOr<std::string> name = session.Name("responses", flags.id);
  if (!name.ok()) return name.status();
  v1::GetResponseRequest request;
  request.set_name(*name);
  const auto response = session.Call(&client::Responses::GetResponse, request);
  return response.ok() ? session.out().PrintOne(*response, ResponseFields()) : response.status();
}

absl::Status List(Session& session, const ResponseFlags& flags) {
  const absl::StatusOr<std::string> tenant = session.Tenant();
  if (!tenant.ok()) return tenant.status();
  v1::ListResponsesRequest request;
  request.set_parent(*tenant);
  if (!flags.survey.empty()) request.set_survey(FullName(*tenant, "surveys", flags.survey));
  if (!flags.contact.empty()) request.set_contact(FullName(*tenant, "contacts", flags.contact));
  request.set_filter(flags.filter);
  absl::Status status = ReadSinceUntil(flags.since, flags.until, session.Now(), request);
  if (!status.ok()) return status;
  const auto responses =
      ListAll(session, &client::Responses::ListResponses, request, &v1::ListResponsesResponse::responses, flags.limit);
  return responses.ok() ? session.out().PrintList(*responses, ResponseColumns()) : responses.status();
}

}  // namespace

void AddResponseCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("response", "What customers answered");
  const auto add = [&](const char* name, const char* description, absl::Status (*run)(Session&, const ResponseFlags&),
                       const Flags& flags) -> CLI::App& {
    return commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
  };
  auto flags = std::make_shared<ResponseFlags>();

  CLI::App& submit = add("submit", "Submit answers", Submit, flags);
  AddFiles(submit, flags->files, "Responses as YAML (survey, answers, invitation_token, ...)");
  submit.add_option("--survey", flags->survey, "The survey that is answered");
  submit.add_option("--answer", flags->answers, "question=answer, once for each")->allow_extra_args(false);
  submit.add_option("--dismiss", flags->dismissed, "A question that was seen and not answered")
      ->allow_extra_args(false);
  submit.add_option("--hidden", flags->hidden, "key=value of a hidden field, once for each")->allow_extra_args(false);
  submit.add_option("--contact", flags->contact, "The respondent; nobody in particular if not given");
  submit.add_option("--pending", flags->pending, "Answer what is pending for this contact");
  submit.add_option("--token-file", flags->token_file, "The file with the invitation's token; - for standard input")
      ->type_name("FILE");
  submit.add_option("--language", flags->language, "In which it was answered, BCP 47");
  submit.add_option("--request-id", flags->request_id, "Makes a repeated call harmless; made up if not given");
  submit.footer(
      "  canvass response submit --pending customer-7 --answer recommend=9 --answer reason=price\n\n"
      "Answers by the kind of question:\n"
      "  recommend=9  weight=2.5  comment=Fine  visit=2026-01-31  terms=yes\n"
      "  reason=other:the smell                  one option, and what was written beside it\n"
      "  liked=staff,food                        several options\n"
      "  order=price,speed                       a ranking, the best first\n"
      "  quality=speed:good,taste:bad            a matrix by row\n"
      "In a file:\n"
      "  survey: post-purchase\n"
      "  answers:\n"
      "    - {question: recommend, score: 9}\n"
      "    - {question: reason, choice: other, other_text: the smell}\n"
      "    - {question: quality, matrix: {speed: good, taste: bad}}\n"
      "    - {question: order, ranking: [price, speed]}     # also choices, text, number, date, consent, dismissed\n"
      "  facts: {hidden: {plan: pro}}");

  add("get", "Show a response", Get, flags).add_option("response", flags->id, "Its id")->required();

  CLI::App& list = add("list", "List responses, the latest stored first", List, flags);
  list.add_option("--survey", flags->survey, "Only those to this survey");
  list.add_option("--contact", flags->contact, "Only this respondent's");
  list.add_option("--filter", flags->filter, "Only those of which this is true");
  list.add_option("--since", flags->since, "Only those stored at or after this time, or so long ago (7d)");
  list.add_option("--until", flags->until, "Only those stored before this time");
  AddLimit(list, flags->limit);
  list.footer(
      "  canvass response list --survey visit --filter 'answer.recommend <= 6 AND answer.comment:\"late\"'\n"
      "  canvass response list --contact customer-7 --since 30d\n\n"
      "Filters know answer.*, contact.*, event.*, hidden.* and response.channel, .language, .device, .duration, "
      ".tags,\n"
      ".note, .excluded, .changed, .answers, .survey_version, .answer_time, .start_time, .create_time.");

  AddResponseTransfer(commands, noun);
  AddResponseChanges(commands, noun);
}

}  // namespace canvass::cli
