#include "server/triggers/inviting/hand_invitation.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/digest.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"
#include "server/conditions/facts.h"
#include "server/contacts/contact.h"
#include "server/triggers/rules/wording.h"
#include "server/triggers/trigger.h"

namespace canvass::triggers {
namespace {

constexpr std::size_t kMaxRequestId = 128;
// As far as clocks of callers go wrong.
constexpr absl::Duration kMaxPast = absl::Minutes(10);
// Those of an event's data, which are one level further down here.
constexpr conditions::FactLimits kFactLimits = {.max_depth = 9, .max_bytes = std::size_t{64} << 10};

void CheckFacts(const google::protobuf::Struct& facts, Violations& violations) {
  for (const auto& [key, value] : facts.fields()) {
    if (key != "event") {
      violations.Add(absl::StrCat("invitation.facts.", Quote(key, 100)), "is not yours to give; `event` alone is");
    } else if (!value.has_struct_value()) {
      violations.Add("invitation.facts.event", "is not an object");
    }
  }
  conditions::CheckFacts("invitation.facts", facts, kFactLimits, violations);
}

absl::Status CheckContent(const v1::CreateInvitationRequest& request) {
  const v1::Invitation& wanted = request.invitation();
  Violations violations;
  if (wanted.survey().empty()) violations.Add("invitation.survey", "is required");
  if (wanted.contact().empty()) violations.Add("invitation.contact", "is required");
  if (!v1::Invitation::Channel_IsValid(wanted.channel())) {
    violations.Add("invitation.channel", absl::StrCat(static_cast<int>(wanted.channel()), " is not a channel"));
  }
  if (!IsValid(wanted.schedule_time())) {
    violations.Add("invitation.schedule_time", "is not a time of the years 1 to 9999");
  }
  if (!IsValid(wanted.expire_time())) violations.Add("invitation.expire_time", "is not a time of the years 1 to 9999");
  CheckFacts(wanted.facts(), violations);
  if (request.request_id().size() > kMaxRequestId) {
    violations.Add("request_id",
                   absl::StrCat("has ", request.request_id().size(), " bytes, of which it may have ", kMaxRequestId));
  }
  return violations.ToStatus(v1::ERROR_REASON_INVALID_INVITATION);
}

Uuid DigestOf(const HandInvitation& wanted) {
  v1::CreateInvitationRequest said;
  *said.mutable_invitation() = wanted.content;
  said.set_ignore_frequency_caps(wanted.ignores_frequency_caps);
  return Uuid::FromBytes(Digest16(StableBytes(said)));
}

v1::ErrorReason ReasonFor(v1::Decision::Reason reason) {
  switch (reason) {
    case v1::Decision::REASON_OPTED_OUT:
      return v1::ERROR_REASON_CONTACT_OPTED_OUT;
    case v1::Decision::REASON_QUIET_HOURS:
      return v1::ERROR_REASON_QUIET_HOURS;
    case v1::Decision::REASON_DAILY_LIMIT:
      return v1::ERROR_REASON_DAILY_LIMIT_REACHED;
    case v1::Decision::REASON_FREQUENCY_CAP:
      return v1::ERROR_REASON_FREQUENCY_CAP_REACHED;
    case v1::Decision::REASON_SURVEY_CLOSED:
      return v1::ERROR_REASON_SURVEY_CLOSED;
    default:
      return v1::ERROR_REASON_CONTACT_NOT_REACHABLE;
  }
}

absl::Status Closed(const SurveyId& id, absl::string_view how) {
  return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SURVEY_CLOSED,
               absl::StrCat("survey '", id.value(), "' ", how));
}

}  // namespace

absl::StatusOr<HandInvitation> ReadHandInvitation(const TenantScope& scope,
                                                  const v1::CreateInvitationRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_RETURN_IF_ERROR(CheckContent(request));
  const v1::Invitation& given = request.invitation();
  CANVASS_ASSIGN_OR_RETURN(std::string survey, ParseChild(scope, "surveys", "invitation.survey", given.survey()));
  HandInvitation wanted{.survey = SurveyId(std::move(survey)),
                        .ignores_frequency_caps = request.ignore_frequency_caps()};
  CANVASS_ASSIGN_OR_RETURN(wanted.contact, contacts::ParseContactName(scope, "invitation.contact", given.contact()));
  v1::Invitation& content = wanted.content;
  content.set_survey(ResourceName(scope.tenant(), {"surveys", wanted.survey.value()}));
  content.set_contact(contacts::ContactName(scope, wanted.contact));
  const bool is_default = given.channel() == v1::Invitation::CHANNEL_UNSPECIFIED;
  content.set_channel(is_default ? v1::Invitation::CHANNEL_IN_APP : given.channel());
  if (given.has_schedule_time()) *content.mutable_schedule_time() = ToProto(FromProto(given.schedule_time()));
  if (given.has_expire_time()) *content.mutable_expire_time() = ToProto(FromProto(given.expire_time()));
  if (given.facts().fields_size() > 0) *content.mutable_facts() = given.facts();
  if (!request.request_id().empty()) wanted.request_key = Uuid::FromBytes(Digest16(request.request_id()));
  wanted.content_digest = DigestOf(wanted);
  return wanted;
}

absl::StatusOr<HandTimes> ReadTimes(const v1::Invitation& content, absl::Time now) {
  Violations violations;
  HandTimes times{.due = content.has_schedule_time() ? FromProto(content.schedule_time()) : now};
  if (times.due < now - kMaxPast) {
    violations.Add("invitation.schedule_time",
                   absl::StrCat(TimeText(times.due), " is more than 10 minutes in the past"));
  } else if (times.due > now + kMaxDelay) {
    violations.Add("invitation.schedule_time",
                   absl::StrCat(TimeText(times.due), " is more than 90 days in the future"));
  }
  if (content.has_expire_time()) {
    times.expire = FromProto(content.expire_time());
    if (*times.expire < std::max(times.due, now) + kMinLifetime || *times.expire > times.due + kMaxLifetime) {
      violations.Add("invitation.expire_time",
                     absl::StrCat(TimeText(*times.expire), " is not 1 minute to 365 days after ",
                                  TimeText(std::max(times.due, now)), ", when the customer can be asked"));
    }
  }
  CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_INVITATION));
  return times;
}

absl::Status CheckTakesAnswers(const SurveyId& id, const AskedSurvey& survey, absl::Time due) {
  const surveys::SurveyStatus& status = survey.status;
  if (status.state == v1::Survey::STATE_CLOSED || status.state == v1::Survey::STATE_ARCHIVED) {
    return Closed(id, "is closed and takes no more answers");
  }
  if (status.state != v1::Survey::STATE_PUBLISHED) {
    return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_SURVEY_NOT_PUBLISHED,
                 absl::StrCat("survey '", id.value(), "' has no published version yet"));
  }
  if (status.IsClosedAt(due)) {
    return Closed(id, absl::StrCat("takes answers until ", TimeText(status.close_time),
                                   ", and the customer would be asked ", TimeText(due)));
  }
  if (!survey.is_full) return absl::OkStatus();
  return Closed(id, absl::StrCat("has the ", status.max_responses, " responses that it takes, and takes no more"));
}

ActiveTrigger StandIn(const SurveyId& survey) {
  return {.survey = survey, .lifetime = kDefaultLifetime, .max_lateness = absl::InfiniteDuration()};
}

absl::Status RefusalOf(const Verdict& refusal) {
  const bool is_capped = refusal.reason == v1::Decision::REASON_FREQUENCY_CAP;
  return Error(absl::StatusCode::kFailedPrecondition, ReasonFor(refusal.reason),
               absl::StrCat(refusal.explanation, is_capped ? " Set ignore_frequency_caps to ask all the same." : ""));
}

}  // namespace canvass::triggers
