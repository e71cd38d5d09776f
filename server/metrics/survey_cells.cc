#include "server/metrics/survey_cells.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "server/metrics/series.h"
#include "server/surveys/logic/walk.h"

namespace canvass::metrics {
namespace {

// Equal for two questions of one key exactly if they belong to one series.
int KindCode(const v1::Question& question) {
  int points = 0;
  int direction = 0;
  if (question.has_csat()) points = question.csat().points();
  if (question.has_rating()) points = question.rating().points();
  if (question.has_ces()) {
    points = question.ces().points();
    direction = question.ces().direction();
  }
  return (static_cast<int>(question.kind_case()) * 1000 + points) * 10 + direction;
}

// What is not asked is not missing either.
bool TakesAnswers(const v1::Question& question) {
  return !question.has_statement() && question.kind_case() != v1::Question::KIND_NOT_SET;
}

// Appends `number` as bytes: faster than as text, and of one length.
void AppendLength(std::string& out, std::size_t number) {
  for (int i = 0; i < 4; ++i) out.push_back(static_cast<char>(number >> (8 * i)));
}

// The place that each of `items` has when they are sorted by `text`.
template <typename Item, typename Text>
std::vector<int> Ranks(const std::vector<Item>& items, Text text) {
  std::vector<int> order(items.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int a, int b) { return text(items[a]) < text(items[b]); });
  std::vector<int> ranks(items.size());
  for (std::size_t i = 0; i < order.size(); ++i) ranks[order[i]] = static_cast<int>(i);
  return ranks;
}

}  // namespace

void SurveyCells::AddResponse(const v1::SurveyDefinition& definition, const v1::Response& response, int64_t day,
                              int64_t sign) {
  Plan& plan = PlanOf(definition);
  CellId cell{
      .series = 0, .day = static_cast<int32_t>(day), .dimension = DimensionNumber(plan, response), .value = kMissing};
  FindAnswers(plan, response);
  const std::vector<bool> hidden = HiddenQuestions(plan, definition, response);
  for (std::size_t i = 0; i < plan.questions.size(); ++i) {
    cell.series = plan.questions[i].series;
    if (cell.series != kNoSeries && (hidden.empty() || !hidden[i])) CountAnswer(cell, answers_[i], sign);
  }
}

void SurveyCells::AddInvitation(const v1::SurveyDefinition& definition, const v1::Invitation& invitation,
                                absl::string_view series, int64_t day, int32_t value, int64_t sign) {
  Plan& plan = PlanOf(definition);
  Count({.series = SeriesNumber(series),
         .day = static_cast<int32_t>(day),
         .dimension = DimensionNumber(plan, invitation),
         .value = value},
        sign);
}

std::vector<const SurveyCells::DimensionRow*> SurveyCells::SortedDimensions() const {
  std::vector<const DimensionRow*> rows;
  rows.reserve(dimensions_.size());
  for (const DimensionRow& row : dimensions_) rows.push_back(&row);
  std::sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
  return rows;
}

std::vector<SurveyCells::CellRow> SurveyCells::SortedCells() const {
  const std::vector<int> series_rank = Ranks(series_, [](const std::string& series) -> const auto& { return series; });
  const std::vector<int> dimension_rank =
      Ranks(dimensions_, [](const DimensionRow& row) -> const auto& { return row.key; });
  std::vector<std::pair<CellId, int64_t>> cells;
  cells.reserve(totals_.size());
  for (const auto& [id, total] : totals_) {
    if (total != 0) cells.emplace_back(id, total);
  }
  std::sort(cells.begin(), cells.end(), [&](const auto& a, const auto& b) {
    return std::tuple(series_rank[a.first.series], a.first.day, dimension_rank[a.first.dimension], a.first.value) <
           std::tuple(series_rank[b.first.series], b.first.day, dimension_rank[b.first.dimension], b.first.value);
  });
  std::vector<CellRow> rows;
  rows.reserve(cells.size());
  for (const auto& [id, total] : cells) {
    rows.push_back({&series_[id.series], id.day, &dimensions_[id.dimension].key, id.value, total});
  }
  return rows;
}

SurveyCells::Plan& SurveyCells::PlanOf(const v1::SurveyDefinition& definition) {
  for (const std::unique_ptr<Plan>& plan : plans_) {
    if (Fits(*plan, definition)) return *plan;
  }
  auto plan = std::make_unique<Plan>();
  plan->breakdowns.assign(definition.breakdowns().begin(), definition.breakdowns().end());
  plan->paths = plan->breakdowns;
  std::sort(plan->paths.begin(), plan->paths.end());
  plan->paths.erase(std::unique(plan->paths.begin(), plan->paths.end()), plan->paths.end());
  for (const v1::Question& question : definition.questions()) {
    plan->question_of_key.emplace(question.key(), static_cast<int>(plan->questions.size()));
    const int series = TakesAnswers(question) ? SeriesNumber(SeriesOf(question)) : kNoSeries;
    plan->questions.push_back({question.key(), KindCode(question), series});
  }
  return *plans_.emplace_back(std::move(plan));
}

// By content rather than by address: a definition that was freed may be followed by another one at the same place.
bool SurveyCells::Fits(const Plan& plan, const v1::SurveyDefinition& definition) {
  return std::equal(plan.questions.begin(), plan.questions.end(), definition.questions().begin(),
                    definition.questions().end(),
                    [](const QuestionPlan& planned, const v1::Question& question) {
                      return planned.kind == KindCode(question) && planned.key == question.key();
                    }) &&
         std::equal(plan.breakdowns.begin(), plan.breakdowns.end(), definition.breakdowns().begin(),
                    definition.breakdowns().end());
}

int SurveyCells::SeriesNumber(absl::string_view series) {
  const auto [it, inserted] = series_numbers_.try_emplace(series, static_cast<int>(series_.size()));
  if (inserted) series_.emplace_back(series);
  return it->second;
}

template <typename Subject>
int SurveyCells::DimensionNumber(Plan& plan, const Subject& subject) {
  Dimension dimension;
  dimension.reserve(plan.paths.size());
  texts_.clear();
  for (const std::string& path : plan.paths) {
    std::string text = BreakdownText(path, subject);
    AppendLength(texts_, text.size());
    texts_ += text;
    dimension.emplace_back(path, std::move(text));
  }
  const auto known = plan.dimension_of_texts.find(texts_);
  if (known != plan.dimension_of_texts.end()) return known->second;

  // Another plan may have the same combination.
  std::string key = DimensionKey(dimension);
  const auto [it, inserted] = dimension_numbers_.try_emplace(key, static_cast<int>(dimensions_.size()));
  if (inserted) dimensions_.push_back({std::move(key), std::make_shared<const Dimension>(std::move(dimension))});
  plan.dimension_of_texts.emplace(texts_, it->second);
  return it->second;
}

void SurveyCells::FindAnswers(const Plan& plan, const v1::Response& response) {
  answers_.assign(plan.questions.size(), nullptr);
  std::size_t next = 0;  // answers mostly come in the order of the questions
  for (const v1::Answer& answer : response.answers()) {
    if (next >= plan.questions.size() || plan.questions[next].key != answer.question()) {
      const auto it = plan.question_of_key.find(answer.question());
      if (it == plan.question_of_key.end()) continue;
      next = static_cast<std::size_t>(it->second);
    }
    answers_[next++] = &answer;
  }
}

std::vector<bool> SurveyCells::HiddenQuestions(const Plan& plan, const v1::SurveyDefinition& definition,
                                               const v1::Response& response) const {
  bool all_answered = true;
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    all_answered = all_answered && (answers_[i] != nullptr || plan.questions[i].series == kNoSeries);
  }
  if (all_answered || !surveys::HasLogic(definition)) return {};
  std::vector<bool> hidden = surveys::Walk(definition, response.facts(), response.answers()).shown;
  hidden.flip();
  // What was answered counts, whatever the logic says.
  for (std::size_t i = 0; i < hidden.size(); ++i) hidden[i] = hidden[i] && answers_[i] == nullptr;
  return hidden;
}

void SurveyCells::CountAnswer(CellId cell, const v1::Answer* answer, int64_t sign) {
  const auto count = [&](int32_t value) {
    cell.value = value;
    Count(cell, sign);
  };
  if (answer == nullptr) return count(kMissing);
  switch (answer->value_case()) {
    case v1::Answer::kScore:
      return count(answer->score());
    case v1::Answer::kChoice:
      return count(OptionValue(answer->choice()));
    case v1::Answer::kChoices:
      for (const std::string& key : answer->choices().keys()) count(OptionValue(key));
      return count(kRespondents);
    case v1::Answer::kText:
      return count(kTextGiven);
    case v1::Answer::kDismissed:
      return count(kDismissed);
    case v1::Answer::VALUE_NOT_SET:
      return count(kMissing);
    default:
      return count(kTextGiven);
  }
}

}  // namespace canvass::metrics
