// Every room, built in order on one database: what the services work with.
//
// Thread-safe once made. Members end in the reverse order.
#ifndef CANVASS_SERVER_MAIN_HOUSE_H_
#define CANVASS_SERVER_MAIN_HOUSE_H_

#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/contacts/contact_store.h"
#include "server/distribution/channels/in_app.h"
#include "server/distribution/decision_store.h"
#include "server/distribution/invitation_store.h"
#include "server/distribution/invitation_token.h"
#include "server/events/event_store.h"
#include "server/events/sources/event_source_catalog.h"
#include "server/events/sources/event_source_store.h"
#include "server/main/config.h"
#include "server/main/secrets.h"
#include "server/metrics/dimension_cache.h"
#include "server/metrics/metric_store.h"
#include "server/mysql/database.h"
#include "server/responses/questionnaire/respondents.h"
#include "server/responses/response_store.h"
#include "server/responses/submit_response.h"
#include "server/rpc/rooms.h"
#include "server/settings/settings_catalog.h"
#include "server/settings/settings_store.h"
#include "server/surveys/survey_catalog.h"
#include "server/surveys/survey_store.h"
#include "server/triggers/decide.h"
#include "server/triggers/trigger_catalog.h"
#include "server/triggers/trigger_store.h"
#include "tenants/authenticator.h"
#include "tenants/keys/api_key_store.h"
#include "tenants/keys/credential.h"
#include "tenants/tenant_directory.h"
#include "tenants/tenant_store.h"

namespace canvass {

class House {
 public:
  // All must outlive the house.
  House(const IntakeOptions& intake, const Secrets& secrets, mysql::Database& database, Clock& clock, Random& random);

  rpc::Rooms rooms();
  tenants::Authenticator& authenticator() { return authenticator_; }
  responses::ResponseIntake& intake() { return intake_; }

 private:
  Clock& clock_;
  Random& random_;
  tenants::CredentialAuthority authority_;
  tenants::TenantStore tenants_;
  tenants::TenantDirectory tenant_directory_;
  tenants::ApiKeyStore api_keys_;
  tenants::Authenticator authenticator_;
  settings::SettingsStore settings_;
  settings::SettingsCatalog settings_catalog_;
  surveys::SurveyStore surveys_;
  surveys::SurveyCatalog survey_catalog_;
  contacts::ContactStore contacts_;
  metrics::DimensionCache dimensions_;
  metrics::MetricStore metrics_;
  distribution::InvitationTokens tokens_;
  distribution::InvitationStore invitations_;
  distribution::DecisionStore decisions_;
  distribution::InAppChannel in_app_;
  triggers::TriggerStore triggers_;
  triggers::TriggerCatalog trigger_catalog_;
  triggers::Decider decider_;
  events::EventStore events_;
  events::EventSourceStore event_sources_;
  events::EventSourceCatalog event_source_catalog_;
  responses::ResponseStore responses_;
  responses::ResponseIntake intake_;
  responses::Respondents respondents_;
};

}  // namespace canvass

#endif  // CANVASS_SERVER_MAIN_HOUSE_H_
