#include "client/surveyjs/writing/logic_writer.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/surveyjs/expression/condition_building.h"
#include "client/surveyjs/expression/expression_text.h"
#include "client/surveyjs/writing/value_text.h"

namespace canvass::surveyjs {
namespace {

using Json = nlohmann::ordered_json;

constexpr absl::string_view kEverybody = "it is shown to everybody";

bool Mentions(const v1::Condition& condition, absl::string_view field) {
  switch (condition.kind_case()) {
    case v1::Condition::kAll:
    case v1::Condition::kAny:
      for (const v1::Condition& inner :
           condition.has_all() ? condition.all().conditions() : condition.any().conditions()) {
        if (Mentions(inner, field)) return true;
      }
      return false;
    case v1::Condition::kNot:
      return Mentions(condition.not_(), field);
    case v1::Condition::kCompare: {
      absl::string_view compared = condition.compare().field();
      return compared == field || absl::StartsWith(compared, absl::StrCat(field, "."));
    }
    default:
      return false;
  }
}

}  // namespace

LogicWriter::LogicWriter(const v1::SurveyDefinition& definition, const TextWriter& texts, Report& report)
    : definition_(definition), texts_(texts), report_(report), hidden_by_(definition.questions_size()) {
  for (int place = 0; place < definition.questions_size(); ++place) ReadRoutes(place);
}

std::optional<std::string> LogicWriter::VisibleIf(int place) const {
  const v1::Question& question = definition_.questions(place);
  std::vector<v1::Condition> conditions = {question.show_if()};
  for (const v1::Condition& hidden : hidden_by_[place]) conditions.push_back(Not(hidden));
  return Expression(And(std::move(conditions)), absl::StrCat("questions[", place, "].show_if"), kEverybody);
}

std::optional<std::string> LogicWriter::VisibleIf(const v1::Page& page, const std::string& path) const {
  return Expression(page.show_if(), path + ".show_if", kEverybody);
}

void LogicWriter::ReadRoutes(int place) {
  const v1::Question& question = definition_.questions(place);
  // SurveyJS follows every trigger whose condition is true, so each says that those before it are not.
  v1::Condition none_before = Always();
  for (int i = 0; i < question.routes_size(); ++i) {
    const v1::Route& route = question.routes(i);
    const std::string path = absl::StrCat("questions[", place, "].routes[", i, "]");
    if (i > 0) report_.Add(path, "its condition says that those of the routes before it are not true");
    const v1::Condition when = And({route.when(), none_before});
    none_before = And({std::move(none_before), Not(route.when())});
    if (!question.has_statement() && Mentions(route.when(), absl::StrCat("answer.", question.key()))) {
      ReadTrigger(place, route, path, when);
    } else {
      HideSkipped(place, route, path, when);
    }
  }
}

void LogicWriter::ReadTrigger(int place, const v1::Route& route, const std::string& path, const v1::Condition& when) {
  const std::optional<std::string> expression = Expression(when, path + ".when", "the route is left out");
  if (!expression.has_value()) return;
  if (route.has_skip_to()) {
    triggers_.push_back({{"type", "skip"}, {"expression", *expression}, {"gotoName", route.skip_to()}});
    return;
  }
  if (place + 1 < definition_.questions_size()) {
    triggers_.push_back({{"type", "complete"}, {"expression", *expression}});
    if (!IsLastOfPage(place)) report_.Add(path, "ends the survey when its page is left: the rest of the page is asked");
  }
  EndWith(route.end_with(), *expression);
}

void LogicWriter::HideSkipped(int place, const v1::Route& route, const std::string& path, const v1::Condition& when) {
  const v1::Condition taken = And({ShownIf(place), when});
  const int goal = route.has_skip_to() ? PlaceOf(route.skip_to()) : definition_.questions_size();
  for (int skipped = place + 1; skipped < goal; ++skipped) hidden_by_[skipped].push_back(taken);
  if (place + 1 < goal) report_.Add(path, "is said by hiding the questions that it leaves out");
  if (!route.has_end_with()) return;
  const std::optional<std::string> expression = Expression(taken, path + ".when", "the ending is left out");
  if (expression.has_value()) {
    EndWith(route.end_with(), *expression);
  } else if (IsAlways(taken)) {
    EndWith(route.end_with(), "true");
  }
}

void LogicWriter::EndWith(const std::string& key, const std::string& expression) {
  for (int i = 0; i < definition_.endings_size(); ++i) {
    const v1::Ending& ending = definition_.endings(i);
    if (ending.key() != key) continue;
    const std::string path = absl::StrCat("endings[", i, "]");
    Json item = {{"expression", expression}};
    texts_.WriteHtml(ending.title(), ending.text(), path, "html", item);
    endings_.push_back(std::move(item));
    if (!ending.redirect_url().empty()) urls_.push_back({{"expression", expression}, {"url", ending.redirect_url()}});
    return;
  }
}

v1::Condition LogicWriter::ShownIf(int place) const {
  v1::Condition of_page = Always();
  for (const v1::Page& page : definition_.pages()) {
    if (PlaceOf(page.starts_with()) <= place) of_page = page.show_if();
  }
  return And({of_page, definition_.questions(place).show_if()});
}

std::optional<std::string> LogicWriter::Expression(const v1::Condition& condition, absl::string_view path,
                                                   absl::string_view consequence) const {
  if (IsAlways(condition)) return std::nullopt;
  absl::StatusOr<std::string> text =
      ExpressionText(condition, [&](absl::string_view field) { return texts_.NameOf(field); });
  if (text.ok()) return *std::move(text);
  report_.Add(path, absl::StrCat(text.status().message(), ": ", consequence));
  return std::nullopt;
}

int LogicWriter::PlaceOf(const std::string& key) const {
  for (int i = 0; i < definition_.questions_size(); ++i) {
    if (definition_.questions(i).key() == key) return i;
  }
  return definition_.questions_size();
}

bool LogicWriter::IsLastOfPage(int place) const {
  if (definition_.pages().empty() || place + 1 == definition_.questions_size()) return true;
  for (const v1::Page& page : definition_.pages()) {
    if (PlaceOf(page.starts_with()) == place + 1) return true;
  }
  return false;
}

void LogicWriter::Write(Json& document) const {
  WriteEndings(document);
  if (!triggers_.empty()) document["triggers"] = triggers_;
  WriteValues(document);
}

void LogicWriter::WriteEndings(Json& document) const {
  if (definition_.endings().empty()) return;
  const v1::Ending& first = definition_.endings(0);
  texts_.WriteHtml(first.title(), first.text(), "endings[0]", "completedHtml", document);
  if (!first.redirect_url().empty()) document["navigateToUrl"] = first.redirect_url();
  if (!endings_.empty()) document["completedHtmlOnCondition"] = endings_;
  if (!urls_.empty()) document["navigateToUrlOnCondition"] = urls_;
  for (int i = 0; i < definition_.endings_size(); ++i) {
    const std::string expected = i == 0 ? "completed" : absl::StrCat("completed_", i + 1);
    if (definition_.endings(i).key() == expected) continue;
    report_.Add(absl::StrCat("endings[", i, "].key"), "is left out: SurveyJS's endings have no names");
  }
}

void LogicWriter::WriteValues(Json& document) const {
  for (int i = 0; i < definition_.values_size(); ++i) {
    const v1::CalculatedValue& value = definition_.values(i);
    absl::StatusOr<std::string> text = ValueText(value, [&](absl::string_view field) { return texts_.NameOf(field); });
    if (!text.ok()) {
      report_.Add(absl::StrCat("values[", i, "]"), absl::StrCat("is left out: ", text.status().message()));
      continue;
    }
    document["calculatedValues"].push_back(
        {{"name", texts_.NameOf(absl::StrCat("value.", value.key()))}, {"expression", *text}});
  }
}

}  // namespace canvass::surveyjs
