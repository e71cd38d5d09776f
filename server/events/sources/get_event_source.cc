#include "server/events/sources/get_event_source.h"

#include <string>
#include <utility>
#include <vector>

#include "server/base/aip/page_token.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/events/sources/event_source.h"

namespace canvass::events {
namespace {

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 1000;
constexpr absl::string_view kList = "ListEventSources";

std::string IdOf(const v1::EventSource& source) { return std::string(LastSegment(source.name())); }

}  // namespace

absl::StatusOr<v1::EventSource> GetEventSource(EventSourceStore& sources, const TenantScope& scope,
                                               const v1::GetEventSourceRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const EventSourceId id, ParseEventSourceName(scope, "name", request.name()));
  CANVASS_ASSIGN_OR_RETURN(v1::EventSource source, sources.Get(scope, id));
  return WithoutSecret(std::move(source));
}

absl::StatusOr<v1::ListEventSourcesResponse> ListEventSources(EventSourceStore& sources, const TenantScope& scope,
                                                              const v1::ListEventSourcesRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  CANVASS_ASSIGN_OR_RETURN(std::string after, DecodePageToken(kList, request.page_token()));
  if (!after.empty() && !CheckChosenId("page_token", after).ok()) return InvalidPageToken();
  // One more than asked for tells whether there is another page.
  CANVASS_ASSIGN_OR_RETURN(std::vector<v1::EventSource> page,
                           sources.List(scope, EventSourceId(std::move(after)), size + 1));
  v1::ListEventSourcesResponse response;
  if (page.size() > static_cast<std::size_t>(size)) {
    page.pop_back();
    response.set_next_page_token(EncodePageToken(kList, IdOf(page.back())));
  }
  for (v1::EventSource& source : page) *response.add_event_sources() = WithoutSecret(std::move(source));
  return response;
}

}  // namespace canvass::events
