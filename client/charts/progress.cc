#include "client/charts/progress.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "client/charts/number_text.h"
#include "client/charts/text_width.h"

namespace canvass::charts {
namespace {

constexpr absl::Duration kLiveInterval = absl::Milliseconds(100);
constexpr absl::Duration kLogInterval = absl::Seconds(10);
constexpr int kMinBar = 5;
constexpr int kMaxBar = 40;
constexpr absl::string_view kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

std::string Bar(double share, int width, const ChartStyle& style) {
  const double cells = share * width;
  const int whole = static_cast<int>(cells);
  std::string bar;
  for (int i = 0; i < whole; ++i) absl::StrAppend(&bar, style.unicode ? "█" : "#");
  if (style.unicode) absl::StrAppend(&bar, kEighths[static_cast<int>((cells - whole) * 8)]);
  bar = PadRight(bar, width);
  // ASCII has no shade that shows where the bar ends.
  return style.unicode ? bar : absl::StrCat("[", bar, "]");
}

}  // namespace

std::string ProgressText(const Progress& progress, const ChartStyle& style) {
  const double seconds = absl::ToDoubleSeconds(progress.elapsed);
  const double rate = seconds > 0 ? static_cast<double>(progress.done) / seconds : 0;
  std::string numbers = CountText(progress.done);
  double share = 0;
  if (progress.total.has_value()) {
    share = *progress.total > 0 ? std::clamp(static_cast<double>(progress.done) / *progress.total, 0.0, 1.0) : 1;
    numbers = absl::StrCat(PadLeft(absl::StrCat(std::floor(share * 100), "%"), 4), "  ", numbers, "/",
                           CountText(*progress.total));
  }
  if (rate > 0) absl::StrAppend(&numbers, "  ", RateText(rate));
  if (rate > 0 && progress.total.has_value()) {
    const std::int64_t left = *progress.total - progress.done;
    absl::StrAppend(&numbers, "  ",
                    left > 0 ? absl::StrCat(ClockText(absl::Seconds(left / rate)), " left")
                             : absl::StrCat("in ", ClockText(progress.elapsed)));
  }
  const std::string label = Printable(progress.label);
  std::string bar;
  if (progress.total.has_value()) {
    const int frame = style.unicode ? 4 : 6;
    const int room = style.width - 1 - DisplayWidth(label) - DisplayWidth(numbers) - frame;
    if (room >= kMinBar) bar = absl::StrCat("  ", Bar(share, std::min(room, kMaxBar), style));
  }
  // The last column stays free: some terminals wrap when it is written.
  const std::string plain = absl::StrCat(label, bar, "  ", numbers);
  if (DisplayWidth(plain) > style.width - 1) return Truncate(plain, style.width - 1, style);
  return absl::StrCat(Paint(style, Color::kBold, label), Paint(style, Color::kCyan, bar), "  ", numbers);
}

void ProgressLine::Update(const Progress& progress, absl::Time now) {
  if (now - last_drawn_ < (options_.live ? kLiveInterval : kLogInterval)) return;
  // A log does not need to hear that work has begun.
  const bool first = last_drawn_ == absl::InfinitePast();
  last_drawn_ = now;
  if (options_.live) {
    sink_(absl::StrCat("\r", ProgressText(progress, options_.style), "\x1b[K"));
  } else if (!first) {
    sink_(absl::StrCat(ProgressText(progress, options_.style), "\n"));
  }
}

void ProgressLine::Finish(const Progress& progress) {
  const std::string text = ProgressText(progress, options_.style);
  sink_(options_.live ? absl::StrCat("\r", text, "\x1b[K\n") : absl::StrCat(text, "\n"));
  last_drawn_ = absl::InfinitePast();
}

}  // namespace canvass::charts
