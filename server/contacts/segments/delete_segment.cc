#include "server/contacts/segments/delete_segment.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/contacts/segments/segment.h"

namespace canvass::contacts {

absl::StatusOr<v1::DeleteSegmentResponse> DeleteSegment(SegmentStore& segments, SegmentCatalog& catalog,
                                                        FindSegmentUser find_user, const TenantScope& scope,
                                                        const v1::DeleteSegmentRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const SegmentId id, ParseSegmentName(scope, "name", request.name()));
  const absl::Status status = segments.database().Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    CANVASS_ASSIGN_OR_RETURN(const std::optional<v1::Segment> segment, segments.Lock(tx, scope, id));
    if (!segment.has_value()) return SegmentNotFound(id);
    CANVASS_ASSIGN_OR_RETURN(const std::string user, find_user(tx, scope, segment->name()));
    if (!user.empty()) {
      return Error(
          absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SEGMENT_IN_USE,
          absl::StrCat("segment '", id.value(), "' is named by trigger '", user, "'; change or delete that one first"));
    }
    return segments.Delete(tx, scope, id);
  });
  catalog.Forget(scope);
  CANVASS_RETURN_IF_ERROR(status);
  return v1::DeleteSegmentResponse();
}

}  // namespace canvass::contacts
