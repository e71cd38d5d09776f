// ResponseService.ExportResponses: all responses to a survey, read on this server's one thread for all exports, a
// stretch for each in turn. What a client has not taken is not read, so an export costs memory for one stretch, and
// many of them together no more than one thread and one session of the database.
//
//   ExportDesk desk(store, clock);
//   CANVASS_ASSIGN_OR_RETURN(auto source, ExportResponses(desk, catalog, scope, request));
//
// Thread-safe. The desk must outlive its sources.
#ifndef CANVASS_SERVER_RESPONSES_READING_EXPORT_RESPONSES_H_
#define CANVASS_SERVER_RESPONSES_READING_EXPORT_RESPONSES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "canvass/v1/response_service.pb.h"
#include "server/base/clock.h"
#include "server/base/push_source.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/watching/push_desk.h"
#include "server/responses/response_filter.h"
#include "server/responses/response_store.h"
#include "server/surveys/survey_catalog.h"

namespace canvass::responses {

// Where an export is.
struct ExportState {
  ResponseRange range;
  ResponseFilter filter;
  // What resume tokens belong to.
  std::string name;
  int64_t examined = 0;
};

class ExportDesk {
 public:
  static constexpr int kMaxPerTenant = 10;
  using Source = PushSource<v1::ExportResponsesResponse>;

  // Starts the thread. Both must outlive it.
  ExportDesk(ResponseStore& store, const Clock& clock);

  // ResourceExhausted (OVERLOADED) if the tenant has kMaxPerTenant.
  absl::StatusOr<std::unique_ptr<Source>> Open(const TenantScope& scope, ExportState state) {
    return desk_.Open(scope, std::move(state));
  }

  const Clock& clock() const { return clock_; }

 private:
  using Desk = distribution::PushDesk<v1::ExportResponsesResponse, ExportState>;

  void Read(Desk::Stream& stream);

  ResponseStore& store_;
  const Clock& clock_;
  Desk desk_;
};

// NotFound (SURVEY_NOT_FOUND); InvalidArgument (INVALID_FIELD, INVALID_RESOURCE_NAME, INVALID_CONDITION,
// INVALID_PAGE_TOKEN); ResourceExhausted. May block.
absl::StatusOr<std::unique_ptr<ExportDesk::Source>> ExportResponses(ExportDesk& desk, surveys::SurveyCatalog& catalog,
                                                                    const TenantScope& scope,
                                                                    const v1::ExportResponsesRequest& request);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_READING_EXPORT_RESPONSES_H_
