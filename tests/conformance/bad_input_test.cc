// Bad input: a clear status, its stable reason, the path of the field, and nothing written.

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cpp/status.h"
#include "tests/conformance/target.h"

namespace canvass::conformance {
namespace {

using client::Metrics;
using client::Reason;
using client::Responses;
using client::Surveys;
using client::Tenants;
using client::Triggers;

class BadInputTest : public ::testing::Test {
 protected:
  std::vector<std::string> FieldsOf(const absl::Status& status) {
    std::vector<std::string> fields;
    for (const client::Violation& violation : client::Violations(status)) fields.push_back(violation.field);
    return fields;
  }

  void ExpectNothingStored() {
    v1::ListResponsesRequest list;
    list.set_parent(own_.tenant);
    list.set_survey(own_.survey);
    const auto responses = own_.admin->Call(&Responses::ListResponses, list);
    ASSERT_TRUE(responses.ok()) << responses.status();
    EXPECT_EQ(responses->responses_size(), 0);
    v1::QueryMetricRequest query;
    query.set_survey(own_.survey);
    query.set_metric(v1::METRIC_NPS);
    query.set_question("recommend");
    const auto nps = own_.admin->Call(&client::Metrics::QueryMetric, query);
    ASSERT_TRUE(nps.ok()) << nps.status();
    EXPECT_EQ(nps->points(0).n() + nps->points(0).missing() + nps->points(0).dismissed(), 0);
  }

  // Sends raw bytes as SubmitResponse.
  absl::Status SendBytes(const std::string& bytes) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxSendMessageSize(64 << 20);
    grpc::GenericStub stub(grpc::CreateCustomChannel(TargetAddress(), grpc::InsecureChannelCredentials(), arguments));
    grpc::Slice slice(bytes);
    grpc::ByteBuffer buffer(&slice, 1);
    grpc::ByteBuffer reply;
    grpc::ClientContext context;
    context.AddMetadata("authorization", absl::StrCat("Bearer ", own_.credential));
    grpc::CompletionQueue queue;
    grpc::Status status;
    auto call = stub.PrepareUnaryCall(&context, "/canvass.v1.ResponseService/SubmitResponse", buffer, &queue);
    call->StartCall();
    call->Finish(&reply, &status, &queue);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    return client::FromGrpc(status);
  }

  testing::Workspace own_ = NewWorkspace();
};

TEST_F(BadInputTest, EveryBadAnswerIsNamed) {
  v1::SubmitResponseRequest request = testing::MakeSubmission(own_, 1);
  v1::Response& response = *request.mutable_response();
  response.mutable_answers(0)->set_score(11);
  response.mutable_answers(1)->set_text("five");
  response.mutable_answers(2)->set_choice("nothing");
  response.mutable_answers(3)->set_text(std::string(20'000, 'x'));
  response.add_answers()->set_question("unknown");
  const auto refused = own_.admin->Call(&Responses::SubmitResponse, request);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Reason(refused.status()), "INVALID_RESPONSE");
  const std::vector<std::string> fields = FieldsOf(refused.status());
  EXPECT_EQ(fields.size(), 5u) << refused.status();
  for (const std::string& field : fields) EXPECT_TRUE(absl::StartsWith(field, "response.answers[")) << field;
  EXPECT_THAT(std::string(refused.status().message()), ::testing::HasSubstr("11"));
  ExpectNothingStored();
}

TEST_F(BadInputTest, AnUnknownSurvey) {
  v1::SubmitResponseRequest request = testing::MakeSubmission(own_, 1);
  request.mutable_response()->set_survey(own_.tenant + "/surveys/nothing");
  const auto refused = own_.admin->Call(&Responses::SubmitResponse, request);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Reason(refused.status()), "SURVEY_NOT_FOUND");
}

TEST_F(BadInputTest, AForgedToken) {
  v1::SubmitResponseRequest request = testing::MakeSubmission(own_, 1);
  request.mutable_response()->clear_survey();
  request.mutable_response()->clear_facts();
  for (const char* token : {"cvi_", "cvi_abc.def", "no token at all", "cvi_.", "cvi_%%%.%%%"}) {
    request.set_invitation_token(token);
    const auto refused = own_.admin->Call(&Responses::SubmitResponse, request);
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument) << token;
    EXPECT_EQ(Reason(refused.status()), "INVITATION_TOKEN_INVALID") << token;
    EXPECT_THAT(FieldsOf(refused.status()), ::testing::ElementsAre("invitation_token")) << token;
  }
  ExpectNothingStored();
}

TEST_F(BadInputTest, AConditionThatDoesNotParse) {
  for (const char* text : {"event.total >", "AND", "event.total = (", "event.total >= 50 event.x", "nobody.total = 1",
                           "event.name > true"}) {
    v1::CreateTriggerRequest request;
    request.set_parent(own_.tenant);
    request.set_trigger_id("broken");
    request.mutable_trigger()->set_event_type("order.delivered");
    request.mutable_trigger()->set_survey(own_.survey);
    request.mutable_trigger()->mutable_condition()->set_text(text);
    const auto refused = own_.admin->Call(&Triggers::CreateTrigger, request);
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument) << text << " " << refused.status();
    EXPECT_EQ(Reason(refused.status()), "INVALID_CONDITION") << text;
    ASSERT_FALSE(FieldsOf(refused.status()).empty()) << text;
    EXPECT_TRUE(absl::StartsWith(FieldsOf(refused.status())[0], "trigger.condition")) << text;
  }
  v1::GetTriggerRequest get;
  get.set_name(own_.tenant + "/triggers/broken");
  EXPECT_EQ(Reason(own_.admin->Call(&Triggers::GetTrigger, get).status()), "TRIGGER_NOT_FOUND");
}

TEST_F(BadInputTest, AMessageOfFiveMegabytes) {
  v1::SubmitResponseRequest request = testing::MakeSubmission(own_, 1);
  request.mutable_response()->mutable_answers(3)->set_text(std::string(5 << 20, 'x'));
  const absl::Status status = SendBytes(request.SerializeAsString());
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_EQ(Reason(status), "MESSAGE_TOO_LARGE");
  ExpectNothingStored();
}

TEST_F(BadInputTest, TextThatIsNotUtf8) {
  v1::SubmitResponseRequest request = testing::MakeSubmission(own_, 1);
  request.mutable_response()->mutable_answers(3)->set_text("XXXX");
  std::string bytes = request.SerializeAsString();
  bytes.replace(bytes.find("XXXX"), 4, "\xff\xfe\xff\xfe");
  const absl::Status status = SendBytes(bytes);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(Reason(status), "MALFORMED_MESSAGE");
  EXPECT_THAT(FieldsOf(status), ::testing::ElementsAre("response.answers[3].text"));
  ExpectNothingStored();
}

TEST_F(BadInputTest, BytesThatAreNoMessage) {
  for (const std::string& bytes : {std::string("\xff\xff\xff\xff\xff\xff\xff"), std::string(1000, '\x0a')}) {
    const absl::Status status = SendBytes(bytes);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_EQ(Reason(status), "MALFORMED_MESSAGE");
  }
  ExpectNothingStored();
}

TEST_F(BadInputTest, ADefinitionWithManyFaultsNamesThemAll) {
  v1::CreateSurveyRequest request;
  request.set_parent(own_.tenant);
  request.set_survey_id("broken");
  v1::SurveyDefinition& definition = *request.mutable_survey()->mutable_definition();
  definition.set_default_language("en");
  for (const char* key : {"one", "one", "Two", ""}) definition.add_questions()->set_key(key);
  definition.mutable_questions(0)->mutable_csat()->set_points(4);
  const auto refused = own_.admin->Call(&Surveys::CreateSurvey, request);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Reason(refused.status()), "INVALID_SURVEY");
  EXPECT_GE(FieldsOf(refused.status()).size(), 8u) << refused.status();
  for (const std::string& field : FieldsOf(refused.status())) {
    EXPECT_TRUE(absl::StartsWith(field, "survey.definition.questions[")) << field;
  }
}

TEST_F(BadInputTest, AnEtagOfYesterday) {
  v1::UpdateSurveyRequest request;
  request.mutable_survey()->set_name(own_.survey);
  request.mutable_survey()->set_display_name("Changed");
  request.mutable_survey()->set_etag("999999");
  request.mutable_update_mask()->add_paths("display_name");
  const auto refused = own_.admin->Call(&Surveys::UpdateSurvey, request);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Reason(refused.status()), "ETAG_MISMATCH");
  request.mutable_survey()->clear_etag();
  request.mutable_update_mask()->add_paths("state");
  const auto masked = own_.admin->Call(&Surveys::UpdateSurvey, request);
  EXPECT_EQ(Reason(masked.status()), "INVALID_FIELD_MASK");
}

TEST_F(BadInputTest, PagesAreWalkedWithTheirTokensAlone) {
  for (int64_t n = 0; n < 7; ++n) {
    ASSERT_TRUE(own_.admin->Call(&Responses::SubmitResponse, testing::MakeSubmission(own_, n)).ok());
  }
  v1::ListResponsesRequest list;
  list.set_parent(own_.tenant);
  list.set_survey(own_.survey);
  list.set_page_size(3);
  std::vector<int> sizes;
  do {
    const auto page = own_.admin->Call(&Responses::ListResponses, list);
    ASSERT_TRUE(page.ok()) << page.status();
    sizes.push_back(page->responses_size());
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(sizes, ::testing::ElementsAre(3, 3, 1));
  list.set_page_token("made-up");
  EXPECT_EQ(Reason(own_.admin->Call(&Responses::ListResponses, list).status()), "INVALID_PAGE_TOKEN");
  list.clear_page_token();
  list.set_page_size(-1);
  EXPECT_EQ(Reason(own_.admin->Call(&Responses::ListResponses, list).status()), "INVALID_FIELD");
}

TEST_F(BadInputTest, ASuspendedTenantReadsButDoesNotWrite) {
  const auto operators = Operator();
  v1::SuspendTenantRequest suspend;
  suspend.set_name(own_.tenant);
  ASSERT_TRUE(operators->Call(&Tenants::SuspendTenant, suspend).ok());
  v1::GetSurveyRequest get;
  get.set_name(own_.survey);
  EXPECT_TRUE(own_.admin->Call(&Surveys::GetSurvey, get).ok());
  const auto refused = own_.admin->Call(&Responses::SubmitResponse, testing::MakeSubmission(own_, 1));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Reason(refused.status()), "TENANT_SUSPENDED");
  v1::ResumeTenantRequest resume;
  resume.set_name(own_.tenant);
  ASSERT_TRUE(operators->Call(&Tenants::ResumeTenant, resume).ok());
  EXPECT_TRUE(own_.admin->Call(&Responses::SubmitResponse, testing::MakeSubmission(own_, 1)).ok());
}

TEST_F(BadInputTest, MethodsOfLaterSaySo) {
  const auto refused = own_.admin->Call(&Metrics::QueryDrivers, v1::QueryDriversRequest());
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(Reason(refused.status()), "NOT_IMPLEMENTED");
}

}  // namespace
}  // namespace canvass::conformance
