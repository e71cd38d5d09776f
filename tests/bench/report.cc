#include "tests/bench/report.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_format.h"

namespace canvass::bench {

bool Report::Close() const {
  bool all_ok = true;
  absl::PrintF("\n");
  for (const Figure& figure : figures_) {
    all_ok = all_ok && figure.ok();
    const char* missed = figure.bound == Figure::Bound::kAtLeast ? "short" : "over";
    absl::PrintF("bench %s %.3g %.3g %s\n", figure.name, figure.value, figure.bar, figure.ok() ? "ok" : missed);
  }
  std::fflush(stdout);
  return all_ok;
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace canvass::bench
