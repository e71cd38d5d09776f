// From an event to a metric, and what repeating each step does.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cpp/status.h"
#include "tests/conformance/target.h"

namespace canvass::conformance {
namespace {

using client::Contacts;
using client::Decisions;
using client::Events;
using client::Invitations;
using client::Metrics;
using client::Reason;
using client::Responses;
using client::Surveys;
using client::Triggers;
using testing::Workspace;

class JourneyTest : public ::testing::Test {
 protected:
  v1::EventResult Publish(const v1::Event& event) {
    v1::PublishEventsRequest request;
    request.set_parent(own_.tenant);
    *request.add_events() = event;
    const auto response = own_.admin->Call(&Events::PublishEvents, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? response->results(0) : v1::EventResult();
  }

  std::vector<v1::Invitation> Pending(const std::string& person) {
    v1::ListPendingInvitationsRequest request;
    request.set_contact(absl::StrCat(own_.tenant, "/contacts/", person));
    const auto response = own_.admin->Call(&Invitations::ListPendingInvitations, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return {response->invitations().begin(), response->invitations().end()};
  }

  void Acknowledge(const v1::Invitation& invitation, v1::AcknowledgeInvitationRequest::Action action) {
    v1::AcknowledgeInvitationRequest request;
    request.set_name(invitation.name());
    request.set_action(action);
    const auto shown = own_.admin->Call(&Invitations::AcknowledgeInvitation, request);
    EXPECT_TRUE(shown.ok()) << shown.status();
  }

  v1::MetricPoint Total(v1::Metric metric, const std::string& question) {
    v1::QueryMetricRequest request;
    request.set_survey(own_.survey);
    request.set_metric(metric);
    request.set_question(question);
    const auto response = own_.admin->Call(&Metrics::QueryMetric, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() && response->points_size() == 1 ? response->points(0) : v1::MetricPoint();
  }

  std::vector<v1::DecisionCount> CountDecisions() {
    v1::CountDecisionsRequest request;
    request.set_parent(own_.tenant);
    const auto response = own_.admin->Call(&Decisions::CountDecisions, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return {response->counts().begin(), response->counts().end()};
  }

  Workspace own_ = NewWorkspace();
};

TEST_F(JourneyTest, AnEventLeadsToAnAnswerAndAMetric) {
  EXPECT_EQ(Publish(testing::MakeEvent("ana", 1)).invitations(), 1);
  const std::vector<v1::Invitation> pending = Pending("ana");
  ASSERT_EQ(pending.size(), 1u);
  EXPECT_EQ(pending[0].survey(), own_.survey);
  EXPECT_EQ(pending[0].facts().fields().at("event").struct_value().fields().at("country").string_value(), "CZ");
  Acknowledge(pending[0], v1::AcknowledgeInvitationRequest::ACTION_SHOWN);
  const auto submitted = own_.admin->Call(&Responses::SubmitResponse, testing::MakeSubmission(own_, pending[0], 0));
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  EXPECT_TRUE(Pending("ana").empty());

  v1::GetResponseRequest get;
  get.set_name(submitted->name());
  const auto stored = own_.admin->Call(&Responses::GetResponse, get);
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->invitation(), pending[0].name());
  EXPECT_EQ(stored->contact(), absl::StrCat(own_.tenant, "/contacts/ana"));
  EXPECT_EQ(stored->facts().fields().at("event").struct_value().fields().at("country").string_value(), "CZ");

  const v1::MetricPoint nps = Total(v1::METRIC_NPS, "recommend");
  EXPECT_EQ(nps.n(), 1);
  EXPECT_EQ(nps.value(), -100);
  const v1::MetricPoint rate = Total(v1::METRIC_RESPONSE_RATE, "");
  EXPECT_EQ(rate.n(), 1);
  EXPECT_EQ(rate.value(), 100);
}

TEST_F(JourneyTest, ARepeatedEventDoesNothing) {
  const v1::EventResult first = Publish(testing::MakeEvent("ana", 1));
  const v1::EventResult again = Publish(testing::MakeEvent("ana", 1));
  EXPECT_EQ(again.outcome(), v1::EventResult::OUTCOME_DUPLICATE);
  EXPECT_EQ(again.event(), first.event());
  EXPECT_EQ(Pending("ana").size(), 1u);

  v1::Event other = testing::MakeEvent("ana", 1);
  (*other.mutable_data()->mutable_fields())["total"].set_number_value(1e6);
  const v1::EventResult reused = Publish(other);
  EXPECT_EQ(reused.outcome(), v1::EventResult::OUTCOME_REFUSED);
  EXPECT_EQ(reused.problem().reason(), v1::ERROR_REASON_EVENT_ID_REUSED);
}

TEST_F(JourneyTest, ABadEventDoesNotStopItsNeighbours) {
  v1::PublishEventsRequest request;
  request.set_parent(own_.tenant);
  *request.add_events() = testing::MakeEvent("ana", 1);
  *request.add_events() = testing::MakeEvent("bob", 1);
  request.mutable_events(1)->clear_subject();
  request.mutable_events(1)->set_type("not a type");
  *request.add_events() = testing::MakeEvent("cyril", 1);
  const auto response = own_.admin->Call(&Events::PublishEvents, request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->results(0).outcome(), v1::EventResult::OUTCOME_ACCEPTED);
  EXPECT_EQ(response->results(1).outcome(), v1::EventResult::OUTCOME_REFUSED);
  EXPECT_EQ(response->results(1).problem().violations_size(), 2);
  EXPECT_EQ(response->results(2).outcome(), v1::EventResult::OUTCOME_ACCEPTED);
}

TEST_F(JourneyTest, AFrequencyCapHoldsAndIsExplained) {
  v1::UpdateTriggerRequest update;
  update.mutable_trigger()->set_name(own_.trigger);
  update.mutable_trigger()->add_frequency_caps()->mutable_interval()->set_seconds(3600);
  update.mutable_update_mask()->add_paths("frequency_caps");
  const auto updated = own_.admin->Call(&Triggers::UpdateTrigger, update);
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(Publish(testing::MakeEvent("ana", 0)).invitations(), 1);
  const v1::EventResult soon = Publish(testing::MakeEvent("ana", 3599));
  EXPECT_EQ(soon.invitations(), 0);
  EXPECT_EQ(Publish(testing::MakeEvent("ana", 3600)).invitations(), 1);

  v1::GetDecisionRequest get;
  get.set_name(absl::StrCat(soon.event(), "/decisions/after-visit"));
  const auto decision = own_.admin->Call(&Decisions::GetDecision, get);
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_EQ(decision->outcome(), v1::Decision::OUTCOME_SUPPRESSED);
  EXPECT_EQ(decision->reason(), v1::Decision::REASON_FREQUENCY_CAP);
  EXPECT_FALSE(decision->explanation().empty());
  EXPECT_TRUE(decision->has_next_eligible_time());
}

TEST_F(JourneyTest, AConditionDecides) {
  v1::UpdateTriggerRequest update;
  update.mutable_trigger()->set_name(own_.trigger);
  update.mutable_trigger()->mutable_condition()->set_text("event.country = \"FR\" AND contact.vip = true");
  update.mutable_update_mask()->add_paths("condition");
  ASSERT_TRUE(own_.admin->Call(&Triggers::UpdateTrigger, update).ok());
  v1::UpsertContactRequest upsert;
  upsert.mutable_contact()->set_name(absl::StrCat(own_.tenant, "/contacts/ana"));
  (*upsert.mutable_contact()->mutable_attributes()->mutable_fields())["vip"].set_bool_value(true);
  ASSERT_TRUE(own_.admin->Call(&Contacts::UpsertContact, upsert).ok());
  EXPECT_EQ(Publish(testing::MakeEvent("ana", 0)).invitations(), 1) << "country FR, vip";
  EXPECT_EQ(Publish(testing::MakeEvent("ana", 1)).invitations(), 0) << "country CZ";
  EXPECT_EQ(Publish(testing::MakeEvent("bob", 0)).invitations(), 0) << "nothing is known of bob";
  EXPECT_EQ(CountDecisions().size(), 2u);
}

TEST_F(JourneyTest, ADismissedInvitationIsGone) {
  Publish(testing::MakeEvent("ana", 1));
  const v1::Invitation invitation = Pending("ana").at(0);
  Acknowledge(invitation, v1::AcknowledgeInvitationRequest::ACTION_DISMISSED);
  EXPECT_TRUE(Pending("ana").empty());
  const auto late = own_.admin->Call(&Responses::SubmitResponse, testing::MakeSubmission(own_, invitation, 1));
  EXPECT_EQ(late.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Reason(late.status()), "INVITATION_NOT_OPEN");
}

TEST_F(JourneyTest, AnswersArePinnedToTheirVersion) {
  Publish(testing::MakeEvent("ana", 1));
  v1::GetSurveyRequest get;
  get.set_name(own_.survey);
  v1::Survey survey = *own_.admin->Call(&Surveys::GetSurvey, get);
  survey.mutable_definition()->mutable_questions(1)->mutable_csat()->set_points(10);
  v1::UpdateSurveyRequest update;
  *update.mutable_survey() = survey;
  ASSERT_TRUE(own_.admin->Call(&Surveys::UpdateSurvey, update).ok());
  v1::PublishSurveyRequest publish;
  publish.set_name(own_.survey);
  EXPECT_EQ(own_.admin->Call(&Surveys::PublishSurvey, publish)->published_version(), 2);

  v1::SubmitResponseRequest request = testing::MakeSubmission(own_, Pending("ana").at(0), 1);
  request.mutable_response()->mutable_answers(1)->set_score(10);
  const auto refused = own_.admin->Call(&Responses::SubmitResponse, request);
  EXPECT_EQ(Reason(refused.status()), "INVALID_RESPONSE") << "the invitation asks version 1, of five points";
  request.mutable_response()->mutable_answers(1)->set_score(5);
  const auto taken = own_.admin->Call(&Responses::SubmitResponse, request);
  ASSERT_TRUE(taken.ok()) << taken.status();
  EXPECT_EQ(taken->survey_version(), 1);
}

TEST_F(JourneyTest, AClosedSurveyTakesNothing) {
  Publish(testing::MakeEvent("ana", 1));
  const v1::Invitation invitation = Pending("ana").at(0);
  v1::CloseSurveyRequest close;
  close.set_name(own_.survey);
  ASSERT_TRUE(own_.admin->Call(&Surveys::CloseSurvey, close).ok());
  EXPECT_TRUE(Pending("ana").empty());
  const auto late = own_.admin->Call(&Responses::SubmitResponse, testing::MakeSubmission(own_, invitation, 1));
  EXPECT_EQ(Reason(late.status()), "SURVEY_CLOSED");
  EXPECT_EQ(Publish(testing::MakeEvent("bob", 1)).invitations(), 0);
}

TEST_F(JourneyTest, ManyAnswersAtOnceToOneInvitationAreOne) {
  Publish(testing::MakeEvent("ana", 1));
  const v1::Invitation invitation = Pending("ana").at(0);
  std::vector<absl::StatusOr<v1::SubmitResponseResponse>> results(64);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < results.size(); ++i) {
    threads.emplace_back([&, i] {
      results[i] = own_.admin->Call(&Responses::SubmitResponse,
                                    testing::MakeSubmission(own_, invitation, static_cast<int64_t>(i % 11)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> names;
  for (const auto& result : results) {
    if (result.ok()) {
      names.insert(result->name());
    } else {
      EXPECT_EQ(Reason(result.status()), "INVITATION_ANSWERED") << result.status();
    }
  }
  EXPECT_EQ(names.size(), 1u);
  EXPECT_EQ(Total(v1::METRIC_NPS, "recommend").n(), 1);
}

TEST_F(JourneyTest, ARequestIdMakesAnAnonymousAnswerRepeatable) {
  v1::SubmitResponseRequest request = testing::MakeSubmission(own_, 3);
  request.set_request_id("5b1f1ea2-3f0c-4f5c-9d53-6f8e4a4d7c01");
  const auto first = own_.admin->Call(&Responses::SubmitResponse, request);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto again = own_.admin->Call(&Responses::SubmitResponse, request);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->name(), first->name());
  EXPECT_TRUE(again->repeated_call());
  request.mutable_response()->mutable_answers(0)->set_score(0);
  const auto other = own_.admin->Call(&Responses::SubmitResponse, request);
  EXPECT_EQ(Reason(other.status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(Total(v1::METRIC_NPS, "recommend").n(), 1);
}

TEST_F(JourneyTest, MetricsKnowTheLastAcknowledgedAnswer) {
  for (int64_t n = 0; n < 50; ++n) {
    ASSERT_TRUE(own_.admin->Call(&Responses::SubmitResponse, testing::MakeSubmission(own_, n)).ok());
    ASSERT_EQ(Total(v1::METRIC_CSAT, "overall").n(), n + 1);
  }
  v1::QueryMetricRequest by_country;
  by_country.set_survey(own_.survey);
  by_country.set_metric(v1::METRIC_NPS);
  by_country.set_question("recommend");
  by_country.set_breakdown("event.country");
  const auto groups = own_.admin->Call(&Metrics::QueryMetric, by_country);
  ASSERT_TRUE(groups.ok()) << groups.status();
  EXPECT_EQ(groups->points_size(), 8);
  int64_t n = 0;
  for (const v1::MetricPoint& point : groups->points()) n += point.n();
  EXPECT_EQ(n, 50);
}

}  // namespace
}  // namespace canvass::conformance
