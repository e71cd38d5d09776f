#include "server/distribution/watching/watch_invitations.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_set.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::distribution {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(1);
// For invitations on another channel, or of a survey that is closed: both can change.
constexpr absl::Duration kLookAgain = absl::Seconds(10);
constexpr std::size_t kContactsAtOnce = 512;
constexpr std::size_t kInvitationsAtOnce = 512;

bool IsNew(const WatchedContact& contact, const Uuid& id, absl::Time now) {
  const auto seen = contact.seen.find(id);
  return seen == contact.seen.end() || seen->second <= now;
}

}  // namespace

InvitationWatch::InvitationWatch(InvitationStore& invitations, InAppChannel& in_app, contacts::ContactStore& contacts,
                                 const Clock& clock)
    : invitations_(invitations),
      in_app_(in_app),
      contacts_(contacts),
      clock_(clock),
      desk_({.interval = kInterval, .max_per_tenant = kMaxPerTenant}, clock,
            [this](absl::Span<Desk::Stream* const> streams) { Look(streams); }) {}

absl::StatusOr<std::unique_ptr<InvitationWatch::Source>> InvitationWatch::Open(const TenantScope& scope,
                                                                               const ContactId& contact) {
  // Of one who was merged into another contact, that one's.
  CANVASS_ASSIGN_OR_RETURN(ContactId kept, contacts_.Kept(scope, contact));
  return desk_.Open(scope, {.contact = std::move(kept)});
}

void InvitationWatch::Look(absl::Span<Desk::Stream* const> streams) {
  absl::flat_hash_map<TenantId, Streams> tenants;
  for (Desk::Stream* stream : streams) tenants[stream->scope.tenant()].push_back(stream);
  for (const auto& [tenant, all] : tenants) {
    absl::flat_hash_map<ContactId, Streams> watched;
    for (std::size_t i = 0; i < all.size(); ++i) {
      watched[all[i]->state.contact].push_back(all[i]);
      if (watched.size() < kContactsAtOnce && i + 1 < all.size()) continue;
      const absl::Status status = LookFor(all[i]->scope, watched);
      for (const auto& [contact, its] : watched) {
        for (Desk::Stream* stream : its) {
          if (!status.ok()) stream->found = status;
        }
      }
      watched.clear();
    }
  }
}

absl::Status InvitationWatch::LookFor(const TenantScope& scope,
                                      const absl::flat_hash_map<ContactId, Streams>& watched) {
  const absl::Time now = clock_.Now();
  std::vector<ContactId> contacts;
  for (const auto& [contact, streams] : watched) contacts.push_back(contact);
  std::sort(contacts.begin(), contacts.end());
  CANVASS_ASSIGN_OR_RETURN(const std::vector<WaitingInvitation> waiting,
                           invitations_.ListWaiting(scope, contacts, now));
  absl::btree_set<Uuid> wanted;
  for (const WaitingInvitation& one : waiting) {
    for (const Desk::Stream* stream : watched.at(one.contact)) {
      if (IsNew(stream->state, one.id, now)) wanted.insert(one.id);
    }
  }
  const std::vector<Uuid> ids(wanted.begin(), wanted.end());
  CANVASS_ASSIGN_OR_RETURN(const auto showable, Showable(scope, ids, now));
  // Nothing fails from here on, so that what counts as pushed is.
  absl::flat_hash_set<Uuid> still_waiting;
  for (const WaitingInvitation& one : waiting) {
    still_waiting.insert(one.id);
    const auto found = showable.find(ResourceName(scope.tenant(), {"invitations", one.id.ToString()}));
    for (Desk::Stream* stream : watched.at(one.contact)) {
      if (!IsNew(stream->state, one.id, now)) continue;
      stream->state.seen[one.id] = found == showable.end() ? now + kLookAgain : absl::InfiniteFuture();
      if (found != showable.end()) *stream->found->emplace_back().mutable_invitation() = found->second;
    }
  }
  for (const auto& [contact, streams] : watched) {
    for (Desk::Stream* stream : streams) {
      absl::erase_if(stream->state.seen, [&](const auto& one) { return !still_waiting.contains(one.first); });
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::flat_hash_map<std::string, v1::Invitation>> InvitationWatch::Showable(const TenantScope& scope,
                                                                                           absl::Span<const Uuid> ids,
                                                                                           absl::Time now) {
  absl::flat_hash_map<std::string, v1::Invitation> showable;
  for (std::size_t i = 0; i < ids.size(); i += kInvitationsAtOnce) {
    CANVASS_ASSIGN_OR_RETURN(std::vector<InvitationRecord> records,
                             invitations_.GetMany(scope, ids.subspan(i, kInvitationsAtOnce)));
    std::erase_if(records, [](const InvitationRecord& record) {
      return record.invitation.state() != v1::Invitation::STATE_SCHEDULED;
    });
    CANVASS_ASSIGN_OR_RETURN(std::vector<v1::Invitation> fit, in_app_.Showable(scope, std::move(records), now));
    for (v1::Invitation& invitation : fit) {
      std::string name = invitation.name();
      showable.emplace(std::move(name), std::move(invitation));
    }
  }
  return showable;
}

absl::StatusOr<std::unique_ptr<InvitationWatch::Source>> WatchInvitations(InvitationWatch& watch,
                                                                          const TenantScope& scope,
                                                                          const v1::WatchInvitationsRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(std::string contact, ParseChild(scope, "contacts", "contact", request.contact()));
  return watch.Open(scope, ContactId(std::move(contact)));
}

}  // namespace canvass::distribution
