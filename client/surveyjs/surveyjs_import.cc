#include "client/surveyjs/surveyjs_import.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/surveyjs/foreign_format.h"
#include "client/surveyjs/logic/draft.h"
#include "client/surveyjs/logic/endings_reader.h"
#include "client/surveyjs/logic/finish_texts.h"
#include "client/surveyjs/logic/values_reader.h"
#include "client/surveyjs/logic/visibility_reader.h"
#include "client/surveyjs/reading/key_maker.h"
#include "client/surveyjs/reading/languages.h"
#include "client/surveyjs/reading/outline.h"
#include "client/surveyjs/reading/properties.h"
#include "client/surveyjs/reading/question_reader.h"
#include "client/surveyjs/reading/text_reader.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxDocumentBytes = std::size_t{4} << 20;
constexpr std::size_t kMaxDefinitionBytes = std::size_t{256} << 10;
constexpr int kMaxDepth = 60;
constexpr int kMaxQuestions = 200;
constexpr std::size_t kMaxDisplayName = 200;
constexpr std::size_t kMaxReasons = 20;

// How deep brackets are nested in JSON; strings do not count.
int DepthOf(absl::string_view text) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

absl::StatusOr<json> Parse(absl::string_view text) {
  if (text.size() > kMaxDocumentBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the document has ", text.size(), " bytes; at most ", kMaxDocumentBytes, " are read"));
  }
  const absl::Status foreign = RefuseForeignText(text);
  if (!foreign.ok()) return foreign;
  const int depth = DepthOf(text);
  if (depth > kMaxDepth) {
    return absl::InvalidArgumentError(
        absl::StrCat("the document is nested ", depth, " deep; at most ", kMaxDepth, " are read"));
  }
  json document = json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) {
    return absl::InvalidArgumentError(
        "this is not JSON: a SurveyJS document is a JSON object with pages or elements, as its designer shows it "
        "(in JavaScript code, it is what stands between the braces, with all names in double quotes)");
  }
  const absl::Status foreign_json = RefuseForeignJson(document);
  if (!foreign_json.ok()) return foreign_json;
  return document;
}

class Importer {
 public:
  explicit Importer(const json& document)
      : document_(document),
        properties_(document, ""),
        document_languages_(LanguagesOf(document, report_)),
        languages_(OtherLanguages(document, document_languages_)),
        texts_(document_languages_, report_),
        outline_(OutlineOf(document, report_)) {}

  absl::StatusOr<Imported> Run() && {
    properties_.Ignore({"pages", "elements", "questions", "locale", "sjsVersion", "$schema"});
    draft_.definition.set_default_language(document_languages_.default_language);
    AddQuestions();
    if (draft_.definition.questions().empty()) return NothingLeft();
    ReadValues(properties_.Take("calculatedValues"), draft_, report_);
    ReadVisibility(outline_, ReadLayout(), texts_, draft_, report_);
    if (draft_.definition.questions().empty()) return NothingLeft();
    ReadEndings(properties_, outline_, texts_, languages_, draft_, report_);
    std::string display_name = ReadTitles();
    ReadHiddenAnswers();
    WritePipes(draft_, report_);
    OfferLanguages(draft_, report_);
    properties_.ReportRest(report_);
    if (draft_.definition.ByteSizeLong() > kMaxDefinitionBytes) {
      return absl::InvalidArgumentError(
          absl::StrCat("as a definition the survey has ", draft_.definition.ByteSizeLong(), " bytes; at most ",
                       kMaxDefinitionBytes, " are possible. Split it, or shorten its texts"));
    }
    return Imported{std::move(draft_.definition), std::move(display_name), std::move(report_).Take()};
  }

 private:
  void AddQuestions() {
    const QuestionReader reader(document_, texts_, languages_, report_);
    for (const Element& element : outline_.elements) {
      for (ReadQuestion& question : reader.Read(element)) {
        if (draft_.definition.questions_size() == kMaxQuestions) {
          report_.Add(element.path, absl::StrCat("is left out: ", kMaxQuestions, " questions are possible"));
        } else {
          AddQuestion(element, std::move(question));
        }
      }
    }
  }

  void AddQuestion(const Element& element, ReadQuestion read) {
    const int position = draft_.definition.questions_size();
    const std::string key = keys_.Make(read.name);
    if (!read.name.empty() && key != read.name) {
      report_.Add(element.path, absl::StrCat(Quoted(read.name), " is no key, or taken: it became ", key));
    }
    const std::string field = absl::StrCat("answer.", key);
    if (read.has_answer) {
      for (ReadQuestion::Part& part : read.parts) {
        draft_.names.Add(absl::StrCat(read.name, ".", part.name),
                         {.reference = {.kind = Reference::Kind::kOption,
                                        .field = absl::StrCat(field, ".", part.key),
                                        .options = std::move(part.options)},
                          .position = position});
      }
      draft_.names.Add(read.name, {.reference = {.kind = read.kind, .field = field, .options = std::move(read.options)},
                                   .position = position});
    }
    read.question.set_key(key);
    *draft_.definition.add_questions() = std::move(read.question);
    draft_.origins.push_back({element.path, element.page, element.visible_if});
  }

  Layout ReadLayout() {
    const std::string mode = properties_.TakeText("questionsOnPageMode");
    if (mode == "questionPerPage" || mode == "questionOnPage" || mode == "inputPerPage")
      return Layout::kQuestionPerPage;
    if (mode == "singlePage") report_.Add("questionsOnPageMode", "its pages are shown one after the other here");
    if (properties_.TakeFlag("firstPageIsStartPage")) {
      report_.Add("firstPageIsStartPage", "the start page is the first of all pages here");
    }
    return Layout::kPages;
  }

  // The display name.
  std::string ReadTitles() {
    TextMap title = texts_.Read(properties_.Take("title"), "title");
    TextMap description = texts_.Read(properties_.Take("description"), "description");
    std::string display_name = "Imported survey";
    if (title.contains(texts_.default_language()))
      display_name = Shortened(title[texts_.default_language()], kMaxDisplayName);
    if (properties_.TakeFlag("showTitle", true)) draft_.definition.mutable_title()->swap(title);
    if (description.empty()) return display_name;
    if (!draft_.definition.pages().empty() && draft_.definition.pages(0).description().empty()) {
      draft_.definition.mutable_pages(0)->mutable_description()->swap(description);
      report_.Add("description", "became that of the first page");
    } else {
      report_.Add("description", "is left out: pages have descriptions, surveys do not");
    }
    return display_name;
  }

  void ReadHiddenAnswers() {
    const json* property = properties_.Take("clearInvisibleValues");
    if (property == nullptr) return;
    if (*property == "onComplete" || *property == "onHidden" || *property == true) {
      draft_.definition.set_hidden_answers(v1::SurveyDefinition::HIDDEN_ANSWERS_DROP);
    } else {
      report_.Add("clearInvisibleValues", "answers to questions that are not shown are never taken here");
    }
  }

  absl::Status NothingLeft() {
    std::vector<std::string> reasons;
    for (const Note& note : report_.notes()) {
      if (reasons.size() == kMaxReasons) {
        reasons.push_back("…");
        break;
      }
      reasons.push_back(absl::StrCat(note.path, note.path.empty() ? "" : ": ", note.message));
    }
    return absl::InvalidArgumentError(absl::StrCat("nothing of this survey can be asked here",
                                                   reasons.empty() ? ": it has no questions" : ":\n  ",
                                                   absl::StrJoin(reasons, "\n  ")));
  }

  const json& document_;
  Report report_;
  Properties properties_;
  const DocumentLanguages document_languages_;
  const std::set<std::string> languages_;
  const TextReader texts_;
  const Outline outline_;
  KeyMaker keys_{KeyMaker::First::kLetter, "question"};
  Draft draft_;
};

}  // namespace

absl::StatusOr<Imported> Import(absl::string_view text) {
  absl::StatusOr<json> document = Parse(text);
  if (!document.ok()) return document.status();
  return Importer(*document).Run();
}

}  // namespace canvass::surveyjs
