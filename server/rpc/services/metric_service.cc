#include "server/rpc/services/metric_service.h"

#include "canvass/v1/metric_service.pb.h"
#include "server/metrics/query_metric.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeMetricService(CallPipeline& pipeline, const Rooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.MetricService", pipeline);
  service->Blocking<v1::QueryMetricRequest>("QueryMetric", [&rooms](const Call& call, const auto& request) {
    return metrics::QueryMetric(rooms.metrics, rooms.survey_catalog, rooms.clock, call.scope(), request);
  });
  return service;
}

}  // namespace canvass::rpc
