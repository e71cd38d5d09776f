#include "server/contacts/segments/create_segment.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/contacts/segments/segment.h"

namespace canvass::contacts {
namespace {

// `existing` if it says the same as `content`.
absl::StatusOr<v1::Segment> SameOrTaken(const SegmentId& id, const v1::Segment& existing, const v1::Segment& content) {
  CANVASS_ASSIGN_OR_RETURN(const v1::Segment stored, NormalizeSegment(existing));
  if (stored.SerializeAsString() == content.SerializeAsString()) return existing;
  return Error(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_RESOURCE_EXISTS,
               absl::StrCat("segment '", id.value(), "' exists with other content; change it with UpdateSegment"));
}

absl::StatusOr<v1::Segment> CreateOnce(SegmentStore& segments, const Clock& clock, const TenantScope& scope,
                                       const SegmentId& id, const v1::Segment& content) {
  v1::Segment result;
  CANVASS_RETURN_IF_ERROR(segments.database().Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const std::optional<v1::Segment> existing, segments.Lock(tx, scope, id));
    CANVASS_ASSIGN_OR_RETURN(result, existing.has_value() ? SameOrTaken(id, *existing, content)
                                                          : segments.Insert(tx, scope, id, content, clock.Now()));
    return absl::OkStatus();
  }));
  return result;
}

}  // namespace

absl::StatusOr<v1::Segment> CreateSegment(SegmentStore& segments, SegmentCatalog& catalog, const Clock& clock,
                                          const TenantScope& scope, const v1::CreateSegmentRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_RETURN_IF_ERROR(CheckChosenId("segment_id", request.segment_id()));
  CANVASS_ASSIGN_OR_RETURN(const v1::Segment content, NormalizeSegment(request.segment()));
  const SegmentId id(request.segment_id());
  absl::StatusOr<v1::Segment> segment = CreateOnce(segments, clock, scope, id, content);
  // Somebody else created it between our look and our insert: now it is there to be compared with.
  if (mysql::IsDuplicateKey(segment.status())) segment = CreateOnce(segments, clock, scope, id, content);
  catalog.Forget(scope);
  return segment;
}

}  // namespace canvass::contacts
