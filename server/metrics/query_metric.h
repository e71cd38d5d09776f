// MetricService.QueryMetric: one metric of a survey, in total, by day, week or month, by one breakdown, or both.
#ifndef CANVASS_SERVER_METRICS_QUERY_METRIC_H_
#define CANVASS_SERVER_METRICS_QUERY_METRIC_H_

#include "absl/status/statusor.h"
#include "canvass/v1/metric_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/metrics/metric_store.h"
#include "server/surveys/survey_catalog.h"

namespace canvass::metrics {

// Computes the metric from its cells: every response acknowledged before the call is in it. Points are sorted by
// start_date, then by n (the largest first) and group; of more than 1,000 groups the 1,000 largest are answered. Pieces
// and groups in which the question was neither answered nor dismissed are left out, so the missing answers of all
// points can be fewer than those of the total; of invitations, pieces in which nothing was counted. A week or month
// that the asked time cuts has the dates of its asked part. Thread-safe; blocks.
//
// Errors: InvalidResourceName or NotFound for the survey's name, SurveyNotFound, SurveyNotPublished, and
// InvalidMetricQuery with every bad field: an unknown question (lists the known ones), a breakdown that is not declared
// (lists the declared ones), a metric that does not fit the question's kind, dates, an answer that would be too large.
absl::StatusOr<v1::QueryMetricResponse> QueryMetric(MetricStore& store, surveys::SurveyCatalog& catalog,
                                                    const Clock& clock, const TenantScope& scope,
                                                    const v1::QueryMetricRequest& request);

}  // namespace canvass::metrics

#endif  // CANVASS_SERVER_METRICS_QUERY_METRIC_H_
