#include "client/cli/output/survey_changes.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "client/charts/text_width.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/output/table.h"

namespace canvass::cli {
namespace {

using charts::Color;

// Less than this is not worth cutting to.
constexpr int kMinSide = 12;

struct Mark {
  absl::string_view sign;
  Color color;
};

Mark MarkOf(v1::SurveyChange::Kind kind) {
  switch (kind) {
    case v1::SurveyChange::KIND_ADDED:
      return {"+", Color::kGreen};
    case v1::SurveyChange::KIND_REMOVED:
      return {"-", Color::kRed};
    case v1::SurveyChange::KIND_MOVED:
      return {">", Color::kCyan};
    default:
      return {"~", Color::kYellow};
  }
}

std::string ChangeLine(const v1::SurveyChange& change, const charts::ChartStyle& style, int width) {
  const Mark mark = MarkOf(change.kind());
  const std::string path = charts::Printable(change.path());
  std::string line = absl::StrCat(charts::Paint(style, mark.color, mark.sign), " ", path);
  const bool both = !change.before().empty() && !change.after().empty();
  if (change.before().empty() && change.after().empty()) {
    return absl::StrCat(line, change.kind() == v1::SurveyChange::KIND_MOVED ? ": moved" : "", "\n");
  }
  const auto side = [&](const std::string& text) {
    const std::string printable = charts::Printable(text);
    if (width == 0) return printable;
    // What is left of the line is for both sides.
    const int left = width - charts::DisplayWidth(path) - 8;
    return charts::Truncate(printable, std::max(kMinSide, both ? left / 2 : left), style);
  };
  absl::StrAppend(&line, change.kind() == v1::SurveyChange::KIND_MOVED ? ": moved from " : ": ");
  if (!change.before().empty()) {
    absl::StrAppend(&line, charts::Paint(style, Color::kRed, side(change.before())));
  }
  if (both) {
    absl::StrAppend(&line, change.kind() == v1::SurveyChange::KIND_MOVED ? " to " : style.unicode ? " → " : " -> ");
  }
  if (!change.after().empty()) absl::StrAppend(&line, charts::Paint(style, Color::kGreen, side(change.after())));
  return line + "\n";
}

}  // namespace

std::string SurveyChangesText(const v1::DiffSurveyVersionsResponse& diff, const charts::ChartStyle& style, int width) {
  std::string text;
  for (const v1::SurveyChange& change : diff.changes()) absl::StrAppend(&text, ChangeLine(change, style, width));
  if (diff.changes().empty()) text = "nothing changed\n";
  if (diff.series().empty()) return text;
  Table table({{"QUESTION"}, {"METRICS"}, {.title = "WHY", .fit = Fit::kCut}});
  for (const v1::SeriesComparison& series : diff.series()) {
    const std::string outcome = EnumText(*v1::SeriesComparison::Outcome_descriptor(), series.outcome());
    table.AddRow({series.question(), absl::StrReplaceAll(outcome, {{"_", " "}}), series.reason()});
  }
  return absl::StrCat(text, "\n", table.Render(style, width));
}

std::vector<std::string> NewSeries(const v1::DiffSurveyVersionsResponse& diff) {
  std::vector<std::string> questions;
  for (const v1::SeriesComparison& series : diff.series()) {
    if (series.outcome() != v1::SeriesComparison::OUTCOME_NEW_SERIES) continue;
    questions.push_back(series.reason().empty() ? series.question()
                                                : absl::StrCat(series.question(), " (", series.reason(), ")"));
  }
  return questions;
}

}  // namespace canvass::cli
