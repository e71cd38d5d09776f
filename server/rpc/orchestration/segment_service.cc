#include "server/rpc/orchestration/segment_service.h"

#include <string>

#include "canvass/v1/segment_service.pb.h"
#include "server/contacts/segments/create_segment.h"
#include "server/contacts/segments/delete_segment.h"
#include "server/contacts/segments/get_segment.h"
#include "server/contacts/segments/update_segment.h"
#include "server/triggers/trigger_store.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeSegmentService(CallPipeline& pipeline, const Rooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.SegmentService", pipeline);
  service->Blocking<v1::CreateSegmentRequest>("CreateSegment", [&rooms](const Call& call, const auto& request) {
    return contacts::CreateSegment(rooms.segments, rooms.segment_catalog, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::GetSegmentRequest>("GetSegment", [&rooms](const Call& call, const auto& request) {
    return contacts::GetSegment(rooms.segments, call.scope(), request);
  });
  service->Blocking<v1::ListSegmentsRequest>("ListSegments", [&rooms](const Call& call, const auto& request) {
    return contacts::ListSegments(rooms.segments, call.scope(), request);
  });
  service->Blocking<v1::UpdateSegmentRequest>("UpdateSegment", [&rooms](const Call& call, const auto& request) {
    return contacts::UpdateSegment(rooms.segments, rooms.segment_catalog, rooms.clock, call.scope(), request);
  });
  service->Blocking<v1::DeleteSegmentRequest>("DeleteSegment", [&rooms](const Call& call, const auto& request) {
    const auto find_user = [&rooms](mysql::Transaction& tx, const TenantScope& scope, const std::string& segment) {
      return rooms.triggers.FindOfSegment(tx, scope, segment);
    };
    return contacts::DeleteSegment(rooms.segments, rooms.segment_catalog, find_user, call.scope(), request);
  });
  return service;
}

}  // namespace canvass::rpc
