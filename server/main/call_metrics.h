// Counts calls for Prometheus: canvass_rpc_calls_total by method and code, canvass_rpc_duration_seconds by method.
// No tenant in the labels: their number is not bounded.
//
// Thread-safe; Record() takes no lock that other methods share.
#ifndef CANVASS_SERVER_MAIN_CALL_METRICS_H_
#define CANVASS_SERVER_MAIN_CALL_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <atomic>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "server/rpc/call_recorder.h"

namespace canvass {

class CallMetrics final : public rpc::CallRecorder {
 public:
  // `registry` must outlive the metrics.
  explicit CallMetrics(prometheus::Registry& registry);
  void Record(const rpc::FinishedCall& call) override;

 private:
  static constexpr std::size_t kCodes = 17;
  struct OfMethod {
    prometheus::Histogram* duration;
    // Made when a code first occurs, so that /metrics lists only what happened.
    std::array<std::atomic<prometheus::Counter*>, kCodes> calls{};
  };

  prometheus::Family<prometheus::Counter>& calls_;
  absl::flat_hash_map<absl::string_view, std::unique_ptr<OfMethod>> methods_;
};

}  // namespace canvass

#endif  // CANVASS_SERVER_MAIN_CALL_METRICS_H_
