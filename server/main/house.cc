#include "server/main/house.h"

#include "server/events/backtest/backtest_trigger.h"
#include "server/events/publish_events.h"
#include "server/rpc/admission.h"

namespace canvass {
namespace {

responses::ResponseOptions Translate(const IntakeOptions& options) {
  return {.writers = options.writers, .max_queued = static_cast<std::size_t>(options.queue_limit)};
}

}  // namespace

House::House(const HouseOptions& options, const Secrets& secrets, mysql::Database& database, Clock& clock,
             Random& random)
    : database_(database),
      clock_(clock),
      random_(random),
      authority_(secrets.signing_secret, secrets.operator_credential),
      tenants_(database),
      tenant_directory_(database, tenants_, clock),
      api_keys_(database),
      authenticator_(authority_, api_keys_, clock),
      operations_(database),
      settings_(database),
      settings_catalog_(settings_, clock),
      surveys_(database),
      survey_catalog_(surveys_, clock),
      contacts_(database),
      segments_(database),
      segment_catalog_(segments_, clock),
      suppressions_(database),
      metrics_(database, dimensions_),
      tokens_(secrets.signing_secret),
      unsubscribe_tokens_(secrets.signing_secret),
      link_tokens_(secrets.signing_secret),
      page_urls_(options.public_url),
      link_addresses_(link_tokens_, page_urls_),
      links_(database),
      invitations_(database),
      decisions_(database),
      outbox_(database),
      in_app_(invitations_, survey_catalog_, tokens_, clock),
      invitation_watch_(invitations_, in_app_, contacts_, clock),
      channels_(options.channels, {.invitations = tokens_, .unsubscribes = unsubscribe_tokens_, .urls = page_urls_}),
      triggers_(database),
      refusals_(triggers_),
      decision_watch_(decisions_, &refusals_, clock),
      trigger_catalog_(triggers_, clock),
      plan_sources_{.database = database,
                    .triggers = trigger_catalog_,
                    .surveys = survey_catalog_,
                    .segments = segment_catalog_,
                    .settings = settings_catalog_},
      decider_({.sources = plan_sources_,
                .contacts = contacts_,
                .suppressions = suppressions_,
                .decisions = decisions_,
                .invitations = invitations_,
                .outbox = outbox_,
                .dimensions = dimensions_},
               clock, random),
      send_check_({.sources = plan_sources_,
                   .contacts = contacts_,
                   .suppressions = suppressions_,
                   .tenants = tenant_directory_},
                  clock),
      inviting_{.sources = plan_sources_,
                .contacts = contacts_,
                .suppressions = suppressions_,
                .invitations = invitations_,
                .outbox = outbox_,
                .dimensions = dimensions_,
                .tokens = tokens_,
                .urls = page_urls_,
                .clock = clock,
                .random = random},
      backtest_sources_{.plan = plan_sources_, .contacts = contacts_, .suppressions = suppressions_},
      feedback_(delivery_parts(), contacts_),
      events_(database),
      event_intake_({}, events_, decider_, clock, random),
      event_sources_(database),
      event_source_catalog_(event_sources_, clock),
      responses_(database),
      intake_(Translate(options.intake),
              {.database = database,
               .responses = responses_,
               .catalog = survey_catalog_,
               .tokens = tokens_,
               .invitations = invitations_,
               .decisions = decisions_,
               .dimensions = dimensions_},
              clock, random),
      response_changes_{.database = database, .catalog = survey_catalog_, .clock = clock},
      response_exports_(responses_, clock),
      response_watch_(database, clock),
      respondents_({.database = database, .catalog = survey_catalog_, .tokens = tokens_, .invitations = invitations_},
                   clock),
      drafts_(database),
      partial_responses_{
          .drafts = drafts_, .responses = responses_, .respondents = respondents_, .tokens = tokens_, .clock = clock} {}

http::PageParts House::page_parts() {
  return {.tenants = tenant_directory_,
          .settings = settings_catalog_,
          .respondents = respondents_,
          .intake = intake_,
          .drafts = drafts_,
          .links = links_,
          .suppressions = suppressions_,
          .invitation_tokens = tokens_,
          .unsubscribe_tokens = unsubscribe_tokens_,
          .link_tokens = link_tokens_,
          .link_addresses = link_addresses_,
          .clock = clock_,
          .random = random_};
}

http::IntakeParts House::http_intake_parts() {
  return {.authorize =
              [this](absl::string_view method, absl::string_view authorization) {
                return rpc::AdmitTenant(authenticator_, method, authorization);
              },
          .publish =
              [this](const TenantScope& scope, const v1::PublishEventsRequest& request, absl::Time deadline) {
                return events::PublishEvents(events_, decider_, clock_, random_, scope, request, deadline);
              },
          .take_feedback =
              [this](const TenantScope& scope, const Uuid& message, const distribution::Feedback& feedback) {
                return feedback_.Take(scope, message, feedback);
              },
          .tenants = tenant_directory_,
          .sources = event_source_catalog_,
          .settings = settings_catalog_,
          .urls = page_urls_,
          .clock = clock_,
          .random = random_};
}

distribution::DeliveryParts House::delivery_parts() {
  return {.outbox = outbox_,
          .invitations = invitations_,
          .decisions = decisions_,
          .suppressions = suppressions_,
          .surveys = survey_catalog_,
          .settings = settings_catalog_,
          .dimensions = dimensions_,
          .check = send_check_,
          .channels = channels_,
          .clock = clock_,
          .random = random_};
}

operations::RunnerParts House::runner_parts() {
  return {.operations = operations_,
          .tenants = tenant_directory_,
          .clock = clock_,
          .random = random_,
          .functions = {{events::kBacktestTrigger, events::BacktestFunction(backtest_sources_)}}};
}

events::RetentionParts House::retention_parts() {
  return {
      .database = database_, .tenants = tenants_, .settings = settings_catalog_, .clock = clock_, .random = random_};
}

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
          .segments = segments_,
          .segment_catalog = segment_catalog_,
          .suppressions = suppressions_,
          .events = events_,
          .event_intake = event_intake_,
          .event_sources = event_sources_,
          .event_source_catalog = event_source_catalog_,
          .operations = operations_,
          .decider = decider_,
          .triggers = triggers_,
          .trigger_catalog = trigger_catalog_,
          .inviting = inviting_,
          .decisions = decisions_,
          .invitations = invitations_,
          .outbox = outbox_,
          .in_app = in_app_,
          .decision_watch = decision_watch_,
          .invitation_watch = invitation_watch_,
          .survey_links = links_,
          .survey_link_addresses = link_addresses_,
          .metrics = metrics_,
          .dimensions = dimensions_,
          .responses = responses_,
          .intake = intake_,
          .response_exports = response_exports_,
          .response_changes = response_changes_,
          .response_watch = response_watch_,
          .respondents = respondents_,
          .partial_responses = partial_responses_,
          .clock = clock_,
          .random = random_};
}

}  // namespace canvass
