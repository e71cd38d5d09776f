// canvass survey preview: a questionnaire as a respondent meets it, asked in the terminal. The server decides what
// comes next, so its logic, languages and pipes are those of the real thing.

#include <unistd.h>

#include <csignal>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "canvass/v1/questionnaire.pb.h"
#include "client/charts/text_width.h"
#include "client/cli/documents/assignments.h"
#include "client/cli/documents/message_reader.h"
#include "client/cli/documents/record_reader.h"
#include "client/cli/exit_code.h"
#include "client/cli/output/message_json.h"
#include "client/cli/output/survey_document.h"
#include "client/cli/survey/interview.h"
#include "client/cli/survey/subject.h"
#include "client/cli/survey/verbs.h"

namespace canvass::cli {
namespace {

using charts::Color;

struct PreviewFlags {
  std::string subject;
  int version = 0;
  bool draft = false;
  std::string language;
  std::vector<std::string> facts;
  std::string answers_file;
};

// Who leaves in the middle is told what that means. Only what a signal handler may call.
void LeaveOnInterrupt(int) {
  constexpr char kText[] = "\nleft; nothing was stored\n";
  const ssize_t written = write(STDERR_FILENO, kText, sizeof(kText) - 1);
  _exit(written < 0 ? 1 : 130);
}

// The walk of one respondent through the pages.
class Walk {
 public:
  Walk(Session& session, v1::QuestionnaireContext context, Interview interview)
      : session_(session), style_(session.out().terminal().err), interview_(std::move(interview)) {
    *request_.mutable_context() = std::move(context);
  }

  // The last step. InvalidArgument if an answer is refused and cannot be asked for again; OutOfRange if no more come.
  absl::StatusOr<v1::Step> Run() {
    while (true) {
      absl::StatusOr<v1::Step> step = session_.Call(&client::Surveys::NextStep, request_);
      if (!step.ok()) return step.status();
      if (!step->problems().empty()) {
        absl::Status status = TakeBack(*step);
        if (!status.ok()) return status;
      }
      if (!step->has_page()) return step;
      absl::Status status = AskNext(*step);
      if (!status.ok()) return status;
    }
  }

  const google::protobuf::RepeatedPtrField<v1::Answer>& answers() const { return request_.answers(); }

 private:
  struct Asked {
    std::string question;
    std::string after_page;
  };

  // The first question of the page that was not asked yet, or on to the next page. Each answer may change what the rest
  // of the page shows, so the server is asked again after each.
  absl::Status AskNext(const v1::Step& step) {
    const v1::QuestionnairePage& page = step.page();
    ShowPage(step);
    before_.try_emplace(page.key(), request_.after_page());
    for (const v1::Question& question : page.questions()) {
      if (!done_.contains(question.key())) return Ask(question);
    }
    if (request_.after_page() == page.key()) {
      return absl::InternalError(absl::StrCat("the server shows page '", page.key(), "' again without saying why"));
    }
    request_.set_after_page(page.key());
    return absl::OkStatus();
  }

  absl::Status Ask(const v1::Question& question) {
    absl::StatusOr<Reply> reply = interview_.Ask(question);
    if (!reply.ok()) return reply.status();
    if (reply->kind == Reply::Kind::kBack) {
      GoBack();
      return absl::OkStatus();
    }
    Forget(question.key());
    done_.insert(question.key());
    trail_.push_back({question.key(), request_.after_page()});
    if (reply->kind == Reply::Kind::kAnswer) *request_.add_answers() = std::move(reply->answer);
    return absl::OkStatus();
  }

  void GoBack() {
    if (trail_.empty()) {
      Say("this is the first question\n");
      return;
    }
    const Asked last = std::move(trail_.back());
    trail_.pop_back();
    Forget(last.question);
    request_.set_after_page(last.after_page);
  }

  // The answers that the server would refuse are told and asked for again.
  absl::Status TakeBack(const v1::Step& step) {
    for (const v1::AnswerProblem& problem : step.problems()) {
      const std::string field = problem.field().empty() ? "" : absl::StrCat(" (", problem.field(), ")");
      Say(absl::StrCat(
          charts::Paint(style_, Color::kYellow,
                        charts::Printable(absl::StrCat(problem.question(), field, ": ", problem.description()))),
          "\n"));
      Forget(problem.question());
    }
    if (interview_.again() == AskAgain::kNo) return NotGood("these answers would be refused, see above");
    const auto before = before_.find(step.page().key());
    request_.set_after_page(before == before_.end() ? "" : before->second);
    return absl::OkStatus();
  }

  void Forget(const std::string& question) {
    done_.erase(question);
    auto& answers = *request_.mutable_answers();
    for (int i = answers.size() - 1; i >= 0; --i) {
      if (answers[i].question() == question) answers.DeleteSubrange(i, 1);
    }
  }

  void ShowPage(const v1::Step& step) {
    if (shown_page_ == step.page().key()) return;
    shown_page_ = step.page().key();
    const std::string left = SpanText(step.remaining_duration());
    Say(absl::StrCat("\n",
                     charts::Paint(style_, Color::kDim,
                                   absl::StrCat("-- ", step.progress_percent(), " % done",
                                                left.empty() ? "" : absl::StrCat(", about ", left, " left"), " --")),
                     "\n"));
    for (const std::string& text : {step.page().title(), step.page().description()}) {
      if (!text.empty()) Say(absl::StrCat(charts::Printable(text), "\n"));
    }
  }

  void Say(absl::string_view text) { session_.out().Tell(text); }

  Session& session_;
  const charts::ChartStyle style_;
  Interview interview_;
  v1::NextStepRequest request_;
  // Of this pass; what was taken back is not among them.
  std::set<std::string> done_;
  std::vector<Asked> trail_;
  // The page before each page that was shown.
  std::map<std::string, std::string> before_;
  std::string shown_page_;
};

// The member of that key, made where there is none.
Node& MemberOf(Node& map, const std::string& key) {
  map.kind = Node::Kind::kMap;
  for (Member& member : map.members) {
    if (member.key == key) return member.value;
  }
  map.members.push_back({.key = key, .line = 1, .value = {}});
  return map.members.back().value;
}

// `event.total=5` makes {event: {total: 5}}.
absl::Status ReadFacts(const std::vector<std::string>& items, v1::QuestionnaireContext& context) {
  const absl::StatusOr<Node> flat = ParseAssignments("--facts", items);
  if (!flat.ok()) return flat.status();
  Node facts = {.kind = Node::Kind::kMap, .line = 1};
  for (const Member& fact : flat->members) {
    Node* at = &facts;
    for (const absl::string_view part : absl::StrSplit(fact.key, '.')) at = &MemberOf(*at, std::string(part));
    *at = fact.value;
  }
  if (facts.members.empty()) return absl::OkStatus();
  Node document = {.kind = Node::Kind::kMap, .line = 1};
  document.members.push_back({.key = "facts", .line = 1, .value = std::move(facts)});
  Problems problems("--facts");
  Locations locations;
  MessageReader({}, problems, locations).Read(document, context);
  return problems.ToStatus();
}

// Who is asked what, and where it comes from in a word or two.
absl::StatusOr<v1::QuestionnaireContext> MakeContext(Session& session, const PreviewFlags& flags, std::string& source) {
  v1::QuestionnaireContext context;
  context.set_language(flags.language);
  absl::Status status = ReadFacts(flags.facts, context);
  if (!status.ok()) return status;
  absl::StatusOr<Subject> subject = LoadSubject(session, flags.subject);
  if (!subject.ok()) return subject.status();
  const v1::Survey& survey = subject->survey;
  source = ShortName(survey.name());
  if (subject->locations.has_value() && flags.version != 0) {
    return UsageError("--version is for a stored survey, not for a file");
  }
  const bool draft = flags.draft || survey.published_version() == 0;
  if (subject->locations.has_value() || (flags.version == 0 && draft)) {
    *context.mutable_definition() = survey.definition();
    absl::StrAppend(&source, subject->locations.has_value() ? ", the file" : ", the draft");
    if (subject->locations.has_value()) session.SetLocations(*std::move(subject->locations));
    return context;
  }
  const int version = flags.version != 0 ? flags.version : survey.published_version();
  context.set_survey_version(VersionName(survey.name(), version));
  absl::StrAppend(&source, ", version ", version);
  return context;
}

absl::StatusOr<Node> ReadAnswers(const std::string& file) {
  absl::StatusOr<RecordReader> reader = RecordReader::Open(file);
  if (!reader.ok()) return reader.status();
  absl::StatusOr<std::optional<Node>> record = reader->Next();
  if (!record.ok()) return record.status();
  if (!record->has_value()) return Node{.kind = Node::Kind::kMap, .line = 1};
  if ((*record)->kind != Node::Kind::kMap) {
    return UsageError(absl::StrCat(file, ": expected answers by question, for example 'recommend: 9'"));
  }
  return **std::move(record);
}

// The end as the respondent sees it, then the answers to standard output, in the form that can be submitted.
absl::Status ShowEnd(Session& session, const PreviewFlags& flags, const v1::Step& step, const std::string& language,
                     const google::protobuf::RepeatedPtrField<v1::Answer>& answers) {
  Printer& out = session.out();
  const charts::ChartStyle& style = out.terminal().err;
  std::string text = "\n";
  if (step.has_ending()) {
    absl::StrAppend(&text, charts::Paint(style, Color::kBold, OnlyText(step.ending().title())), "\n");
    if (!step.ending().text().empty()) absl::StrAppend(&text, OnlyText(step.ending().text()), "\n");
    if (!step.ending().redirect_url().empty()) {
      absl::StrAppend(&text, "leads to ", charts::Printable(step.ending().redirect_url()), "\n");
    }
  }
  if (step.quota_full()) absl::StrAppend(&text, "a quota is full: these answers would not be taken\n");
  for (const std::string& hidden : step.hidden_answers()) {
    absl::StrAppend(&text, "the answer to ", charts::Printable(hidden),
                    " does not count: its question was not shown in the end\n");
  }
  out.Tell(absl::StrCat(text, "\n"));
  std::string summary;
  if (step.has_ending()) absl::StrAppend(&summary, "# ending: ", charts::Printable(step.ending().key()), "\n");
  const nlohmann::ordered_json values = ToJson(step.values());
  for (const auto& [key, value] : values.items()) absl::StrAppend(&summary, "# value.", key, ": ", value.dump(), "\n");
  v1::Response response;
  for (const v1::Answer& answer : answers) {
    if (!absl::c_linear_search(step.hidden_answers(), answer.question())) *response.add_answers() = answer;
  }
  response.set_language(language);
  const std::string survey = IsFile(flags.subject) ? "" : ShortName(flags.subject);
  absl::Status status = out.PrintAs(response, absl::StrCat(summary, AnswersYaml(survey, language, response.answers())));
  out.Note("this was a preview: nothing was stored");
  return status;
}

absl::Status Preview(Session& session, const PreviewFlags& flags) {
  std::string source;
  const absl::StatusOr<v1::QuestionnaireContext> context = MakeContext(session, flags, source);
  if (!context.ok()) return context.status();
  v1::GetQuestionnaireRequest request;
  *request.mutable_context() = *context;
  const auto questionnaire = session.Call(&client::Surveys::GetQuestionnaire, request);
  if (!questionnaire.ok()) return questionnaire.status();
  Printer& out = session.out();
  const bool choice = questionnaire->languages_size() > 1;
  out.Note(absl::StrCat("preview of ", source, " in ", questionnaire->language(),
                        choice ? absl::StrCat(" (of ", absl::StrJoin(questionnaire->languages(), ", "), ")") : "",
                        "; nothing is stored"));
  if (questionnaire->availability() != v1::Questionnaire::AVAILABILITY_OPEN) {
    out.Note(questionnaire->message());
    return NotGood("it takes no answers now; --draft shows the draft all the same");
  }
  const std::string title = OnlyText(questionnaire->definition().title());
  if (!title.empty()) out.Tell(absl::StrCat("\n", charts::Paint(out.terminal().err, Color::kBold, title), "\n"));
  const Say say = [&out](absl::string_view text) { out.Tell(text); };
  Replies replies = LineReplies(std::cin, say);
  const bool scripted = !flags.answers_file.empty();
  if (scripted) {
    absl::StatusOr<Node> answers = ReadAnswers(flags.answers_file);
    if (!answers.ok()) return answers.status();
    replies = MapReplies(*std::move(answers));
  } else if (out.terminal().stdin_is_terminal) {
    std::signal(SIGINT, LeaveOnInterrupt);
    out.Note("Enter: no answer, -: dismiss, b: back, Ctrl-C: leave; * must be answered");
  }
  Walk walk(session, *context,
            Interview(std::move(replies), scripted ? AskAgain::kNo : AskAgain::kYes, say, out.terminal().err));
  const absl::StatusOr<v1::Step> end = walk.Run();
  if (absl::IsOutOfRange(end.status())) return UsageError(absl::StrCat(end.status().message(), "; nothing was stored"));
  if (!end.ok()) return end.status();
  return ShowEnd(session, flags, *end, questionnaire->language(), walk.answers());
}

}  // namespace

void AddPreview(CommandSet& commands, CLI::App& noun) {
  auto flags = std::make_shared<PreviewFlags>();
  CLI::App& preview = commands.AddVerb(noun, "preview", "Answer a survey in the terminal; nothing is stored",
                                       [flags](Session& session) { return Preview(session, *flags); });
  preview.add_option("survey", flags->subject, "Its id, or a file with one")->required();
  preview.add_option("--version", flags->version, "This version; the published one if not given")
      ->check(CLI::PositiveNumber);
  preview.add_flag("--draft", flags->draft, "The draft");
  preview.add_option("--language", flags->language, "The respondent's language, BCP 47");
  preview.add_option("--facts", flags->facts, "What is known of the moment, for logic and pipes: event.total=5")
      ->allow_extra_args(false);
  preview.add_option("--answers", flags->answers_file, "Take the answers from this file instead of asking")
      ->type_name("FILE");
  preview.footer(
      "  canvass survey preview nps.yaml --language cs --facts event.total=5\n\n"
      "Without a terminal it takes an answer a line from standard input. --answers has them by question:\n"
      "  recommend: 9\n"
      "  reasons: [price, \"other:the smell\"]     # option keys; what is behind the colon: other_text\n"
      "  quality: {speed: good, taste: bad}      # a matrix by row\n"
      "  comment: '-'                            # dismissed");
}

}  // namespace canvass::cli
