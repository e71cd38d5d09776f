#include "server/rpc/orchestration/invitation_service.h"

#include "canvass/v1/invitation_service.pb.h"
#include "server/distribution/acknowledge_invitation.h"
#include "server/distribution/get_invitation.h"
#include "server/distribution/list_pending_invitations.h"
#include "server/distribution/watching/watch_invitations.h"
#include "server/triggers/inviting/create_invitation.h"

namespace canvass::rpc {

std::unique_ptr<RpcService> MakeInvitationService(CallPipeline& pipeline, const Rooms& rooms) {
  auto service = std::make_unique<RpcService>("canvass.v1.InvitationService", pipeline);
  service->Blocking<v1::ListPendingInvitationsRequest>(
      "ListPendingInvitations", [&rooms](const Call& call, const auto& request) {
        return distribution::ListPendingInvitations(rooms.in_app, call.scope(), request);
      });
  service->Blocking<v1::AcknowledgeInvitationRequest>(
      "AcknowledgeInvitation", [&rooms](const Call& call, const auto& request) {
        return distribution::AcknowledgeInvitation(rooms.invitations, rooms.decisions, rooms.survey_catalog,
                                                   rooms.dimensions, rooms.clock, call.scope(), request);
      });
  service->Blocking<v1::GetInvitationRequest>("GetInvitation", [&rooms](const Call& call, const auto& request) {
    return distribution::GetInvitation(rooms.invitations, call.scope(), request);
  });
  service->Blocking<v1::ListInvitationsRequest>("ListInvitations", [&rooms](const Call& call, const auto& request) {
    return distribution::ListInvitations(rooms.invitations, call.scope(), request);
  });
  service->Blocking<v1::CreateInvitationRequest>("CreateInvitation", [&rooms](const Call& call, const auto& request) {
    return triggers::CreateInvitation(rooms.inviting, call.scope(), request);
  });
  service->Pushing<v1::WatchInvitationsRequest, v1::WatchInvitationsResponse>(
      "WatchInvitations", [&rooms](const Call& call, const auto& request) {
        return distribution::WatchInvitations(rooms.invitation_watch, call.scope(), request);
      });
  return service;
}

}  // namespace canvass::rpc
