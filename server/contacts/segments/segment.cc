#include "server/contacts/segments/segment.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"
#include "server/conditions/condition.h"

namespace canvass::contacts {

absl::StatusOr<v1::Segment> NormalizeSegment(const v1::Segment& segment) {
  v1::Segment content;
  content.set_display_name(segment.display_name());
  if (segment.has_condition()) *content.mutable_condition() = segment.condition();
  Violations violations;
  CheckDisplayName("segment.display_name", content.display_name(), violations);
  absl::Status condition;
  if (!content.has_condition()) {
    violations.Add("segment.condition", "is required: what must hold on contact.*");
  } else {
    condition = conditions::NormalizeCondition("segment.condition", {"contact"}, *content.mutable_condition());
  }
  if (violations.empty()) {
    CANVASS_RETURN_IF_ERROR(condition);
    return content;
  }
  for (const FieldViolation& violation : ViolationsOf(condition)) {
    violations.Add(violation.field, violation.description);
  }
  return violations.ToStatus(v1::ERROR_REASON_INVALID_SEGMENT);
}

std::string SegmentName(const TenantScope& scope, const SegmentId& id) {
  return ResourceName(scope.tenant(), {"segments", id.value()});
}

absl::StatusOr<SegmentId> ParseSegmentName(const TenantScope& scope, absl::string_view field, absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(std::string id, ParseChild(scope, "segments", field, name));
  if (!CheckChosenId(field, id).ok()) return SegmentNotFound(SegmentId(EncodeSegment(id)));
  return SegmentId(std::move(id));
}

absl::Status SegmentNotFound(const SegmentId& id) {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_SEGMENT_NOT_FOUND,
               absl::StrCat("segment '", id.value(), "' does not exist; list them with ListSegments"));
}

}  // namespace canvass::contacts
