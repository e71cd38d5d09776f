#include "server/triggers/decisions/get_decision.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/aip/page_token.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/contacts/contact_store.h"
#include "server/triggers/decisions/decision_reader.h"
#include "server/triggers/decisions/refusal_counts.h"
#include "server/triggers/trigger.h"

namespace canvass::triggers {
namespace {

using distribution::DecisionFilter;
using distribution::DecisionKey;
using distribution::DecisionPosition;

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 1000;
// The years that a Timestamp can say.
const absl::Time kFirstTime = absl::FromUnixSeconds(-62'135'596'800);
const absl::Time kLastTime = absl::FromUnixSeconds(253'402'300'800);

std::string PositionText(const DecisionPosition& position) {
  return absl::StrCat(absl::ToUnixMicros(position.event_time), " ", position.key.event.ToString(), " ",
                      position.key.trigger.value());
}

absl::StatusOr<std::optional<DecisionPosition>> ParsePosition(absl::string_view text) {
  if (text.empty()) return std::nullopt;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ' ');
  int64_t micros = 0;
  const absl::StatusOr<Uuid> event = Uuid::Parse(parts.size() == 3 ? parts[1] : "");
  const bool good = event.ok() && absl::SimpleAtoi(parts[0], &micros) &&
                    (parts[2].empty() || CheckChosenId("page_token", parts[2]).ok());
  if (!good) {
    return FieldError(v1::ERROR_REASON_INVALID_PAGE_TOKEN, "page_token", "was not returned by this list");
  }
  return DecisionPosition{.event_time = absl::FromUnixMicros(micros),
                          .key = {.event = *event, .trigger = TriggerId(std::string(parts[2]))}};
}

absl::StatusOr<DecisionFilter> ReadFilter(mysql::Database& database, const TenantScope& scope,
                                          const v1::ListDecisionsRequest& request) {
  DecisionFilter filter;
  if (request.trigger().empty() && request.contact().empty()) {
    return FieldError(v1::ERROR_REASON_INVALID_FIELD, "trigger", "is required, or contact");
  }
  if (!request.trigger().empty()) {
    CANVASS_ASSIGN_OR_RETURN(filter.trigger, ParseTriggerName(scope, "trigger", request.trigger()));
  }
  if (!request.contact().empty()) {
    CANVASS_ASSIGN_OR_RETURN(std::string contact, ParseChild(scope, "contacts", "contact", request.contact()));
    contacts::ContactStore contacts(database);
    CANVASS_ASSIGN_OR_RETURN(filter.contact, contacts.Kept(scope, ContactId(std::move(contact))));
  }
  return filter;
}

absl::StatusOr<absl::Time> TimeOr(bool has, const google::protobuf::Timestamp& time, absl::string_view field,
                                  absl::Time otherwise) {
  if (!has) return otherwise;
  if (!IsValid(time)) return FieldError(v1::ERROR_REASON_INVALID_FIELD, field, "is not a time of the years 1 to 9999");
  return FromProto(time);
}

}  // namespace

absl::StatusOr<DecisionKey> ParseDecisionName(const TenantScope& scope, absl::string_view name) {
  CANVASS_ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                           ParseResourceName(scope, {"events", "decisions"}, "name", name));
  const absl::StatusOr<Uuid> event = Uuid::Parse(ids[0]);
  if (!event.ok() || !CheckChosenId("name", ids[1]).ok()) {
    return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_DECISION_NOT_FOUND,
                 "there is no such decision; list a customer's with ListDecisions");
  }
  return DecisionKey{.event = *event, .trigger = TriggerId(ids[1])};
}

absl::StatusOr<v1::Decision> GetDecision(distribution::DecisionStore& decisions, TriggerStore& triggers,
                                         const TenantScope& scope, const v1::GetDecisionRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const DecisionKey key, ParseDecisionName(scope, request.name()));
  return DecisionReader(decisions, triggers).Get(scope, key);
}

absl::StatusOr<v1::ListDecisionsResponse> ListDecisions(distribution::DecisionStore& decisions, TriggerStore& triggers,
                                                        const TenantScope& scope,
                                                        const v1::ListDecisionsRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  CANVASS_ASSIGN_OR_RETURN(const DecisionFilter filter, ReadFilter(triggers.database(), scope, request));
  const std::string list = absl::StrCat("ListDecisions ", request.trigger(), " ", request.contact());
  CANVASS_ASSIGN_OR_RETURN(const std::string token, DecodePageToken(list, request.page_token()));
  CANVASS_ASSIGN_OR_RETURN(const std::optional<DecisionPosition> after, ParsePosition(token));
  CANVASS_ASSIGN_OR_RETURN(DecisionPage page, DecisionReader(decisions, triggers).List(scope, filter, after, size));
  v1::ListDecisionsResponse response;
  if (page.next.has_value()) response.set_next_page_token(EncodePageToken(list, PositionText(*page.next)));
  for (v1::Decision& decision : page.decisions) *response.add_decisions() = std::move(decision);
  return response;
}

absl::StatusOr<v1::CountDecisionsResponse> CountDecisions(distribution::DecisionStore& decisions,
                                                          TriggerStore& triggers, const TenantScope& scope,
                                                          const v1::CountDecisionsRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  std::optional<TriggerId> trigger;
  if (!request.trigger().empty()) {
    CANVASS_ASSIGN_OR_RETURN(trigger, ParseTriggerName(scope, "trigger", request.trigger()));
  }
  CANVASS_ASSIGN_OR_RETURN(const absl::Time start,
                           TimeOr(request.has_start_time(), request.start_time(), "start_time", kFirstTime));
  CANVASS_ASSIGN_OR_RETURN(const absl::Time end,
                           TimeOr(request.has_end_time(), request.end_time(), "end_time", kLastTime));
  const int64_t start_hour = HourOf(start);
  const int64_t end_hour = HourOf(end + absl::Hours(1) - absl::Microseconds(1));
  CANVASS_ASSIGN_OR_RETURN(const std::vector<distribution::DecisionCounts> counts,
                           DecisionReader(decisions, triggers).Count(scope, trigger, start_hour, end_hour));
  v1::CountDecisionsResponse response;
  for (const distribution::DecisionCounts& count : counts) {
    v1::DecisionCount& row = *response.add_counts();
    row.set_trigger(ResourceName(scope.tenant(), {"triggers", count.trigger.value()}));
    row.set_outcome(count.outcome);
    row.set_reason(count.reason);
    row.set_count(count.count);
  }
  return response;
}

}  // namespace canvass::triggers
