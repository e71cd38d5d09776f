#include "server/triggers/get_trigger.h"

#include <string>
#include <utility>
#include <vector>

#include "server/base/aip/page_token.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/triggers/trigger.h"

namespace canvass::triggers {
namespace {

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 1000;
constexpr absl::string_view kList = "ListTriggers";

std::string IdOf(const v1::Trigger& trigger) { return std::string(LastSegment(trigger.name())); }

}  // namespace

absl::StatusOr<v1::Trigger> GetTrigger(TriggerStore& triggers, const TenantScope& scope,
                                       const v1::GetTriggerRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const TriggerId id, ParseTriggerName(scope, "name", request.name()));
  return triggers.Get(scope, id);
}

absl::StatusOr<v1::ListTriggersResponse> ListTriggers(TriggerStore& triggers, const TenantScope& scope,
                                                      const v1::ListTriggersRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  CANVASS_ASSIGN_OR_RETURN(std::string after, DecodePageToken(kList, request.page_token()));
  if (!after.empty() && !CheckChosenId("page_token", after).ok()) {
    return FieldError(v1::ERROR_REASON_INVALID_PAGE_TOKEN, "page_token", "was not returned by this list");
  }
  // One more than asked for tells whether there is another page.
  CANVASS_ASSIGN_OR_RETURN(std::vector<v1::Trigger> page, triggers.List(scope, TriggerId(std::move(after)), size + 1));
  v1::ListTriggersResponse response;
  if (page.size() > static_cast<std::size_t>(size)) {
    page.pop_back();
    response.set_next_page_token(EncodePageToken(kList, IdOf(page.back())));
  }
  for (v1::Trigger& trigger : page) *response.add_triggers() = std::move(trigger);
  return response;
}

}  // namespace canvass::triggers
