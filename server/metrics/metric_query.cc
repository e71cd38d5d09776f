#include "server/metrics/metric_query.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/metrics/formulas/score.h"
#include "server/metrics/formulas/time_pieces.h"
#include "server/surveys/survey.h"
#include "server/surveys/versions/series_identity.h"

namespace canvass::metrics {
namespace {

bool OfInvitations(v1::Metric metric) {
  return metric == v1::METRIC_RESPONSE_RATE || metric == v1::METRIC_TIME_TO_ANSWER;
}

absl::string_view KindName(const v1::Question& question) {
  const auto* field = v1::Question::descriptor()->FindFieldByNumber(question.kind_case());
  return field == nullptr ? absl::string_view("unknown") : absl::string_view(field->name());
}

// What can be asked of a question.
std::vector<v1::Metric> MetricsOf(const v1::Question& question) {
  switch (question.kind_case()) {
    case v1::Question::kNps:
      return {v1::METRIC_NPS, v1::METRIC_MEAN};
    case v1::Question::kCsat:
      return {v1::METRIC_CSAT, v1::METRIC_MEAN};
    case v1::Question::kCes:
      return {v1::METRIC_CES, v1::METRIC_MEAN};
    case v1::Question::kRating:
      return {v1::METRIC_MEAN};
    case v1::Question::kSingleChoice:
    case v1::Question::kMultipleChoice:
      return {v1::METRIC_CHOICES};
    default:
      return {};
  }
}

std::string NamesOf(const std::vector<v1::Metric>& metrics) {
  return absl::StrJoin(metrics, " or ", [](std::string* out, v1::Metric metric) { *out += v1::Metric_Name(metric); });
}

std::string KnownQuestions(const v1::SurveyDefinition& definition) {
  return absl::StrJoin(definition.questions(), ", ", [](std::string* out, const v1::Question& question) {
    absl::StrAppend(out, question.key(), " (", KindName(question), ")");
  });
}

void CheckQuestion(const MetricQuery& query, const v1::QueryMetricRequest& request, const v1::SurveyDefinition& latest,
                   Violations& violations) {
  if (OfInvitations(request.metric())) {
    if (!request.question().empty()) {
      violations.Add("question", absl::StrCat(v1::Metric_Name(request.metric()),
                                              " is of the survey's invitations, not of a question; leave it empty"));
    }
    return;
  }
  if (request.question().empty()) {
    violations.Add("question", absl::StrCat("required; the survey asks ", KnownQuestions(latest)));
    return;
  }
  if (query.question == nullptr) {
    violations.Add("question", absl::StrCat("'", request.question(), "' is in no published version; the survey asks ",
                                            KnownQuestions(latest)));
    return;
  }
  const std::vector<v1::Metric> fitting = MetricsOf(*query.question);
  if (std::find(fitting.begin(), fitting.end(), request.metric()) != fitting.end()) return;
  violations.Add(
      "metric",
      absl::StrCat("'", request.question(), "' is a question of kind ", KindName(*query.question), ", of which ",
                   fitting.empty() ? "no metric can be asked" : absl::StrCat(NamesOf(fitting), " can be asked")));
}

void CheckDates(const v1::QueryMetricRequest& request, MetricQuery& query, Violations& violations) {
  const auto parse = [&](absl::string_view field, const std::string& text) -> std::optional<int64_t> {
    if (text.empty()) return std::nullopt;
    const std::optional<int64_t> day = ParseDay(text);
    if (!day.has_value()) violations.Add(field, absl::StrCat("'", text, "' is not a day of the form 2017-05-10"));
    return day;
  };
  query.first_day = parse("start_date", request.start_date());
  query.end_day = parse("end_date", request.end_date());
  if (!query.first_day.has_value() || !query.end_day.has_value()) return;
  if (*query.end_day <= *query.first_day) {
    violations.Add("end_date", absl::StrCat(request.end_date(), " is not after start_date ", request.start_date(),
                                            "; it is the day after the last one"));
  } else if (query.granularity != v1::GRANULARITY_UNSPECIFIED && LongerThanTenYears(*query.first_day, *query.end_day)) {
    violations.Add("end_date", "more than 10 years after start_date; ask a shorter time, or without granularity");
  }
}

void CheckBreakdown(const v1::QueryMetricRequest& request, const v1::SurveyDefinition& latest, Violations& violations) {
  const std::string& breakdown = request.breakdown();
  if (breakdown.empty()) return;
  if (std::find(latest.breakdowns().begin(), latest.breakdowns().end(), breakdown) == latest.breakdowns().end()) {
    const std::string declared = latest.breakdowns().empty()
                                     ? "it declares none"
                                     : absl::StrCat("it declares ", absl::StrJoin(latest.breakdowns(), ", "));
    violations.Add("breakdown", absl::StrCat("'", breakdown, "' is not declared by the survey; ", declared));
  } else if (OfInvitations(request.metric()) && absl::StartsWith(breakdown, "response.")) {
    violations.Add("breakdown",
                   absl::StrCat("'", breakdown, "' is not known of invitations; ask by event.* or contact.*"));
  }
}

v1::IntervalMethod DefaultMethod(const MetricQuery& query) {
  switch (query.metric) {
    case v1::METRIC_NPS:
      return v1::INTERVAL_METHOD_ADJUSTED_WALD;
    case v1::METRIC_CSAT:
    case v1::METRIC_RESPONSE_RATE:
      return v1::INTERVAL_METHOD_WILSON;
    case v1::METRIC_CES:
      return query.effort() ? v1::INTERVAL_METHOD_NORMAL : v1::INTERVAL_METHOD_WILSON;
    case v1::METRIC_MEAN:
      return v1::INTERVAL_METHOD_NORMAL;
    default:
      return v1::INTERVAL_METHOD_UNSPECIFIED;
  }
}

void CheckInterval(const v1::QueryMetricRequest& request, MetricQuery& query, Violations& violations) {
  query.confidence = request.confidence() == 0 ? 0.95 : request.confidence();
  if (!(query.confidence >= 0.5 && query.confidence <= 0.999)) {
    violations.Add("confidence", absl::StrCat(request.confidence(), " is not between 0.5 and 0.999"));
  }
  query.interval_method = DefaultMethod(query);
  const v1::IntervalMethod wanted = request.interval_method();
  if (wanted == v1::INTERVAL_METHOD_UNSPECIFIED || wanted == query.interval_method) return;
  if (query.metric == v1::METRIC_NPS && wanted == v1::INTERVAL_METHOD_WALD) {
    query.interval_method = wanted;
  } else {
    violations.Add("interval_method",
                   query.metric == v1::METRIC_NPS
                       ? "for METRIC_NPS it must be INTERVAL_METHOD_ADJUSTED_WALD or INTERVAL_METHOD_WALD"
                       : "can be chosen for METRIC_NPS alone; leave it empty");
  }
}

// Sets version and question to the last version that asks the question, if one does, and the versions of its series.
absl::Status FindAsked(surveys::SurveyCatalog& catalog, const TenantScope& scope, const std::string& key,
                       MetricQuery& query) {
  CANVASS_ASSIGN_OR_RETURN(const std::shared_ptr<const surveys::SeriesHistory> history,
                           catalog.History(scope, query.survey, query.version->version()));
  const int asking = history->LastVersionOf(key);
  if (asking == 0) {
    // One that takes no answers may be there.
    query.question = surveys::FindQuestion(query.version->definition(), key);
    return absl::OkStatus();
  }
  CANVASS_ASSIGN_OR_RETURN(query.version, catalog.Version(scope, query.survey, asking));
  query.question = surveys::FindQuestion(query.version->definition(), key);
  query.versions = history->VersionsOf(key, surveys::SeriesIdentity(*query.question));
  return absl::OkStatus();
}

std::string FormulaOf(const MetricQuery& query) {
  switch (query.metric) {
    case v1::METRIC_NPS:
      return absl::StrCat(
          "100*(promoters - detractors)/n; promoters 9-10, passives 7-8, detractors 0-6; interval cut at +-100, ",
          query.interval_method == v1::INTERVAL_METHOD_WALD
              ? "z*sqrt(Var/n) to either side of the score, Var = p+d-(p-d)^2"
              : "adjusted: n+3 answers with 3/4 promoter and 3/4 detractor more, centred on their score, Var = "
                "p+d-(p-d)^2");
    case v1::METRIC_CSAT:
      return absl::StrCat("100*satisfied/n; satisfied from ", SatisfiedFrom(query.points()), " of ", query.points());
    case v1::METRIC_CES:
      if (query.effort()) return "mean score; a low one is good: high scores mean much effort";
      return absl::StrCat("100*easy/n; easy from ", EasyFrom(query.points()), " of ", query.points());
    case v1::METRIC_MEAN:
      return "sum of scores/n; interval z*s/sqrt(n) to either side";
    case v1::METRIC_CHOICES:
      return query.question->has_multiple_choice()
                 ? "n: respondents who answered; distribution: how many of them chose each option"
                 : "n: answers; distribution: how many chose each option";
    case v1::METRIC_RESPONSE_RATE:
      return "100*answered/delivered, by the local day of delivery";
    case v1::METRIC_TIME_TO_ANSWER:
      return "median of answered - delivered, by the local day of delivery; relative error at most 0.5 %; of an even n "
             "the "
             "mean of the two middle ones";
    default:
      return "";
  }
}

}  // namespace

int MetricQuery::points() const {
  const std::optional<surveys::Scale> scale = question == nullptr ? std::nullopt : surveys::ScaleOf(*question);
  return scale.has_value() ? scale->high : 0;
}

bool MetricQuery::effort() const {
  return question != nullptr && question->has_ces() && surveys::EffortIsHigh(question->ces());
}

absl::StatusOr<MetricQuery> CheckMetricQuery(surveys::SurveyCatalog& catalog, const TenantScope& scope,
                                             const v1::QueryMetricRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(std::string id, ParseChild(scope, "surveys", "survey", request.survey()));
  MetricQuery query{.survey = SurveyId(std::move(id)),
                    .metric = request.metric(),
                    .granularity = request.granularity(),
                    .breakdown = request.breakdown()};
  CANVASS_ASSIGN_OR_RETURN(const surveys::SurveyStatus status, catalog.Status(scope, query.survey));
  if (status.published_version == 0) {
    return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SURVEY_NOT_PUBLISHED,
                 absl::StrCat("survey '", query.survey.value(), "' was never published, so there is nothing to count"));
  }
  CANVASS_ASSIGN_OR_RETURN(query.version, catalog.Version(scope, query.survey, status.published_version));
  const std::shared_ptr<const v1::SurveyVersion> latest = query.version;

  Violations violations;
  if (query.metric == v1::METRIC_UNSPECIFIED || !v1::Metric_IsValid(query.metric)) {
    violations.Add("metric",
                   "required: METRIC_NPS, METRIC_CSAT, METRIC_CES, METRIC_MEAN, METRIC_CHOICES, METRIC_RESPONSE_RATE "
                   "or METRIC_TIME_TO_ANSWER");
  } else {
    if (!OfInvitations(query.metric)) CANVASS_RETURN_IF_ERROR(FindAsked(catalog, scope, request.question(), query));
    CheckQuestion(query, request, latest->definition(), violations);
    CheckInterval(request, query, violations);
  }
  if (!v1::Granularity_IsValid(query.granularity)) {
    violations.Add("granularity", absl::StrCat(static_cast<int>(query.granularity), " is not a Granularity"));
  }
  CheckDates(request, query, violations);
  CheckBreakdown(request, latest->definition(), violations);
  CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_METRIC_QUERY));
  return query;
}

v1::MetricDefinition DefinitionOf(const MetricQuery& query, const TenantScope& scope) {
  v1::MetricDefinition definition;
  definition.set_metric(query.metric);
  definition.set_formula(FormulaOf(query));
  if (query.question != nullptr) {
    if (const std::optional<surveys::Scale> scale = surveys::ScaleOf(*query.question)) {
      definition.set_scale(absl::StrCat(scale->low, "..", scale->high));
    }
  }
  definition.set_interval_method(query.interval_method);
  definition.set_confidence(query.confidence);
  definition.set_time_zone(scope.time_zone().name());
  definition.set_definition_version(kDefinitionVersion);
  definition.mutable_survey_versions()->Add(query.versions.same.begin(), query.versions.same.end());
  definition.mutable_other_series_versions()->Add(query.versions.other.begin(), query.versions.other.end());
  return definition;
}

}  // namespace canvass::metrics
