#include "server/surveys/definition/condition_rules.h"

#include "server/base/error.h"
#include "server/conditions/condition.h"

namespace canvass::surveys {

absl::Span<const absl::string_view> FactRoots() {
  static constexpr absl::string_view kRoots[] = {"answer", "value", "contact", "event", "hidden"};
  return kRoots;
}

void Normalize(absl::string_view path, v1::Condition& condition, Faults& faults) {
  absl::Status status = absl::OkStatus();
  if (!faults.Full()) status = conditions::NormalizeCondition(path, FactRoots(), condition);
  for (const FieldViolation& violation : ViolationsOf(status)) faults.Add(violation.field, violation.description);
  if (faults.Full() || !status.ok()) condition.set_text("");
}

bool IsUnusable(const v1::Condition& condition) { return condition.has_text(); }

}  // namespace canvass::surveys
