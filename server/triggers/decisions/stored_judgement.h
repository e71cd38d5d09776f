// Events as they were judged: with the triggers that did not ask and the facts of that moment.
// Thread-safe; calls block.
#ifndef CANVASS_SERVER_TRIGGERS_DECISIONS_STORED_JUDGEMENT_H_
#define CANVASS_SERVER_TRIGGERS_DECISIONS_STORED_JUDGEMENT_H_

#include <google/protobuf/struct.pb.h>

#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/stored/v1/event_verdicts.pb.h"
#include "canvass/v1/decision.pb.h"
#include "canvass/v1/event.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/decision_store.h"
#include "server/mysql/database.h"
#include "server/triggers/trigger_store.h"

namespace canvass::triggers {

struct StoredJudgement {
  Uuid key;
  ContactId contact;
  absl::Time event_time;
  absl::Time receive_time;
  v1::Event event;
  stored::v1::EventVerdicts verdicts;

  // `event`, `contact` and `history`, as triggers saw them.
  google::protobuf::Struct Facts() const;
};

// None if there is no such event.
absl::StatusOr<std::optional<StoredJudgement>> FindJudgement(mysql::Database& database, const TenantScope& scope,
                                                             const Uuid& event);

// Those of `events`, at most 512, that exist, in any order.
absl::StatusOr<std::vector<StoredJudgement>> FindJudgements(mysql::Database& database, const TenantScope& scope,
                                                            absl::Span<const Uuid> events);

// Which events to read: those of [start, end), of one contact or all.
struct JudgementFilter {
  std::optional<ContactId> contact;
  absl::Time start;
  absl::Time end;
};

// The latest first, from `after`'s event itself on; at most `limit`.
absl::StatusOr<std::vector<StoredJudgement>> ListJudgements(mysql::Database& database, const TenantScope& scope,
                                                            const JudgementFilter& filter,
                                                            const std::optional<distribution::DecisionPosition>& after,
                                                            int limit);

// A trigger's revision by the key that a verdict names.
using Revisions = absl::flat_hash_map<RevisionKey, v1::Trigger>;
RevisionKey RevisionOf(const stored::v1::Refusal& refusal);

// The decision of a trigger that did not ask. Where the facts decided, it is explained by the revision that judged, if
// that is known.
v1::Decision DecisionOf(const TenantScope& scope, const StoredJudgement& judgement, const stored::v1::Refusal& refusal,
                        const Revisions& revisions);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_DECISIONS_STORED_JUDGEMENT_H_
