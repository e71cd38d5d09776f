// The rules of segments.
//
// Pure. Thread-safe.
#ifndef CANVASS_SERVER_CONTACTS_SEGMENTS_SEGMENT_H_
#define CANVASS_SERVER_CONTACTS_SEGMENTS_SEGMENT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/segment.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"

namespace canvass::contacts {

// The content of `segment` as it is stored: name and output fields cleared, condition texts replaced by their
// structure. Two segments of the same content give equal messages.
//
// InvalidArgument (INVALID_SEGMENT) with every violation at its path below `segment`; (INVALID_CONDITION) if the
// condition alone is bad.
absl::StatusOr<v1::Segment> NormalizeSegment(const v1::Segment& segment);

// `tenants/{tenant}/segments/{segment}`
std::string SegmentName(const TenantScope& scope, const SegmentId& id);

// The id in such a name. InvalidArgument (INVALID_RESOURCE_NAME) if the name is of another shape; NotFound if it is
// another tenant's, or (SEGMENT_NOT_FOUND) the id is none that a segment can have.
absl::StatusOr<SegmentId> ParseSegmentName(const TenantScope& scope, absl::string_view field, absl::string_view name);

// NotFound, SEGMENT_NOT_FOUND.
absl::Status SegmentNotFound(const SegmentId& id);

}  // namespace canvass::contacts

#endif  // CANVASS_SERVER_CONTACTS_SEGMENTS_SEGMENT_H_
