// SegmentService.UpdateSegment.
#ifndef CANVASS_SERVER_CONTACTS_SEGMENTS_UPDATE_SEGMENT_H_
#define CANVASS_SERVER_CONTACTS_SEGMENTS_UPDATE_SEGMENT_H_

#include "absl/status/statusor.h"
#include "canvass/v1/segment_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/segment_catalog.h"
#include "server/contacts/segment_store.h"

namespace canvass::contacts {

// With allow_missing, a segment that does not exist is created from the request's whole content.
// NotFound (SEGMENT_NOT_FOUND); Aborted (ETAG_MISMATCH); InvalidArgument (INVALID_SEGMENT, INVALID_CONDITION,
// INVALID_FIELD_MASK, INVALID_RESOURCE_NAME); errors of mysql::Database.
absl::StatusOr<v1::Segment> UpdateSegment(SegmentStore& segments, SegmentCatalog& catalog, const Clock& clock,
                                          const TenantScope& scope, const v1::UpdateSegmentRequest& request);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_SEGMENTS_UPDATE_SEGMENT_H_
