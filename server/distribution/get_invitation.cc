#include "server/distribution/get_invitation.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/aip/page_token.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/distribution/invitation.h"

namespace canvass::distribution {
namespace {

constexpr int kDefaultPageSize = 100;
constexpr int kMaxPageSize = 1000;

std::string PositionText(const InvitationRecord& record) {
  return absl::StrCat(absl::ToUnixMicros(FromProto(record.invitation.schedule_time())), " ", record.id.ToString());
}

absl::StatusOr<std::optional<InvitationPosition>> ParsePosition(absl::string_view text) {
  if (text.empty()) return std::nullopt;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ' ');
  int64_t micros = 0;
  const absl::StatusOr<Uuid> id = Uuid::Parse(parts.back());
  if (parts.size() != 2 || !id.ok() || !absl::SimpleAtoi(parts[0], &micros)) {
    return FieldError(v1::ERROR_REASON_INVALID_PAGE_TOKEN, "page_token", "was not returned by this list");
  }
  return InvitationPosition{.schedule_time = absl::FromUnixMicros(micros), .id = *id};
}

}  // namespace

absl::StatusOr<v1::Invitation> GetInvitation(InvitationStore& invitations, const TenantScope& scope,
                                             const v1::GetInvitationRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const Uuid id, ParseInvitationName(scope, "name", request.name()));
  CANVASS_ASSIGN_OR_RETURN(InvitationRecord record, invitations.Get(scope, id));
  return std::move(record.invitation);
}

absl::StatusOr<v1::ListInvitationsResponse> ListInvitations(InvitationStore& invitations, const TenantScope& scope,
                                                            const v1::ListInvitationsRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  CANVASS_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  const std::string list = absl::StrCat("ListInvitations ", request.contact());
  CANVASS_ASSIGN_OR_RETURN(const std::string token, DecodePageToken(list, request.page_token()));
  CANVASS_ASSIGN_OR_RETURN(const std::optional<InvitationPosition> after, ParsePosition(token));
  std::vector<InvitationRecord> records;
  // One more than asked for tells whether there is another page.
  if (request.contact().empty()) {
    const std::optional<Uuid> after_id = after.has_value() ? std::optional<Uuid>(after->id) : std::nullopt;
    CANVASS_ASSIGN_OR_RETURN(records, invitations.ListAll(scope, after_id, size + 1));
  } else {
    CANVASS_ASSIGN_OR_RETURN(const std::string contact, ParseChild(scope, "contacts", "contact", request.contact()));
    CANVASS_ASSIGN_OR_RETURN(records, invitations.ListByContact(scope, ContactId(contact), after, size + 1));
  }
  v1::ListInvitationsResponse response;
  if (records.size() > static_cast<std::size_t>(size)) {
    records.pop_back();
    response.set_next_page_token(EncodePageToken(list, PositionText(records.back())));
  }
  for (InvitationRecord& record : records) *response.add_invitations() = std::move(record.invitation);
  return response;
}

}  // namespace canvass::distribution
