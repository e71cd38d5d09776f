// The rows of responses.
//
// Columns are authoritative for the survey and its version, the contact, the invitation and the times; the payload
// holds the rest of the message. Thread-safe; calls block. The database must outlive the store.
#ifndef CANVASS_SERVER_RESPONSES_RESPONSE_STORE_H_
#define CANVASS_SERVER_RESPONSES_RESPONSE_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/response.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"
#include "server/responses/submission.h"

namespace canvass::responses {

// What a repeated call is answered from.
struct StoredResponse {
  Uuid id;
  std::string single_use_key;
  std::string content_digest;
  int survey_version = 0;
  absl::Time create_time;
  // The questions whose answers are stored. Absent: those of all answers that were sent.
  std::optional<std::vector<std::string>> answered = std::nullopt;
};

// A stretch of a tenant's responses, in the order in which they came.
struct ResponseRange {
  enum class Order { kLatestFirst, kEarliestFirst };

  // Only those to it, and only its.
  std::optional<SurveyId> survey = std::nullopt;
  std::optional<ContactId> contact = std::nullopt;
  // Those that came at `start` or later and before `end`.
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfiniteFuture();
  Order order = Order::kLatestFirst;
  // Those behind this one, in the order.
  std::optional<Uuid> after = std::nullopt;
  int limit = 1;
};

class ResponseStore {
 public:
  explicit ResponseStore(mysql::Database& database) : database_(database) {}

  mysql::Database& database() { return database_; }

  // Inserts responses of any tenants, in the order given; sorted by tenant and id is fastest. AlreadyExists with
  // IsDuplicateKey if one of their single-use keys is taken: then the transaction must be given up.
  absl::Status Insert(mysql::Transaction& tx, absl::Span<const Submission* const> responses);

  // Those of `single_use_keys` under which a response is stored.
  absl::StatusOr<std::vector<StoredResponse>> FindByKeys(mysql::Transaction& tx, const TenantScope& scope,
                                                         absl::Span<const absl::string_view> single_use_keys);

  // NotFound, RESPONSE_NOT_FOUND, if there is none.
  absl::StatusOr<v1::Response> Get(const TenantScope& scope, const Uuid& id);

  // The responses of `range`, in its order, without those that were erased.
  absl::StatusOr<std::vector<v1::Response>> List(const TenantScope& scope, const ResponseRange& range);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_RESPONSE_STORE_H_
