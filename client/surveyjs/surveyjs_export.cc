#include "client/surveyjs/surveyjs_export.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/surveyjs/report.h"
#include "client/surveyjs/writing/logic_writer.h"
#include "client/surveyjs/writing/question_writer.h"
#include "client/surveyjs/writing/text_writer.h"

namespace canvass::surveyjs {
namespace {

using Json = nlohmann::ordered_json;

class Exporter {
 public:
  explicit Exporter(const v1::SurveyDefinition& definition)
      : definition_(definition),
        texts_(definition, report_),
        questions_(texts_, report_),
        logic_(definition, texts_, report_) {}

  Exported Run(absl::string_view display_name) && {
    Json document = Json::object();
    if (!texts_.Locale().empty()) document["locale"] = texts_.Locale();
    WriteTitle(display_name, document);
    if (definition_.hidden_answers() == v1::SurveyDefinition::HIDDEN_ANSWERS_DROP) {
      document["clearInvisibleValues"] = "onComplete";
    }
    if (definition_.pages().empty()) document["questionsOnPageMode"] = "questionPerPage";
    WritePages(document);
    logic_.Write(document);
    std::string json = document.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
    TellRest(json);
    return {std::move(json), std::move(report_).Take()};
  }

 private:
  void WriteTitle(absl::string_view display_name, Json& document) {
    if (definition_.title().empty()) {
      if (display_name.empty()) return;
      TextWriter::Texts title;
      title[definition_.default_language()] = std::string(display_name);
      texts_.Write(title, "display_name", "title", document);
      document["showTitle"] = false;
      return;
    }
    texts_.Write(definition_.title(), "title", "title", document);
    const auto title = definition_.title().find(definition_.default_language());
    if (title == definition_.title().end() || absl::string_view(title->second) != display_name) {
      report_.Add("display_name", "is left out: SurveyJS has the title alone");
    }
  }

  void WritePages(Json& document) {
    Json pages = Json::array();
    if (definition_.pages().empty()) pages.push_back({{"name", "page1"}, {"elements", Json::array()}});
    int next_page = 0;
    for (int place = 0; place < definition_.questions_size(); ++place) {
      const v1::Question& question = definition_.questions(place);
      // The first page starts at the first question, whatever it says.
      if (next_page < definition_.pages_size() &&
          (next_page == 0 || definition_.pages(next_page).starts_with() == question.key())) {
        pages.push_back(PageJson(next_page++));
      }
      const std::string path = absl::StrCat("questions[", place, "]");
      Json element = questions_.Write(question, path);
      const std::optional<std::string> visible_if = logic_.VisibleIf(place);
      if (visible_if.has_value()) element["visibleIf"] = *visible_if;
      pages.back()["elements"].push_back(std::move(element));
    }
    document["pages"] = std::move(pages);
  }

  Json PageJson(int index) {
    const v1::Page& page = definition_.pages(index);
    const std::string path = absl::StrCat("pages[", index, "]");
    Json json = {{"name", page.key()}};
    texts_.Write(page.title(), path + ".title", "title", json);
    texts_.Write(page.description(), path + ".description", "description", json);
    const std::optional<std::string> visible_if = logic_.VisibleIf(page, path);
    if (visible_if.has_value()) json["visibleIf"] = *visible_if;
    json["elements"] = Json::array();
    return json;
  }

  void TellRest(absl::string_view document) {
    if (!definition_.breakdowns().empty()) report_.Add("breakdowns", "are left out: they are of metrics");
    if (!definition_.quotas().empty()) report_.Add("quotas", "are left out: SurveyJS counts no responses");
    if (!definition_.closed_text().empty()) report_.Add("closed_text", "is left out: SurveyJS closes no surveys");
    for (absl::string_view root : {"contact", "event"}) {
      if (absl::StrContains(document, absl::StrCat("{", root, "."))) {
        report_.Add("", absl::StrCat("reads facts of ", root,
                                     ": the page that shows the survey sets them by setVariable('", root, "', …)"));
      }
    }
  }

  const v1::SurveyDefinition& definition_;
  Report report_;
  const TextWriter texts_;
  const QuestionWriter questions_;
  const LogicWriter logic_;
};

}  // namespace

absl::StatusOr<Exported> Export(const v1::SurveyDefinition& definition, absl::string_view display_name) {
  if (definition.questions().empty()) return absl::InvalidArgumentError("the definition has no questions");
  if (definition.default_language().empty()) {
    return absl::InvalidArgumentError("the definition has no default_language, for example en");
  }
  return Exporter(definition).Run(display_name);
}

}  // namespace canvass::surveyjs
