#include "server/distribution/outbox/get_outbox_message.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/aip/page_token.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/distribution/invitation.h"
#include "server/distribution/outbox/outbox_message.h"

namespace canvass::distribution {
namespace {

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 1000;

absl::StatusOr<OutboxFilter> ParseFilter(const TenantScope& scope, const v1::ListOutboxMessagesRequest& request) {
  if (!v1::OutboxMessage::State_IsValid(request.state())) {
    return FieldError(v1::ERROR_REASON_INVALID_FIELD, "state", absl::StrCat(request.state(), " is not a state"));
  }
  OutboxFilter filter{.state = request.state()};
  if (!request.invitation().empty()) {
    CANVASS_ASSIGN_OR_RETURN(filter.invitation, ParseInvitationName(scope, "invitation", request.invitation()));
  }
  return filter;
}

absl::StatusOr<std::optional<Uuid>> ParsePosition(absl::string_view text) {
  if (text.empty()) return std::nullopt;
  absl::StatusOr<Uuid> id = Uuid::Parse(text);
  if (!id.ok()) return InvalidPageToken();
  return *std::move(id);
}

}  // namespace

absl::StatusOr<v1::OutboxMessage> GetOutboxMessage(OutboxStore& outbox, const TenantScope& scope,
                                                   const v1::GetOutboxMessageRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const Uuid id, ParseOutboxMessageName(scope, "name", request.name()));
  return outbox.Get(scope, id);
}

absl::StatusOr<v1::ListOutboxMessagesResponse> ListOutboxMessages(OutboxStore& outbox, const TenantScope& scope,
                                                                  const v1::ListOutboxMessagesRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const OutboxFilter filter, ParseFilter(scope, request));
  CANVASS_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  const std::string list = absl::StrCat("ListOutboxMessages ", request.state(), " ", request.invitation());
  CANVASS_ASSIGN_OR_RETURN(const std::string token, DecodePageToken(list, request.page_token()));
  CANVASS_ASSIGN_OR_RETURN(const std::optional<Uuid> after, ParsePosition(token));
  // One more than asked for tells whether there is another page.
  CANVASS_ASSIGN_OR_RETURN(std::vector<v1::OutboxMessage> messages, outbox.List(scope, filter, after, size + 1));
  v1::ListOutboxMessagesResponse response;
  if (messages.size() > static_cast<std::size_t>(size)) {
    messages.pop_back();
    CANVASS_ASSIGN_OR_RETURN(const Uuid last, ParseOutboxMessageName(scope, "name", messages.back().name()));
    response.set_next_page_token(EncodePageToken(list, last.ToString()));
  }
  for (v1::OutboxMessage& message : messages) *response.add_outbox_messages() = std::move(message);
  return response;
}

}  // namespace canvass::distribution
