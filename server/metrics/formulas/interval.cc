#include "server/metrics/formulas/interval.h"

#include <algorithm>
#include <cmath>

namespace canvass::metrics {
namespace {

constexpr double kSqrt2 = 1.4142135623730951;
constexpr double kSqrt2Pi = 2.5066282746310002;

// The share of a standard normal distribution above x.
double UpperTail(double x) { return 0.5 * std::erfc(x / kSqrt2); }

// The x above which the share `tail` lies, 0 < tail <= 0.5.
double UpperQuantile(double tail) {
  // Abramowitz and Stegun 26.2.23, good to 4.5e-4; each of Halley's steps then triples the digits.
  const double t = std::sqrt(-2 * std::log(tail));
  double x = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (int step = 0; step < 3; ++step) {
    const double density = std::exp(-0.5 * x * x) / kSqrt2Pi;
    const double newton = (UpperTail(x) - tail) / density;
    x += newton / (1 - 0.5 * x * newton);
  }
  return x;
}

}  // namespace

double NormalQuantile(double p) { return p < 0.5 ? -UpperQuantile(p) : UpperQuantile(1 - p); }

double TwoSidedZ(double confidence) { return UpperQuantile((1 - confidence) / 2); }

std::optional<Interval> NpsInterval(const v1::NpsCounts& counts, v1::IntervalMethod method, double z) {
  const int64_t answers = counts.promoters() + counts.passives() + counts.detractors();
  if (answers <= 0) return std::nullopt;
  const bool adjusted = method == v1::INTERVAL_METHOD_ADJUSTED_WALD;
  const double n = static_cast<double>(answers) + (adjusted ? 3 : 0);
  const double p = (static_cast<double>(counts.promoters()) + (adjusted ? 0.75 : 0)) / n;
  const double d = (static_cast<double>(counts.detractors()) + (adjusted ? 0.75 : 0)) / n;
  const double variance = std::max(0.0, p + d - (p - d) * (p - d));
  const double margin = z * std::sqrt(variance / n);
  return Interval{.lower = 100 * std::max(-1.0, p - d - margin), .upper = 100 * std::min(1.0, p - d + margin)};
}

std::optional<Interval> WilsonInterval(int64_t successes, int64_t n, double z) {
  if (n <= 0 || successes < 0 || successes > n) return std::nullopt;
  const double count = static_cast<double>(n);
  const double share = static_cast<double>(successes) / count;
  const double denominator = 1 + z * z / count;
  const double centre = (share + z * z / (2 * count)) / denominator;
  const double margin = z / denominator * std::sqrt(share * (1 - share) / count + z * z / (4 * count * count));
  // At 0 and at n successes one end is exact; the square root would miss it by a rounding error.
  return Interval{.lower = successes == 0 ? 0 : 100 * (centre - margin),
                  .upper = successes == n ? 100 : 100 * (centre + margin)};
}

std::optional<Interval> NormalInterval(const Moments& moments, double z) {
  if (moments.n < 2) return std::nullopt;
  const double margin = z * std::sqrt(moments.variance / static_cast<double>(moments.n));
  return Interval{.lower = moments.mean - margin, .upper = moments.mean + margin};
}

}  // namespace canvass::metrics
