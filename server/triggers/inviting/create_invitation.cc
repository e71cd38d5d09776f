#include "server/triggers/inviting/create_invitation.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/contacts/contact.h"
#include "server/distribution/outbox/settlement.h"
#include "server/distribution/stage_slot.h"
#include "server/metrics/cell_batch.h"
#include "server/triggers/inviting/hand_invitation.h"
#include "server/triggers/inviting/invitation_requests.h"
#include "server/triggers/limits/reserved_limits.h"
#include "server/triggers/rules/asking.h"
#include "server/triggers/rules/facts.h"
#include "server/triggers/rules/wording.h"

namespace canvass::triggers {
namespace {

using distribution::NewInvitation;

// All that is known before the transaction.
struct Wish {
  HandInvitation wanted;
  HandTimes times;
  AskedSurvey survey;
  ActiveTrigger stand_in;
  // Without frequency caps, if these are to be ignored.
  settings::TenantSettings settings;
  SurveyMetrics metrics;
  absl::Time now;
};

// The customer as stored now.
struct Customer {
  v1::Contact contact;
  ContactId id;
  std::vector<v1::Suppression> suppressions;
};

absl::StatusOr<Wish> Prepare(const InvitingRooms& rooms, const TenantScope& scope, HandInvitation wanted) {
  Wish wish{.wanted = std::move(wanted), .now = rooms.clock.Now()};
  const SurveyId& survey = wish.wanted.survey;
  CANVASS_ASSIGN_OR_RETURN(wish.times, ReadTimes(wish.wanted.content, wish.now));
  CANVASS_RETURN_IF_ERROR(rooms.sources.surveys.Status(scope, survey).status());
  CANVASS_ASSIGN_OR_RETURN(wish.survey, LookUpSurvey(rooms.sources, scope, survey));
  CANVASS_RETURN_IF_ERROR(CheckTakesAnswers(survey, wish.survey, std::max(wish.times.due, wish.now)));
  CANVASS_ASSIGN_OR_RETURN(DecisionPlan plan, MakePlan(rooms.sources, scope, {}));
  wish.stand_in = StandIn(survey);
  wish.metrics = std::move(plan.metrics);
  wish.metrics[survey] = wish.survey.metric;
  wish.settings = *plan.settings;
  if (wish.wanted.ignores_frequency_caps) wish.settings.policy.clear_frequency_caps();
  return wish;
}

absl::StatusOr<Customer> ReadCustomer(const InvitingRooms& rooms, mysql::Transaction& tx, const TenantScope& scope,
                                      const ContactId& id) {
  CANVASS_ASSIGN_OR_RETURN(auto found, rooms.contacts.GetMany(tx, scope, {id}));
  const auto known = found.find(id);
  if (known == found.end()) return contacts::ContactNotFound(id);
  Customer customer{.contact = std::move(known->second)};
  customer.id = ContactId(customer.contact.external_id());
  CANVASS_ASSIGN_OR_RETURN(auto suppressions, rooms.suppressions.FindMany(tx, scope, {&customer.contact}));
  customer.suppressions = std::move(suppressions[0]);
  return customer;
}

// By channel and quiet hours. The latter are about what reaches people by itself.
absl::Status Plan(const Terms& terms, v1::Invitation::Channel channel, Asking& asking) {
  Verdict verdict;
  asking.channel =
      ChooseChannel({static_cast<int>(channel)}, *terms.settings, *asking.contact, asking.suppressions, &verdict);
  if (asking.channel == v1::Invitation::CHANNEL_UNSPECIFIED) return RefusalOf(verdict);
  if (!distribution::IsSentOn(channel)) return absl::OkStatus();
  verdict = PlanTime(terms, asking);
  return verdict.Asks() ? absl::OkStatus() : RefusalOf(verdict);
}

// Moves the clocks and counts the day, if the limits let it.
absl::Status ApplyLimits(mysql::Transaction& tx, const TenantScope& scope, const Wish& wish, const Terms& terms,
                         const Asking& asking) {
  CANVASS_ASSIGN_OR_RETURN(ReservedLimits limits,
                           ReservedLimits::Reserve(tx, scope, wish.settings.policy, {&asking}, wish.metrics));
  const Verdict verdict =
      HoldToLimits(terms, asking, limits, {.outcome = v1::Decision::OUTCOME_SCHEDULED, .explanation = ""});
  return verdict.Asks() ? limits.Write(tx, scope) : RefusalOf(verdict);
}

absl::StatusOr<NewInvitation> InvitationFor(const Wish& wish, const Asking& asking, const Uuid& id) {
  const absl::Time expire = wish.times.expire.value_or(std::max(asking.due, wish.now) + wish.stand_in.lifetime);
  if (expire <= asking.due) {
    return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_QUIET_HOURS,
                 absl::StrCat("invitation.expire_time is ", TimeText(expire),
                              ", before the contact policy's quiet hours end ", TimeText(asking.due)));
  }
  NewInvitation invitation{.id = id,
                           .survey = wish.wanted.survey,
                           .survey_version = wish.survey.status.published_version,
                           .contact = *asking.contact_id,
                           .schedule_time = asking.due,
                           .expire_time = expire};
  invitation.content.set_channel(asking.channel);
  auto& facts = *invitation.content.mutable_facts();
  facts = CustomerFacts(asking.contact, nullptr);
  facts.MergeFrom(wish.wanted.content.facts());
  *invitation.content.mutable_create_time() = ToProto(wish.now);
  return invitation;
}

absl::Status Store(const InvitingRooms& rooms, mysql::Transaction& tx, const TenantScope& scope, const Wish& wish,
                   const NewInvitation& invitation, metrics::CellBatch& cells) {
  CANVASS_RETURN_IF_ERROR(rooms.invitations.Insert(tx, scope, {invitation}));
  const v1::Invitation::Channel channel = invitation.content.channel();
  if (distribution::IsSentOn(channel)) {
    CANVASS_RETURN_IF_ERROR(rooms.outbox.Insert(tx, scope,
                                                {{.id = Uuid::V7(wish.now, rooms.random),
                                                  .invitation = invitation.id,
                                                  .contact = invitation.contact,
                                                  .channel = channel,
                                                  .attempt_time = invitation.schedule_time}},
                                                wish.now));
  }
  cells.AddStage(scope, invitation.survey, wish.survey.version->definition(), invitation.content,
                 metrics::InvitationStage::kScheduled, invitation.schedule_time);
  return cells.Write(tx, distribution::StageSlot());
}

absl::Status Invite(const InvitingRooms& rooms, mysql::Transaction& tx, const TenantScope& scope, const Wish& wish,
                    const Uuid& id, metrics::CellBatch& cells) {
  const HandInvitation& wanted = wish.wanted;
  if (wanted.request_key.has_value()) {
    CANVASS_RETURN_IF_ERROR(InsertRequest(
        tx, scope, {.key = *wanted.request_key, .invitation = id, .content_digest = wanted.content_digest}));
  }
  CANVASS_ASSIGN_OR_RETURN(const Customer customer, ReadCustomer(rooms, tx, scope, wanted.contact));
  const Terms terms{.settings = &wish.settings, .time_zone = scope.time_zone(), .now = wish.now};
  Asking asking{.trigger = &wish.stand_in,
                .survey = &wish.survey,
                .contact_id = &customer.id,
                .contact = &customer.contact,
                .suppressions = customer.suppressions,
                .due = wish.times.due};
  CANVASS_RETURN_IF_ERROR(Plan(terms, wanted.content.channel(), asking));
  CANVASS_ASSIGN_OR_RETURN(const NewInvitation invitation, InvitationFor(wish, asking, id));
  CANVASS_RETURN_IF_ERROR(ApplyLimits(tx, scope, wish, terms, asking));
  return Store(rooms, tx, scope, wish, invitation, cells);
}

// As the caller sees it.
absl::StatusOr<v1::Invitation> Show(const InvitingRooms& rooms, const TenantScope& scope, const Uuid& id) {
  CANVASS_ASSIGN_OR_RETURN(distribution::InvitationRecord record, rooms.invitations.Get(scope, id));
  v1::Invitation& invitation = record.invitation;
  invitation.set_token(rooms.tokens.Sign({.tenant = scope.tenant(),
                                          .survey = record.survey,
                                          .invitation = id,
                                          .expire_time = FromProto(invitation.expire_time())}));
  invitation.set_url(rooms.urls.Survey(invitation.token()));
  return std::move(invitation);
}

// The invitation that the request_id made before, if it did.
absl::StatusOr<std::optional<v1::Invitation>> FindMade(const InvitingRooms& rooms, const TenantScope& scope,
                                                       const HandInvitation& wanted) {
  if (!wanted.request_key.has_value()) return std::nullopt;
  CANVASS_ASSIGN_OR_RETURN(const std::optional<InvitationRequest> made,
                           FindRequest(rooms.sources.database, scope, *wanted.request_key));
  if (!made.has_value()) return std::nullopt;
  if (made->content_digest == wanted.content_digest) return Show(rooms, scope, made->invitation);
  return Error(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_REQUEST_ID_REUSED,
               "request_id was used before with another invitation; give every invitation its own");
}

}  // namespace

absl::StatusOr<v1::Invitation> CreateInvitation(const InvitingRooms& rooms, const TenantScope& scope,
                                                const v1::CreateInvitationRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(HandInvitation wanted, ReadHandInvitation(scope, request));
  CANVASS_ASSIGN_OR_RETURN(std::optional<v1::Invitation> made, FindMade(rooms, scope, wanted));
  if (made.has_value()) return *std::move(made);
  CANVASS_ASSIGN_OR_RETURN(const Wish wish, Prepare(rooms, scope, std::move(wanted)));
  const Uuid id = Uuid::V7(wish.now, rooms.random);
  metrics::CellBatch cells(&rooms.dimensions);
  const absl::Status written = rooms.sources.database.Write(scope, [&](mysql::Transaction& tx) {
    cells = metrics::CellBatch(&rooms.dimensions);  // forgets what an earlier, undone run has put in
    return Invite(rooms, tx, scope, wish, id, cells);
  });
  if (mysql::IsDuplicateKey(written)) {
    // Somebody else used the request_id between our look and our insert.
    CANVASS_ASSIGN_OR_RETURN(made, FindMade(rooms, scope, wish.wanted));
    if (made.has_value()) return *std::move(made);
  }
  CANVASS_RETURN_IF_ERROR(written);
  cells.MarkCommitted();
  return Show(rooms, scope, id);
}

}  // namespace canvass::triggers
