// The responses of a tenant in the order in which they were written, and again when they change.
//
//   CANVASS_ASSIGN_OR_RETURN(ResponseFeed feed, ResponseFeed::Open(ResponseChanges(store, scope, filter), start,
//   pace)); CANVASS_ASSIGN_OR_RETURN(std::vector<FedResponse> responses, feed.Poll());   // again and again
//
// What is given lacks nothing but its resume_token. Not thread-safe; calls block. The store must outlive it.
#ifndef CANVASS_SERVER_RESPONSES_WATCHING_RESPONSE_FEED_H_
#define CANVASS_SERVER_RESPONSES_WATCHING_RESPONSE_FEED_H_

#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/response_service.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/watching/change_feed.h"
#include "server/responses/response_filter.h"
#include "server/responses/watching/response_change_store.h"

namespace canvass::responses {

struct ResponseSelection {
  std::optional<SurveyId> survey = std::nullopt;
  // Of responses that were not erased.
  ResponseFilter filter = {};
};

class ResponseChanges {
 public:
  using Position = ResponsePosition;
  using Item = v1::WatchResponsesResponse;

  ResponseChanges(ResponseChangeStore& store, const TenantScope& scope, ResponseSelection selection)
      : store_(&store), scope_(scope), selection_(std::move(selection)) {}

  absl::StatusOr<absl::Time> DatabaseTime() { return store_->DatabaseTime(scope_); }
  absl::StatusOr<std::vector<ResponsePosition>> ListChanges(const ResponsePosition& after, absl::Time until,
                                                            int limit) {
    return store_->ListChanges(scope_, after, until, limit);
  }
  absl::StatusOr<absl::flat_hash_map<Uuid, distribution::Changed<Item>>> Read(
      const std::vector<ResponsePosition>& changes);

 private:
  bool Selects(const ChangedResponse& changed) const;

  ResponseChangeStore* store_;
  TenantScope scope_;
  ResponseSelection selection_;
};

using ResponseFeed = distribution::ChangeFeed<ResponseChanges>;
using FedResponse = ResponseFeed::Given;

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_WATCHING_RESPONSE_FEED_H_
