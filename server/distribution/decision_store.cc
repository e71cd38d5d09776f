#include "server/distribution/decision_store.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/distribution/watching/change_time.h"

namespace canvass::distribution {
namespace {

// What ReadDecision reads.
constexpr char kColumns[] =
    "event_key, trigger_id, outcome, reason, contact_id, event_time, decide_time, invitation_id, payload, "
    "trigger_revision";
constexpr absl::string_view kSelect =
    "SELECT event_key, trigger_id, outcome, reason, contact_id, event_time, decide_time, invitation_id, payload, "
    "trigger_revision FROM decisions WHERE tenant_id = ? ";

// Far below 1,000 values, from which on MariaDB turns an IN list into a subquery.
constexpr std::size_t kMaxInList = 512;

absl::StatusOr<v1::Decision> ReadDecision(const TenantScope& scope, const mysql::Row& row) {
  const TenantId& tenant = scope.tenant();
  const std::string event = row.Uuid(0).ToString();
  v1::Decision decision;
  if (!decision.ParseFromString(row.String(8))) {
    return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                 absl::StrCat("the decision on event ", event, " cannot be read"));
  }
  decision.set_name(ResourceName(tenant, {"events", event, "decisions", row.String(1)}));
  decision.set_trigger(ResourceName(tenant, {"triggers", row.String(1)}));
  decision.set_outcome(static_cast<v1::Decision::Outcome>(row.Int(2)));
  decision.set_reason(static_cast<v1::Decision::Reason>(row.Int(3)));
  decision.set_contact(ResourceName(tenant, {"contacts", row.String(4)}));
  *decision.mutable_event_time() = ToProto(row.Time(5));
  *decision.mutable_decide_time() = ToProto(row.Time(6));
  decision.set_trigger_revision(row.Int(9));
  if (!row.IsNull(7)) decision.set_invitation(ResourceName(tenant, {"invitations", row.Uuid(7).ToString()}));
  return decision;
}

absl::Status ReadInto(const TenantScope& scope, const mysql::Rows& rows, std::vector<v1::Decision>& decisions) {
  for (const mysql::Row& row : rows) {
    CANVASS_ASSIGN_OR_RETURN(v1::Decision decision, ReadDecision(scope, row));
    decisions.push_back(std::move(decision));
  }
  return absl::OkStatus();
}

// What has no column.
std::string Payload(const v1::Decision& decision) {
  v1::Decision rest;
  rest.set_explanation(decision.explanation());
  if (decision.has_next_eligible_time()) *rest.mutable_next_eligible_time() = decision.next_eligible_time();
  return rest.SerializeAsString();
}

// "behind `after`" in an order of event time and key, both descending.
absl::string_view Behind(const std::optional<DecisionPosition>& after, mysql::Params& params) {
  if (!after.has_value()) return "";
  params.Add(after->event_time).Add(after->event_time).Add(after->key.event).Add(after->key.event);
  params.Add(after->key.trigger);
  return "AND (event_time < ? OR (event_time = ? AND (event_key < ? OR (event_key = ? AND trigger_id < ?)))) ";
}

constexpr absl::string_view kLatestFirst = "ORDER BY event_time DESC, event_key DESC, trigger_id DESC LIMIT ?";

absl::Status ListOfContact(mysql::Transaction& tx, const TenantScope& scope, const DecisionFilter& filter,
                           const std::optional<DecisionPosition>& after, int limit,
                           std::vector<v1::Decision>& decisions) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(*filter.contact);
  std::string sql = absl::StrCat(kSelect, "AND contact_id = ? ");
  if (filter.trigger.has_value()) {
    absl::StrAppend(&sql, "AND trigger_id = ? ");
    params.Add(*filter.trigger);
  }
  absl::StrAppend(&sql, Behind(after, params), kLatestFirst);
  params.Add(limit);
  CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(sql, params));
  return ReadInto(scope, rows, decisions);
}

bool IsLater(const v1::Decision& a, const v1::Decision& b) {
  const absl::Time a_time = FromProto(a.event_time());
  const absl::Time b_time = FromProto(b.event_time());
  // The name holds the event's key in hexadecimal, which sorts like its bytes.
  return std::tie(a_time, a.name()) > std::tie(b_time, b.name());
}

// The index holds a trigger's decisions sorted by time only within one outcome and reason. There are few of those, so
// reading the head of each and merging costs as much as a few pages, however many decisions there are.
absl::Status ListOfTrigger(mysql::Transaction& tx, const TenantScope& scope, const TriggerId& trigger,
                           const std::optional<DecisionPosition>& after, int limit,
                           std::vector<v1::Decision>& decisions) {
  mysql::Params groups;
  groups.Add(scope.tenant()).Add(trigger);
  CANVASS_ASSIGN_OR_RETURN(
      const mysql::Rows kinds,
      tx.Query("SELECT outcome, reason FROM decisions WHERE tenant_id = ? AND trigger_id = ? GROUP BY outcome, reason",
               groups));
  for (const mysql::Row& kind : kinds) {
    mysql::Params params;
    params.Add(scope.tenant()).Add(trigger).Add(kind.Int(0)).Add(kind.Int(1));
    const std::string sql = absl::StrCat(kSelect, "AND trigger_id = ? AND outcome = ? AND reason = ? ",
                                         Behind(after, params), kLatestFirst);
    params.Add(limit);
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, tx.Query(sql, params));
    CANVASS_RETURN_IF_ERROR(ReadInto(scope, rows, decisions));
  }
  std::sort(decisions.begin(), decisions.end(), IsLater);
  if (decisions.size() > static_cast<std::size_t>(limit)) decisions.resize(static_cast<std::size_t>(limit));
  return absl::OkStatus();
}

}  // namespace

std::optional<DecisionKey> DecisionOf(const v1::Invitation& invitation) {
  const std::vector<absl::string_view> event = absl::StrSplit(invitation.event(), '/');
  const std::vector<absl::string_view> trigger = absl::StrSplit(invitation.trigger(), '/');
  if (event.size() != 4 || trigger.size() != 4) return std::nullopt;
  const absl::StatusOr<Uuid> key = Uuid::Parse(event[3]);
  if (!key.ok()) return std::nullopt;
  return DecisionKey{.event = *key, .trigger = TriggerId(std::string(trigger[3]))};
}

absl::Status DecisionNotFound(const DecisionKey& key) {
  return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_DECISION_NOT_FOUND,
               absl::StrCat("trigger '", key.trigger.value(), "' took no decision on event '", key.event.ToString(),
                            "'; list a customer's with ListDecisions"));
}

absl::Status DecisionStore::Insert(mysql::Transaction& tx, const TenantScope& scope,
                                   absl::Span<const DecisionRecord> records) {
  mysql::Params params;
  for (const DecisionRecord& record : records) {
    const v1::Decision& decision = record.decision;
    params.Add(scope.tenant()).Add(record.key.event).Add(record.key.trigger);
    params.Add(static_cast<int>(decision.outcome())).Add(static_cast<int>(decision.reason())).Add(record.contact);
    params.Add(FromProto(decision.event_time())).Add(FromProto(decision.decide_time()));
    if (record.invitation.has_value()) {
      params.Add(*record.invitation);
    } else {
      params.AddNull();
    }
    params.Add(Payload(decision)).Add(decision.trigger_revision());
  }
  return tx.InsertRows(
      "INSERT INTO decisions (tenant_id, event_key, trigger_id, outcome, reason, contact_id, event_time, decide_time, "
      "invitation_id, payload, trigger_revision) VALUES",
      11, params);
}

absl::Status DecisionStore::MarkSent(mysql::Transaction& tx, absl::Span<const SentDecision> decisions) {
  std::vector<const SentDecision*> sorted;
  for (const SentDecision& decision : decisions) sorted.push_back(&decision);
  std::sort(sorted.begin(), sorted.end(), [](const SentDecision* a, const SentDecision* b) {
    return std::tie(a->tenant, a->key.event, a->key.trigger) < std::tie(b->tenant, b->key.event, b->key.trigger);
  });
  const int failed = v1::Decision::OUTCOME_FAILED;
  v1::Decision replayed;
  replayed.set_explanation("It had been given up, and reached the customer later.");
  for (std::size_t i = 0; i < sorted.size(); i += kMaxInList) {
    const auto part = absl::MakeConstSpan(sorted).subspan(i, kMaxInList);
    // Two at least: MariaDB turns a list of one into equations, and with parameters of another character set than the
    // ascii columns those find no index and lock their way through the table.
    const std::size_t padded = std::max<std::size_t>(2, mysql::PadCount(part.size()));
    mysql::Params params;
    params.Add(failed).Add(Payload(replayed)).Add(failed).Add(static_cast<int>(v1::Decision::REASON_QUALIFIED));
    params.Add(static_cast<int>(v1::Decision::OUTCOME_SENT));
    std::string keys;
    for (std::size_t j = 0; j < padded; ++j) {
      const SentDecision& decision = *part[std::min(j, part.size() - 1)];
      absl::StrAppend(&keys, j == 0 ? "" : ",", "(?,?,?)");
      params.Add(decision.tenant).Add(decision.key.event).Add(decision.key.trigger);
    }
    params.Add(static_cast<int>(v1::Decision::OUTCOME_SCHEDULED));
    params.Add(static_cast<int>(v1::Decision::OUTCOME_DEFERRED)).Add(failed);
    // FORCE INDEX, because the optimizer likes to walk through all of a table that it believes to be small.
    CANVASS_RETURN_IF_ERROR(tx.Execute(absl::StrCat("UPDATE decisions FORCE INDEX (PRIMARY) SET "
                                                    "payload = CASE WHEN outcome = ? THEN ? ELSE payload END, "
                                                    "reason = CASE WHEN outcome = ? THEN ? ELSE reason END, "
                                                    "outcome = ? WHERE (tenant_id, event_key, trigger_id) IN (",
                                                    keys, ") AND outcome IN (?, ?, ?)"),
                                       params)
                                .status());
  }
  return absl::OkStatus();
}

absl::Status DecisionStore::MarkGivenUp(mysql::Transaction& tx, const TenantScope& scope, const DecisionKey& key,
                                        v1::Decision::Outcome outcome, v1::Decision::Reason reason,
                                        absl::string_view explanation, absl::Time now) {
  v1::Decision given_up;
  given_up.set_explanation(std::string(explanation));
  mysql::Params params;
  params.Add(static_cast<int>(outcome)).Add(static_cast<int>(reason)).Add(now).Add(Payload(given_up));
  params.Add(scope.tenant()).Add(key.event).Add(key.trigger);
  params.Add(static_cast<int>(v1::Decision::OUTCOME_SCHEDULED));
  params.Add(static_cast<int>(v1::Decision::OUTCOME_DEFERRED));
  return tx
      .Execute(
          "UPDATE decisions SET outcome = ?, reason = ?, decide_time = ?, payload = ? WHERE tenant_id = ? AND "
          "event_key = ? AND trigger_id = ? AND outcome IN (?, ?)",
          params)
      .status();
}

absl::Status DecisionStore::MarkReturned(mysql::Transaction& tx, const TenantScope& scope, const DecisionKey& key) {
  mysql::Params params;
  params.Add(static_cast<int>(v1::Decision::OUTCOME_SCHEDULED));
  params.Add(scope.tenant()).Add(key.event).Add(key.trigger).Add(static_cast<int>(v1::Decision::OUTCOME_SENT));
  return tx
      .Execute(
          "UPDATE decisions SET outcome = ? WHERE tenant_id = ? AND event_key = ? AND trigger_id = ? AND outcome = ?",
          params)
      .status();
}

absl::StatusOr<absl::flat_hash_map<Uuid, int>> DecisionStore::CountInvitations(mysql::Transaction& tx,
                                                                               const TenantScope& scope,
                                                                               absl::Span<const Uuid> events) {
  absl::flat_hash_map<Uuid, int> counts;
  for (std::size_t i = 0; i < events.size(); i += kMaxInList) {
    const absl::Span<const Uuid> part = events.subspan(i, kMaxInList);
    mysql::Params params;
    const std::string pairs = mysql::TenantPairs(scope, part, params);
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query(absl::StrCat("SELECT event_key, COUNT(*) FROM decisions FORCE INDEX (PRIMARY) WHERE "
                              "(tenant_id, event_key) IN ",
                              pairs, " AND invitation_id IS NOT NULL GROUP BY event_key"),
                 params));
    for (const mysql::Row& row : rows) counts[row.Uuid(0)] = static_cast<int>(row.Int(1));
  }
  return counts;
}

absl::StatusOr<absl::Time> DecisionStore::DatabaseTime(const TenantScope& scope) {
  return distribution::DatabaseTime(database_, scope);
}

absl::StatusOr<std::vector<ChangePosition>> DecisionStore::ListChanges(const TenantScope& scope,
                                                                       const ChangePosition& after, absl::Time until,
                                                                       int limit) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(after.change_time).Add(until).Add(after.change_time);
  params.Add(after.key.event).Add(after.key.event).Add(after.key.trigger).Add(limit);
  std::vector<ChangePosition> changes;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    changes.clear();
    // The index holds all of it: no row is read.
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query(
            absl::StrCat("SELECT ", ChangeMicros("change_time"), ", event_key, trigger_id FROM decisions FORCE INDEX ",
                         "(by_change) WHERE tenant_id = ? AND change_time >= ", kChangeTimeParam,
                         " AND change_time <= ", kChangeTimeParam, " AND (change_time > ", kChangeTimeParam,
                         " OR event_key > ? OR (event_key = ? AND trigger_id > ?)) "
                         "ORDER BY change_time, event_key, trigger_id LIMIT ?"),
            params));
    for (const mysql::Row& row : rows) {
      changes.push_back(
          {.change_time = row.Time(0), .key = {.event = row.Uuid(1), .trigger = TriggerId(row.String(2))}});
    }
    return absl::OkStatus();
  }));
  return changes;
}

absl::StatusOr<std::vector<ChangedDecision>> DecisionStore::GetMany(const TenantScope& scope,
                                                                    absl::Span<const DecisionKey> keys) {
  std::vector<ChangedDecision> found;
  if (keys.empty()) return found;
  // Two at least: see MarkSent.
  const std::size_t padded = std::max<std::size_t>(2, mysql::PadCount(keys.size()));
  mysql::Params params;
  std::string list;
  for (std::size_t i = 0; i < padded; ++i) {
    const DecisionKey& key = keys[std::min(i, keys.size() - 1)];
    absl::StrAppend(&list, i == 0 ? "" : ",", "(?,?,?)");
    params.Add(scope.tenant()).Add(key.event).Add(key.trigger);
  }
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    found.clear();
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat("SELECT ", kColumns, ", ", ChangeMicros("change_time"),
                                                   " FROM decisions FORCE INDEX (PRIMARY) WHERE "
                                                   "(tenant_id, event_key, trigger_id) IN (",
                                                   list, ")"),
                                      params));
    for (const mysql::Row& row : rows) {
      CANVASS_ASSIGN_OR_RETURN(v1::Decision decision, ReadDecision(scope, row));
      found.push_back({.key = {.event = row.Uuid(0), .trigger = TriggerId(row.String(1))},
                       .change_time = row.Time(10),
                       .decision = std::move(decision)});
    }
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<v1::Decision> DecisionStore::Get(const TenantScope& scope, const DecisionKey& key) {
  CANVASS_ASSIGN_OR_RETURN(std::optional<v1::Decision> decision, Find(scope, key));
  if (!decision.has_value()) return DecisionNotFound(key);
  return *std::move(decision);
}

absl::StatusOr<std::optional<v1::Decision>> DecisionStore::Find(const TenantScope& scope, const DecisionKey& key) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(key.event).Add(key.trigger);
  std::vector<v1::Decision> decisions;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    decisions.clear();
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat(kSelect, "AND event_key = ? AND trigger_id = ?"), params));
    return ReadInto(scope, rows, decisions);
  }));
  if (decisions.empty()) return std::nullopt;
  return std::move(decisions[0]);
}

absl::StatusOr<std::vector<v1::Decision>> DecisionStore::List(const TenantScope& scope, const DecisionFilter& filter,
                                                              const std::optional<DecisionPosition>& after, int limit) {
  std::vector<v1::Decision> decisions;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) {
    decisions.clear();
    if (filter.contact.has_value()) return ListOfContact(tx, scope, filter, after, limit, decisions);
    return ListOfTrigger(tx, scope, *filter.trigger, after, limit, decisions);
  }));
  return decisions;
}

absl::StatusOr<std::vector<DecisionCounts>> DecisionStore::Count(const TenantScope& scope,
                                                                 const std::optional<TriggerId>& trigger,
                                                                 absl::Time start, absl::Time end) {
  mysql::Params params;
  params.Add(scope.tenant());
  absl::string_view of_trigger;
  if (trigger.has_value()) {
    of_trigger = "AND trigger_id = ? ";
    params.Add(*trigger);
  }
  params.Add(start).Add(end);
  std::vector<DecisionCounts> counts;
  CANVASS_RETURN_IF_ERROR(database_.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    counts.clear();
    CANVASS_ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        tx.Query(
            absl::StrCat("SELECT trigger_id, outcome, reason, COUNT(*) FROM decisions WHERE tenant_id = ? ", of_trigger,
                         "AND event_time >= ? AND event_time < ? GROUP BY trigger_id, outcome, reason "
                         "ORDER BY trigger_id, outcome, reason"),
            params));
    for (const mysql::Row& row : rows) {
      counts.push_back({.trigger = TriggerId(row.String(0)),
                        .outcome = static_cast<v1::Decision::Outcome>(row.Int(1)),
                        .reason = static_cast<v1::Decision::Reason>(row.Int(2)),
                        .count = row.Int(3)});
    }
    return absl::OkStatus();
  }));
  return counts;
}

}  // namespace canvass::distribution
