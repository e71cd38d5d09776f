#include "client/surveyjs/reading/option_questions.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/surveyjs/expression/loose_values.h"
#include "client/surveyjs/reading/key_maker.h"
#include "client/surveyjs/reading/text_questions.h"

namespace canvass::surveyjs {
namespace {

using google::protobuf::RepeatedPtrField;
using nlohmann::json;

constexpr std::size_t kMaxOptions = 500;
constexpr std::size_t kMaxRanked = 50;
constexpr std::size_t kMaxRows = 100;
constexpr std::size_t kMaxColumns = 20;
constexpr int kMaxPoints = 10;

void SetOptions(const Choices& choices, RepeatedPtrField<v1::ChoiceOption>& options) {
  for (const v1::ChoiceOption& option : choices.options) *options.Add() = option;
}

}  // namespace

void OptionQuestions::ReadRating(Properties& properties, ReadQuestion& question) const {
  properties.Ignore({"autoGenerate"});
  const TextMap low = texts_.Read(properties.Take("minRateDescription"), properties.PathOf("minRateDescription"));
  const TextMap high = texts_.Read(properties.Take("maxRateDescription"), properties.PathOf("maxRateDescription"));
  RefuseValidators(properties, report_);
  const json* own_values = properties.Take("rateValues");
  question.kind = Reference::Kind::kNumber;
  if (own_values == nullptr || !own_values->is_array() || own_values->empty()) {
    const double least = properties.TakeNumber("rateMin").value_or(1);
    const double step = properties.TakeNumber("rateStep").value_or(1);
    const double count = properties.TakeNumber("rateCount").value_or(0);
    const double most = properties.TakeNumber("rateMax").value_or(count >= 2 ? least + (count - 1) * step : 5);
    if (least == 0 && most == 10 && step == 1) {
      question.question.mutable_nps();
      if (!low.empty() || !high.empty()) {
        report_.Add(properties.path(), "the descriptions of its ends are left out: a question of the NPS has its own");
      }
      return;
    }
    if (least == 1 && step == 1 && most >= 2 && most <= kMaxPoints && most == static_cast<int>(most)) {
      v1::RatingQuestion& rating = *question.question.mutable_rating();
      const bool is_default = properties.Take("rateMax") == nullptr && properties.Take("rateCount") == nullptr;
      if (!is_default) rating.set_points(static_cast<int>(most));
      *rating.mutable_low_label() = low;
      *rating.mutable_high_label() = high;
      return;
    }
  }
  Choices values = RateValues(properties);
  report_.Add(properties.path(), "its scale is neither 0 to 10 nor 1 to at most 10: asked as a single choice");
  if (!low.empty() || !high.empty()) report_.Add(properties.path(), "the descriptions of its ends are left out");
  if (values.options.size() == kMaxOptions) {
    report_.Add(properties.path(), absl::StrCat("its scale ends at the ", kMaxOptions, "th value"));
  }
  if (values.options.size() < 2) return SetFreeText(properties, values.options.size(), question);
  SetSingle(std::move(values), question);
}

Choices OptionQuestions::RateValues(Properties& properties) const {
  const json* own_values = properties.Take("rateValues");
  if (own_values != nullptr) {
    Choices values = choices_.ReadList(own_values, properties.PathOf("rateValues"), kMaxOptions);
    if (!values.options.empty()) return values;
  }
  Choices values;
  const double least = properties.TakeNumber("rateMin").value_or(1);
  const double most = properties.TakeNumber("rateMax").value_or(5);
  const double step = properties.TakeNumber("rateStep").value_or(1);
  KeyMaker keys(KeyMaker::First::kAny, "option");
  for (std::size_t i = 0; step > 0 && i < kMaxOptions && least + static_cast<double>(i) * step <= most; ++i) {
    const json value = least + static_cast<double>(i) * step;
    ChoicesReader::Append(value, keys.Make(LooseText(value)), choices_.InAllLanguages(LooseText(value)), values);
  }
  return values;
}

void OptionQuestions::ReadSingle(Properties& properties, ReadQuestion& question) const {
  RefuseValidators(properties, report_);
  Choices choices = choices_.ReadChoices(properties, ChoicesReader::Exclusive::kPlain, kMaxOptions);
  if (choices.options.size() < 2) return SetFreeText(properties, choices.options.size(), question);
  SetSingle(std::move(choices), question);
}

void OptionQuestions::SetSingle(Choices choices, ReadQuestion& question) const {
  v1::SingleChoiceQuestion& single = *question.question.mutable_single_choice();
  SetOptions(choices, *single.mutable_options());
  single.set_order(choices.order);
  question.kind = Reference::Kind::kOption;
  question.options = std::move(choices.values);
}

void OptionQuestions::SetFreeText(const Properties& properties, std::size_t choices, ReadQuestion& question) const {
  report_.Add(properties.path(), absl::StrCat(choices == 0 ? "has no choices of its own" : "has a single choice",
                                              ": asked as a free text"));
  question.question.mutable_free_text();
  question.kind = Reference::Kind::kText;
}

void OptionQuestions::ReadMultiple(Properties& properties, ReadQuestion& question) const {
  ChoiceCounts counts = ReadChoiceCounts(properties, report_);
  Choices choices = choices_.ReadChoices(properties, ChoicesReader::Exclusive::kPossible, kMaxOptions);
  if (choices.options.size() < 2) return SetFreeText(properties, choices.options.size(), question);
  const int options = static_cast<int>(choices.options.size());
  if (counts.least > options || (counts.most != 0 && counts.least > counts.most)) {
    report_.Add(properties.path(), absl::StrCat("nobody can choose ", counts.least, " of them: any number is enough"));
    counts.least = 0;
  }
  v1::MultipleChoiceQuestion& multiple = *question.question.mutable_multiple_choice();
  SetOptions(choices, *multiple.mutable_options());
  multiple.set_min_choices(counts.least);
  multiple.set_max_choices(std::min(counts.most, options));
  multiple.set_order(choices.order);
  question.kind = Reference::Kind::kOptions;
  question.options = std::move(choices.values);
}

void OptionQuestions::ReadRanking(Properties& properties, ReadQuestion& question) const {
  const ChoiceCounts counts = ReadChoiceCounts(properties, report_);
  Choices choices = choices_.ReadChoices(properties, ChoicesReader::Exclusive::kPlain, kMaxRanked);
  if (choices.options.size() < 2) return SetFreeText(properties, choices.options.size(), question);
  const int options = static_cast<int>(choices.options.size());
  v1::RankingQuestion& ranking = *question.question.mutable_ranking();
  SetOptions(choices, *ranking.mutable_options());
  for (v1::ChoiceOption& option : *ranking.mutable_options()) option.clear_other();
  ranking.set_order(choices.order);
  // Where options are selected to be ranked, some may be left out; else all are in the answer.
  if (properties.TakeFlag("selectToRankEnabled")) ranking.set_min_ranked(std::clamp(counts.least, 1, options));
  if (counts.most > 0) report_.Add(properties.path(), "the greatest number of ranked options is left out");
  question.kind = Reference::Kind::kRanking;
  question.options = std::move(choices.values);
}

void OptionQuestions::ReadMatrix(Properties& properties, ReadQuestion& question) const {
  RefuseValidators(properties, report_);
  Choices columns = choices_.ReadList(properties.Take("columns"), properties.PathOf("columns"), kMaxColumns);
  const Choices rows = choices_.ReadList(properties.Take("rows"), properties.PathOf("rows"), kMaxRows);
  const v1::OptionOrder order = choices_.ReadOrder(properties, "rowOrder");
  const v1::OptionOrder old_order = choices_.ReadOrder(properties, "rowsOrder");
  if (properties.TakeText("cellType") == "checkbox") {
    report_.Add(properties.PathOf("cellType"), "each row takes one column here, not several");
  }
  if (columns.options.size() < 2) return SetFreeText(properties, columns.options.size(), question);
  if (rows.options.empty()) {
    report_.Add(properties.path(), "has no rows: asked as a single choice among its columns");
    return SetSingle(std::move(columns), question);
  }
  const bool each_row = properties.TakeFlag("eachRowRequired") || properties.TakeFlag("isAllRowRequired");
  if (question.question.required() && !each_row) {
    report_.Add(properties.path(), "is required: every row needs an answer here, not only one of them");
  }
  question.question.set_required(question.question.required() || each_row);
  v1::MatrixQuestion& matrix = *question.question.mutable_matrix();
  SetOptions(columns, *matrix.mutable_columns());
  SetOptions(rows, *matrix.mutable_rows());
  for (v1::ChoiceOption& option : *matrix.mutable_columns()) option.clear_other();
  for (v1::ChoiceOption& option : *matrix.mutable_rows()) option.clear_other();
  matrix.set_order(order == v1::OPTION_ORDER_UNSPECIFIED ? old_order : order);
  question.kind = Reference::Kind::kObject;
  for (const Reference::Option& row : rows.values) {
    question.parts.push_back({LooseText(row.value), row.key, columns.values});
  }
}

void OptionQuestions::ReadBoolean(Properties& properties, ReadQuestion& question) const {
  properties.Ignore({"useTitleAsLabel"});
  if (properties.TakeText("renderAs") == "checkbox" || properties.TakeText("displayMode") == "checkbox") {
    return ReadConsent(properties, question);
  }
  RefuseValidators(properties, report_);
  report_.Add(properties.path(), "a boolean is asked as a choice of yes or no");
  Choices choices;
  for (const bool truth : {true, false}) {
    const absl::string_view label = truth ? "labelTrue" : "labelFalse";
    const json* value = properties.Take(truth ? "valueTrue" : "valueFalse");
    TextMap text = texts_.Read(properties.Take(label), properties.PathOf(label));
    if (text.empty()) text = texts_.Standard(truth ? "Yes" : "No", languages_);
    ChoicesReader::Append(value == nullptr ? json(truth) : *value, truth ? "yes" : "no", std::move(text), choices);
  }
  SetSingle(std::move(choices), question);
}

void OptionQuestions::ReadConsent(Properties& properties, ReadQuestion& question) const {
  question.question.mutable_consent();
  question.kind = Reference::Kind::kBoolean;
  const json* validators = properties.Take("validators");
  const json* first =
      validators != nullptr && validators->is_array() && validators->size() == 1 ? &(*validators)[0] : nullptr;
  const json* rule = first == nullptr ? nullptr : FindProperty(*first, "expression");
  const std::string agreement = absl::StrCat("{", question.name, "} = true");
  if (rule == nullptr || LooseText(*rule) != agreement) {
    RefuseValidators(properties, report_);
    if (question.question.required()) report_.Add(properties.path(), "is required: only agreement is an answer here");
    return;
  }
  question.question.set_required(true);
}

}  // namespace canvass::surveyjs
