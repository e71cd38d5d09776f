#include "server/triggers/decisions/stored_refusals.h"

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"
#include "server/distribution/watching/change_time.h"
#include "server/triggers/decisions/stored_judgement.h"

namespace canvass::triggers {
namespace {

using distribution::ChangeMicros;
using distribution::ChangePosition;
using distribution::EventRefusals;
using distribution::kChangeTimeParam;

absl::StatusOr<Revisions> RevisionsOf(TriggerStore& triggers, const TenantScope& scope,
                                      const std::vector<StoredJudgement>& judgements) {
  absl::flat_hash_set<RevisionKey> keys;
  for (const StoredJudgement& judgement : judgements) {
    for (const stored::v1::Refusal& refusal : judgement.verdicts.refused()) {
      if (refusal.explanation().empty()) keys.insert(RevisionOf(refusal));
    }
  }
  return triggers.GetRevisions(scope, std::vector<RevisionKey>(keys.begin(), keys.end()));
}

}  // namespace

absl::StatusOr<std::vector<ChangePosition>> StoredRefusals::ListStored(const TenantScope& scope,
                                                                       const ChangePosition& after, absl::Time until,
                                                                       int limit) {
  mysql::Params params;
  params.Add(scope.tenant()).Add(after.change_time).Add(until).Add(after.change_time).Add(after.key.event).Add(limit);
  std::vector<ChangePosition> stored;
  CANVASS_RETURN_IF_ERROR(triggers_.database().Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    stored.clear();
    // The index holds all of it. Of one moment and event the position without a trigger is the first, so what is behind
    // any of them has another event.
    CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows,
                             tx.Query(absl::StrCat("SELECT ", ChangeMicros("store_time"),
                                                   ", event_key FROM events FORCE INDEX (by_store) WHERE tenant_id ",
                                                   "= ? AND store_time >= ", kChangeTimeParam, " AND store_time <= ",
                                                   kChangeTimeParam, " AND (store_time > ", kChangeTimeParam,
                                                   " OR event_key > ?) ORDER BY store_time, event_key LIMIT ?"),
                                      params));
    for (const mysql::Row& row : rows) stored.push_back({.change_time = row.Time(0), .key = {.event = row.Uuid(1)}});
    return absl::OkStatus();
  }));
  return stored;
}

absl::StatusOr<std::vector<EventRefusals>> StoredRefusals::Read(const TenantScope& scope,
                                                                absl::Span<const Uuid> events) {
  CANVASS_ASSIGN_OR_RETURN(const std::vector<StoredJudgement> judgements,
                           FindJudgements(triggers_.database(), scope, events));
  CANVASS_ASSIGN_OR_RETURN(const Revisions revisions, RevisionsOf(triggers_, scope, judgements));
  std::vector<EventRefusals> found;
  for (const StoredJudgement& judgement : judgements) {
    EventRefusals& of_event = found.emplace_back(EventRefusals{.event = judgement.key, .refusals = {}});
    for (const stored::v1::Refusal& refusal : judgement.verdicts.refused()) {
      of_event.refusals.push_back(
          {.decision = DecisionOf(scope, judgement, refusal, revisions), .by_facts = refusal.explanation().empty()});
    }
  }
  return found;
}

}  // namespace canvass::triggers
