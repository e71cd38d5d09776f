#include "server/responses/testing/intake_house.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"

namespace canvass::responses::testing {
namespace {

void Require(absl::string_view what, const absl::Status& status) {
  if (status.ok()) return;
  const std::string text = absl::StrCat("intake house: ", what, ": ", status.ToString(), "\n");
  std::fputs(text.c_str(), stderr);
  std::exit(1);
}

}  // namespace

IntakeHouse::IntakeHouse(mysql::Database& the_database, Clock& the_clock, Random& the_random)
    : database(the_database), clock(the_clock), random(the_random) {}

void IntakeHouse::Publish(const TenantScope& scope, const SurveyId& survey, const v1::SurveyDefinition& definition) {
  v1::Survey content;
  content.set_display_name("Survey");
  *content.mutable_definition() = definition;
  if (!surveys.Get(scope, survey).ok()) {
    Require("create survey", surveys.Create(scope, survey, content, clock.Now()).status());
  } else {
    Change(scope, survey, [&](v1::Survey& draft) { *draft.mutable_definition() = definition; });
  }
  Require("publish survey", surveys.Publish(scope, survey, "", clock.Now()).status());
  catalog.Forget(scope, survey);
}

void IntakeHouse::Close(const TenantScope& scope, const SurveyId& survey) {
  Change(scope, survey, [](v1::Survey& published) { published.set_state(v1::Survey::STATE_CLOSED); });
}

void IntakeHouse::SetClosing(const TenantScope& scope, const SurveyId& survey, const v1::Closing& closing) {
  Change(scope, survey, [&](v1::Survey& published) { *published.mutable_closing() = closing; });
}

void IntakeHouse::Change(const TenantScope& scope, const SurveyId& survey,
                         absl::FunctionRef<void(v1::Survey& survey)> change) {
  const auto changed = surveys.Change(scope, survey, clock.Now(), [&](v1::Survey& stored) {
    change(stored);
    return absl::OkStatus();
  });
  Require("change survey", changed.status());
  catalog.Forget(scope, survey);
}

IntakeHouse::Invited IntakeHouse::Invite(const TenantScope& scope, const SurveyId& survey, const Invitee& invitee) {
  const absl::Time now = clock.Now();
  const Uuid event = Uuid::V7(now, random);
  distribution::NewInvitation invitation{.id = Uuid::V7(now, random),
                                         .survey = survey,
                                         .survey_version = invitee.survey_version,
                                         .contact = ContactId(invitee.contact),
                                         .schedule_time = now + invitee.schedule,
                                         .expire_time = now + invitee.expire,
                                         .content = invitee.content};
  invitation.content.set_trigger(ResourceName(scope.tenant(), {"triggers", "after-delivery"}));
  invitation.content.set_event(ResourceName(scope.tenant(), {"events", event.ToString()}));
  distribution::DecisionRecord decision{.key = {.event = event, .trigger = TriggerId("after-delivery")},
                                        .contact = invitation.contact,
                                        .invitation = invitation.id,
                                        .decision = {}};
  decision.decision.set_outcome(v1::Decision::OUTCOME_SCHEDULED);
  decision.decision.set_reason(v1::Decision::REASON_QUALIFIED);
  *decision.decision.mutable_event_time() = ToProto(now);
  *decision.decision.mutable_decide_time() = ToProto(now);
  Require("invite", database.Write(scope, [&](mysql::Transaction& tx) -> absl::Status {
    absl::Status status = decisions.Insert(tx, scope, {decision});
    if (status.ok()) status = invitations.Insert(tx, scope, {invitation});
    return status;
  }));
  return {.id = invitation.id,
          .token = tokens.Sign({.tenant = scope.tenant(),
                                .survey = survey,
                                .invitation = invitation.id,
                                .expire_time = invitation.expire_time})};
}

std::unique_ptr<ResponseIntake> IntakeHouse::MakeIntake(const ResponseOptions& options) {
  return std::make_unique<ResponseIntake>(options,
                                          IntakeRooms{.database = database,
                                                      .responses = responses,
                                                      .catalog = catalog,
                                                      .tokens = tokens,
                                                      .invitations = invitations,
                                                      .decisions = decisions,
                                                      .dimensions = dimensions},
                                          clock, random);
}

metrics::RecountResult IntakeHouse::Recount(const TenantScope& scope, const SurveyId& survey) {
  metrics::RecountResult result;
  Require("recount", database.Read(scope, [&](mysql::Transaction& tx) -> absl::Status {
    absl::StatusOr<metrics::RecountResult> counted = metrics::Recount(tx, catalog, scope, survey);
    if (!counted.ok()) return counted.status();
    result = std::move(*counted);
    return absl::OkStatus();
  }));
  return result;
}

absl::StatusOr<v1::SubmitResponseResponse> SubmitAndWait(ResponseIntake& intake, const TenantScope& scope,
                                                         const v1::SubmitResponseRequest& request,
                                                         absl::Time deadline) {
  absl::StatusOr<v1::SubmitResponseResponse> result;
  absl::BlockingCounter waiting(1);
  intake.Submit(scope, request, deadline, [&](absl::StatusOr<v1::SubmitResponseResponse> answer) {
    result = std::move(answer);
    waiting.DecrementCount();
  });
  waiting.Wait();
  return result;
}

std::vector<absl::StatusOr<v1::SubmitResponseResponse>> SubmitAllAndWait(
    ResponseIntake& intake, const TenantScope& scope, const std::vector<v1::SubmitResponseRequest>& requests) {
  std::vector<absl::StatusOr<v1::SubmitResponseResponse>> results(requests.size());
  absl::BlockingCounter waiting(static_cast<int>(requests.size()));
  for (std::size_t i = 0; i < requests.size(); ++i) {
    intake.Submit(scope, requests[i], absl::InfiniteFuture(),
                  [&waiting, &result = results[i]](absl::StatusOr<v1::SubmitResponseResponse> answer) {
                    result = std::move(answer);
                    waiting.DecrementCount();
                  });
  }
  waiting.Wait();
  return results;
}

}  // namespace canvass::responses::testing
