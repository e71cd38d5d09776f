// A survey of one question with a score and one with a text, and responses to it. For tests of what happens to
// responses once they are stored.
#ifndef CANVASS_SERVER_RESPONSES_TESTING_ANSWERED_SURVEY_H_
#define CANVASS_SERVER_RESPONSES_TESTING_ANSWERED_SURVEY_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "canvass/v1/response.pb.h"
#include "canvass/v1/response_service.pb.h"
#include "canvass/v1/survey.pb.h"
#include "server/base/ids.h"
#include "server/base/tenant_scope.h"
#include "server/mysql/testing/test_database.h"
#include "server/responses/testing/intake_house.h"

namespace canvass::responses::testing {

class AnsweredSurveyTest : public ::testing::Test {
 protected:
  AnsweredSurveyTest();

  // What `survey_` asks.
  static v1::SurveyDefinition Definition();
  v1::SubmitResponseRequest Request(int score = 9, const std::string& comment = "") const;
  // Stores it and returns its name; what was stored before is earlier.
  std::string Store(const v1::SubmitResponseRequest& request);
  std::string Store(int score, const std::string& comment = "") { return Store(Request(score, comment)); }
  v1::Response Read(const std::string& name);

  // The cells are what a recount finds, which counts `responses`.
  void ExpectCellsEqualRecount(int64_t responses);
  // How many times `score` was given, as cells have it.
  int64_t Counted(int score) const;

  mysql::testing::TestDatabase db_;
  IntakeHouse house_{db_.database(), db_.clock(), db_.random()};
  const TenantScope scope_ = mysql::testing::MakeScope("acme", "Europe/Paris");
  const SurveyId survey_{"post-purchase"};
  std::unique_ptr<ResponseIntake> intake_;
};

}  // namespace canvass::responses::testing

#endif  // CANVASS_SERVER_RESPONSES_TESTING_ANSWERED_SURVEY_H_
