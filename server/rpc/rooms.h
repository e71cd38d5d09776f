// What the services work with: one reference to each room's front. Wired up in main/, which owns all of it.
#ifndef CANVASS_SERVER_RPC_ROOMS_H_
#define CANVASS_SERVER_RPC_ROOMS_H_

namespace canvass {
class Clock;
class Random;
namespace tenants {
class ApiKeyStore;
class Authenticator;
class CredentialAuthority;
class TenantStore;
}  // namespace tenants
namespace settings {
class SettingsCatalog;
class SettingsStore;
}  // namespace settings
namespace surveys {
class SurveyCatalog;
class SurveyStore;
}  // namespace surveys
namespace contacts {
class ContactStore;
class SegmentCatalog;
class SegmentStore;
class SuppressionStore;
}  // namespace contacts
namespace events {
class EventSourceCatalog;
class EventSourceStore;
class EventIntake;
class EventStore;
}  // namespace events
namespace operations {
class OperationStore;
}  // namespace operations
namespace triggers {
class Decider;
class TriggerCatalog;
class TriggerStore;
struct InvitingRooms;
}  // namespace triggers
namespace distribution {
class DecisionStore;
class DecisionWatch;
class InAppChannel;
class InvitationStore;
class InvitationWatch;
class OutboxStore;
class SurveyLinkAddresses;
class SurveyLinkStore;
}  // namespace distribution
namespace metrics {
class DimensionCache;
class MetricStore;
}  // namespace metrics
namespace responses {
class ExportDesk;
class Respondents;
class ResponseIntake;
class ResponseStore;
class ResponseWatch;
struct ChangeRooms;
struct PartialRooms;
}  // namespace responses
}  // namespace canvass

namespace canvass::rpc {

struct TenantRooms {
  tenants::TenantStore& tenants;
  tenants::ApiKeyStore& api_keys;
  const tenants::CredentialAuthority& authority;
  tenants::Authenticator& authenticator;
  const Clock& clock;
  Random& random;
};

struct Rooms {
  TenantRooms tenants;
  settings::SettingsStore& settings;
  settings::SettingsCatalog& settings_catalog;
  surveys::SurveyStore& surveys;
  surveys::SurveyCatalog& survey_catalog;
  contacts::ContactStore& contacts;
  contacts::SegmentStore& segments;
  contacts::SegmentCatalog& segment_catalog;
  contacts::SuppressionStore& suppressions;
  events::EventStore& events;
  events::EventIntake& event_intake;
  events::EventSourceStore& event_sources;
  events::EventSourceCatalog& event_source_catalog;
  operations::OperationStore& operations;
  triggers::Decider& decider;
  triggers::TriggerStore& triggers;
  triggers::TriggerCatalog& trigger_catalog;
  const triggers::InvitingRooms& inviting;
  distribution::DecisionStore& decisions;
  distribution::InvitationStore& invitations;
  distribution::OutboxStore& outbox;
  distribution::InAppChannel& in_app;
  distribution::DecisionWatch& decision_watch;
  distribution::InvitationWatch& invitation_watch;
  distribution::SurveyLinkStore& survey_links;
  const distribution::SurveyLinkAddresses& survey_link_addresses;
  metrics::MetricStore& metrics;
  metrics::DimensionCache& dimensions;
  responses::ResponseStore& responses;
  responses::ResponseIntake& intake;
  responses::ExportDesk& response_exports;
  const responses::ChangeRooms& response_changes;
  responses::ResponseWatch& response_watch;
  responses::Respondents& respondents;
  const responses::PartialRooms& partial_responses;
  const Clock& clock;
  Random& random;
};

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_ROOMS_H_
