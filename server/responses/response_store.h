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

class ResponseStore {
 public:
  explicit ResponseStore(mysql::Database& database) : database_(database) {}

  // Inserts responses of any tenants, in the order given; sorted by tenant and id is fastest. AlreadyExists with
  // IsDuplicateKey if one of their single-use keys is taken: then the transaction must be given up.
  absl::Status Insert(mysql::Transaction& tx, absl::Span<const Submission* const> responses);

  // Those of `single_use_keys` under which a response is stored.
  absl::StatusOr<std::vector<StoredResponse>> FindByKeys(mysql::Transaction& tx, const TenantScope& scope,
                                                         absl::Span<const absl::string_view> single_use_keys);

  // NotFound, RESPONSE_NOT_FOUND, if there is none.
  absl::StatusOr<v1::Response> Get(const TenantScope& scope, const Uuid& id);

  // The responses to a survey, the latest stored first, from behind `after`; at most `limit`.
  absl::StatusOr<std::vector<v1::Response>> List(const TenantScope& scope, const SurveyId& survey,
                                                 const std::optional<Uuid>& after, int limit);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_RESPONSE_STORE_H_
