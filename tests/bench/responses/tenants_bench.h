// What it costs to serve many tenants at once, of which few send much and many little.
#ifndef CANVASS_TESTS_BENCH_RESPONSES_TENANTS_BENCH_H_
#define CANVASS_TESTS_BENCH_RESPONSES_TENANTS_BENCH_H_

#include <string>

#include "absl/status/status.h"
#include "tests/bench/report.h"
#include "tests/bench/responses/submit_bench.h"

namespace canvass::bench {

struct TenantsLoad {
  // Each with a survey of its own. The kth of them sends 1/k of what the first one does.
  int tenants = 1000;
  std::string operator_credential;
};

// Makes the tenants, and reports the rate of unary SubmitResponse over all of them divided by that of one tenant, both
// with 512 in flight.
absl::Status MeasureTenants(const TenantsLoad& load, const SubmitBench& bench, Report& report);

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_RESPONSES_TENANTS_BENCH_H_
