#include "tests/bench/responses/tenants_bench.h"

#include <atomic>
#include <cstdint>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "server/base/status_macros.h"
#include "tests/bench/responses/submit_load.h"

namespace canvass::bench {
namespace {

constexpr int kMakers = 8;
constexpr int kInFlight = 512;
// After so many calls the same tenants follow each other again.
constexpr std::size_t kDraws = 1 << 16;

absl::StatusOr<std::vector<testing::Workspace>> MakeTenants(const TenantsLoad& load, const std::string& address) {
  std::vector<absl::StatusOr<testing::Workspace>> made;
  for (int i = 0; i < load.tenants; ++i) made.emplace_back(absl::UnknownError("not made"));
  std::atomic<int> next = 0;
  std::vector<std::thread> makers;
  for (int i = 0; i < kMakers; ++i) {
    makers.emplace_back([&] {
      for (int n = next++; n < load.tenants; n = next++) {
        made[static_cast<std::size_t>(n)] =
            testing::MakeWorkspace(address, load.operator_credential, absl::StrCat("bench-", n));
      }
    });
  }
  for (std::thread& maker : makers) maker.join();
  std::vector<testing::Workspace> tenants;
  for (absl::StatusOr<testing::Workspace>& one : made) {
    if (!one.ok()) return one.status();
    tenants.push_back(*std::move(one));
  }
  return tenants;
}

// Which tenant sends the nth call, for each n below kDraws; the same in every run.
std::vector<std::size_t> DrawTenants(std::size_t count) {
  std::vector<double> weights;
  for (std::size_t rank = 1; rank <= count; ++rank) weights.push_back(1.0 / static_cast<double>(rank));
  std::discrete_distribution<std::size_t> zipf(weights.begin(), weights.end());
  std::mt19937_64 random(1);
  std::vector<std::size_t> draws;
  for (std::size_t i = 0; i < kDraws; ++i) draws.push_back(zipf(random));
  return draws;
}

}  // namespace

absl::Status MeasureTenants(const TenantsLoad& load, const SubmitBench& bench, Report& report) {
  const absl::Time begin = absl::Now();
  CANVASS_ASSIGN_OR_RETURN(const std::vector<testing::Workspace> tenants, MakeTenants(load, bench.workspace.address));
  absl::PrintF("unary SubmitResponse of %d tenants, the kth with 1/k of the first one's calls (made in %.0f s)\n",
               load.tenants, absl::ToDoubleSeconds(absl::Now() - begin));
  const std::vector<std::size_t> draws = DrawTenants(tenants.size());
  const auto tenant_of = [&](int64_t n) -> const testing::Workspace& {
    return tenants[draws[static_cast<std::size_t>(n) % kDraws]];
  };
  const LoadOptions single = SubmitOptions(bench.workspace, kInFlight, bench.duration);
  LoadOptions many = single;
  many.credential_of = [&](int64_t n) -> absl::string_view { return tenant_of(n).credential; };
  std::vector<double> rates;
  std::vector<double> ratios;
  for (int round = 0; round < bench.rounds; ++round) {
    CANVASS_ASSIGN_OR_RETURN(const LoadResult of_one, RunSubmitLoad("one tenant", single, [&](int64_t n) {
                               return testing::MakeSubmission(bench.workspace, n);
                             }));
    CANVASS_ASSIGN_OR_RETURN(const LoadResult of_all, RunSubmitLoad("all tenants", many, [&](int64_t n) {
                               return testing::MakeSubmission(tenant_of(n), n);
                             }));
    rates.push_back(of_all.rate());
    ratios.push_back(of_all.rate() / of_one.rate());
  }
  report.Add({.name = "tenants_zipf", .value = Median(ratios), .bar = 0.8});
  report.Add({.name = "tenants_zipf_per_second", .value = Median(rates)});
  return absl::OkStatus();
}

}  // namespace canvass::bench
