#include "client/demo/figures.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/charts/bar_chart.h"
#include "client/charts/number_text.h"
#include "client/charts/series_plot.h"
#include "client/demo/story_parts.h"

namespace canvass::demo {
namespace {

using charts::CountText;
using charts::DecimalText;

// "tenants/shop/triggers/after-delivery" → "after-delivery".
std::string LastSegment(const std::string& name) { return name.substr(name.rfind('/') + 1); }

// DECISION_REASON_FREQUENCY_CAP → "frequency cap".
std::string Words(std::string name, absl::string_view prefix) {
  name = absl::AsciiStrToLower(name.substr(prefix.size()));
  return absl::StrReplaceAll(name, {{"_", " "}});
}

std::string UnitOf(v1::Metric metric) {
  return metric == v1::METRIC_CSAT || metric == v1::METRIC_RESPONSE_RATE ? " %" : "";
}

std::string ValueText(v1::Metric metric, double value) {
  if (metric == v1::METRIC_TIME_TO_ANSWER) return charts::DurationText(absl::Seconds(value));
  return absl::StrCat(DecimalText(value, 1), UnitOf(metric));
}

bool IsTotal(const Wish& wish) {
  return wish.query.granularity() == v1::GRANULARITY_UNSPECIFIED && wish.query.breakdown().empty();
}

std::string TotalLine(const Figure& figure, const charts::ChartStyle& style) {
  const v1::MetricPoint& point = figure.answer.points(0);
  const v1::Metric metric = figure.wish.query.metric();
  std::string line = absl::StrCat("  ", figure.wish.title, ": ");
  if (!point.has_value()) return absl::StrCat(line, "no answers\n");
  absl::StrAppend(&line, charts::Paint(style, charts::Color::kBold, ValueText(metric, point.value())));
  if (point.has_lower() && point.has_upper()) {
    absl::StrAppend(&line, "  (95 % interval ", ValueText(metric, point.lower()), " to ",
                    ValueText(metric, point.upper()), ")");
  }
  absl::StrAppend(&line, "  n ", CountText(point.n()));
  if (point.dismissed() > 0) absl::StrAppend(&line, ", dismissed ", CountText(point.dismissed()));
  if (point.missing() > 0) absl::StrAppend(&line, ", missing ", CountText(point.missing()));
  return absl::StrCat(line, "\n");
}

std::string LabelOf(const Wish& wish, const v1::MetricPoint& point) {
  if (wish.query.granularity() == v1::GRANULARITY_MONTH) return point.start_date().substr(0, 7);
  if (wish.query.granularity() != v1::GRANULARITY_UNSPECIFIED) return point.start_date();
  return point.group().empty() ? "(not said)" : point.group();
}

std::string Plot(const Figure& figure, const charts::ChartStyle& style) {
  std::vector<charts::SeriesPoint> points;
  for (const v1::MetricPoint& point : figure.answer.points()) {
    charts::SeriesPoint& drawn = points.emplace_back();
    drawn.label = LabelOf(figure.wish, point);
    const double scale = figure.wish.query.metric() == v1::METRIC_TIME_TO_ANSWER ? 3600 : 1;
    if (point.has_value()) drawn.value = point.value() / scale;
    if (point.has_lower()) drawn.lower = point.lower() / scale;
    if (point.has_upper()) drawn.upper = point.upper() / scale;
  }
  return charts::SeriesPlot(points, {}, style);
}

// Periods and months read best in their own order; other groups come largest first.
bool InOrderOfLabels(const std::string& breakdown) {
  return breakdown == "event.period" || breakdown == "event.month_asked";
}

std::string Bars(const Figure& figure, const charts::ChartStyle& style) {
  std::vector<charts::Bar> bars;
  for (const v1::MetricPoint& point : figure.answer.points()) {
    charts::Bar& bar = bars.emplace_back();
    bar.label = LabelOf(figure.wish, point);
    if (point.has_value()) bar.value = point.value();
    if (point.has_lower()) bar.lower = point.lower();
    if (point.has_upper()) bar.upper = point.upper();
    bar.note = absl::StrCat("n ", CountText(point.n()));
  }
  if (InOrderOfLabels(figure.wish.query.breakdown())) {
    std::stable_sort(bars.begin(), bars.end(), [](const charts::Bar& a, const charts::Bar& b) {
      return std::pair(a.label.size(), a.label) < std::pair(b.label.size(), b.label);
    });
  }
  const std::size_t all = bars.size();
  const auto most = static_cast<std::size_t>(figure.wish.most_rows);
  if (all > most) bars.resize(most);
  std::string text = charts::BarChart(bars, {.unit = UnitOf(figure.wish.query.metric())}, style);
  if (all > most) absl::StrAppend(&text, "and ", all - most, " more\n");
  return text;
}

std::string Indent(const std::string& text) {
  std::string indented;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    absl::StrAppend(&indented, "    ", text.substr(begin, end - begin));
    begin = end;
  }
  return indented;
}

std::string TellingLines(const Telling& telling) {
  const auto rate = [](int64_t count, absl::Duration time) {
    return charts::RateText(static_cast<double>(count) / std::max(absl::ToDoubleSeconds(time), 1e-3));
  };
  std::string text =
      absl::StrCat("  Events: ", CountText(telling.events), ", ", rate(telling.events, telling.event_time),
                   ", each decided on and durable before it was acknowledged");
  if (telling.repeated_events > 0) absl::StrAppend(&text, "; known already: ", CountText(telling.repeated_events));
  absl::StrAppend(&text, "\n  Answers: ", CountText(telling.answers), ", ", rate(telling.answers, telling.answer_time),
                  " customers who fetch, show and answer");
  if (telling.repeated_answers > 0) absl::StrAppend(&text, "; known already: ", CountText(telling.repeated_answers));
  return absl::StrCat(text, "\n");
}

std::string DecisionLines(const Figures& figures) {
  std::string text = "  Decisions by trigger and reason\n";
  for (const v1::DecisionCount& count : figures.decisions) {
    absl::StrAppend(&text, "    ", LastSegment(count.trigger()), ": ",
                    Words(v1::Decision::Outcome_Name(count.outcome()), "OUTCOME_"), ", ",
                    Words(v1::Decision::Reason_Name(count.reason()), "REASON_"), ": ", CountText(count.count()), "\n");
  }
  return text;
}

nlohmann::json PointJson(const v1::MetricPoint& point) {
  nlohmann::json json = {{"n", point.n()}, {"dismissed", point.dismissed()}, {"missing", point.missing()}};
  if (point.has_value()) json["value"] = point.value();
  if (point.has_lower()) json["lower"] = point.lower();
  if (point.has_upper()) json["upper"] = point.upper();
  if (point.has_mean()) json["mean"] = point.mean();
  if (point.has_nps()) {
    json["promoters"] = point.nps().promoters();
    json["passives"] = point.nps().passives();
    json["detractors"] = point.nps().detractors();
  }
  if (point.has_invitations()) json["answered"] = point.invitations().answered();
  for (const v1::ValueCount& count : point.distribution()) json["dist"][count.value()] = count.count();
  return json;
}

}  // namespace

absl::StatusOr<Figures> AskFigures(client::Client& client, const Story& story) {
  Figures figures;
  for (const Wish& wish : story.wishes) {
    absl::StatusOr<v1::QueryMetricResponse> answer = client.Call(&client::Metrics::QueryMetric, wish.query);
    if (!answer.ok()) return answer.status();
    figures.metrics.push_back({wish, *std::move(answer)});
  }
  v1::CountDecisionsRequest request;
  request.set_parent(TenantName(story));
  const absl::StatusOr<v1::CountDecisionsResponse> counts = client.Call(&client::Decisions::CountDecisions, request);
  if (!counts.ok()) return counts.status();
  figures.decisions.assign(counts->counts().begin(), counts->counts().end());
  return figures;
}

std::string DrawFigures(const Story& story, const Telling& telling, const Figures& figures,
                        const charts::ChartStyle& style) {
  charts::ChartStyle inner = style;
  inner.width = std::max(40, style.width - 6);
  std::string text = absl::StrCat("\n", charts::Paint(style, charts::Color::kBold, story.display_name), "  ",
                                  charts::Paint(style, charts::Color::kDim, story.source), "\n", TellingLines(telling));
  for (const Figure& figure : figures.metrics) {
    if (IsTotal(figure.wish)) absl::StrAppend(&text, TotalLine(figure, style));
  }
  if (!story.has_answer_times) {
    absl::StrAppend(&text, "  Median time to answer: this data set does not say when customers were asked\n");
  }
  for (const Figure& figure : figures.metrics) {
    if (IsTotal(figure.wish)) continue;
    const bool series = figure.wish.query.granularity() != v1::GRANULARITY_UNSPECIFIED;
    const bool hours = figure.wish.query.metric() == v1::METRIC_TIME_TO_ANSWER;
    absl::StrAppend(&text, "  ", figure.wish.title, hours ? ", hours" : "", "\n",
                    Indent(series ? Plot(figure, inner) : Bars(figure, inner)));
  }
  return absl::StrCat(text, DecisionLines(figures));
}

nlohmann::json FiguresJson(const Figures& figures) {
  nlohmann::json json;
  for (const Figure& figure : figures.metrics) {
    nlohmann::json& entry = json[figure.wish.title];
    for (const v1::MetricPoint& point : figure.answer.points()) {
      const bool total = IsTotal(figure.wish);
      (total ? entry["total"] : entry["groups"][LabelOf(figure.wish, point)]) = PointJson(point);
    }
  }
  for (const v1::DecisionCount& count : figures.decisions) {
    json["decisions"][LastSegment(count.trigger())][Words(v1::Decision::Reason_Name(count.reason()), "REASON_")] =
        count.count();
  }
  return json;
}

}  // namespace canvass::demo
