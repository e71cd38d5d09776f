// The in-app channel: the tenant's app fetches what is due for its signed-in customer and shows it. Nothing is sent; an
// invitation waits in its row until it is fetched.
// Thread-safe; calls block.
#ifndef CANVASS_SERVER_DISTRIBUTION_CHANNELS_IN_APP_H_
#define CANVASS_SERVER_DISTRIBUTION_CHANNELS_IN_APP_H_

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "canvass/v1/invitation.pb.h"
#include "server/base/clock.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/invitation_store.h"
#include "server/distribution/invitation_token.h"
#include "server/surveys/survey_catalog.h"

namespace canvass::distribution {

class InAppChannel {
 public:
  // At most this many invitations are given at once.
  static constexpr int kMaxPending = 20;

  InAppChannel(InvitationStore& invitations, surveys::SurveyCatalog& surveys, const InvitationTokens& tokens,
               const Clock& clock)
      : invitations_(invitations), surveys_(surveys), tokens_(tokens), clock_(clock) {}

  // What can be shown to `contact` now, with tokens: due, neither answered nor dismissed nor expired, of surveys that
  // are open; the earliest due first.
  absl::StatusOr<std::vector<v1::Invitation>> Pending(const TenantScope& scope, const ContactId& contact);

  // Those of `records`, in their order and with tokens, that the app can show at `now` as far as survey and channel go:
  // state and times are the caller's to check.
  absl::StatusOr<std::vector<v1::Invitation>> Showable(const TenantScope& scope, std::vector<InvitationRecord> records,
                                                       absl::Time now);

 private:
  // Whether surveys are open, as far as was asked.
  using OpenSurveys = absl::flat_hash_map<SurveyId, bool>;
  // Completes `record` with its token if the app can show it.
  absl::StatusOr<bool> Complete(const TenantScope& scope, InvitationRecord& record, absl::Time now, OpenSurveys& open);
  absl::StatusOr<bool> IsOpen(const TenantScope& scope, const SurveyId& survey, absl::Time now);

  InvitationStore& invitations_;
  surveys::SurveyCatalog& surveys_;
  const InvitationTokens& tokens_;
  const Clock& clock_;
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_CHANNELS_IN_APP_H_
