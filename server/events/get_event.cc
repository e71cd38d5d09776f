#include "server/events/get_event.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/aip/page_token.h"
#include "server/base/aip/time_range.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/contacts/contact_store.h"

namespace canvass::events {
namespace {

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 1000;

std::string PositionText(const v1::Event& event) {
  return absl::StrCat(absl::ToUnixMicros(FromProto(event.time())), " ",
                      EventKey(event.source(), event.id()).ToString());
}

absl::StatusOr<std::optional<EventPosition>> ParsePosition(absl::string_view text) {
  if (text.empty()) return std::nullopt;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ' ');
  int64_t micros = 0;
  const absl::StatusOr<Uuid> key = Uuid::Parse(parts.back());
  if (parts.size() != 2 || !key.ok() || !absl::SimpleAtoi(parts[0], &micros)) {
    return FieldError(v1::ERROR_REASON_INVALID_PAGE_TOKEN, "page_token", "was not returned by this list");
  }
  return EventPosition{.event_time = absl::FromUnixMicros(micros), .key = *key};
}

absl::StatusOr<EventFilter> ParseFilter(const v1::ListEventsRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const TimeRange range, ReadTimeRange(request));
  EventFilter filter;
  filter.start = range.start;
  filter.end = range.end;
  return filter;
}

// What selects the rows of a list, for its page tokens.
std::string ListText(const v1::ListEventsRequest& request, const EventFilter& filter) {
  return absl::StrCat("ListEvents ", absl::ToUnixMicros(filter.start), " ", absl::ToUnixMicros(filter.end), " ",
                      request.subject());
}

}  // namespace

absl::StatusOr<v1::Event> GetEvent(EventStore& events, const TenantScope& scope, const v1::GetEventRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const Uuid key, ParseEventName(scope, "name", request.name()));
  return events.Get(scope, key);
}

absl::StatusOr<v1::ListEventsResponse> ListEvents(EventStore& events, const TenantScope& scope,
                                                  const v1::ListEventsRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  CANVASS_ASSIGN_OR_RETURN(EventFilter filter, ParseFilter(request));
  if (!request.subject().empty()) {
    contacts::ContactStore contacts(events.database());
    CANVASS_ASSIGN_OR_RETURN(filter.contact, contacts.Kept(scope, ContactId(request.subject())));
  }
  const std::string list = ListText(request, filter);
  CANVASS_ASSIGN_OR_RETURN(const std::string token, DecodePageToken(list, request.page_token()));
  CANVASS_ASSIGN_OR_RETURN(const std::optional<EventPosition> after, ParsePosition(token));
  // One more than asked for tells whether there is another page.
  CANVASS_ASSIGN_OR_RETURN(std::vector<v1::Event> page, events.List(scope, filter, after, size + 1));
  v1::ListEventsResponse response;
  if (page.size() > static_cast<std::size_t>(size)) {
    page.pop_back();
    response.set_next_page_token(EncodePageToken(list, PositionText(page.back())));
  }
  for (v1::Event& event : page) *response.add_events() = std::move(event);
  return response;
}

}  // namespace canvass::events
