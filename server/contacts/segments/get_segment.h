// SegmentService.GetSegment and ListSegments.
#ifndef CANVASS_SERVER_CONTACTS_SEGMENTS_GET_SEGMENT_H_
#define CANVASS_SERVER_CONTACTS_SEGMENTS_GET_SEGMENT_H_

#include "absl/status/statusor.h"
#include "canvass/v1/segment_service.pb.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/segment_store.h"

namespace canvass::contacts {

// InvalidArgument (INVALID_RESOURCE_NAME); NotFound (SEGMENT_NOT_FOUND); errors of mysql::Database.
absl::StatusOr<v1::Segment> GetSegment(SegmentStore& segments, const TenantScope& scope,
                                       const v1::GetSegmentRequest& request);

// InvalidArgument (INVALID_RESOURCE_NAME, INVALID_FIELD, INVALID_PAGE_TOKEN); errors of mysql::Database.
absl::StatusOr<v1::ListSegmentsResponse> ListSegments(SegmentStore& segments, const TenantScope& scope,
                                                      const v1::ListSegmentsRequest& request);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_SEGMENTS_GET_SEGMENT_H_
