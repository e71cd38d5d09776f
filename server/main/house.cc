#include "server/main/house.h"

namespace canvass {
namespace {

responses::ResponseOptions Translate(const IntakeOptions& options) {
  return {.writers = options.writers, .max_queued = static_cast<std::size_t>(options.queue_limit)};
}

}  // namespace

House::House(const IntakeOptions& intake, const Secrets& secrets, mysql::Database& database, Clock& clock,
             Random& random)
    : clock_(clock),
      random_(random),
      authority_(secrets.signing_secret, secrets.operator_credential),
      tenants_(database),
      tenant_directory_(database, tenants_, clock),
      api_keys_(database),
      authenticator_(authority_, api_keys_, clock),
      settings_(database),
      settings_catalog_(settings_, clock),
      surveys_(database),
      survey_catalog_(surveys_, clock),
      contacts_(database),
      metrics_(database, dimensions_),
      tokens_(secrets.signing_secret),
      invitations_(database),
      decisions_(database),
      in_app_(invitations_, survey_catalog_, tokens_, clock),
      triggers_(database),
      trigger_catalog_(triggers_, clock),
      decider_(trigger_catalog_, survey_catalog_, contacts_, decisions_, invitations_, dimensions_, clock, random),
      events_(database),
      event_sources_(database),
      event_source_catalog_(event_sources_, clock),
      responses_(database),
      intake_(Translate(intake),
              {.database = database,
               .responses = responses_,
               .catalog = survey_catalog_,
               .tokens = tokens_,
               .invitations = invitations_,
               .decisions = decisions_,
               .dimensions = dimensions_},
              clock, random),
      respondents_({.database = database, .catalog = survey_catalog_, .tokens = tokens_, .invitations = invitations_},
                   clock) {}

rpc::Rooms House::rooms() {
  return {.tenants = {.tenants = tenants_,
                      .api_keys = api_keys_,
                      .authority = authority_,
                      .authenticator = authenticator_,
                      .clock = clock_,
                      .random = random_},
          .settings = settings_,
          .settings_catalog = settings_catalog_,
          .surveys = surveys_,
          .survey_catalog = survey_catalog_,
          .contacts = contacts_,
          .events = events_,
          .event_sources = event_sources_,
          .event_source_catalog = event_source_catalog_,
          .decider = decider_,
          .triggers = triggers_,
          .trigger_catalog = trigger_catalog_,
          .decisions = decisions_,
          .invitations = invitations_,
          .in_app = in_app_,
          .metrics = metrics_,
          .dimensions = dimensions_,
          .responses = responses_,
          .intake = intake_,
          .respondents = respondents_,
          .clock = clock_,
          .random = random_};
}

}  // namespace canvass
