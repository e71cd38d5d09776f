// What tests of metrics stand on: a database, published surveys, cells folded into it and queries against it.
//
//   MetricWorld world;
//   world.Publish("post-purchase", R"pb(questions { key: "recommend" nps {} })pb");
//   world.FoldTexts("post-purchase", {R"pb(answers { question: "recommend" score: 9 })pb"});
//   v1::MetricPoint point = world.Total("post-purchase", v1::METRIC_NPS, "recommend");
//
// Failures end the test process: nothing after them would mean anything.
#ifndef CANVASS_SERVER_METRICS_TESTING_METRIC_WORLD_H_
#define CANVASS_SERVER_METRICS_TESTING_METRIC_WORLD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/metric_service.pb.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/tenant_scope.h"
#include "server/metrics/cell_batch.h"
#include "server/metrics/dimension_cache.h"
#include "server/metrics/metric_store.h"
#include "server/mysql/testing/test_database.h"
#include "server/surveys/survey_catalog.h"
#include "server/surveys/survey_store.h"

namespace canvass::metrics::testing {

// Parses protobuf's text format.
void ParseInto(absl::string_view text, google::protobuf::Message& message);
template <typename Message>
Message Parse(absl::string_view text) {
  Message message;
  ParseInto(text, message);
  return message;
}

// Noon of `day` (2017-05-10) in `zone`.
absl::Time NoonOf(absl::string_view day, const absl::TimeZone& zone = absl::UTCTimeZone());

class MetricWorld {
 public:
  explicit MetricWorld(absl::string_view zone = "UTC");

  // Publishes `definition` as the survey's next version. Texts and the default language are filled in.
  std::shared_ptr<const v1::SurveyVersion> Publish(absl::string_view survey, const v1::SurveyDefinition& definition);
  std::shared_ptr<const v1::SurveyVersion> Publish(absl::string_view survey, absl::string_view definition) {
    return Publish(survey, Parse<v1::SurveyDefinition>(definition));
  }

  // Folds responses to the latest version and writes their cells in one transaction.
  void Fold(absl::string_view survey, const std::vector<v1::Response>& responses, int slot = 0);
  void FoldTexts(absl::string_view survey, const std::vector<absl::string_view>& responses, int slot = 0);
  void Write(const CellBatch& batch, int slot = 0);

  std::shared_ptr<const v1::SurveyVersion> Latest(absl::string_view survey);

  // QueryMetric with `survey` as an id.
  absl::StatusOr<v1::QueryMetricResponse> TryQuery(absl::string_view survey, v1::QueryMetricRequest request);
  v1::QueryMetricResponse Query(absl::string_view survey, absl::string_view request);
  v1::MetricPoint Total(absl::string_view survey, v1::Metric metric, absl::string_view question);

  mysql::testing::TestDatabase& db() { return db_; }
  const TenantScope& scope() const { return scope_; }
  DimensionCache& cache() { return cache_; }
  MetricStore& store() { return store_; }
  surveys::SurveyCatalog& catalog() { return catalog_; }

 private:
  mysql::testing::TestDatabase db_;
  TenantScope scope_;
  surveys::SurveyStore survey_store_{db_.database()};
  surveys::SurveyCatalog catalog_{survey_store_, db_.clock()};
  DimensionCache cache_;
  MetricStore store_{db_.database(), cache_};
};

}  // namespace canvass::metrics::testing

#endif  // CANVASS_SERVER_METRICS_TESTING_METRIC_WORLD_H_
