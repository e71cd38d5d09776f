// Every room, built in order on one database: what the services work with.
//
// Thread-safe once made. Members end in the reverse order.
#ifndef CANVASS_SERVER_MAIN_HOUSE_H_
#define CANVASS_SERVER_MAIN_HOUSE_H_

#include <string>

#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/contacts/contact_store.h"
#include "server/contacts/segment_catalog.h"
#include "server/contacts/segment_store.h"
#include "server/contacts/suppression_store.h"
#include "server/distribution/channels/in_app.h"
#include "server/distribution/decision_store.h"
#include "server/distribution/feedback/delivery_feedback.h"
#include "server/distribution/invitation_store.h"
#include "server/distribution/invitation_token.h"
#include "server/distribution/links/survey_link_address.h"
#include "server/distribution/links/survey_link_store.h"
#include "server/distribution/links/survey_link_token.h"
#include "server/distribution/outbox/delivery.h"
#include "server/distribution/outbox/outbox_store.h"
#include "server/distribution/outbox/sending_channels.h"
#include "server/distribution/page_urls.h"
#include "server/distribution/unsubscribe_token.h"
#include "server/distribution/watching/watch_decisions.h"
#include "server/distribution/watching/watch_invitations.h"
#include "server/events/backtest/run_backtest.h"
#include "server/events/event_intake.h"
#include "server/events/event_retention.h"
#include "server/events/event_store.h"
#include "server/events/sources/event_source_catalog.h"
#include "server/events/sources/event_source_store.h"
#include "server/http/intake/intake.h"
#include "server/http/pages/visit.h"
#include "server/main/config.h"
#include "server/main/secrets.h"
#include "server/metrics/dimension_cache.h"
#include "server/metrics/metric_store.h"
#include "server/mysql/database.h"
#include "server/operations/operation_runner.h"
#include "server/operations/operation_store.h"
#include "server/responses/changing/change_response.h"
#include "server/responses/drafts/draft_store.h"
#include "server/responses/drafts/save_partial_response.h"
#include "server/responses/questionnaire/respondents.h"
#include "server/responses/reading/export_responses.h"
#include "server/responses/response_store.h"
#include "server/responses/submit_response.h"
#include "server/responses/watching/watch_responses.h"
#include "server/rpc/rooms.h"
#include "server/settings/settings_catalog.h"
#include "server/settings/settings_store.h"
#include "server/surveys/survey_catalog.h"
#include "server/surveys/survey_store.h"
#include "server/triggers/check_before_send.h"
#include "server/triggers/decide.h"
#include "server/triggers/decisions/stored_refusals.h"
#include "server/triggers/inviting/create_invitation.h"
#include "server/triggers/trigger_catalog.h"
#include "server/triggers/trigger_store.h"
#include "tenants/authenticator.h"
#include "tenants/keys/api_key_store.h"
#include "tenants/keys/credential.h"
#include "tenants/tenant_directory.h"
#include "tenants/tenant_store.h"

namespace canvass {

struct HouseOptions {
  IntakeOptions intake;
  distribution::ChannelOptions channels;
  // Where respondents' pages are seen from outside.
  std::string public_url;
};

class House {
 public:
  // All must outlive the house.
  House(const HouseOptions& options, const Secrets& secrets, mysql::Database& database, Clock& clock, Random& random);

  rpc::Rooms rooms();
  http::PageParts page_parts();
  http::IntakeParts http_intake_parts();
  distribution::DeliveryParts delivery_parts();
  // Every kind of operation with what does it.
  operations::RunnerParts runner_parts();
  events::RetentionParts retention_parts();
  tenants::TenantDirectory& tenant_directory() { return tenant_directory_; }
  tenants::Authenticator& authenticator() { return authenticator_; }
  responses::ResponseIntake& intake() { return intake_; }
  events::EventIntake& event_intake() { return event_intake_; }

 private:
  mysql::Database& database_;
  Clock& clock_;
  Random& random_;
  tenants::CredentialAuthority authority_;
  tenants::TenantStore tenants_;
  tenants::TenantDirectory tenant_directory_;
  tenants::ApiKeyStore api_keys_;
  tenants::Authenticator authenticator_;
  operations::OperationStore operations_;
  settings::SettingsStore settings_;
  settings::SettingsCatalog settings_catalog_;
  surveys::SurveyStore surveys_;
  surveys::SurveyCatalog survey_catalog_;
  contacts::ContactStore contacts_;
  contacts::SegmentStore segments_;
  contacts::SegmentCatalog segment_catalog_;
  contacts::SuppressionStore suppressions_;
  metrics::DimensionCache dimensions_;
  metrics::MetricStore metrics_;
  distribution::InvitationTokens tokens_;
  distribution::UnsubscribeTokens unsubscribe_tokens_;
  distribution::SurveyLinkTokens link_tokens_;
  distribution::PageUrls page_urls_;
  distribution::SurveyLinkAddresses link_addresses_;
  distribution::SurveyLinkStore links_;
  distribution::InvitationStore invitations_;
  distribution::DecisionStore decisions_;
  distribution::OutboxStore outbox_;
  distribution::InAppChannel in_app_;
  distribution::InvitationWatch invitation_watch_;
  distribution::SendingChannels channels_;
  triggers::TriggerStore triggers_;
  triggers::StoredRefusals refusals_;
  distribution::DecisionWatch decision_watch_;
  triggers::TriggerCatalog trigger_catalog_;
  triggers::PlanSources plan_sources_;
  triggers::Decider decider_;
  triggers::CheckBeforeSend send_check_;
  triggers::InvitingRooms inviting_;
  events::BacktestSources backtest_sources_;
  distribution::DeliveryFeedback feedback_;
  events::EventStore events_;
  events::EventIntake event_intake_;
  events::EventSourceStore event_sources_;
  events::EventSourceCatalog event_source_catalog_;
  responses::ResponseStore responses_;
  responses::ResponseIntake intake_;
  responses::ChangeRooms response_changes_;
  responses::ExportDesk response_exports_;
  responses::ResponseWatch response_watch_;
  responses::Respondents respondents_;
  responses::DraftStore drafts_;
  responses::PartialRooms partial_responses_;
};

}  // namespace canvass

#endif  // CANVASS_SERVER_MAIN_HOUSE_H_
