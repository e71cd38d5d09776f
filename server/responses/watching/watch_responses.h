// ResponseService.WatchResponses: the stream of responses, on this server's one thread for all of them.
//
//   ResponseWatch watch(database, clock);
//   CANVASS_ASSIGN_OR_RETURN(auto source, WatchResponses(watch, catalog, scope, request));
//
// Thread-safe. The watch must outlive its sources.
#ifndef CANVASS_SERVER_RESPONSES_WATCHING_WATCH_RESPONSES_H_
#define CANVASS_SERVER_RESPONSES_WATCHING_WATCH_RESPONSES_H_

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "canvass/v1/response_service.pb.h"
#include "server/base/clock.h"
#include "server/base/push_source.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/watching/push_desk.h"
#include "server/mysql/database.h"
#include "server/responses/watching/response_change_store.h"
#include "server/responses/watching/response_feed.h"
#include "server/surveys/survey_catalog.h"

namespace canvass::responses {

class ResponseWatch {
 public:
  static constexpr int kMaxPerTenant = 50;
  using Source = PushSource<v1::WatchResponsesResponse>;

  // Starts the thread. Both must outlive it.
  ResponseWatch(mysql::Database& database, const Clock& clock, const distribution::FeedPace& pace = {});

  // A stream of what is behind `start`, or of what comes from now on. Blocks. ResourceExhausted (OVERLOADED) if the
  // tenant has kMaxPerTenant.
  absl::StatusOr<std::unique_ptr<Source>> Open(const TenantScope& scope, const std::optional<ResponsePosition>& start,
                                               ResponseSelection selection);

 private:
  using Desk = distribution::PushDesk<v1::WatchResponsesResponse, ResponseFeed>;

  ResponseChangeStore store_;
  const distribution::FeedPace pace_;
  Desk desk_;
};

// Blocks. InvalidArgument (INVALID_FIELD; INVALID_CONDITION for a filter, INVALID_PAGE_TOKEN for a resume_token that is
// none), NotFound (SURVEY_NOT_FOUND; another tenant's names), ResourceExhausted.
absl::StatusOr<std::unique_ptr<ResponseWatch::Source>> WatchResponses(ResponseWatch& watch,
                                                                      surveys::SurveyCatalog& catalog,
                                                                      const TenantScope& scope,
                                                                      const v1::WatchResponsesRequest& request);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_WATCHING_WATCH_RESPONSES_H_
