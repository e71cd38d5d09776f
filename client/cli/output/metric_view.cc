#include "client/cli/output/metric_view.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "client/charts/bar_chart.h"
#include "client/charts/number_text.h"
#include "client/charts/series_plot.h"
#include "client/charts/sparkline.h"
#include "client/charts/text_width.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/output/table.h"

namespace canvass::cli {
namespace {

// Trends are this wide at most.
constexpr int kTrendWidth = 24;

std::string MetricName(const v1::MetricDefinition& definition) {
  return EnumText(*v1::Metric_descriptor(), definition.metric());
}

// How values of a metric read: "54.3", "81.2 %", "3 min 20 s".
std::string ValueText(const v1::MetricDefinition& definition, double value) {
  switch (definition.metric()) {
    case v1::METRIC_CSAT:
    case v1::METRIC_RESPONSE_RATE:
      return absl::StrCat(charts::DecimalText(value, 1), " %");
    case v1::METRIC_CES:
      // A share, or a mean where a high score says much effort.
      return definition.interval_method() == v1::INTERVAL_METHOD_NORMAL ? charts::DecimalText(value, 2)
                                                                        : charts::DecimalText(value, 1) + " %";
    case v1::METRIC_TIME_TO_ANSWER:
      return charts::DurationText(absl::Seconds(value));
    case v1::METRIC_CHOICES:
      return charts::DecimalText(value, 0);
    default:
      return charts::DecimalText(value, 1);
  }
}

std::function<std::string(double)> ValueFunction(const v1::MetricDefinition& definition) {
  return [definition](double value) { return ValueText(definition, value); };
}

std::string NoValue(const Terminal& terminal) { return terminal.out.unicode ? "–" : "-"; }

std::string PointText(const v1::MetricDefinition& definition, const v1::MetricPoint& point, const Terminal& terminal) {
  return point.has_value() ? ValueText(definition, point.value()) : NoValue(terminal);
}

std::string IntervalText(const v1::MetricDefinition& definition, const v1::MetricPoint& point) {
  if (!point.has_lower() || !point.has_upper()) return "";
  return absl::StrCat(ValueText(definition, point.lower()), " to ", ValueText(definition, point.upper()));
}

std::optional<double> ValueOf(const v1::MetricPoint& point) {
  return point.has_value() ? std::optional<double>(point.value()) : std::nullopt;
}
std::optional<double> LowerOf(const v1::MetricPoint& point) {
  return point.has_lower() ? std::optional<double>(point.lower()) : std::nullopt;
}
std::optional<double> UpperOf(const v1::MetricPoint& point) {
  return point.has_upper() ? std::optional<double>(point.upper()) : std::nullopt;
}

std::string GroupText(const v1::MetricPoint& point) { return point.group().empty() ? "(none)" : point.group(); }

// "promoters 120, passives 40, detractors 12" and the like; empty if there is nothing to tell.
std::string PartsText(const v1::MetricPoint& point) {
  std::vector<std::string> parts;
  const auto add = [&](const char* name, std::int64_t count) {
    parts.push_back(absl::StrCat(name, " ", charts::CountText(count)));
  };
  if (point.has_nps()) {
    add("promoters", point.nps().promoters());
    add("passives", point.nps().passives());
    add("detractors", point.nps().detractors());
  }
  if (point.has_invitations()) {
    add("scheduled", point.invitations().scheduled());
    add("delivered", point.invitations().delivered());
    add("answered", point.invitations().answered());
    add("dismissed", point.invitations().dismissed());
    add("bounced", point.invitations().bounced());
  }
  if (point.has_mean()) parts.push_back(absl::StrCat("mean ", charts::DecimalText(point.mean(), 2)));
  if (point.missing() > 0) add("missing", point.missing());
  if (point.dismissed() > 0 && !point.has_invitations()) add("dismissed", point.dismissed());
  return absl::StrJoin(parts, ", ");
}

std::string Trend(const v1::QueryMetricResponse& months, const Terminal& terminal) {
  std::vector<std::optional<double>> values;
  for (const v1::MetricPoint& point : months.points()) values.push_back(ValueOf(point));
  charts::ChartStyle style = terminal.out;
  style.width = kTrendWidth;
  return values.size() < 2 ? "" : charts::Sparkline(values, style);
}

std::string Rule(const v1::MetricDefinition& definition, const Terminal& terminal) {
  std::string text = definition.formula();
  if (!definition.scale().empty()) absl::StrAppend(&text, "; scale ", definition.scale());
  const std::string method = EnumText(*v1::IntervalMethod_descriptor(), definition.interval_method());
  if (!method.empty()) {
    absl::StrAppend(&text, "; ", charts::DecimalText(definition.confidence() * 100, 0), " % interval, ", method);
  }
  return charts::Paint(terminal.out, charts::Color::kDim, charts::Printable(text));
}

// One line a group: its trend, and its latest value.
std::string GroupedSeriesText(const v1::QueryMetricResponse& response, const Terminal& terminal) {
  std::vector<std::string> pieces;
  std::map<std::string, std::map<std::string, const v1::MetricPoint*>> groups;
  for (const v1::MetricPoint& point : response.points()) {
    if (pieces.empty() || pieces.back() != point.start_date()) pieces.push_back(point.start_date());
    groups[GroupText(point)][point.start_date()] = &point;
  }
  Table table({{"GROUP"}, {"TREND"}, {"LATEST", Align::kRight}, {"ON"}, {"N", Align::kRight}});
  charts::ChartStyle style = terminal.out;
  style.width = kTrendWidth;
  for (const auto& [group, points] : groups) {
    std::vector<std::optional<double>> values;
    for (const std::string& piece : pieces) {
      const auto found = points.find(piece);
      values.push_back(found == points.end() ? std::nullopt : ValueOf(*found->second));
    }
    const v1::MetricPoint& latest = *points.rbegin()->second;
    table.AddRow({group, charts::Sparkline(values, style), PointText(response.definition(), latest, terminal),
                  latest.start_date(), charts::CountText(latest.n())});
  }
  return table.Render(terminal.out, terminal.OutWidth());
}

}  // namespace

std::string OverviewText(const std::vector<MetricOverview>& metrics, const Terminal& terminal) {
  Table table({{"METRIC"},
               {"QUESTION"},
               {"VALUE", Align::kRight},
               {"INTERVAL"},
               {"N", Align::kRight},
               {"BY MONTH"},
               {.title = "MADE OF", .fit = Fit::kCut}});
  for (const MetricOverview& metric : metrics) {
    const v1::MetricDefinition& definition = metric.total.definition();
    const v1::MetricPoint point = metric.total.points().empty() ? v1::MetricPoint() : metric.total.points(0);
    table.AddRow({MetricName(definition), metric.question, PointText(definition, point, terminal),
                  IntervalText(definition, point), charts::CountText(point.n()), Trend(metric.months, terminal),
                  PartsText(point)});
  }
  return table.Render(terminal.out, terminal.OutWidth());
}

std::string TotalText(const v1::QueryMetricResponse& response, const Terminal& terminal) {
  const v1::MetricDefinition& definition = response.definition();
  const v1::MetricPoint point = response.points().empty() ? v1::MetricPoint() : response.points(0);
  const std::string interval = IntervalText(definition, point);
  std::string text = absl::StrCat(
      MetricName(definition), " ",
      charts::Paint(terminal.out, charts::Color::kBold, PointText(definition, point, terminal)),
      interval.empty() ? "" : absl::StrCat(" (", interval, ")"), ", n ", charts::CountText(point.n()), "\n");
  if (const std::string parts = PartsText(point); !parts.empty()) absl::StrAppend(&text, parts, "\n");
  absl::StrAppend(&text, Rule(definition, terminal), "\n");
  if (point.distribution().empty()) return text;
  std::vector<charts::Bar> bars;
  for (const v1::ValueCount& count : point.distribution()) {
    bars.push_back({.label = count.value(),
                    .value = point.n() == 0 ? 0 : 100.0 * static_cast<double>(count.count()) / point.n(),
                    .note = charts::CountText(count.count())});
  }
  absl::StrAppend(&text, "\n", charts::BarChart(bars, {.low = 0, .unit = " %"}, terminal.out));
  return text;
}

std::string SeriesText(const v1::QueryMetricResponse& response, const Terminal& terminal) {
  const v1::MetricDefinition& definition = response.definition();
  const bool grouped = std::any_of(response.points().begin(), response.points().end(),
                                   [](const v1::MetricPoint& point) { return !point.group().empty(); });
  if (grouped) return GroupedSeriesText(response, terminal);
  std::vector<charts::SeriesPoint> points;
  Table table(
      {{"FROM"}, {"VALUE", Align::kRight}, {"INTERVAL"}, {"N", Align::kRight}, {.title = "MADE OF", .fit = Fit::kCut}});
  for (const v1::MetricPoint& point : response.points()) {
    points.push_back(
        {.label = point.start_date(), .value = ValueOf(point), .lower = LowerOf(point), .upper = UpperOf(point)});
    table.AddRow({point.start_date(), PointText(definition, point, terminal), IntervalText(definition, point),
                  charts::CountText(point.n()), PartsText(point)});
  }
  return absl::StrCat(charts::SeriesPlot(points, {.value_text = ValueFunction(definition)}, terminal.out), "\n",
                      table.Render(terminal.out, terminal.OutWidth()));
}

std::string BreakdownText(const v1::QueryMetricResponse& response, int top, const Terminal& terminal) {
  std::vector<charts::Bar> bars;
  int left_out = 0;
  for (const v1::MetricPoint& point : response.points()) {
    if (top != 0 && static_cast<int>(bars.size()) == top) {
      ++left_out;
      continue;
    }
    bars.push_back({.label = GroupText(point),
                    .value = ValueOf(point),
                    .lower = LowerOf(point),
                    .upper = UpperOf(point),
                    .note = absl::StrCat("n ", charts::CountText(point.n()))});
  }
  std::string text = charts::BarChart(bars, {.value_text = ValueFunction(response.definition())}, terminal.out);
  if (left_out > 0) absl::StrAppend(&text, "and ", left_out, " smaller ones; --top 0 shows all\n");
  return text;
}

}  // namespace canvass::cli
