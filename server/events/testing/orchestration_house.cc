#include "server/events/testing/orchestration_house.h"

#include <google/protobuf/text_format.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/proto_time.h"
#include "server/conditions/condition.h"
#include "server/events/event.h"
#include "server/events/publish_events.h"
#include "server/triggers/create_trigger.h"
#include "server/triggers/decisions/decision_reader.h"
#include "server/triggers/decisions/explain_decision.h"

namespace canvass::events::testing {
namespace {

[[noreturn]] void Fail(absl::string_view what, absl::string_view why) {
  const std::string text = absl::StrCat("orchestration house: ", what, ": ", why, "\n");
  std::fputs(text.c_str(), stderr);
  std::exit(1);
}

void Require(absl::string_view what, const absl::Status& status) {
  if (!status.ok()) Fail(what, status.ToString());
}

template <typename T>
T Must(absl::string_view what, absl::StatusOr<T> result) {
  if (!result.ok()) Fail(what, result.status().ToString());
  return *std::move(result);
}

}  // namespace

void ParseInto(absl::string_view text, google::protobuf::Message& message) {
  if (!google::protobuf::TextFormat::ParseFromString(std::string(text), &message)) Fail("cannot parse", text);
}

v1::Event Order(absl::string_view id, absl::string_view customer, absl::Time time, double total) {
  v1::Event event;
  event.set_source("/shop");
  event.set_id(std::string(id));
  event.set_type("order.delivered");
  event.set_subject(std::string(customer));
  *event.mutable_time() = ToProto(time);
  (*event.mutable_data()->mutable_fields())["total"].set_number_value(total);
  return event;
}

void OrchestrationHouse::MakeDraft(const TenantScope& scope, absl::string_view survey) {
  const auto content = Parse<v1::Survey>(R"pb(
    definition {
      default_language: "en"
      questions {
        key: "recommend"
        text { key: "en" value: "How likely are you to recommend us?" }
        nps {}
      }
    })pb");
  Require("survey", surveys.Create(scope, SurveyId(std::string(survey)), content, clock.Now()).status());
}

void OrchestrationHouse::PublishSurvey(const TenantScope& scope, absl::string_view survey,
                                       const std::vector<std::string>& breakdowns) {
  const SurveyId id{std::string(survey)};
  MakeDraft(scope, survey);
  const auto add_breakdowns = [&](v1::Survey& draft) {
    for (const std::string& path : breakdowns) draft.mutable_definition()->add_breakdowns(path);
    return absl::OkStatus();
  };
  Require("breakdowns", surveys.Change(scope, id, clock.Now(), add_breakdowns).status());
  Require("publish", surveys.Publish(scope, id, "", clock.Now()).status());
  survey_catalog.Forget(scope, id);
}

void OrchestrationHouse::CloseSurvey(const TenantScope& scope, absl::string_view survey) {
  const SurveyId id{std::string(survey)};
  const auto close = [](v1::Survey& published) {
    published.set_state(v1::Survey::STATE_CLOSED);
    return absl::OkStatus();
  };
  Require("close", surveys.Change(scope, id, clock.Now(), close).status());
  survey_catalog.Forget(scope, id);
}

void OrchestrationHouse::MakeContact(const TenantScope& scope, absl::string_view id, const v1::Contact& contact) {
  const auto replace = [&](v1::Contact& stored) {
    *stored.mutable_attributes() = contact.attributes();
    stored.set_language(contact.language());
    stored.set_time_zone(contact.time_zone());
    *stored.mutable_addresses() = contact.addresses();
    return absl::OkStatus();
  };
  Require("contact", contacts.Upsert(scope, ContactId(std::string(id)), clock.Now(), replace).status());
}

v1::Trigger OrchestrationHouse::MakeTrigger(const TenantScope& scope, absl::string_view id,
                                            const v1::Trigger& content) {
  v1::CreateTriggerRequest request;
  request.set_parent("tenants/-");
  request.set_trigger_id(std::string(id));
  *request.mutable_trigger() = content;
  return Must("trigger", triggers::CreateTrigger(triggers, trigger_catalog, survey_catalog, clock, scope, request));
}

void OrchestrationHouse::SetPolicy(const TenantScope& scope, absl::string_view policy) {
  const auto set = [&](v1::ContactPolicy& stored) {
    stored = Parse<v1::ContactPolicy>(policy);
    return absl::OkStatus();
  };
  Require("policy", settings.ChangePolicy(scope, clock.Now(), set).status());
  settings_catalog.Forget(scope);
}

void OrchestrationHouse::SetChannels(const TenantScope& scope, absl::string_view channels) {
  const auto set = [&](v1::ChannelSettings& stored) {
    stored = Parse<v1::ChannelSettings>(channels);
    return absl::OkStatus();
  };
  Require("channels", settings.ChangeChannels(scope, clock.Now(), set).status());
  settings_catalog.Forget(scope);
}

void OrchestrationHouse::MakeSegment(const TenantScope& scope, absl::string_view id, absl::string_view condition) {
  v1::Segment content;
  content.mutable_condition()->set_text(std::string(condition));
  Require("condition", conditions::NormalizeCondition("condition", {"contact"}, *content.mutable_condition()));
  Require("segment", database.Write(scope, [&](mysql::Transaction& tx) {
    return segments.Insert(tx, scope, SegmentId(std::string(id)), content, clock.Now()).status();
  }));
  segment_catalog.Forget(scope);
}

absl::StatusOr<v1::PublishEventsResponse> OrchestrationHouse::PublishRequest(const TenantScope& scope,
                                                                             const v1::PublishEventsRequest& request) {
  return PublishEvents(events, decider, clock, random, scope, request);
}

absl::StatusOr<v1::PublishEventsResponse> OrchestrationHouse::Publish(const TenantScope& scope,
                                                                      const std::vector<v1::Event>& list) {
  v1::PublishEventsRequest request;
  request.set_parent("tenants/-");
  for (const v1::Event& event : list) *request.add_events() = event;
  return PublishRequest(scope, request);
}

v1::PublishEventsResponse OrchestrationHouse::MustPublish(const TenantScope& scope,
                                                          const std::vector<v1::Event>& list) {
  return Must("publish events", Publish(scope, list));
}

v1::Decision OrchestrationHouse::DecisionOn(const TenantScope& scope, const v1::Event& event,
                                            absl::string_view trigger) {
  return Must("decision", triggers::DecisionReader(decisions, triggers)
                              .Get(scope, {.event = EventKey(event.source(), event.id()),
                                           .trigger = TriggerId(std::string(trigger))}));
}

v1::ExplainDecisionResponse OrchestrationHouse::Explain(const TenantScope& scope, const v1::Event& event,
                                                        absl::string_view trigger) {
  v1::ExplainDecisionRequest request;
  request.set_name(absl::StrCat(EventName(scope, EventKey(event.source(), event.id())), "/decisions/", trigger));
  return Must("explanation", triggers::ExplainDecision(decisions, triggers, scope, request));
}

std::vector<v1::Invitation> OrchestrationHouse::InvitationsOf(const TenantScope& scope, absl::string_view customer) {
  std::vector<v1::Invitation> list;
  auto records =
      Must("invitations", invitations.ListByContact(scope, ContactId(std::string(customer)), std::nullopt, 1000));
  for (auto& record : records) list.push_back(std::move(record.invitation));
  return list;
}

}  // namespace canvass::events::testing
