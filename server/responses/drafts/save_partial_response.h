// ResponseService.SavePartialResponse and GetPartialResponse.
//
//   CANVASS_ASSIGN_OR_RETURN(v1::PartialResponse saved, SavePartialResponse(rooms, scope, request));
//
// Thread-safe; block.
#ifndef CANVASS_SERVER_RESPONSES_DRAFTS_SAVE_PARTIAL_RESPONSE_H_
#define CANVASS_SERVER_RESPONSES_DRAFTS_SAVE_PARTIAL_RESPONSE_H_

#include "absl/status/statusor.h"
#include "canvass/v1/response_service.pb.h"
#include "server/base/clock.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/invitation_token.h"
#include "server/responses/drafts/draft_store.h"
#include "server/responses/questionnaire/respondents.h"
#include "server/responses/response_store.h"

namespace canvass::responses {

// What partial responses work with. All must outlive them.
struct PartialRooms {
  DraftStore& drafts;
  ResponseStore& responses;
  Respondents& respondents;
  const distribution::InvitationTokens& tokens;
  const Clock& clock;
};

// InvalidArgument (INVALID_RESPONSE with every violation, INVALID_FIELD, INVITATION_TOKEN_INVALID); NotFound
// (SURVEY_NOT_FOUND, INVITATION_NOT_FOUND); FailedPrecondition (SURVEY_NOT_PUBLISHED, SURVEY_CLOSED,
// INVITATION_EXPIRED, INVITATION_NOT_OPEN); AlreadyExists (INVITATION_ANSWERED, REQUEST_ID_REUSED) once the response is
// stored.
absl::StatusOr<v1::PartialResponse> SavePartialResponse(const PartialRooms& rooms, const TenantScope& scope,
                                                        v1::SavePartialResponseRequest request);

// InvalidArgument; NotFound (PARTIAL_RESPONSE_NOT_FOUND; INVITATION_NOT_FOUND for another tenant's).
absl::StatusOr<v1::PartialResponse> GetPartialResponse(const PartialRooms& rooms, const TenantScope& scope,
                                                       const v1::GetPartialResponseRequest& request);

}  // namespace canvass::responses

#endif  // CANVASS_SERVER_RESPONSES_DRAFTS_SAVE_PARTIAL_RESPONSE_H_
