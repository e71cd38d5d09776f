// SegmentService.CreateSegment.
#ifndef CANVASS_SERVER_CONTACTS_SEGMENTS_CREATE_SEGMENT_H_
#define CANVASS_SERVER_CONTACTS_SEGMENTS_CREATE_SEGMENT_H_

#include "absl/status/statusor.h"
#include "canvass/v1/segment_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/segment_catalog.h"
#include "server/contacts/segment_store.h"

namespace canvass::contacts {

// Creating a segment again with the same content returns the first one, as it is now.
// AlreadyExists (RESOURCE_EXISTS) if it has other content; InvalidArgument (INVALID_SEGMENT, INVALID_CONDITION,
// INVALID_RESOURCE_NAME); errors of mysql::Database.
absl::StatusOr<v1::Segment> CreateSegment(SegmentStore& segments, SegmentCatalog& catalog, const Clock& clock,
                                          const TenantScope& scope, const v1::CreateSegmentRequest& request);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_SEGMENTS_CREATE_SEGMENT_H_
