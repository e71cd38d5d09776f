// All services together: which methods of the contract are still to come.

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/contacts/contact_store.h"
#include "server/distribution/channels/in_app.h"
#include "server/distribution/decision_store.h"
#include "server/distribution/invitation_store.h"
#include "server/distribution/invitation_token.h"
#include "server/events/event_store.h"
#include "server/metrics/dimension_cache.h"
#include "server/metrics/metric_store.h"
#include "server/mysql/testing/test_database.h"
#include "server/responses/questionnaire/respondents.h"
#include "server/responses/response_store.h"
#include "server/responses/submit_response.h"
#include "server/rpc/orchestration/contact_service.h"
#include "server/rpc/orchestration/decision_service.h"
#include "server/rpc/orchestration/event_service.h"
#include "server/rpc/orchestration/invitation_service.h"
#include "server/rpc/orchestration/trigger_service.h"
#include "server/rpc/services/api_key_service.h"
#include "server/rpc/services/metric_service.h"
#include "server/rpc/services/response_service.h"
#include "server/rpc/services/survey_service.h"
#include "server/rpc/services/tenant_service.h"
#include "server/rpc/testing/edge_server.h"
#include "server/surveys/survey_catalog.h"
#include "server/surveys/survey_store.h"
#include "server/triggers/decide.h"
#include "server/triggers/trigger_catalog.h"
#include "server/triggers/trigger_store.h"

namespace canvass::rpc {
namespace {

// Every room, as main/ builds them.
struct BuiltRooms {
  BuiltRooms(mysql::Database& database, Clock& clock, Random& random)
      : surveys(database),
        catalog(surveys, clock),
        contacts(database),
        metrics(database, dimensions),
        tokens(std::string(32, 's')),
        invitations(database),
        decisions(database),
        in_app(invitations, catalog, tokens, clock),
        triggers(database),
        trigger_catalog(triggers, clock),
        decider(trigger_catalog, catalog, contacts, decisions, invitations, dimensions, clock, random),
        events(database),
        responses(database),
        intake({.writers = 1}, {database, responses, catalog, tokens, invitations, decisions, dimensions}, clock,
               random),
        respondents({database, catalog, tokens, invitations}, clock) {}

  Rooms For(const TenantRooms& tenants) {
    return {tenants,    surveys,         catalog,   contacts,    events,        decider,
            triggers,   trigger_catalog, decisions, invitations, in_app,        metrics,
            dimensions, responses,       intake,    respondents, tenants.clock, tenants.random};
  }

  surveys::SurveyStore surveys;
  surveys::SurveyCatalog catalog;
  contacts::ContactStore contacts;
  metrics::DimensionCache dimensions;
  metrics::MetricStore metrics;
  distribution::InvitationTokens tokens;
  distribution::InvitationStore invitations;
  distribution::DecisionStore decisions;
  distribution::InAppChannel in_app;
  triggers::TriggerStore triggers;
  triggers::TriggerCatalog trigger_catalog;
  triggers::Decider decider;
  events::EventStore events;
  responses::ResponseStore responses;
  responses::ResponseIntake intake;
  responses::Respondents respondents;
};

class ServicesTest : public ::testing::Test {
 protected:
  std::vector<std::unique_ptr<RpcService>> MakeAll() {
    std::vector<std::unique_ptr<RpcService>> services;
    services.push_back(MakeTenantService(server_.pipeline(), rooms_.tenants));
    services.push_back(MakeApiKeyService(server_.pipeline(), rooms_.tenants));
    for (const auto make : {&MakeSurveyService, &MakeContactService, &MakeEventService, &MakeTriggerService,
                            &MakeDecisionService, &MakeInvitationService, &MakeResponseService, &MakeMetricService}) {
      services.push_back(make(server_.pipeline(), rooms_));
    }
    return services;
  }

  mysql::testing::TestDatabase db_;
  testing::EdgeServer server_{db_.database(), db_.clock(), {}};
  BuiltRooms built_{db_.database(), db_.clock(), db_.random()};
  const Rooms rooms_ = built_.For(server_.rooms());
};

TEST_F(ServicesTest, TheseMethodsAreStillToCome) {
  std::set<std::string> missing;
  for (const auto& service : MakeAll()) {
    for (const std::string& method : service->NotImplemented()) missing.insert(method);
  }
  const std::set<std::string> expected = {
      "DeleteTenant",                                                               // TenantService
      "EraseContact",     "MergeContacts",                                          // ContactService
      "StreamEvents",                                                               // EventService
      "BacktestTrigger",                                                            // TriggerService
      "ExplainDecision",  "WatchDecisions",                                         // DecisionService
      "CreateInvitation", "WatchInvitations",                                       // InvitationService
      "StreamResponses",  "ExportResponses",  "WatchResponses", "ExcludeResponse",  // ResponseService
      "CompareMetric",    "QueryDrivers",     "WatchMetric",    "VerifyMetrics",    // MetricService
  };
  EXPECT_EQ(missing, expected);
}

// The contract's comments say the same.
TEST_F(ServicesTest, TheContractSaysWhichMethodsAreStillToCome) {
  for (const auto& service : MakeAll()) {
    std::string file(absl::StripSuffix(absl::StripPrefix(service->name(), "canvass.v1."), "Service"));
    for (std::size_t i = 1; i < file.size(); ++i) {
      if (absl::ascii_isupper(static_cast<unsigned char>(file[i]))) file.insert(i++, 1, '_');
    }
    std::ifstream proto(absl::StrCat("proto/canvass/v1/", absl::AsciiStrToLower(file), "_service.proto"));
    ASSERT_TRUE(proto.good()) << file;
    std::set<std::string> said;
    bool marked = false;
    for (std::string line; std::getline(proto, line);) {
      if (absl::StrContains(line, "Not implemented yet")) marked = true;
      if (!absl::StartsWith(line, "  rpc ")) continue;
      if (marked) said.insert(line.substr(6, line.find('(') - 6));
      marked = false;
    }
    const std::vector<std::string> missing = service->NotImplemented();
    EXPECT_EQ(std::set<std::string>(missing.begin(), missing.end()), said) << service->name();
  }
}

}  // namespace
}  // namespace canvass::rpc
