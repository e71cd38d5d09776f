#include "server/surveys/versions/series_comparison.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/conditions/condition_text.h"
#include "server/surveys/logic/pages.h"
#include "server/surveys/versions/series_identity.h"
#include "server/surveys/versions/survey_diff.h"

namespace canvass::surveys {
namespace {

// How many changes a reason names.
constexpr std::size_t kMaxNamed = 5;

// A route that leads past the questions of places [first, end).
struct Leap {
  int first;
  int end;
  std::string text;
};

// The questions of a definition with what decides who is shown them.
class Asked {
 public:
  explicit Asked(const v1::SurveyDefinition& definition) : definition_(definition) {
    pages_.resize(definition.questions_size());
    for (const PageRange& page : PagesOf(definition)) {
      for (int place = page.first; page.page != nullptr && place < page.end; ++place) pages_[place] = page.page;
    }
    for (int place = 0; place < definition.questions_size(); ++place) {
      const v1::Question& question = definition.questions(place);
      places_.emplace(question.key(), place);
      for (const v1::Route& route : question.routes()) AddLeap(place, route);
    }
  }

  // -1 if it is not asked.
  int PlaceOf(absl::string_view key) const {
    const auto found = places_.find(key);
    return found == places_.end() || SeriesIdentity(definition_.questions(found->second)).empty() ? -1 : found->second;
  }

  // The conditions on which the question is shown.
  std::vector<std::string> ConditionsOf(int place) const {
    const v1::Question& question = definition_.questions(place);
    std::vector<std::string> conditions = {TextOf(question.has_show_if(), question.show_if()), ""};
    if (pages_[place] != nullptr) conditions[1] = TextOf(pages_[place]->has_show_if(), pages_[place]->show_if());
    for (const Leap& leap : leaps_) {
      if (place >= leap.first && place < leap.end) conditions.push_back(leap.text);
    }
    return conditions;
  }

 private:
  static std::string TextOf(bool has, const v1::Condition& condition) {
    return has ? conditions::ConditionText(condition) : "";
  }

  void AddLeap(int place, const v1::Route& route) {
    const int end =
        route.has_end_with() ? definition_.questions_size() : surveys::PlaceOf(definition_, route.skip_to());
    if (end <= place + 1) return;
    leaps_.push_back(
        {.first = place + 1,
         .end = end,
         .text = absl::StrCat(definition_.questions(place).key(), " ", TextOf(route.has_when(), route.when()))});
  }

  const v1::SurveyDefinition& definition_;
  std::vector<const v1::Page*> pages_;  // by place; null without one
  absl::flat_hash_map<absl::string_view, int> places_;
  std::vector<Leap> leaps_;
};

// What is read on a question, and what it accepts.
v1::Question Wording(const v1::Question& question) {
  v1::Question wording = question;
  wording.clear_show_if();
  wording.clear_routes();
  wording.clear_tags();
  return wording;
}

// The paths of what changed, "text["cs"], single_choice.options[price] and 3 more".
std::string PathsText(const std::vector<v1::SurveyChange>& changes) {
  std::vector<std::string> paths;
  for (const v1::SurveyChange& change : changes) {
    if (paths.size() < kMaxNamed) paths.push_back(change.path());
  }
  std::string text = absl::StrJoin(paths, ", ");
  if (changes.size() > kMaxNamed) absl::StrAppend(&text, " and ", changes.size() - kMaxNamed, " more");
  return text;
}

v1::SeriesComparison Compared(const std::string& key, v1::SeriesComparison::Outcome outcome, std::string reason) {
  v1::SeriesComparison comparison;
  comparison.set_question(key);
  comparison.set_outcome(outcome);
  comparison.set_reason(std::move(reason));
  return comparison;
}

}  // namespace

std::vector<v1::SeriesComparison> CompareSeries(const v1::SurveyDefinition& base, const v1::SurveyDefinition& target) {
  const Asked before(base);
  const Asked after(target);
  std::vector<v1::SeriesComparison> comparisons;
  for (const v1::Question& question : target.questions()) {
    const std::string& key = question.key();
    const int place = after.PlaceOf(key);
    if (place < 0 || &target.questions(place) != &question) continue;
    const int old_place = before.PlaceOf(key);
    if (old_place < 0) {
      comparisons.push_back(Compared(key, v1::SeriesComparison::OUTCOME_ADDED,
                                     "only the newer version asks it, so its series starts there"));
      continue;
    }
    const v1::Question& old = base.questions(old_place);
    if (SeriesIdentity(old) != SeriesIdentity(question)) {
      comparisons.push_back(Compared(key, v1::SeriesComparison::OUTCOME_NEW_SERIES,
                                     absl::StrCat("it was ", SeriesText(old), " and is ", SeriesText(question),
                                                  ": its numbers cannot be compared, so a new series starts")));
      continue;
    }
    const auto changes = DiffParts(Wording(old), Wording(question), target.default_language());
    const bool others_asked = before.ConditionsOf(old_place) != after.ConditionsOf(place);
    if (changes.empty() && !others_asked) {
      comparisons.push_back(
          Compared(key, v1::SeriesComparison::OUTCOME_SAME, "nothing that respondents see of it changed"));
      continue;
    }
    std::string reason = changes.empty() ? "" : absl::StrCat("changed: ", PathsText(changes));
    if (others_asked) absl::StrAppend(&reason, reason.empty() ? "" : "; ", "who is shown it changed");
    comparisons.push_back(Compared(key, v1::SeriesComparison::OUTCOME_REWORDED, std::move(reason)));
  }
  for (const v1::Question& question : base.questions()) {
    if (before.PlaceOf(question.key()) < 0 || after.PlaceOf(question.key()) >= 0) continue;
    comparisons.push_back(Compared(question.key(), v1::SeriesComparison::OUTCOME_REMOVED,
                                   "only the older version asks it, so its series ends there"));
  }
  return comparisons;
}

}  // namespace canvass::surveys
