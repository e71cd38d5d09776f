#include "server/triggers/decisions/stored_judgement.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/triggers/rules/facts.h"
#include "server/triggers/rules/screen.h"
#include "server/triggers/trigger_catalog.h"

namespace canvass::triggers {
namespace {

constexpr absl::string_view kSelect =
    "SELECT event_key, contact_id, event_time, receive_time, payload, verdicts FROM events ";

absl::StatusOr<StoredJudgement> ReadJudgement(const mysql::Row& row) {
  StoredJudgement judgement{
      .key = row.Uuid(0), .contact = ContactId(row.String(1)), .event_time = row.Time(2), .receive_time = row.Time(3)};
  if (!judgement.event.ParseFromString(row.String(4)) ||
      (!row.IsNull(5) && !judgement.verdicts.ParseFromString(row.String(5)))) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                 absl::StrCat("event ", judgement.key.ToString(), " cannot be read"));
  }
  return judgement;
}

absl::StatusOr<std::vector<StoredJudgement>> Select(mysql::Database& database, const TenantScope& scope,
                                                    absl::string_view rest, const mysql::Params& params) {
  std::vector<StoredJudgement> judgements;
  CANVASS_RETURN_IF_ERROR(database.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    judgements.clear();
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(absl::StrCat(kSelect, rest), params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(StoredJudgement judgement, ReadJudgement(row));
      judgements.push_back(std::move(judgement));
    }
    return absl::OkStatus();
  }));
  return judgements;
}

}  // namespace

google::protobuf::Struct StoredJudgement::Facts() const { return FactsOf(event, verdicts.facts()); }

absl::StatusOr<std::optional<StoredJudgement>> FindJudgement(mysql::Database& database, const TenantScope& scope,
                                                             const Uuid& event) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(event);
  CANVASS_ASSIGN_OR_RETURN(std::vector<StoredJudgement> found,
                           Select(database, scope, "WHERE tenant_id = ? AND event_key = ?", params));
  if (found.empty()) return std::nullopt;
  return std::move(found[0]);
}

absl::StatusOr<std::vector<StoredJudgement>> FindJudgements(mysql::Database& database, const TenantScope& scope,
                                                            absl::Span<const Uuid> events) {
  if (events.empty()) return std::vector<StoredJudgement>();
  mysql::Params params;
  const std::string pairs = mysql::TenantPairs(scope, events, params);
  return Select(database, scope, absl::StrCat("FORCE INDEX (PRIMARY) WHERE (tenant_id, event_key) IN ", pairs), params);
}

absl::StatusOr<std::vector<StoredJudgement>> ListJudgements(mysql::Database& database, const TenantScope& scope,
                                                            const JudgementFilter& filter,
                                                            const std::optional<distribution::DecisionPosition>& after,
                                                            int limit) {
  mysql::Params params;
  params.Add(scope.tenant());
  std::string rest = "WHERE tenant_id = ? ";
  if (filter.contact.has_value()) {
    absl::StrAppend(&rest, "AND contact_id = ? ");
    params.Add(*filter.contact);
  }
  absl::StrAppend(&rest, "AND event_time >= ? AND event_time < ? ");
  params.Add(filter.start).Add(filter.end);
  if (after.has_value()) {
    absl::StrAppend(&rest, "AND event_time <= ? AND (event_time < ? OR event_key <= ?) ");
    params.Add(after->event_time).Add(after->event_time).Add(after->key.event);
  }
  absl::StrAppend(&rest, "ORDER BY event_time DESC, event_key DESC LIMIT ?");
  params.Add(limit);
  return Select(database, scope, rest, params);
}

RevisionKey RevisionOf(const stored::v1::Refusal& refusal) {
  return {.trigger = TriggerId(refusal.trigger()), .revision = refusal.revision()};
}

v1::Decision DecisionOf(const TenantScope& scope, const StoredJudgement& judgement, const stored::v1::Refusal& refusal,
                        const Revisions& revisions) {
  const TenantId& tenant = scope.tenant();
  v1::Decision decision;
  decision.set_name(ResourceName(tenant, {"events", judgement.key.ToString(), "decisions", refusal.trigger()}));
  decision.set_trigger(ResourceName(tenant, {"triggers", refusal.trigger()}));
  decision.set_contact(ResourceName(tenant, {"contacts", judgement.contact.value()}));
  decision.set_reason(static_cast<v1::Decision::Reason>(refusal.reason()));
  decision.set_outcome(OutcomeOf(decision.reason()));
  *decision.mutable_event_time() = ToProto(judgement.event_time);
  *decision.mutable_decide_time() = ToProto(judgement.receive_time);
  decision.set_trigger_revision(refusal.revision());
  if (refusal.has_next_eligible_time()) *decision.mutable_next_eligible_time() = refusal.next_eligible_time();
  decision.set_explanation(refusal.explanation());
  if (!refusal.explanation().empty()) return decision;
  const auto revision = revisions.find(RevisionOf(refusal));
  if (revision == revisions.end()) return decision;
  const google::protobuf::Struct facts = judgement.Facts();
  decision.set_explanation(
      SkipText(Unpack(revision->second, refusal.revision()), decision.reason(),
               {.tenant = &tenant, .contact = &judgement.contact, .event = &judgement.event, .facts = &facts}));
  return decision;
}

}  // namespace canvass::triggers
