#include "client/cli/operations/backtest_view.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/v1/decision.pb.h"
#include "client/charts/bar_chart.h"
#include "client/charts/number_text.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/names.h"
#include "client/cli/output/printer.h"
#include "client/cli/output/table.h"

namespace canvass::cli {
namespace {

// More days than this are drawn several together.
constexpr std::size_t kMaxBars = 31;

// Of the candidate and of the one in force.
using Pair = std::pair<std::int64_t, std::int64_t>;

std::string ChangeText(const Pair& pair) {
  const std::int64_t change = pair.first - pair.second;
  return change == 0 ? "" : absl::StrCat(change > 0 ? "+" : "", charts::CountText(change));
}

std::string CountBar(double value) { return charts::CountText(static_cast<std::int64_t>(value)); }

std::map<std::string, Pair> AskedByDay(const v1::BacktestResult& result) {
  std::map<std::string, Pair> days;
  for (const v1::BacktestDay& day : result.candidate().days()) days[day.day()].first = day.asked();
  for (const v1::BacktestDay& day : result.in_force().days()) days[day.day()].second = day.asked();
  return days;
}

std::string DayChart(const v1::BacktestResult& result, const charts::ChartStyle& style) {
  const std::map<std::string, Pair> days = AskedByDay(result);
  const std::size_t together = (days.size() + kMaxBars - 1) / kMaxBars;
  std::vector<std::pair<std::string, Pair>> groups;
  std::size_t n = 0;
  for (const auto& [day, asked] : days) {
    if (n++ % together == 0) groups.push_back({day, {0, 0}});
    groups.back().second.first += asked.first;
    groups.back().second.second += asked.second;
  }
  std::vector<charts::Bar> bars;
  for (const auto& [day, asked] : groups) {
    bars.push_back({.label = day, .value = static_cast<double>(asked.first)});
    if (!result.has_in_force()) continue;
    bars.push_back({.label = "  in force", .value = static_cast<double>(asked.second), .note = ChangeText(asked)});
  }
  const std::string head = together > 1 ? absl::StrCat("Asked, by ", together, " days\n") : "Asked, by day\n";
  return absl::StrCat(head, charts::BarChart(bars, {.decimals = 0, .value_text = CountBar}, style));
}

std::string ReasonTable(const v1::BacktestResult& result, const Terminal& terminal) {
  std::map<std::pair<int, int>, Pair> counts;
  for (const v1::BacktestCount& row : result.candidate().counts()) {
    counts[{row.outcome(), row.reason()}].first = row.count();
  }
  for (const v1::BacktestCount& row : result.in_force().counts()) {
    counts[{row.outcome(), row.reason()}].second = row.count();
  }
  std::vector<TableColumn> columns = {{"OUTCOME"}, {"REASON"}, {"CANDIDATE", Align::kRight}};
  if (result.has_in_force()) {
    columns.push_back({"IN FORCE", Align::kRight});
    columns.push_back({"CHANGE", Align::kRight});
  }
  Table table(columns);
  const auto add = [&](std::string outcome, std::string reason, const Pair& pair) {
    std::vector<std::string> cells = {std::move(outcome), std::move(reason), charts::CountText(pair.first)};
    if (result.has_in_force()) {
      cells.push_back(charts::CountText(pair.second));
      cells.push_back(ChangeText(pair));
    }
    table.AddRow(cells);
  };
  for (const auto& [decided, pair] : counts) {
    add(EnumText(*v1::Decision::Outcome_descriptor(), decided.first),
        EnumText(*v1::Decision::Reason_descriptor(), decided.second), pair);
  }
  add("all events", "", {result.candidate().events(), result.in_force().events()});
  add("invitations", "", {result.candidate().invitations(), result.in_force().invitations()});
  add("customers", "", {result.candidate().customers(), result.in_force().customers()});
  return table.Render(terminal.out, terminal.OutWidth());
}

}  // namespace

std::string BacktestText(const v1::BacktestResult& result, const Terminal& terminal) {
  const std::string name =
      result.candidate().trigger().empty() ? "The trigger" : ShortName(result.candidate().trigger());
  std::string text = absl::StrCat(charts::Paint(terminal.out, charts::Color::kBold, name), " on events from ",
                                  TimeText(result.start_time()), " to ", TimeText(result.end_time()), "\n\n");
  if (result.candidate().events() == 0 && result.in_force().events() == 0) {
    return absl::StrCat(text, "There were no events of its type in that time.\n");
  }
  absl::StrAppend(&text, DayChart(result, terminal.out), "\n", ReasonTable(result, terminal));
  if (result.has_in_force()) {
    absl::StrAppend(&text, "\nBeside ", ShortName(result.in_force().trigger()),
                    ", in force: ", charts::CountText(result.newly_asked()), " events would newly ask, ",
                    charts::CountText(result.no_longer_asked()), " would no longer.\n");
  }
  return text;
}

}  // namespace canvass::cli
