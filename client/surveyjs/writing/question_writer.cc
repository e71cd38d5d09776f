#include "client/surveyjs/writing/question_writer.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/surveyjs/special_choices.h"

namespace canvass::surveyjs {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDefaultCsatPoints = 5;
constexpr int kDefaultCesPoints = 7;
constexpr int kLongList = 15;  // more options are a dropdown

}  // namespace

Json QuestionWriter::Write(const v1::Question& question, const std::string& path) const {
  Json element = {{"type", ""}, {"name", question.key()}};
  TellTags(question, path);
  if (question.has_statement()) {
    element["type"] = "html";
    texts_.WriteHtml(question.text(), question.help(), path + ".text", "html", element);
    return element;
  }
  texts_.Write(question.text(), path + ".text", "title", element);
  texts_.Write(question.help(), path + ".help", "description", element);
  if (question.required()) element["isRequired"] = true;
  WriteKind(question, path, element);
  return element;
}

void QuestionWriter::WriteKind(const v1::Question& question, const std::string& path, Json& element) const {
  switch (question.kind_case()) {
    case v1::Question::kNps:
    case v1::Question::kCsat:
    case v1::Question::kCes:
    case v1::Question::kRating:
      return WriteScale(question, path, element);
    case v1::Question::kSingleChoice:
      element["type"] = question.single_choice().options_size() > kLongList ? "dropdown" : "radiogroup";
      return WriteChoices(question.single_choice().options(), question.single_choice().order(), path, element);
    case v1::Question::kMultipleChoice:
      return WriteMultiple(question.multiple_choice(), path, element);
    case v1::Question::kFreeText:
      return WriteText(question.free_text(), path, element);
    case v1::Question::kMatrix:
      return WriteMatrix(question, path, element);
    case v1::Question::kRanking:
      return WriteRanking(question.ranking(), path, element);
    case v1::Question::kNumber:
      return WriteNumber(question.number(), path, element);
    case v1::Question::kDate:
      element["type"] = "text";
      element["inputType"] = "date";
      if (!question.date().min().empty()) element["min"] = question.date().min();
      if (!question.date().max().empty()) element["max"] = question.date().max();
      return;
    case v1::Question::kConsent:
      return WriteConsent(question, path, element);
    default:
      element["type"] = "text";
      return report_.Add(path, "has no kind: written as a text");
  }
}

void QuestionWriter::WriteScale(const v1::Question& question, const std::string& path, Json& element) const {
  element["type"] = "rating";
  if (question.has_nps()) {
    element["rateMin"] = 0;
    element["rateMax"] = 10;
  } else if (question.has_csat()) {
    element["rateMax"] = question.csat().points() == 0 ? kDefaultCsatPoints : question.csat().points();
    report_.Add(path, "a question of satisfaction is a rating in SurveyJS, and comes back as one");
  } else if (question.has_ces()) {
    element["rateMax"] = question.ces().points() == 0 ? kDefaultCesPoints : question.ces().points();
    report_.Add(path, "a question of effort is a rating in SurveyJS, and comes back as one");
  } else {
    if (question.rating().points() != 0) element["rateMax"] = question.rating().points();
    texts_.Write(question.rating().low_label(), path, "minRateDescription", element);
    texts_.Write(question.rating().high_label(), path, "maxRateDescription", element);
  }
}

void QuestionWriter::WriteText(const v1::TextQuestion& question, const std::string& path, Json& element) const {
  element["type"] = question.multiline() ? "comment" : "text";
  absl::string_view input;
  if (question.pattern() == v1::TextQuestion::PATTERN_EMAIL) input = "email";
  if (question.pattern() == v1::TextQuestion::PATTERN_PHONE) input = "tel";
  if (question.pattern() == v1::TextQuestion::PATTERN_URL) input = "url";
  if (question.pattern() == v1::TextQuestion::PATTERN_NUMBER) {
    report_.Add(path, "that the text must be a number is left out");
  }
  if (!input.empty()) {
    if (question.multiline()) report_.Add(path, "is of one line: texts of several lines have no pattern in SurveyJS");
    element["type"] = "text";
    element["inputType"] = std::string(input);
  }
  if (question.max_length() > 0) element["maxLength"] = question.max_length();
  if (question.min_length() > 0) {
    element["validators"] = Json::array({{{"type", "text"}, {"minLength", question.min_length()}}});
  }
}

void QuestionWriter::WriteMultiple(const v1::MultipleChoiceQuestion& question, const std::string& path,
                                   Json& element) const {
  element["type"] = "checkbox";
  WriteChoices(question.options(), question.order(), path, element);
  if (question.min_choices() > 0) element["minSelectedChoices"] = question.min_choices();
  if (question.max_choices() > 0) element["maxSelectedChoices"] = question.max_choices();
}

void QuestionWriter::WriteMatrix(const v1::Question& question, const std::string& path, Json& element) const {
  const v1::MatrixQuestion& matrix = question.matrix();
  element["type"] = "matrix";
  element["columns"] = OptionsOf(matrix.columns(), matrix.columns_size(), v1::OPTION_ORDER_UNSPECIFIED, path);
  element["rows"] = OptionsOf(matrix.rows(), matrix.rows_size(), matrix.order(), path);
  if (matrix.order() == v1::OPTION_ORDER_SHUFFLED) element["rowOrder"] = "random";
  if (question.required()) element["eachRowRequired"] = true;
}

void QuestionWriter::WriteRanking(const v1::RankingQuestion& question, const std::string& path, Json& element) const {
  element["type"] = "ranking";
  element["choices"] = OptionsOf(question.options(), question.options_size(), question.order(), path);
  if (question.order() == v1::OPTION_ORDER_SHUFFLED) element["choicesOrder"] = "random";
  if (question.min_ranked() == 0) return;
  element["selectToRankEnabled"] = true;
  element["minSelectedChoices"] = question.min_ranked();
}

void QuestionWriter::WriteNumber(const v1::NumberQuestion& question, const std::string& path, Json& element) const {
  element["type"] = "text";
  element["inputType"] = "number";
  if (question.has_min()) element["min"] = question.min();
  if (question.has_max()) element["max"] = question.max();
  element["step"] = question.decimals() == 0 ? Json(1) : Json(std::pow(10, -question.decimals()));
  if (!question.unit().empty())
    report_.Add(path + ".number.unit", "is left out: SurveyJS shows nothing behind a field");
}

void QuestionWriter::WriteConsent(const v1::Question& question, const std::string& path, Json& element) const {
  element["type"] = "boolean";
  element["renderAs"] = "checkbox";
  if (!question.consent().document().empty()) {
    report_.Add(path + ".consent.document", absl::StrCat(Quoted(question.consent().document()), " is left out"));
  }
  if (!question.required()) return;
  // A box that is not ticked is an answer, too, in SurveyJS.
  element["validators"] =
      Json::array({{{"type", "expression"}, {"expression", absl::StrCat("{", question.key(), "} = true")}}});
}

void QuestionWriter::WriteChoices(const Options& options, v1::OptionOrder order, const std::string& path,
                                  Json& element) const {
  const bool shuffled = order == v1::OPTION_ORDER_SHUFFLED;
  const bool multiple = element["type"] == "checkbox";
  int plain = options.size();
  Json special = Json::object();
  for (auto each = kSpecialChoices.rbegin(); each != kSpecialChoices.rend() && plain > 0; ++each) {
    const v1::ChoiceOption& option = options[plain - 1];
    const bool other = each->value == "other";
    const bool fits = absl::string_view(option.key()) == each->value && option.other() == other &&
                      option.exclusive() == (multiple && !other) && option.pinned() == shuffled;
    if (!fits) continue;
    special[std::string(each->flag)] = true;
    texts_.Write(option.text(), path, each->text, special);
    --plain;
  }
  element["choices"] = OptionsOf(options, plain, order, path);
  for (auto& [name, value] : special.items()) element[name] = value;
  if (shuffled) element["choicesOrder"] = "random";
}

Json QuestionWriter::OptionsOf(const Options& options, int count, v1::OptionOrder order,
                               const std::string& path) const {
  Json list = Json::array();
  for (int i = 0; i < count; ++i) {
    const v1::ChoiceOption& option = options[i];
    Json item = {{"value", option.key()}};
    texts_.Write(option.text(), path, "text", item);
    if (option.other()) item["showCommentArea"] = true;
    if (option.exclusive()) {
      item["isExclusive"] = true;
      report_.Add(path, absl::StrCat("option ", option.key(), ": SurveyJS may let it be chosen beside others"));
    }
    if (option.pinned() && order == v1::OPTION_ORDER_SHUFFLED) {
      report_.Add(path, absl::StrCat("option ", option.key(), " is shuffled with the others: it cannot be pinned"));
    } else if (option.pinned()) {
      report_.Add(path, absl::StrCat("option ", option.key(), ": that it is pinned is left out"));
    }
    list.push_back(std::move(item));
  }
  return list;
}

void QuestionWriter::TellTags(const v1::Question& question, const std::string& path) const {
  if (question.has_tags()) report_.Add(path + ".tags", "are left out: SurveyJS has no place for them");
}

}  // namespace canvass::surveyjs
