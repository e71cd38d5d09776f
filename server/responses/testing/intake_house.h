// All rooms that the taking of responses works with, on one database, for tests and benchmarks.
//
//   mysql::testing::TestDatabase db;
//   IntakeHouse house(db.database(), db.clock(), db.random());
//   TenantScope scope = mysql::testing::MakeScope();
//   house.Publish(scope, SurveyId("nps"), definition);
//   auto intake = house.MakeIntake({.writers = 2});
//   auto result = SubmitAndWait(*intake, scope, request);
//
// A step that fails ends the process with a message: no test could say more.
#ifndef CANVASS_SERVER_RESPONSES_TESTING_INTAKE_HOUSE_H_
#define CANVASS_SERVER_RESPONSES_TESTING_INTAKE_HOUSE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "canvass/v1/response_service.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"
#include "server/distribution/decision_store.h"
#include "server/distribution/invitation_store.h"
#include "server/distribution/invitation_token.h"
#include "server/metrics/dimension_cache.h"
#include "server/metrics/recount.h"
#include "server/mysql/database.h"
#include "server/responses/batch_writer.h"
#include "server/responses/quotas/quota_store.h"
#include "server/responses/response_options.h"
#include "server/responses/response_store.h"
#include "server/responses/submit_response.h"
#include "server/surveys/survey_catalog.h"
#include "server/surveys/survey_store.h"

namespace canvass::responses::testing {

class IntakeHouse {
 public:
  IntakeHouse(mysql::Database& database, Clock& clock, Random& random);

  // Makes the survey if it is not there, and publishes `definition` as its next version.
  void Publish(const TenantScope& scope, const SurveyId& survey, const v1::SurveyDefinition& definition);
  void Close(const TenantScope& scope, const SurveyId& survey);
  // When it stops taking answers by itself.
  void SetClosing(const TenantScope& scope, const SurveyId& survey, const v1::Closing& closing);

  struct Invitee {
    int survey_version = 1;
    std::string contact = "ada";
    // Relative to the clock's time.
    absl::Duration schedule = -absl::Hours(1);
    absl::Duration expire = absl::Hours(24 * 30);
    // Nothing: a trigger's, of an event that has a decision.
    v1::Invitation content;
  };
  struct Invited {
    Uuid id;
    std::string token;
  };
  Invited Invite(const TenantScope& scope, const SurveyId& survey, const Invitee& invitee);
  Invited Invite(const TenantScope& scope, const SurveyId& survey) { return Invite(scope, survey, Invitee()); }

  std::unique_ptr<ResponseIntake> MakeIntake(const ResponseOptions& options);
  std::unique_ptr<ResponseIntake> MakeIntake() { return MakeIntake(ResponseOptions()); }

  metrics::RecountResult Recount(const TenantScope& scope, const SurveyId& survey);

  mysql::Database& database;
  Clock& clock;
  Random& random;
  surveys::SurveyStore surveys{database};
  surveys::SurveyCatalog catalog{surveys, clock};
  distribution::InvitationTokens tokens{"a secret of tests alone, 32 bytes"};
  distribution::InvitationStore invitations{database};
  distribution::DecisionStore decisions{database};
  metrics::DimensionCache dimensions;
  ResponseStore responses{database};
  QuotaStore quotas{database};

 private:
  void Change(const TenantScope& scope, const SurveyId& survey, absl::FunctionRef<void(v1::Survey& survey)> change);
};

// Submits and waits for the answer.
absl::StatusOr<v1::SubmitResponseResponse> SubmitAndWait(ResponseIntake& intake, const TenantScope& scope,
                                                         const v1::SubmitResponseRequest& request,
                                                         absl::Time deadline = absl::InfiniteFuture());

// Submits all at once and waits for all answers.
std::vector<absl::StatusOr<v1::SubmitResponseResponse>> SubmitAllAndWait(
    ResponseIntake& intake, const TenantScope& scope, const std::vector<v1::SubmitResponseRequest>& requests);

}  // namespace canvass::responses::testing

#endif  // CANVASS_SERVER_RESPONSES_TESTING_INTAKE_HOUSE_H_
