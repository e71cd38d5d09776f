// How far a long piece of work has come, in one line that is drawn over itself:
//
//   airport  ██████████▌             42%  1,189/2,831  812/s  0:02 left
//
//   ProgressLine line([](absl::string_view text) { std::cerr << text; }, {.live = isatty(2), .style = style});
//   while (…) line.Update({.label = "airport", .done = done, .total = 2831, .elapsed = …}, now);
//   line.Finish({…});
//
// ProgressText() is a pure function. ProgressLine is not thread-safe.
#ifndef CANVASS_CLIENT_CHARTS_PROGRESS_H_
#define CANVASS_CLIENT_CHARTS_PROGRESS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/charts/style.h"

namespace canvass::charts {

struct Progress {
  std::string label;
  std::int64_t done = 0;
  // Absent: not known; there is no bar then.
  std::optional<std::int64_t> total;
  absl::Duration elapsed;
};

// The line, without a line end, at most as wide as the style says. The rate is that of the whole time, the time left
// what it takes at that rate.
std::string ProgressText(const Progress& progress, const ChartStyle& style);

struct ProgressLineOptions {
  // Whether lines can be drawn over: a terminal. Otherwise a line is written now and then, for logs.
  bool live = true;
  ChartStyle style;
};

// Writes progress to a sink, not too often.
class ProgressLine {
 public:
  using Sink = std::function<void(absl::string_view)>;

  ProgressLine(Sink sink, const ProgressLineOptions& options) : sink_(std::move(sink)), options_(options) {}

  // Draws, unless it did so a moment before `now`.
  void Update(const Progress& progress, absl::Time now);
  // Draws the last state and ends the line. Another piece of work may follow.
  void Finish(const Progress& progress);

 private:
  Sink sink_;
  ProgressLineOptions options_;
  absl::Time last_drawn_ = absl::InfinitePast();
};

}  // namespace canvass::charts

#endif  // CANVASS_CLIENT_CHARTS_PROGRESS_H_
