// All rooms from an event to an invitation on one database, for tests and benchmarks.
//
//   mysql::testing::TestDatabase db;
//   OrchestrationHouse house(db.database(), db.clock(), db.random());
//   TenantScope scope = mysql::testing::MakeScope();
//   house.PublishSurvey(scope, "nps");
//   house.MakeTrigger(scope, "after-order", R"pb(event_type: "order.delivered" survey: "tenants/-/surveys/nps")pb");
//   v1::PublishEventsResponse response = house.MustPublish(scope, {house.Order("o-1", "ada", time)});
//
// A step that fails ends the process with a message: no test could say more. Thread-safe but for the making of things.
#ifndef CANVASS_SERVER_EVENTS_TESTING_ORCHESTRATION_HOUSE_H_
#define CANVASS_SERVER_EVENTS_TESTING_ORCHESTRATION_HOUSE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/decision.pb.h"
#include "canvass/v1/decision_service.pb.h"
#include "canvass/v1/event_service.pb.h"
#include "canvass/v1/invitation.pb.h"
#include "canvass/v1/trigger.pb.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"
#include "server/contacts/contact_store.h"
#include "server/contacts/segment_catalog.h"
#include "server/contacts/segment_store.h"
#include "server/contacts/suppression_store.h"
#include "server/distribution/decision_store.h"
#include "server/distribution/invitation_store.h"
#include "server/distribution/outbox/outbox_store.h"
#include "server/events/event_store.h"
#include "server/metrics/dimension_cache.h"
#include "server/mysql/database.h"
#include "server/settings/settings_catalog.h"
#include "server/settings/settings_store.h"
#include "server/surveys/survey_catalog.h"
#include "server/surveys/survey_store.h"
#include "server/triggers/decide.h"
#include "server/triggers/trigger_catalog.h"
#include "server/triggers/trigger_store.h"

namespace canvass::events::testing {

// Parses protobuf's text format.
void ParseInto(absl::string_view text, google::protobuf::Message& message);
template <typename Message>
Message Parse(absl::string_view text) {
  Message message;
  ParseInto(text, message);
  return message;
}

// An event `order.delivered` of /shop with a `total`.
v1::Event Order(absl::string_view id, absl::string_view customer, absl::Time time, double total = 20);

class OrchestrationHouse {
 public:
  OrchestrationHouse(mysql::Database& db, Clock& the_clock, Random& the_random)
      : database(db), clock(the_clock), random(the_random) {}

  // Makes a survey of one NPS question and publishes it. Breakdowns may be empty.
  void PublishSurvey(const TenantScope& scope, absl::string_view survey,
                     const std::vector<std::string>& breakdowns = {});
  void MakeDraft(const TenantScope& scope, absl::string_view survey);
  void CloseSurvey(const TenantScope& scope, absl::string_view survey);
  void MakeContact(const TenantScope& scope, absl::string_view id, const v1::Contact& contact);

  v1::Trigger MakeTrigger(const TenantScope& scope, absl::string_view id, const v1::Trigger& content);
  v1::Trigger MakeTrigger(const TenantScope& scope, absl::string_view id, absl::string_view content) {
    return MakeTrigger(scope, id, Parse<v1::Trigger>(content));
  }

  absl::StatusOr<v1::PublishEventsResponse> Publish(const TenantScope& scope, const std::vector<v1::Event>& events);
  // With contacts to change.
  absl::StatusOr<v1::PublishEventsResponse> PublishRequest(const TenantScope& scope,
                                                           const v1::PublishEventsRequest& request);
  v1::PublishEventsResponse MustPublish(const TenantScope& scope, const std::vector<v1::Event>& events);

  // Changes the tenant's contact policy or channel settings; text format.
  void SetPolicy(const TenantScope& scope, absl::string_view policy);
  void SetChannels(const TenantScope& scope, absl::string_view channels);
  void MakeSegment(const TenantScope& scope, absl::string_view id, absl::string_view condition);

  // The decision of `trigger` on an event.
  v1::Decision DecisionOn(const TenantScope& scope, const v1::Event& event, absl::string_view trigger);
  // The same rule by rule.
  v1::ExplainDecisionResponse Explain(const TenantScope& scope, const v1::Event& event, absl::string_view trigger);
  // The customer's invitations, the latest due first.
  std::vector<v1::Invitation> InvitationsOf(const TenantScope& scope, absl::string_view customer);

  mysql::Database& database;
  Clock& clock;
  Random& random;
  surveys::SurveyStore surveys{database};
  surveys::SurveyCatalog survey_catalog{surveys, clock};
  contacts::ContactStore contacts{database};
  contacts::SuppressionStore suppressions{database};
  contacts::SegmentStore segments{database};
  contacts::SegmentCatalog segment_catalog{segments, clock};
  settings::SettingsStore settings{database};
  settings::SettingsCatalog settings_catalog{settings, clock};
  triggers::TriggerStore triggers{database};
  triggers::TriggerCatalog trigger_catalog{triggers, clock};
  distribution::DecisionStore decisions{database};
  distribution::InvitationStore invitations{database};
  distribution::OutboxStore outbox{database};
  metrics::DimensionCache dimensions;
  EventStore events{database};
  triggers::PlanSources sources{database, trigger_catalog, survey_catalog, segment_catalog, settings_catalog};
  triggers::Decider decider{
      {sources, contacts, suppressions, decisions, invitations, outbox, dimensions}, clock, random};
};

}  // namespace canvass::events::testing

#endif  // CANVASS_SERVER_EVENTS_TESTING_ORCHESTRATION_HOUSE_H_
