// A QueryMetricRequest that was checked: what is asked of which question, with every default filled in.
//
//   CANVASS_ASSIGN_OR_RETURN(MetricQuery query, CheckMetricQuery(catalog, scope, request));
#ifndef CANVASS_SERVER_METRICS_METRIC_QUERY_H_
#define CANVASS_SERVER_METRICS_METRIC_QUERY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "canvass/v1/metric_service.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/surveys/survey_catalog.h"
#include "server/surveys/versions/series_history.h"

namespace canvass::metrics {

// Grows when a formula changes what it answers.
inline constexpr int kDefinitionVersion = 1;

struct MetricQuery {
  SurveyId survey;
  v1::Metric metric = v1::METRIC_UNSPECIFIED;
  // The latest version that asks the question; without a question the latest one.
  std::shared_ptr<const v1::SurveyVersion> version;
  const v1::Question* question = nullptr;  // in version; null for RESPONSE_RATE and TIME_TO_ANSWER
  // Which versions ask the question in the series that is counted, and which in another.
  surveys::SeriesVersions versions;
  std::optional<int64_t> first_day;
  std::optional<int64_t> end_day;
  v1::Granularity granularity = v1::GRANULARITY_UNSPECIFIED;
  std::string breakdown;
  double confidence = 0;
  // UNSPECIFIED where the metric has no interval.
  v1::IntervalMethod interval_method = v1::INTERVAL_METHOD_UNSPECIFIED;

  // The scale's highest score, 0 without a scale.
  int points() const;
  // CES where a high score means much effort.
  bool effort() const;
  // Of the survey's invitations rather than of a question.
  bool of_invitations() const { return question == nullptr; }
};

// Checks `request` against the survey's latest published version; a question that is no longer asked is looked for in
// earlier ones. Errors: those of ParseChild and of the catalog, SurveyNotPublished, InvalidMetricQuery with all
// bad fields.
absl::StatusOr<MetricQuery> CheckMetricQuery(surveys::SurveyCatalog& catalog, const TenantScope& scope,
                                             const v1::QueryMetricRequest& request);

// How the numbers of `query` come about; without compute_time.
v1::MetricDefinition DefinitionOf(const MetricQuery& query, const TenantScope& scope);

}  // namespace canvass::metrics

#endif  // CANVASS_SERVER_METRICS_METRIC_QUERY_H_
