#include "server/main/call_metrics.h"

#include <string>

#include "absl/status/status.h"
#include "server/rpc/method_policy.h"

namespace canvass {
namespace {

// From a cached read to a slow report, in seconds.
const prometheus::Histogram::BucketBoundaries kBoundaries = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                             0.1,    0.25,  0.5,    1,     2.5,  5,     10};

}  // namespace

CallMetrics::CallMetrics(prometheus::Registry& registry)
    : calls_(prometheus::BuildCounter()
                 .Name("canvass_rpc_calls_total")
                 .Help("Finished calls by method and status code")
                 .Register(registry)) {
  auto& durations = prometheus::BuildHistogram()
                        .Name("canvass_rpc_duration_seconds")
                        .Help("Time from arrival to answer by method")
                        .Register(registry);
  for (const rpc::MethodPolicy& policy : rpc::MethodPolicies()) {
    auto metrics = std::make_unique<OfMethod>();
    metrics->duration = &durations.Add({{"method", std::string(policy.method)}}, kBoundaries);
    methods_.emplace(policy.method, std::move(metrics));
  }
}

void CallMetrics::Record(const rpc::FinishedCall& call) {
  const auto found = methods_.find(call.method);
  const auto code = static_cast<std::size_t>(call.code);
  if (found == methods_.end() || code >= kCodes) return;
  OfMethod& metrics = *found->second;
  prometheus::Counter* counter = metrics.calls[code].load(std::memory_order_acquire);
  if (counter == nullptr) {
    // Add() returns the same counter to all who race for it.
    counter = &calls_.Add({{"method", std::string(call.method)}, {"code", absl::StatusCodeToString(call.code)}});
    metrics.calls[code].store(counter, std::memory_order_release);
  }
  counter->Increment();
  metrics.duration->Observe(absl::ToDoubleSeconds(call.duration));
}

}  // namespace canvass
