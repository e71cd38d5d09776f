// What was read from the database for rules: customers' invitations of the past, and surveys that are full.
// Thread-safe; calls block.
#ifndef CANVASS_SERVER_TRIGGERS_LIMITS_ASKED_HISTORY_H_
#define CANVASS_SERVER_TRIGGERS_LIMITS_ASKED_HISTORY_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"
#include "server/triggers/rules/facts.h"

namespace canvass::triggers {

// The invitations of each of `contacts` that were not given up. Does not lock: history describes a customer, it does
// not hold publishers apart; frequency caps do. Contacts without any are absent.
absl::StatusOr<absl::flat_hash_map<ContactId, std::vector<PastInvitation>>> ReadHistory(
    mysql::Transaction& tx, const TenantScope& scope, absl::Span<const ContactId> contacts);

// Those of the surveys, given with their max_responses, that have as many responses.
absl::StatusOr<absl::flat_hash_set<SurveyId>> ReadFullSurveys(
    mysql::Database& database, const TenantScope& scope, const absl::flat_hash_map<SurveyId, int64_t>& max_responses);

}  // namespace canvass::triggers

#endif  // CANVASS_SERVER_TRIGGERS_LIMITS_ASKED_HISTORY_H_
