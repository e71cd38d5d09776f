// The rows that count a survey's responses: under each quota of its definition, and in all where it closes after a
// number of them.
//
//   Counters counters;
//   counters[{survey, "under_30"}];
//   CANVASS_RETURN_IF_ERROR(QuotaStore::Lock(tx, scope, counters));
//   ++counters[{survey, "under_30"}].total;
//   CANVASS_RETURN_IF_ERROR(QuotaStore::Write(tx, scope, counters));
//
// Whoever takes responses counts them in the same transaction, under the lock; so the counts are exact whatever happens
// to it. Thread-safe; calls block. The database must outlive the store.
#ifndef CANVASS_SERVER_RESPONSES_QUOTAS_QUOTA_STORE_H_
#define CANVASS_SERVER_RESPONSES_QUOTAS_QUOTA_STORE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::responses {

// Counts all responses to a survey. No quota has such a key.
inline constexpr absl::string_view kResponsesCounter = "@responses";

struct Counter {
  int64_t total = 0;
  // Of kResponsesCounter: the greatest id among the responses that were counted.
  Uuid last_response = {};
};

// By survey and key: a quota's, or kResponsesCounter.
using Counters = absl::btree_map<std::pair<SurveyId, std::string>, Counter>;

class QuotaStore {
 public:
  explicit QuotaStore(mysql::Database& database) : database_(database) {}

  // Locks and reads the counters of the keys in `counters`; makes those that are not there. Transactions that lock
  // those of several surveys get them in one order. A kResponsesCounter that missed responses, because the survey had
  // no maximum when they came, counts anew.
  static absl::Status Lock(mysql::Transaction& tx, const TenantScope& scope, Counters& counters);

  // Writes counters that Lock has locked.
  static absl::Status Write(mysql::Transaction& tx, const TenantScope& scope, const Counters& counters);

  // Which limits of a survey are reached: keys of the quotas of `definition`, and kResponsesCounter if `max_responses`,
  // where it is not 0, were stored. A read or two by index, none for surveys without limits. Errors are those of
  // mysql::Database.
  absl::StatusOr<std::vector<std::string>> FullQuotas(const TenantScope& scope, const SurveyId& survey,
                                                      const v1::SurveyDefinition& definition, int64_t max_responses);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_QUOTAS_QUOTA_STORE_H_
