// Reads responses by the time at which they were written last, by the database's clock. Thread-safe; calls block. The
// database must outlive the store.
#ifndef CANVASS_SERVER_RESPONSES_WATCHING_RESPONSE_CHANGE_STORE_H_
#define CANVASS_SERVER_RESPONSES_WATCHING_RESPONSE_CHANGE_STORE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/response.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/database.h"

namespace canvass::responses {

// Where reading changes goes on: behind the response that was written at this time. The nil key stands before all of
// its moment.
struct ResponsePosition {
  absl::Time change_time;
  Uuid key = {};
};

// A response with the time at which it was written last.
struct ChangedResponse {
  Uuid id;
  absl::Time change_time;
  SurveyId survey;
  // Then `response` has a name and nothing else.
  bool erased = false;
  v1::Response response;
};

class ResponseChangeStore {
 public:
  explicit ResponseChangeStore(mysql::Database& database) : database_(database) {}

  // The time of the database's clock, by which changes are stamped.
  absl::StatusOr<absl::Time> DatabaseTime(const TenantScope& scope);

  // The responses that were written last between `after` and `until` (inclusive), in that order; at most `limit`. Those
  // of transactions that are not committed are absent, whatever their time.
  absl::StatusOr<std::vector<ResponsePosition>> ListChanges(const TenantScope& scope, const ResponsePosition& after,
                                                            absl::Time until, int limit);

  // The responses of `ids`, at most 512, in any order; those that do not exist are absent. Internal if one is damaged.
  absl::StatusOr<std::vector<ChangedResponse>> GetMany(const TenantScope& scope, absl::Span<const Uuid> ids);

 private:
  mysql::Database& database_;
};

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_WATCHING_RESPONSE_CHANGE_STORE_H_
