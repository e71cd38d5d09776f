// canvass metric: what the answers say.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/metric.pb.h"
#include "client/cli/command_set.h"
#include "client/cli/documents/nearest.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/exit_code.h"
#include "client/cli/output/message_json.h"
#include "client/cli/output/metric_view.h"
#include "client/cli/output/yaml.h"
#include "client/cli/published_survey.h"
#include "nlohmann/json.hpp"

namespace canvass::cli {
namespace {

struct MetricFlags {
  std::string survey;
  std::string question;
  std::string metric;
  std::string start;
  std::string end;
  std::string by;
  std::string breakdown;
  std::string interval;
  double confidence = 0;
  int top = 20;
};
using Flags = std::shared_ptr<MetricFlags>;

// What is measured of a question; METRIC_UNSPECIFIED for texts.
v1::Metric MetricOf(const v1::Question& question) {
  switch (question.kind_case()) {
    case v1::Question::kNps:
      return v1::METRIC_NPS;
    case v1::Question::kCsat:
      return v1::METRIC_CSAT;
    case v1::Question::kCes:
      return v1::METRIC_CES;
    case v1::Question::kSingleChoice:
    case v1::Question::kMultipleChoice:
      return v1::METRIC_CHOICES;
    default:
      return v1::METRIC_UNSPECIFIED;
  }
}

// The question that is meant where none is named: the first that has a metric.
absl::StatusOr<const v1::Question*> ChooseQuestion(const v1::SurveyDefinition& definition, const std::string& key) {
  std::vector<std::string> keys;
  for (const v1::Question& question : definition.questions()) {
    const bool measurable = MetricOf(question) != v1::METRIC_UNSPECIFIED;
    if (question.key() == key || (key.empty() && measurable)) return &question;
    if (measurable) keys.push_back(question.key());
  }
  if (key.empty()) return UsageError("the survey has no question that can be measured");
  return UsageError(absl::StrCat("the survey has no question '", key, "'", Suggestion(key, keys)));
}

// What all three commands ask alike.
absl::StatusOr<v1::QueryMetricRequest> BaseRequest(Session& session, const MetricFlags& flags) {
  const absl::StatusOr<std::string> survey = session.Name("surveys", flags.survey);
  if (!survey.ok()) return survey.status();
  v1::QueryMetricRequest request;
  request.set_survey(*survey);
  request.set_start_date(flags.start);
  request.set_end_date(flags.end);
  request.set_confidence(flags.confidence);
  if (!flags.interval.empty()) {
    const auto method = ParseEnum(*v1::IntervalMethod_descriptor(), flags.interval);
    if (!method.ok()) return UsageError(absl::StrCat("--interval: ", method.status().message()));
    request.set_interval_method(static_cast<v1::IntervalMethod>((*method)->number()));
  }
  return request;
}

// Sets metric and question from the flags, and from the survey what they leave open.
absl::Status ChooseMetric(Session& session, const MetricFlags& flags, v1::QueryMetricRequest& request) {
  if (!flags.metric.empty()) {
    const auto metric = ParseEnum(*v1::Metric_descriptor(), flags.metric);
    if (!metric.ok()) return UsageError(absl::StrCat("--metric: ", metric.status().message()));
    request.set_metric(static_cast<v1::Metric>((*metric)->number()));
  }
  const bool of_invitations =
      request.metric() == v1::METRIC_RESPONSE_RATE || request.metric() == v1::METRIC_TIME_TO_ANSWER;
  if (of_invitations) return absl::OkStatus();
  request.set_question(flags.question);
  if (!flags.question.empty() && request.metric() != v1::METRIC_UNSPECIFIED) return absl::OkStatus();
  const auto version = PublishedSurvey(session, request.survey(), 0);
  if (!version.ok()) return version.status();
  const auto question = ChooseQuestion(version->definition(), flags.question);
  if (!question.ok()) return question.status();
  request.set_question((*question)->key());
  if (request.metric() == v1::METRIC_UNSPECIFIED) request.set_metric(MetricOf(**question));
  if (request.metric() == v1::METRIC_UNSPECIFIED) {
    return UsageError(absl::StrCat("'", request.question(), "' is a text, which has no metric"));
  }
  return absl::OkStatus();
}

absl::Status AddOverview(Session& session, v1::QueryMetricRequest request, std::vector<MetricOverview>& overview) {
  MetricOverview one = {.question = request.question()};
  absl::StatusOr<v1::QueryMetricResponse> total = session.Call(&client::Metrics::QueryMetric, request);
  if (!total.ok()) return total.status();
  one.total = *std::move(total);
  request.set_granularity(v1::GRANULARITY_MONTH);
  absl::StatusOr<v1::QueryMetricResponse> months = session.Call(&client::Metrics::QueryMetric, request);
  if (!months.ok()) return months.status();
  one.months = *std::move(months);
  overview.push_back(std::move(one));
  return absl::OkStatus();
}

// Every metric that a survey has.
absl::Status ShowAll(Session& session, const v1::QueryMetricRequest& base) {
  const auto version = PublishedSurvey(session, base.survey(), 0);
  if (!version.ok()) return version.status();
  std::vector<MetricOverview> overview;
  for (const v1::Question& question : version->definition().questions()) {
    v1::QueryMetricRequest request = base;
    request.set_metric(MetricOf(question));
    request.set_question(question.key());
    if (request.metric() != v1::METRIC_NPS) request.clear_interval_method();
    if (request.metric() == v1::METRIC_UNSPECIFIED || request.metric() == v1::METRIC_CHOICES) continue;
    absl::Status status = AddOverview(session, request, overview);
    if (!status.ok()) return status;
  }
  for (const v1::Metric metric : {v1::METRIC_RESPONSE_RATE, v1::METRIC_TIME_TO_ANSWER}) {
    v1::QueryMetricRequest request = base;
    request.set_metric(metric);
    request.clear_interval_method();
    absl::Status status = AddOverview(session, request, overview);
    if (!status.ok()) return status;
  }
  const Format format = session.out().format();
  if (format == Format::kTable) {
    session.out().PrintText(OverviewText(overview, session.out().terminal()));
    return absl::OkStatus();
  }
  if (format == Format::kName) return UsageError("metrics have no names; use -o table, json or yaml");
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const MetricOverview& one : overview) {
    list.push_back({{"question", one.question}, {"total", ToJson(one.total)}, {"by_month", ToJson(one.months)}});
  }
  session.out().PrintText(format == Format::kJson ? JsonText(list) : YamlText(list));
  return absl::OkStatus();
}

absl::Status Show(Session& session, const MetricFlags& flags) {
  absl::StatusOr<v1::QueryMetricRequest> request = BaseRequest(session, flags);
  if (!request.ok()) return request.status();
  if (flags.question.empty() && flags.metric.empty()) return ShowAll(session, *request);
  absl::Status status = ChooseMetric(session, flags, *request);
  if (!status.ok()) return status;
  const auto response = session.Call(&client::Metrics::QueryMetric, *request);
  if (!response.ok()) return response.status();
  return session.out().PrintAs(*response, TotalText(*response, session.out().terminal()));
}

absl::Status Series(Session& session, const MetricFlags& flags) {
  absl::StatusOr<v1::QueryMetricRequest> request = BaseRequest(session, flags);
  if (!request.ok()) return request.status();
  absl::Status status = ChooseMetric(session, flags, *request);
  if (!status.ok()) return status;
  const auto granularity = ParseEnum(*v1::Granularity_descriptor(), flags.by);
  if (!granularity.ok()) return UsageError(absl::StrCat("--by: ", granularity.status().message()));
  request->set_granularity(static_cast<v1::Granularity>((*granularity)->number()));
  request->set_breakdown(flags.breakdown);
  const auto response = session.Call(&client::Metrics::QueryMetric, *request);
  if (!response.ok()) return response.status();
  if (response->points().empty()) session.out().Note("there are no answers in that time");
  return session.out().PrintAs(*response, SeriesText(*response, session.out().terminal()));
}

absl::Status Breakdown(Session& session, const MetricFlags& flags) {
  absl::StatusOr<v1::QueryMetricRequest> request = BaseRequest(session, flags);
  if (!request.ok()) return request.status();
  absl::Status status = ChooseMetric(session, flags, *request);
  if (!status.ok()) return status;
  request->set_breakdown(flags.breakdown);
  const auto response = session.Call(&client::Metrics::QueryMetric, *request);
  if (!response.ok()) return response.status();
  if (response->points().empty()) session.out().Note("there are no answers yet");
  return session.out().PrintAs(*response, BreakdownText(*response, flags.top, session.out().terminal()));
}

void AddQueryOptions(CLI::App& verb, const Flags& flags) {
  verb.add_option("survey", flags->survey, "The survey")->required();
  verb.add_option("-q,--question", flags->question, "The question's key");
  verb.add_option("--metric", flags->metric, "What to compute; by default what fits the question")
      ->check(CLI::IsMember(EnumTexts(*v1::Metric_descriptor())));
  verb.add_option("--start", flags->start, "The first day, for example 2017-05-01");
  verb.add_option("--end", flags->end, "The day after the last one");
  verb.add_option("--confidence", flags->confidence, "Of the intervals; 0.95 if not given")
      ->check(CLI::Range(0.5, 0.999));
  verb.add_option("--interval", flags->interval, "For nps")->check(CLI::IsMember({"adjusted_wald", "wald"}));
}

}  // namespace

void AddMetricCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("metric", "What the answers say");
  const auto add = [&](const char* name, const char* description, absl::Status (*run)(Session&, const MetricFlags&),
                       const Flags& flags) -> CLI::App& {
    CLI::App& verb =
        commands.AddVerb(noun, name, description, [flags, run](Session& session) { return run(session, *flags); });
    AddQueryOptions(verb, flags);
    return verb;
  };
  auto flags = std::make_shared<MetricFlags>();

  add("show", "Show all metrics of a survey, or one with its distribution", Show, flags);

  CLI::App& series = add("series", "Plot a metric over time", Series, flags);
  series.add_option("--by", flags->by, "How to cut time")
      ->default_val("month")
      ->check(CLI::IsMember(EnumTexts(*v1::Granularity_descriptor())));
  series.add_option("--breakdown", flags->breakdown, "A line for each value of this fact, for example event.store");

  CLI::App& breakdown = add("breakdown", "Compare a metric between groups", Breakdown, flags);
  breakdown.add_option("--by", flags->breakdown, "One of the survey's breakdowns, for example event.store")->required();
  breakdown.add_option("--top", flags->top, "Show the largest groups only; 0 for all")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

}  // namespace canvass::cli
