#include "server/http/pages/page_view.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/http/pages/question_view.h"
#include "server/http/pages/templates.h"

namespace canvass::http {
namespace {

namespace mustache = kainjow::mustache;
using Data = mustache::data;

// Languages whose names respondents look for in the switch; others are named by their tags.
struct LanguageName {
  absl::string_view tag;
  absl::string_view name;
};
constexpr std::array<LanguageName, 24> kLanguageNames = {{
    {"ar", "العربية"},     {"bg", "Български"}, {"cs", "Čeština"},   {"da", "Dansk"},      {"de", "Deutsch"},
    {"el", "Ελληνικά"},    {"en", "English"},   {"es", "Español"},   {"fi", "Suomi"},      {"fr", "Français"},
    {"he", "עברית"},       {"hr", "Hrvatski"},  {"hu", "Magyar"},    {"it", "Italiano"},   {"nl", "Nederlands"},
    {"no", "Norsk"},       {"pl", "Polski"},    {"pt", "Português"}, {"ro", "Română"},     {"sk", "Slovenčina"},
    {"sl", "Slovenščina"}, {"sv", "Svenska"},   {"tr", "Türkçe"},    {"uk", "Українська"},
}};

absl::string_view NameOf(absl::string_view tag) {
  for (const LanguageName& language : kLanguageNames) {
    if (language.tag == tag) return language.name;
  }
  return tag;
}

bool IsRightToLeft(absl::string_view language) {
  constexpr std::array<absl::string_view, 4> kRightToLeft = {"ar", "fa", "he", "ur"};
  const absl::string_view primary = language.substr(0, language.find('-'));
  return std::find(kRightToLeft.begin(), kRightToLeft.end(), primary) != kRightToLeft.end();
}

// What every page has. The rest is for the caller to set.
Data FrameData(const PageFrame& frame, absl::string_view title, const std::string& style) {
  Data data;
  data.set("style", style);
  data.set("language", frame.language);
  data.set("right_to_left", IsRightToLeft(frame.language));
  for (const char* name : {"survey", "message", "languages", "reference"}) data.set(name, false);
  // A page without a title of its own is called as its owner already.
  const bool says_who = absl::EndsWith(title, frame.look.name);
  SetText("title", says_who ? std::string(title) : absl::StrCat(title, " – ", frame.look.name), data);
  SetText("brand", frame.look.name, data);
  SetText("logo", frame.look.logo_url, data);
  SetText("privacy_url", frame.look.privacy_url, data);
  SetText("privacy_text", frame.sentences.Get("privacy"), data);
  return data;
}

PageReply Finish(const PageFrame& frame, const std::string& style, Data data) {
  PageReply reply;
  reply.html = FillTemplate("page", std::move(data));
  reply.policy = ContentPolicy(frame.look, style);
  return reply;
}

void SetLanguages(const PageFrame& frame, const SurveyPageContent& content, Data& data) {
  if (content.languages.size() < 2) return;
  mustache::list choices;
  for (const std::string& tag : content.languages) {
    Data choice;
    choice.set("tag", tag);
    choice.set("tag_text", std::string(NameOf(tag)));
    choice.set("current", tag == frame.language);
    choices.push_back(std::move(choice));
  }
  Data languages;
  languages.set("language_text", std::string(frame.sentences.Get("language")));
  languages.set("choices", Data(choices));
  data.set("languages", languages);
}

void SetProgress(const PageFrame& frame, const v1::Step& step, Data& data) {
  const std::string percent = absl::StrCat(step.progress_percent());
  Data progress;
  progress.set("percent", percent);
  progress.set("progress_text", frame.sentences.Fill("progress", {{"percent", percent}}));
  data.set("progress", progress);
}

absl::string_view ProblemOf(const SurveyPageContent& content, absl::string_view question) {
  for (const ShownProblem& problem : content.problems) {
    if (problem.question == question) return problem.text;
  }
  return "";
}

// Questions, and the summary of what is wrong with their answers.
void SetQuestions(const PageFrame& frame, const SurveyPageContent& content, Data& data) {
  mustache::list questions;
  mustache::list wrong;
  std::vector<absl::string_view> keys;
  for (const v1::Question& question : content.step.page().questions()) {
    const absl::string_view problem = ProblemOf(content, question.key());
    questions.push_back(QuestionView(question, content.form, problem, frame.sentences));
    keys.push_back(question.key());
    if (problem.empty()) continue;
    Data item;
    item.set("target", FirstFieldId(question));
    item.set("problem_question", std::string(OnlyText(question.text())));
    item.set("problem_text", std::string(problem));
    wrong.push_back(std::move(item));
  }
  data.set("questions", Data(questions));
  data.set("shown", absl::StrJoin(keys, ","));
  data.set("problems", false);
  if (wrong.empty()) return;
  Data problems;
  problems.set("summary", std::string(frame.sentences.Get("error_summary")));
  problems.set("list", Data(wrong));
  data.set("problems", problems);
}

}  // namespace

PageReply Redirect(std::string location) { return {.status = 303, .location = std::move(location)}; }

PageReply SurveyPage(const PageFrame& frame, const SurveyPageContent& content) {
  const v1::QuestionnairePage& page = content.step.page();
  const absl::string_view heading = !content.title.empty()  ? content.title
                                    : !page.title().empty() ? absl::string_view(page.title())
                                                            : frame.look.name;
  const std::string style = StyleOf(frame.look);
  const std::string title =
      content.problems.empty() ? std::string(heading) : absl::StrCat(frame.sentences.Get("error_prefix"), " ", heading);
  Data data = FrameData(frame, title, style);
  data.set("survey", true);
  data.set("page_key", page.key());
  data.set("heading", std::string(heading));
  SetText("subheading", content.title.empty() ? "" : absl::string_view(page.title()), data);
  SetText("description", page.description(), data);
  data.set("go_text", std::string(frame.sentences.Get(content.is_last ? "submit" : "next")));
  SetText("back_text", content.is_first ? "" : frame.sentences.Get("back"), data);
  SetLanguages(frame, content, data);
  SetProgress(frame, content.step, data);
  SetQuestions(frame, content, data);
  PageReply reply = Finish(frame, style, std::move(data));
  if (!content.problems.empty()) reply.status = 422;
  return reply;
}

PageReply MessagePage(const PageFrame& frame, const Message& message) {
  const std::string style = StyleOf(frame.look);
  Data data = FrameData(frame, message.heading, style);
  data.set("message", true);
  data.set("heading", message.heading);
  mustache::list lines;
  for (const std::string& text : message.lines) {
    if (!text.empty()) lines.push_back(Data("line_text", text));
  }
  data.set("lines", Data(lines));
  SetText("action", message.action, data);
  SetText("link", message.link, data);
  SetText("link_text", message.link_text, data);
  SetText("reference", message.reference, data);
  PageReply reply = Finish(frame, style, std::move(data));
  reply.status = message.status;
  return reply;
}

}  // namespace canvass::http
