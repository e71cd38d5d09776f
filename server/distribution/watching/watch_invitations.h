// InvitationService.WatchInvitations: in-app invitations for apps that keep a stream open. However many do, one thread
// asks once a second, for all contacts of a tenant together.
//
//   InvitationWatch watch(invitations, in_app, contacts, clock);
//   CANVASS_ASSIGN_OR_RETURN(auto source, WatchInvitations(watch, scope, request));
//
// Thread-safe. The watch must outlive its sources.
#ifndef CANVASS_SERVER_DISTRIBUTION_WATCHING_WATCH_INVITATIONS_H_
#define CANVASS_SERVER_DISTRIBUTION_WATCHING_WATCH_INVITATIONS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/invitation_service.pb.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/base/push_source.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/contact_store.h"
#include "server/distribution/channels/in_app.h"
#include "server/distribution/invitation_store.h"
#include "server/distribution/watching/push_desk.h"

namespace canvass::distribution {

// What one stream knows of its customer.
struct WatchedContact {
  ContactId contact;
  // Invitations that wait and were looked at: when to look again at those that were not fit for the app, never at
  // those that were pushed.
  absl::flat_hash_map<Uuid, absl::Time> seen = {};
};

class InvitationWatch {
 public:
  static constexpr int kMaxPerTenant = 4000;
  using Source = PushSource<v1::WatchInvitationsResponse>;

  // Starts the thread. All must outlive it.
  InvitationWatch(InvitationStore& invitations, InAppChannel& in_app, contacts::ContactStore& contacts,
                  const Clock& clock);

  // Blocks. ResourceExhausted (OVERLOADED) if the tenant has kMaxPerTenant.
  absl::StatusOr<std::unique_ptr<Source>> Open(const TenantScope& scope, const ContactId& contact);

 private:
  using Desk = PushDesk<v1::WatchInvitationsResponse, WatchedContact>;
  using Streams = std::vector<Desk::Stream*>;

  void Look(absl::Span<Desk::Stream* const> streams);
  // For up to 512 contacts of one tenant, each with the streams that watch it.
  absl::Status LookFor(const TenantScope& scope, const absl::flat_hash_map<ContactId, Streams>& watched);
  // Those of `ids` that the app can show and nobody was shown, with tokens, by name.
  absl::StatusOr<absl::flat_hash_map<std::string, v1::Invitation>> Showable(const TenantScope& scope,
                                                                            absl::Span<const Uuid> ids, absl::Time now);

  InvitationStore& invitations_;
  InAppChannel& in_app_;
  contacts::ContactStore& contacts_;
  const Clock& clock_;
  Desk desk_;
};

// Blocks. InvalidArgument if `contact` is not a contact's name, NotFound if it is another tenant's, ResourceExhausted.
absl::StatusOr<std::unique_ptr<InvitationWatch::Source>> WatchInvitations(InvitationWatch& watch,
                                                                          const TenantScope& scope,
                                                                          const v1::WatchInvitationsRequest& request);

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_WATCHING_WATCH_INVITATIONS_H_
