#include "server/contacts/segments/update_segment.h"

#include <optional>

#include "server/base/aip/field_mask.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/contacts/segments/segment.h"

namespace canvass::contacts {
namespace {

constexpr absl::string_view kFields[] = {"display_name", "condition"};

absl::Status CheckEtag(absl::string_view sent, absl::string_view current) {
  if (sent.empty() || sent == current) return absl::OkStatus();
  return Error(absl::StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH,
               "segment.etag is not the current one: somebody else changed the segment; read it again, then change it");
}

// The segment as it is after the update of what is stored.
absl::StatusOr<v1::Segment> Changed(const v1::Segment& stored, const v1::UpdateSegmentRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckEtag(request.segment().etag(), stored.etag()));
  v1::Segment merged = stored;
  CANVASS_RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), kFields, request.segment(), merged));
  CANVASS_ASSIGN_OR_RETURN(v1::Segment changed, NormalizeSegment(merged));
  changed.set_name(stored.name());
  *changed.mutable_create_time() = stored.create_time();
  *changed.mutable_update_time() = stored.update_time();
  changed.set_etag(stored.etag());
  return changed;
}

// The segment that allow_missing creates: all of the request's content, whatever the mask names (AIP-134).
absl::StatusOr<v1::Segment> Missing(const SegmentId& id, const v1::UpdateSegmentRequest& request) {
  if (!request.allow_missing()) return SegmentNotFound(id);
  CANVASS_RETURN_IF_ERROR(CheckEtag(request.segment().etag(), ""));
  return NormalizeSegment(request.segment());
}

absl::StatusOr<v1::Segment> UpdateOnce(SegmentStore& segments, const Clock& clock, const TenantScope& scope,
                                       const SegmentId& id, const v1::UpdateSegmentRequest& request) {
  v1::Segment result;
  CANVASS_RETURN_IF_ERROR(segments.database().Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const std::optional<v1::Segment> stored, segments.Lock(tx, scope, id));
    CANVASS_ASSIGN_OR_RETURN(result, stored.has_value() ? Changed(*stored, request) : Missing(id, request));
    const absl::Time now = clock.Now();
    CANVASS_ASSIGN_OR_RETURN(result, stored.has_value() ? segments.Update(tx, scope, id, result, now)
                                                        : segments.Insert(tx, scope, id, result, now));
    return absl::OkStatus();
  }));
  return result;
}

}  // namespace

absl::StatusOr<v1::Segment> UpdateSegment(SegmentStore& segments, SegmentCatalog& catalog, const Clock& clock,
                                          const TenantScope& scope, const v1::UpdateSegmentRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const SegmentId id, ParseSegmentName(scope, "segment.name", request.segment().name()));
  absl::StatusOr<v1::Segment> segment = UpdateOnce(segments, clock, scope, id, request);
  // Somebody else created it between our look and our insert: now it is there to be updated.
  if (mysql::IsDuplicateKey(segment.status())) segment = UpdateOnce(segments, clock, scope, id, request);
  catalog.Forget(scope);
  return segment;
}

}  // namespace canvass::contacts
