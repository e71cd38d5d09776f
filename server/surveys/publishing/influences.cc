#include "server/surveys/publishing/influences.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/conditions/condition.h"
#include "server/surveys/flow/comparisons.h"
#include "server/surveys/logic/pages.h"

namespace canvass::surveys {
namespace {

using google::protobuf::Value;

// Beyond so many comparisons times values nothing is gained by looking at which values are alike.
constexpr std::size_t kMaxTrials = 20'000;

// One of all `values` that the comparisons cannot tell apart.
std::vector<Value> Distinct(std::vector<Value> values, const std::vector<const v1::Comparison*>& comparisons) {
  if (values.size() * comparisons.size() > kMaxTrials) return values;
  std::set<std::vector<bool>> seen;
  std::vector<Value> distinct;
  for (Value& value : values) {
    std::vector<bool> truths;
    for (const v1::Comparison* compare : comparisons) truths.push_back(conditions::IsTrueOf(*compare, value));
    if (seen.insert(std::move(truths)).second) distinct.push_back(std::move(value));
  }
  return distinct;
}

// The last question that the routes may lead past, plus 1: `questions` if one of them ends the survey.
int LeadsPast(const DefinitionMap& map, const v1::Question& question) {
  int past = 0;
  for (const v1::Route& route : question.routes()) {
    past = std::max(past, route.has_end_with() ? map.definition().questions_size() : map.Question(route.skip_to()));
  }
  return past;
}

}  // namespace

// Gathers fields and follows them to the questions that they are answers to.
class Influences::Collector {
 public:
  explicit Collector(const Influences& influences)
      : influences_(influences),
        has_field_(influences.fields_.size()),
        has_value_(influences.values_.size()),
        has_question_(influences.show_if_.size()),
        has_routes_(influences.routes_.size()) {}

  // What the condition itself reads, and what its values are worked out from.
  void AddReads(const Reads& reads) {
    broken_ = broken_ || reads.broken;
    for (int value : reads.values) {
      if (has_value_[value]) continue;
      has_value_[value] = true;
      AddReads(influences_.values_[value]);
    }
    for (int field : reads.fields) {
      if (has_field_[field]) continue;
      has_field_[field] = true;
      fields_.push_back(field);
    }
  }

  // What decides whether the question is shown.
  void AddQuestion(int question) {
    std::vector<int> open = {question};
    while (!open.empty() && !broken_) {
      const int place = open.back();
      open.pop_back();
      if (has_question_[place]) continue;
      has_question_[place] = true;
      AddReads(influences_.show_if_[place]);
      AddReads(influences_.page_show_if_[place]);
      for (int earlier = 0; earlier < place; ++earlier) {
        if (influences_.leads_past_[earlier] <= place) continue;
        if (has_routes_[earlier]) continue;
        has_routes_[earlier] = true;
        AddReads(influences_.routes_[earlier]);
        open.push_back(earlier);
      }
      FollowFields(open);
    }
  }

  // After AddReads: what decides whether the answers are there.
  void FollowAnswers() {
    std::vector<int> open;
    FollowFields(open);
    for (int question : open) AddQuestion(question);
  }

  Fields Take() && { return broken_ ? std::nullopt : std::optional(std::move(fields_)); }

 private:
  void FollowFields(std::vector<int>& open) {
    for (; followed_ < fields_.size(); ++followed_) {
      const int question = influences_.fields_[fields_[followed_]].question;
      if (question >= 0) open.push_back(question);
    }
  }

  const Influences& influences_;
  std::vector<bool> has_field_;
  std::vector<bool> has_value_;
  std::vector<bool> has_question_;
  std::vector<bool> has_routes_;  // together with the way to their question
  std::vector<int> fields_;
  std::size_t followed_ = 0;
  bool broken_ = false;
};

Influences::Influences(const DefinitionMap& map, const Broken& broken) : map_(map) {
  const v1::SurveyDefinition& definition = map.definition();
  for (const v1::CalculatedValue& value : definition.values()) values_.push_back(OfValue(value, broken));
  for (const PageRange& page : PagesOf(definition)) {
    const Reads reads = page.page == nullptr ? Reads() : OfCondition(page.page->show_if(), broken);
    page_show_if_.insert(page_show_if_.end(), page.end - page.first, reads);
  }
  for (const v1::Question& question : definition.questions()) {
    show_if_.push_back(OfCondition(question.show_if(), broken));
    routes_.push_back(OfRoutes(question, broken));
    leads_past_.push_back(LeadsPast(map, question));
  }
  FindValues();
}

Influences::Fields Influences::OnConditionsOf(int question) const {
  Collector collector(*this);
  collector.AddReads(show_if_[question]);
  collector.AddReads(page_show_if_[question]);
  return std::move(collector).Take();
}

Influences::Fields Influences::OnQuestion(int question) const {
  Collector collector(*this);
  collector.AddQuestion(question);
  return std::move(collector).Take();
}

Influences::Fields Influences::OnRoutesOf(int question) const {
  Collector collector(*this);
  collector.AddQuestion(question);
  collector.AddReads(routes_[question]);
  collector.FollowAnswers();
  return std::move(collector).Take();
}

Influences::Fields Influences::OnEnding() const {
  Collector collector(*this);
  for (std::size_t question = 0; question < routes_.size(); ++question) {
    if (leads_past_[question] < static_cast<int>(routes_.size())) continue;
    collector.AddReads(routes_[question]);
    collector.AddQuestion(static_cast<int>(question));
  }
  collector.FollowAnswers();
  return std::move(collector).Take();
}

Influences::Reads Influences::OfCondition(const v1::Condition& condition, const Broken& broken) {
  Reads reads;
  reads.broken = broken.contains(&condition);
  if (reads.broken) return reads;
  ForEachComparison(condition, [&](const v1::Comparison& compare) {
    if (const int field = Add(compare.field(), reads); field >= 0) comparisons_[field].push_back(&compare);
  });
  return reads;
}

Influences::Reads Influences::OfRoutes(const v1::Question& question, const Broken& broken) {
  Reads reads;
  for (const v1::Route& route : question.routes()) {
    Include(OfCondition(route.when(), broken), reads);
    reads.broken = reads.broken || broken.contains(&route);
  }
  return reads;
}

Influences::Reads Influences::OfValue(const v1::CalculatedValue& value, const Broken& broken) {
  Reads reads;
  reads.broken = broken.contains(&value);
  if (reads.broken) return reads;
  for (const v1::Selection::Case& each : value.select().cases()) {
    Include(OfCondition(each.when(), broken), reads);
  }
  for (const v1::Aggregate::Term& term : value.aggregate().terms()) {
    if (const int field = Add(term.field(), reads); field >= 0) summed_[field] = true;
  }
  return reads;
}

void Influences::Include(const Reads& part, Reads& reads) {
  reads.fields.insert(reads.fields.end(), part.fields.begin(), part.fields.end());
  reads.values.insert(reads.values.end(), part.values.begin(), part.values.end());
  reads.broken = reads.broken || part.broken;
}

int Influences::Add(absl::string_view field, Reads& reads) {
  if (absl::StartsWith(field, "value.")) {
    // There is one of that key: what refers to another is broken, so nobody asks what it reads.
    reads.values.push_back(map_.Value(field.substr(field.find('.') + 1)));
    return -1;
  }
  return reads.fields.emplace_back(FieldAt(field));
}

int Influences::FieldAt(absl::string_view path) {
  const auto [found, is_new] = places_.emplace(std::string(path), static_cast<int>(fields_.size()));
  if (!is_new) return found->second;
  InfluentialField& field = fields_.emplace_back();
  field.path = std::string(path);
  const std::vector<absl::string_view> parts = absl::StrSplit(path, '.');
  if (parts[0] == "answer") field.question = map_.Question(parts[1]);
  if (field.question >= 0 && parts.size() > 2) field.row = std::string(parts[2]);
  summed_.push_back(false);
  comparisons_.emplace_back();
  return found->second;
}

FieldValues Influences::FactValues(absl::string_view path, Comparisons comparisons) const {
  // One that is not declared is broken, so nobody asks for it.
  if (!absl::ConsumePrefix(&path, "hidden.")) return ValuesOfFact(comparisons);
  return ValuesOfHiddenField(map_.definition().hidden_fields(map_.HiddenField(path)), comparisons);
}

void Influences::FindValues() {
  absl::flat_hash_set<absl::string_view> parents;
  for (const InfluentialField& field : fields_) {
    absl::string_view path = field.path;
    for (std::size_t dot = path.rfind('.'); dot != absl::string_view::npos; dot = path.rfind('.')) {
      path = path.substr(0, dot);
      if (!parents.insert(path).second) break;
    }
  }
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    InfluentialField& field = fields_[i];
    const v1::Question* question = field.question < 0 ? nullptr : &map_.definition().questions(field.question);
    FieldValues found =
        question == nullptr ? FactValues(field.path, comparisons_[i]) : ValuesOfAnswer(*question, comparisons_[i]);
    // Sums tell all numbers apart.
    const bool listed = question != nullptr && !question->has_number();
    field.complete = found.complete && (!summed_[i] || listed);
    // Rows are what there is to try of a matrix.
    if (question != nullptr && question->has_matrix() && field.row.empty()) field.complete = false;
    // A path leads into the object or list that this one looks at itself.
    if (parents.contains(field.path)) field.complete = false;
    field.values = summed_[i] ? std::move(found.values) : Distinct(std::move(found.values), comparisons_[i]);
    field.may_be_absent = question == nullptr || !question->required() || !field.row.empty();
  }
}

}  // namespace canvass::surveys
