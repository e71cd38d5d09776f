#include "server/surveys/flow/reference_rules.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/conditions/facts.h"
#include "server/surveys/definition/condition_rules.h"
#include "server/surveys/flow/circles.h"
#include "server/surveys/flow/comparison_rules.h"
#include "server/surveys/flow/comparisons.h"

namespace canvass::surveys {
namespace {

class ReferenceChecker {
 public:
  ReferenceChecker(const DefinitionMap& map, Faults& faults)
      : map_(map), definition_(map.definition()), faults_(faults) {}

  Broken Run() && {
    CheckPages();
    for (int i = 0; i < definition_.questions_size() && !faults_.Full(); ++i) CheckQuestion(i);
    CheckCircles();
    for (int i = 0; i < definition_.values_size() && !faults_.Full(); ++i) CheckValue(i);
    CheckQuotas();
    CheckBreakdowns();
    return std::move(broken_);
  }

 private:
  void CheckPages() {
    int latest = -1;
    for (int i = 0; i < definition_.pages_size() && !faults_.Full(); ++i) {
      const v1::Page& page = definition_.pages(i);
      const std::string path = absl::StrCat("definition.pages[", i, "]");
      const int first = map_.Question(page.starts_with());
      std::string fault;
      if (first < 0) {
        fault = absl::StrCat("question ", Quoted(page.starts_with()), " does not exist");
      } else if (i == 0 && first > 0) {
        fault =
            absl::StrCat("the first page must start with the first question, ", Quoted(definition_.questions(0).key()));
      } else if (first <= latest) {
        fault = absl::StrCat("question ", Quoted(page.starts_with()),
                             " does not come behind the start of the page before; pages stand in the order of their "
                             "first questions");
      }
      if (!fault.empty()) ReportKey(path + ".starts_with", page.starts_with(), fault, page);
      latest = std::max(latest, first);
      if (page.has_show_if()) CheckCondition(path + ".show_if", page.show_if(), map_.BeforePage(i));
    }
  }

  void CheckQuestion(int place) {
    const v1::Question& question = definition_.questions(place);
    const std::string path = absl::StrCat("definition.questions[", place, "]");
    if (question.has_show_if()) CheckCondition(path + ".show_if", question.show_if(), map_.Before(place));
    for (int i = 0; i < question.routes_size(); ++i) {
      const v1::Route& route = question.routes(i);
      const std::string route_path = absl::StrCat(path, ".routes[", i, "]");
      if (route.has_when()) CheckCondition(route_path + ".when", route.when(), map_.Behind(place));
      CheckTarget(route_path, place, route);
    }
  }

  void CheckTarget(const std::string& path, int place, const v1::Route& route) {
    if (route.has_end_with() && map_.Ending(route.end_with()) < 0) {
      ReportKey(path + ".end_with", route.end_with(),
                absl::StrCat("ending ", Quoted(route.end_with()), " does not exist"), route);
    }
    if (route.target_case() == v1::Route::TARGET_NOT_SET) broken_.insert(&route);
    if (!route.has_skip_to()) return;
    const int target = map_.Question(route.skip_to());
    if (target < 0) {
      ReportKey(path + ".skip_to", route.skip_to(),
                absl::StrCat("question ", Quoted(route.skip_to()), " does not exist"), route);
    } else if (target <= place) {
      Report(path + ".skip_to",
             absl::StrCat("question ", Quoted(route.skip_to()),
                          " is not behind this one; a skip leads forward, so that everybody comes to an end"),
             route);
    }
  }

  void CheckCircles() {
    for (const std::vector<int>& circle : CirclesIn(ValueReferences(map_))) {
      std::vector<std::string> keys;
      for (int value : circle) {
        keys.push_back(definition_.values(value).key());
        broken_.insert(&definition_.values(value));
      }
      keys.push_back(keys.front());
      Report(absl::StrCat("definition.values[", circle.front(), "]"),
             absl::StrCat("refers to itself in a circle: ", absl::StrJoin(keys, " -> ")),
             definition_.values(circle.front()));
    }
  }

  void CheckValue(int place) {
    const v1::CalculatedValue& value = definition_.values(place);
    const std::string path = absl::StrCat("definition.values[", place, "]");
    // That a value of a circle comes later has been said of the circle.
    const Horizon horizon = broken_.contains(&value) ? map_.AtTheEnd() : map_.OfValue(place);
    const auto check = [&](const std::string& at, const std::string& field) {
      const std::optional<std::string> fault = map_.FaultOf(field, horizon);
      if (fault.has_value()) Report(at, *fault, value);
    };
    for (int i = 0; i < value.aggregate().terms_size(); ++i) {
      const std::string& field = value.aggregate().terms(i).field();
      if (conditions::IsFactPath(field, FactRoots())) {
        check(absl::StrCat(path, ".aggregate.terms[", i, "].field"), field);
      } else {
        broken_.insert(&value);
      }
    }
    for (int i = 0; i < value.select().cases_size(); ++i) {
      const v1::Condition& when = value.select().cases(i).when();
      CheckCondition(absl::StrCat(path, ".select.cases[", i, "].when"), when, horizon);
      if (broken_.contains(&when)) broken_.insert(&value);
    }
  }

  void CheckQuotas() {
    for (int i = 0; i < definition_.quotas_size() && !faults_.Full(); ++i) {
      const v1::Quota& quota = definition_.quotas(i);
      const std::string path = absl::StrCat("definition.quotas[", i, "]");
      if (quota.has_when()) CheckCondition(path + ".when", quota.when(), map_.AtTheEnd());
      if (quota.ending().empty() || map_.Ending(quota.ending()) >= 0) continue;
      ReportKey(path + ".ending", quota.ending(), absl::StrCat("ending ", Quoted(quota.ending()), " does not exist"),
                quota);
    }
  }

  void CheckBreakdowns() {
    for (int i = 0; i < definition_.breakdowns_size() && !faults_.Full(); ++i) {
      const std::string& field = definition_.breakdowns(i);
      // What is no path has been reported for that.
      if (!conditions::IsFactPath(field, FactRoots())) continue;
      const std::optional<std::string> fault = map_.FaultOf(field, map_.AtTheEnd());
      if (fault.has_value()) faults_.Add(absl::StrCat("definition.breakdowns[", i, "]"), *fault);
    }
  }

  void CheckCondition(const std::string& path, const v1::Condition& condition, Horizon horizon) {
    if (IsUnusable(condition)) broken_.insert(&condition);
    if (faults_.Full()) return;
    ForEachComparison(path, condition, [&](const std::string& at, const v1::Comparison& compare) {
      if (faults_.Full()) return;
      std::optional<std::string> fault = map_.FaultOf(compare.field(), horizon);
      if (fault.has_value()) return Report(at + ".field", *fault, condition);
      fault = ComparisonFault(map_, compare);
      if (fault.has_value()) Report(at, *fault, condition);
    });
  }

  void Report(const std::string& path, const std::string& fault, const google::protobuf::Message& part) {
    faults_.Add(path, fault);
    broken_.insert(&part);
  }

  // What has not even the form of a key has been reported for that.
  void ReportKey(const std::string& path, const std::string& key, const std::string& fault,
                 const google::protobuf::Message& part) {
    if (IsKey(key)) faults_.Add(path, fault);
    broken_.insert(&part);
  }

  const DefinitionMap& map_;
  const v1::SurveyDefinition& definition_;
  Faults& faults_;
  Broken broken_;
};

}  // namespace

Broken CheckReferences(const DefinitionMap& map, Faults& faults) { return ReferenceChecker(map, faults).Run(); }

}  // namespace canvass::surveys
