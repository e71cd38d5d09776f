#include "server/surveys/definition/repeat_rules.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/base/proto_time.h"

namespace canvass::surveys {
namespace {

constexpr int kMaxContactDays = 3660;
constexpr int kMaxDuplicateDays = 366;

void CheckPeriod(absl::string_view path, const google::protobuf::Duration& period, int max_days, Faults& faults) {
  const bool fits =
      IsValid(period) && FromProto(period) > absl::ZeroDuration() && FromProto(period) <= max_days * absl::Hours(24);
  if (!fits)
    faults.Add(path, absl::StrCat("must be more than 0 and at most ", max_days, " days; leave it out for none"));
}

}  // namespace

void CheckRepeats(const v1::SurveyDefinition& definition, Faults& faults) {
  const v1::RepeatPolicy& repeats = definition.repeats();
  if (repeats.has_contact_period()) {
    CheckPeriod("definition.repeats.contact_period", repeats.contact_period(), kMaxContactDays, faults);
  }
  if (repeats.has_duplicate_period()) {
    CheckPeriod("definition.repeats.duplicate_period", repeats.duplicate_period(), kMaxDuplicateDays, faults);
  }
}

}  // namespace canvass::surveys
