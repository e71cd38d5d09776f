// Metrics as people look at them: numbers with their intervals, and charts.
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_OUTPUT_METRIC_VIEW_H_
#define CANVASS_CLIENT_CLI_OUTPUT_METRIC_VIEW_H_

#include <string>
#include <vector>

#include "canvass/v1/metric_service.pb.h"
#include "client/cli/output/terminal.h"

namespace canvass::cli {

// One metric of a survey, in total and by month.
struct MetricOverview {
  std::string question;
  v1::QueryMetricResponse total;
  v1::QueryMetricResponse months;
};

// A line a metric: value, interval, n and the trend by month.
std::string OverviewText(const std::vector<MetricOverview>& metrics, const Terminal& terminal);

// One metric in total: what it is made of, how often each value was given, by what rule.
std::string TotalText(const v1::QueryMetricResponse& response, const Terminal& terminal);

// A plot over time and the numbers below it. With a breakdown a line for each group instead.
std::string SeriesText(const v1::QueryMetricResponse& response, const Terminal& terminal);

// A bar for each group, at most `top` of them; 0: all.
std::string BreakdownText(const v1::QueryMetricResponse& response, int top, const Terminal& terminal);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_OUTPUT_METRIC_VIEW_H_
