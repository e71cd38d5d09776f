#include "client/cli/output/survey_view.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/charts/number_text.h"
#include "client/charts/text_width.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/output/condition_view.h"
#include "client/cli/output/printer.h"
#include "client/cli/output/table.h"

namespace canvass::cli {
namespace {

using Texts = google::protobuf::Map<std::string, std::string>;

constexpr int kDefaultCsatPoints = 5;
constexpr int kDefaultCesPoints = 7;
constexpr int kDefaultRatingPoints = 5;

std::string TextIn(const Texts& texts, const std::string& language) {
  const auto found = texts.find(language);
  if (found != texts.end()) return found->second;
  return texts.empty() ? "" : texts.begin()->second;
}

std::string Keys(const google::protobuf::RepeatedPtrField<v1::ChoiceOption>& options) {
  return absl::StrJoin(options, ", ",
                       [](std::string* out, const v1::ChoiceOption& option) { absl::StrAppend(out, option.key()); });
}

std::string FreeTextKind(const v1::TextQuestion& text) {
  std::string kind = "text";
  if (text.pattern() != 0)
    absl::StrAppend(&kind, ", ", EnumText(*v1::TextQuestion::Pattern_descriptor(), text.pattern()));
  if (text.min_length() > 0) absl::StrAppend(&kind, ", at least ", text.min_length());
  if (text.max_length() > 0) absl::StrAppend(&kind, ", at most ", text.max_length());
  return kind;
}

// " from 1 to 5" as far as it is bounded.
std::string BoundsText(absl::string_view min, absl::string_view max) {
  return absl::StrCat(min.empty() ? "" : " from ", min, max.empty() ? "" : " to ", max);
}

std::string NumberKind(const v1::NumberQuestion& number) {
  const std::string bounds = BoundsText(number.has_min() ? absl::StrCat(number.min()) : "",
                                        number.has_max() ? absl::StrCat(number.max()) : "");
  return absl::StrCat("number", bounds,
                      number.decimals() > 0 ? absl::StrCat(", ", number.decimals(), " decimals") : "");
}

std::string ChoicesKind(const v1::MultipleChoiceQuestion& choice) {
  std::string kind = absl::StrCat("any of ", Keys(choice.options()));
  if (choice.min_choices() > 0) absl::StrAppend(&kind, "; at least ", choice.min_choices());
  if (choice.max_choices() > 0) absl::StrAppend(&kind, "; at most ", choice.max_choices());
  return kind;
}

std::string RouteText(const v1::Route& route) {
  const std::string target = route.has_skip_to() ? route.skip_to() : absl::StrCat("the end ", route.end_with());
  return absl::StrCat("to ", target, route.has_when() ? absl::StrCat(" if ", ConditionText(route.when())) : "");
}

std::string ValueText(const google::protobuf::Value& value) {
  if (value.has_number_value()) return absl::StrCat(value.number_value());
  if (value.has_bool_value()) return value.bool_value() ? "true" : "false";
  return absl::StrCat("\"", value.string_value(), "\"");
}

std::string CalculatedText(const v1::CalculatedValue& value) {
  if (value.has_aggregate()) {
    const std::string function = EnumText(*v1::Aggregate::Function_descriptor(), value.aggregate().function());
    return absl::StrCat(
        function, "(",
        absl::StrJoin(value.aggregate().terms(), ", ",
                      [](std::string* out, const v1::Aggregate::Term& term) {
                        absl::StrAppend(out, term.has_weight() ? absl::StrCat(term.weight(), " * ") : "", term.field());
                      }),
        ")");
  }
  return absl::StrJoin(value.select().cases(), "; ", [](std::string* out, const v1::Selection::Case& one) {
    absl::StrAppend(out, ValueText(one.value()), one.has_when() ? absl::StrCat(" if ", ConditionText(one.when())) : "");
  });
}

TableColumn Cut(const char* title) { return {.title = title, .fit = Fit::kCut}; }

std::string Rendered(const Table& table, const Terminal& terminal) {
  return absl::StrCat("\n", table.Render(terminal.out, terminal.OutWidth()));
}

std::string QuestionTable(const v1::SurveyDefinition& definition, const Terminal& terminal) {
  Table table({{"QUESTION"}, Cut("KIND"), {"REQUIRED"}, Cut("LOGIC"), Cut("TEXT")});
  for (const v1::Question& question : definition.questions()) {
    table.AddRow({question.key(), QuestionKindText(question), question.required() ? "yes" : "",
                  QuestionLogicText(question), TextIn(question.text(), definition.default_language())});
  }
  return Rendered(table, terminal);
}

std::string PageTable(const v1::SurveyDefinition& definition, const Terminal& terminal) {
  Table table({{"PAGE"}, {"STARTS WITH"}, Cut("LOGIC"), Cut("TITLE")});
  for (const v1::Page& page : definition.pages()) {
    table.AddRow({page.key(), page.starts_with(),
                  page.has_show_if() ? absl::StrCat("if ", ConditionText(page.show_if())) : "",
                  TextIn(page.title(), definition.default_language())});
  }
  return Rendered(table, terminal);
}

std::string ValueTable(const v1::SurveyDefinition& definition, const Terminal& terminal) {
  Table table({{"VALUE"}, Cut("IS")});
  for (const v1::CalculatedValue& value : definition.values()) table.AddRow({value.key(), CalculatedText(value)});
  return Rendered(table, terminal);
}

std::string HiddenFieldTable(const v1::SurveyDefinition& definition, const Terminal& terminal) {
  Table table({{"HIDDEN FIELD"}, {"TYPE"}, {"REQUIRED"}});
  for (const v1::HiddenField& field : definition.hidden_fields()) {
    table.AddRow({field.key(),
                  absl::StrCat(EnumText(*v1::HiddenField::Type_descriptor(), field.type()),
                               field.max_length() > 0 ? absl::StrCat(", at most ", field.max_length()) : ""),
                  field.required() ? "yes" : ""});
  }
  return Rendered(table, terminal);
}

std::string EndingTable(const v1::SurveyDefinition& definition, const Terminal& terminal) {
  Table table({{"ENDING"}, Cut("TITLE"), Cut("LEADS TO")});
  for (const v1::Ending& ending : definition.endings()) {
    table.AddRow({ending.key(), TextIn(ending.title(), definition.default_language()), ending.redirect_url()});
  }
  return Rendered(table, terminal);
}

std::string QuotaTable(const v1::SurveyDefinition& definition, const Terminal& terminal) {
  Table table({{"QUOTA"}, {"LIMIT", Align::kRight}, Cut("COUNTS"), {"ENDING"}});
  for (const v1::Quota& quota : definition.quotas()) {
    table.AddRow({quota.key(), charts::CountText(quota.limit()),
                  quota.has_when() ? absl::StrCat("if ", ConditionText(quota.when())) : "all", quota.ending()});
  }
  return Rendered(table, terminal);
}

}  // namespace

int PointsOf(const v1::Question& question) {
  const auto or_else = [](int points, int usual) { return points == 0 ? usual : points; };
  switch (question.kind_case()) {
    case v1::Question::kCsat:
      return or_else(question.csat().points(), kDefaultCsatPoints);
    case v1::Question::kCes:
      return or_else(question.ces().points(), kDefaultCesPoints);
    case v1::Question::kRating:
      return or_else(question.rating().points(), kDefaultRatingPoints);
    default:
      return 0;
  }
}

std::string QuestionKindText(const v1::Question& question) {
  switch (question.kind_case()) {
    case v1::Question::kNps:
      return "nps 0-10";
    case v1::Question::kCsat:
      return absl::StrCat("csat 1-", PointsOf(question));
    case v1::Question::kCes: {
      const bool effort = question.ces().direction() == v1::CesQuestion::DIRECTION_EFFORT_IS_HIGH;
      return absl::StrCat("ces 1-", PointsOf(question), effort ? ", effort is high" : "");
    }
    case v1::Question::kRating:
      return absl::StrCat("rating 1-", PointsOf(question));
    case v1::Question::kSingleChoice:
      return absl::StrCat("one of ", Keys(question.single_choice().options()));
    case v1::Question::kMultipleChoice:
      return ChoicesKind(question.multiple_choice());
    case v1::Question::kFreeText:
      return FreeTextKind(question.free_text());
    case v1::Question::kMatrix:
      return absl::StrCat("one of ", Keys(question.matrix().columns()), " for each of ",
                          Keys(question.matrix().rows()));
    case v1::Question::kRanking:
      return absl::StrCat(
          "ranking of ", Keys(question.ranking().options()),
          question.ranking().min_ranked() > 0 ? absl::StrCat("; at least ", question.ranking().min_ranked()) : "");
    case v1::Question::kNumber:
      return NumberKind(question.number());
    case v1::Question::kDate:
      return absl::StrCat("date", BoundsText(question.date().min(), question.date().max()));
    case v1::Question::kConsent:
      return absl::StrCat("consent", question.consent().document().empty() ? "" : " to ",
                          question.consent().document());
    case v1::Question::kStatement:
      return "statement";
    default:
      return "";
  }
}

std::string QuestionLogicText(const v1::Question& question) {
  std::vector<std::string> parts;
  if (question.has_show_if()) parts.push_back(absl::StrCat("if ", ConditionText(question.show_if())));
  for (const v1::Route& route : question.routes()) parts.push_back(RouteText(route));
  return absl::StrJoin(parts, "; ");
}

std::string DefinitionText(const v1::SurveyDefinition& definition, const Terminal& terminal) {
  std::string text = absl::StrCat("Language: ", charts::Printable(definition.default_language()));
  if (!definition.languages().empty()) {
    absl::StrAppend(&text, ", also ", charts::Printable(absl::StrJoin(definition.languages(), ", ")));
  }
  text.push_back('\n');
  if (!definition.title().empty()) {
    absl::StrAppend(&text, "Title: ", charts::Printable(TextIn(definition.title(), definition.default_language())),
                    "\n");
  }
  if (!definition.breakdowns().empty()) {
    absl::StrAppend(&text, "Breakdowns: ", charts::Printable(absl::StrJoin(definition.breakdowns(), ", ")), "\n");
  }
  if (definition.hidden_answers() == v1::SurveyDefinition::HIDDEN_ANSWERS_DROP) {
    absl::StrAppend(&text, "Answers to questions that were not shown are left out\n");
  }
  if (definition.repeats().has_contact_period()) {
    absl::StrAppend(&text, "One answer of each contact in ", SpanText(definition.repeats().contact_period()), "\n");
  }
  if (definition.repeats().has_duplicate_period()) {
    absl::StrAppend(&text, "The same answers of one contact within ", SpanText(definition.repeats().duplicate_period()),
                    " are one response\n");
  }
  absl::StrAppend(&text, QuestionTable(definition, terminal));
  if (!definition.pages().empty()) absl::StrAppend(&text, PageTable(definition, terminal));
  if (!definition.values().empty()) absl::StrAppend(&text, ValueTable(definition, terminal));
  if (!definition.hidden_fields().empty()) absl::StrAppend(&text, HiddenFieldTable(definition, terminal));
  if (!definition.endings().empty()) absl::StrAppend(&text, EndingTable(definition, terminal));
  if (!definition.quotas().empty()) absl::StrAppend(&text, QuotaTable(definition, terminal));
  return text;
}

}  // namespace canvass::cli
