#include "server/metrics/testing/metric_world.h"

#include <google/protobuf/text_format.h>

#include <cstdlib>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/metrics/formulas/time_pieces.h"
#include "server/metrics/query_metric.h"
#include "server/surveys/texts/each_text.h"

namespace canvass::metrics::testing {
namespace {

[[noreturn]] void Die(absl::string_view what) {
  std::cerr << "metric_world: " << what << std::endl;
  std::abort();
}

void Check(const absl::Status& status, absl::string_view doing) {
  if (!status.ok()) Die(absl::StrCat(doing, ": ", status.ToString()));
}

template <typename T>
T Checked(absl::StatusOr<T> result, absl::string_view doing) {
  Check(result.status(), doing);
  return *std::move(result);
}

// Texts are none of a metric's business, but publication asks for them.
void FillTexts(v1::SurveyDefinition& definition) {
  definition.set_default_language("en");
  surveys::ForEachText(definition,
                       [](absl::string_view path, surveys::TextMap& text) { text["en"] = std::string(path); });
}

}  // namespace

void ParseInto(absl::string_view text, google::protobuf::Message& message) {
  if (!google::protobuf::TextFormat::ParseFromString(std::string(text), &message))
    Die(absl::StrCat("not a message: ", text));
}

absl::Time NoonOf(absl::string_view day, const absl::TimeZone& zone) {
  return absl::FromCivil(absl::CivilHour(DayFromNumber(ParseDay(day).value())) + 12, zone);
}

MetricWorld::MetricWorld(absl::string_view zone) : scope_(mysql::testing::MakeScope("acme", zone)) {}

std::shared_ptr<const v1::SurveyVersion> MetricWorld::Publish(absl::string_view survey,
                                                              const v1::SurveyDefinition& definition) {
  const SurveyId id{std::string(survey)};
  const absl::Time now = db_.clock().Now();
  v1::Survey content;
  content.set_display_name(std::string(survey));
  *content.mutable_definition() = definition;
  FillTexts(*content.mutable_definition());
  if (!survey_store_.Get(scope_, id).ok()) {
    Check(survey_store_.Create(scope_, id, content, now).status(), "create");
  } else {
    const auto change = [&](v1::Survey& stored) {
      *stored.mutable_definition() = content.definition();
      return absl::OkStatus();
    };
    Check(survey_store_.Change(scope_, id, now, change).status(), "change");
  }
  Check(survey_store_.Publish(scope_, id, "", now).status(), "publish");
  catalog_.Forget(scope_, id);
  return Latest(survey);
}

std::shared_ptr<const v1::SurveyVersion> MetricWorld::Latest(absl::string_view survey) {
  const SurveyId id{std::string(survey)};
  const surveys::SurveyStatus status = Checked(catalog_.Status(scope_, id), "status");
  return Checked(catalog_.Version(scope_, id, status.published_version), "version");
}

void MetricWorld::Fold(absl::string_view survey, const std::vector<v1::Response>& responses, int slot) {
  const auto version = Latest(survey);
  CellBatch batch(&cache_);
  for (const v1::Response& response : responses) {
    batch.AddResponse(scope_, SurveyId(std::string(survey)), version->definition(), response);
  }
  Write(batch, slot);
}

void MetricWorld::FoldTexts(absl::string_view survey, const std::vector<absl::string_view>& responses, int slot) {
  std::vector<v1::Response> parsed;
  for (absl::string_view text : responses) {
    v1::Response& response = parsed.emplace_back(Parse<v1::Response>(text));
    if (!response.has_answer_time()) *response.mutable_answer_time() = ToProto(db_.clock().Now());
  }
  Fold(survey, parsed, slot);
}

void MetricWorld::Write(const CellBatch& batch, int slot) {
  Check(db_.database().Write(scope_, [&](mysql::Transaction& tx) { return batch.Write(tx, slot); }), "write");
  batch.MarkCommitted();
}

absl::StatusOr<v1::QueryMetricResponse> MetricWorld::TryQuery(absl::string_view survey,
                                                              v1::QueryMetricRequest request) {
  request.set_survey(ResourceName(scope_.tenant(), {"surveys", survey}));
  return QueryMetric(store_, catalog_, db_.clock(), scope_, request);
}

v1::QueryMetricResponse MetricWorld::Query(absl::string_view survey, absl::string_view request) {
  return Checked(TryQuery(survey, Parse<v1::QueryMetricRequest>(request)), "query");
}

v1::MetricPoint MetricWorld::Total(absl::string_view survey, v1::Metric metric, absl::string_view question) {
  v1::QueryMetricRequest request;
  request.set_metric(metric);
  request.set_question(std::string(question));
  const v1::QueryMetricResponse response = Checked(TryQuery(survey, request), "query");
  if (response.points_size() != 1) Die(absl::StrCat("a total of ", response.points_size(), " points"));
  return response.points(0);
}

}  // namespace canvass::metrics::testing
