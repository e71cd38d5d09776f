#include "server/metrics/query_metric.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/metrics/formulas/time_pieces.h"
#include "server/metrics/metric_points.h"
#include "server/metrics/metric_query.h"
#include "server/metrics/series.h"
#include "server/surveys/survey.h"

namespace canvass::metrics {
namespace {

// gRPC clients take 4 MiB where they were not told otherwise.
constexpr std::size_t kMaxAnswerBytes = (std::size_t{4} << 20) - (std::size_t{64} << 10);

CellQuery CellsOf(const MetricQuery& query, absl::string_view series) {
  return {.series = std::string(series),
          .first_day = query.first_day,
          .end_day = query.end_day,
          .by_day = query.granularity != v1::GRANULARITY_UNSPECIFIED,
          .breakdown = query.breakdown};
}

// The series that holds the answers, or all stages.
std::string MainSeries(const MetricQuery& query) {
  return query.of_invitations() ? std::string(kStageSeries) : SeriesOf(*query.question);
}

// With an open start or end it is the cells that say how long the asked time is.
absl::Status CheckLength(MetricStore& store, const TenantScope& scope, const MetricQuery& query) {
  const bool closed = query.first_day.has_value() && query.end_day.has_value();
  if (query.granularity == v1::GRANULARITY_UNSPECIFIED || closed) return absl::OkStatus();
  CANVASS_ASSIGN_OR_RETURN(const std::optional<DaySpan> span, store.Span(scope, query.survey, MainSeries(query)));
  if (!span.has_value()) return absl::OkStatus();
  const int64_t first = query.first_day.value_or(span->first);
  if (!LongerThanTenYears(first, query.end_day.value_or(span->last + 1))) return absl::OkStatus();
  return FieldError(v1::ERROR_REASON_INVALID_METRIC_QUERY, query.first_day.has_value() ? "end_date" : "start_date",
                    "the answers cover more than 10 years; give start_date and end_date");
}

// Adds the options of `question` that `options` does not have yet.
void AddOptions(const v1::Question* question, OptionList& options, absl::flat_hash_set<int32_t>& unknown) {
  if (question == nullptr || surveys::OptionsOf(*question) == nullptr) return;
  for (const v1::ChoiceOption& option : *surveys::OptionsOf(*question)) {
    const int32_t value = OptionValue(option.key());
    if (unknown.erase(value) > 0) options.emplace_back(value, option.key());
  }
}

// Names the `chosen` values: in the order of the asked version's options, then those that only earlier ones had.
absl::StatusOr<OptionList> NameOptions(surveys::SurveyCatalog& catalog, const TenantScope& scope,
                                       const MetricQuery& query, absl::flat_hash_set<int32_t> chosen) {
  OptionList options;
  AddOptions(query.question, options, chosen);
  for (int number = query.version->version() - 1; !chosen.empty() && number > 0; --number) {
    CANVASS_ASSIGN_OR_RETURN(const auto version, catalog.Version(scope, query.survey, number));
    AddOptions(surveys::FindQuestion(version->definition(), query.question->key()), options, chosen);
  }
  return options;
}

absl::Status CheckSize(const v1::QueryMetricResponse& response) {
  if (response.ByteSizeLong() <= kMaxAnswerBytes) return absl::OkStatus();
  return FieldError(v1::ERROR_REASON_INVALID_METRIC_QUERY, "granularity",
                    absl::StrCat("the answer has ", response.points_size(),
                                 " points, more than fit into one message; ask a shorter time, larger pieces, or a "
                                 "breakdown with fewer values"));
}

}  // namespace

absl::StatusOr<v1::QueryMetricResponse> QueryMetric(MetricStore& store, surveys::SurveyCatalog& catalog,
                                                    const Clock& clock, const TenantScope& scope,
                                                    const v1::QueryMetricRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const MetricQuery query, CheckMetricQuery(catalog, scope, request));
  CANVASS_RETURN_IF_ERROR(CheckLength(store, scope, query));
  v1::QueryMetricResponse response;
  *response.mutable_definition() = DefinitionOf(query, scope);
  *response.mutable_definition()->mutable_compute_time() = ToProto(clock.Now());

  MetricPoints points(query);
  absl::flat_hash_set<int32_t> chosen;
  if (query.of_invitations()) {
    CANVASS_RETURN_IF_ERROR(store.Read(scope, query.survey, CellsOf(query, kStageSeries),
                                       [&](const CellSum& cell) { points.AddStage(cell); }));
  }
  if (query.metric != v1::METRIC_RESPONSE_RATE) {
    const std::string series = query.of_invitations() ? std::string(kTimeSeries) : MainSeries(query);
    CANVASS_RETURN_IF_ERROR(store.Read(scope, query.survey, CellsOf(query, series), [&](const CellSum& cell) {
      points.AddValue(cell);
      if (query.metric == v1::METRIC_CHOICES && cell.value >= 0) chosen.insert(cell.value);
    }));
  }
  CANVASS_ASSIGN_OR_RETURN(const OptionList options, NameOptions(catalog, scope, query, std::move(chosen)));
  CANVASS_ASSIGN_OR_RETURN(std::vector<v1::MetricPoint> taken, points.Take(options));
  for (v1::MetricPoint& point : taken) *response.add_points() = std::move(point);
  CANVASS_RETURN_IF_ERROR(CheckSize(response));
  return response;
}

}  // namespace canvass::metrics
