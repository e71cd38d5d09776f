// How sure a metric is: intervals at any confidence.
//
//   double z = TwoSidedZ(0.95);                                                   // 1.959964
//   NpsInterval(counts, v1::INTERVAL_METHOD_ADJUSTED_WALD, z);                    // in points, −100 to 100
//   WilsonInterval(satisfied, n, z);                                              // in percent
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_METRICS_FORMULAS_INTERVAL_H_
#define CANVASS_SERVER_METRICS_FORMULAS_INTERVAL_H_

#include <cstdint>
#include <optional>

#include "canvass/v1/metric.pb.h"
#include "server/metrics/formulas/score.h"

namespace canvass::metrics {

struct Interval {
  double lower;
  double upper;
};

// The x with Φ(x) = p, for 0 < p < 1.
double NormalQuantile(double p);
// How many standard deviations to either side hold `confidence` of a normal distribution: 1.959964 for 0.95.
double TwoSidedZ(double confidence);

// WALD: score ± z·√(Var/n) with Var = p+d−(p−d)². ADJUSTED_WALD: the same with 3 answers more, 3/4 of a promoter and
// 3/4 of a detractor among them, centred on that score. Both cut at ±100. Nothing if n is 0.
//
// B. Rocks, "Interval Estimation for the Net Promoter Score", The American Statistician 70(4), 2016.
std::optional<Interval> NpsInterval(const v1::NpsCounts& counts, v1::IntervalMethod method, double z);

// The score interval of the share successes/n. Nothing if n is 0 or there are more successes than n.
//
// E. B. Wilson, Journal of the American Statistical Association 22, 1927.
std::optional<Interval> WilsonInterval(int64_t successes, int64_t n, double z);

// mean ± z·s/√n. Nothing if n < 2.
std::optional<Interval> NormalInterval(const Moments& moments, double z);

}  // namespace canvass::metrics

#endif  // CANVASS_SERVER_METRICS_FORMULAS_INTERVAL_H_
