// Tries every method of the contract as everybody who should not get through: without a key, with a wrong one, with
// each role, and with the names of another tenant's resources. The cases are generated from the descriptors.

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cpp/status.h"
#include "server/rpc/method_policy.h"
#include "tests/isolation/sample_requests.h"
#include "tests/process/server_process.h"
#include "tests/process/workspace.h"

namespace canvass::isolation {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr char kPerson[] = "pat@example.com";

std::string FullName(const MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

// Tenant `acme` calls; tenant `rival` owns one of everything.
class IsolationTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto server = testing::ServerProcess::Start({});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = std::move(*server);
    acme_ = MakeTenant("acme");
    rival_ = MakeTenant("rival");
    channel_ = grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials());
  }

  static void TearDownTestSuite() {
    channel_.reset();
    workspaces_.clear();
    server_.reset();
  }

  static Resources MakeTenant(const std::string& id) {
    auto made = testing::MakeWorkspace(server_->address(), server_->operator_credential(), id);
    EXPECT_TRUE(made.ok()) << made.status();
    auto workspace = std::make_unique<testing::Workspace>(*std::move(made));
    Resources own{.tenant = workspace->tenant,
                  .survey = workspace->survey,
                  .survey_version = workspace->survey + "/versions/1",
                  .contact = absl::StrCat(workspace->tenant, "/contacts/", kPerson),
                  .trigger = workspace->trigger};
    v1::ListApiKeysRequest list_keys;
    list_keys.set_parent(own.tenant);
    own.api_key = workspace->admin->Call(&client::ApiKeys::ListApiKeys, list_keys)->api_keys(0).name();
    v1::UpsertContactRequest upsert;
    upsert.mutable_contact()->set_name(own.contact);
    EXPECT_TRUE(workspace->admin->Call(&client::Contacts::UpsertContact, upsert).ok());
    v1::CreateSegmentRequest segment;
    segment.set_parent(own.tenant);
    segment.set_segment_id("vip");
    segment.mutable_segment()->mutable_condition()->set_text("contact.vip = true");
    const auto group = workspace->admin->Call(&client::Segments::CreateSegment, segment);
    EXPECT_TRUE(group.ok()) << group.status();
    own.segment = group->name();
    v1::CreateSuppressionRequest suppress;
    suppress.set_parent(own.tenant);
    suppress.mutable_suppression()->set_address("nobody@example.com");
    suppress.mutable_suppression()->set_reason(v1::Suppression::REASON_MANUAL);
    const auto suppressed = workspace->admin->Call(&client::Suppressions::CreateSuppression, suppress);
    EXPECT_TRUE(suppressed.ok()) << suppressed.status();
    own.suppression = suppressed->name();
    v1::PublishEventsRequest publish;
    publish.set_parent(own.tenant);
    *publish.add_events() = testing::MakeEvent(kPerson, 1);
    *publish.add_events() = testing::MakeEvent(kPerson, 2);
    const auto published = workspace->admin->Call(&client::Events::PublishEvents, publish);
    EXPECT_TRUE(published.ok()) << published.status();
    own.event = published->results(0).event();
    own.decision = absl::StrCat(own.event, "/decisions/after-visit");
    v1::ListPendingInvitationsRequest pending;
    pending.set_contact(own.contact);
    const auto invitations = workspace->admin->Call(&client::Invitations::ListPendingInvitations, pending);
    EXPECT_EQ(invitations->invitations_size(), 2);
    own.invitation = invitations->invitations(0).name();
    own.invitation_token = invitations->invitations(0).token();
    v1::SavePartialResponseRequest part;
    part.set_parent(own.tenant);
    part.set_invitation_token(own.invitation_token);
    EXPECT_TRUE(workspace->admin->Call(&client::Responses::SavePartialResponse, part).ok());
    const auto submitted = workspace->admin->Call(&client::Responses::SubmitResponse,
                                                  testing::MakeSubmission(*workspace, invitations->invitations(1), 1));
    EXPECT_TRUE(submitted.ok()) << submitted.status();
    own.response = submitted->name();
    MakeChannels(*workspace, own);
    workspaces_.push_back(std::move(workspace));
    return own;
  }

  // A source of events, a link, and a message on its way to a webhook that is not there.
  static void MakeChannels(const testing::Workspace& workspace, Resources& own) {
    v1::CreateEventSourceRequest source;
    source.set_parent(own.tenant);
    source.set_event_source_id("shop");
    source.mutable_event_source()->set_kind(v1::EventSource::KIND_SHOPIFY);
    source.mutable_event_source()->set_secret("a secret of the shop");
    const auto sourced = workspace.admin->Call(&client::EventSources::CreateEventSource, source);
    EXPECT_TRUE(sourced.ok()) << sourced.status();
    own.event_source = sourced->name();
    v1::CreateSurveyLinkRequest link;
    link.set_parent(own.tenant);
    link.set_survey_link_id("poster");
    link.mutable_survey_link()->set_survey(own.survey);
    const auto linked = workspace.admin->Call(&client::SurveyLinks::CreateSurveyLink, link);
    EXPECT_TRUE(linked.ok()) << linked.status();
    own.survey_link = linked->name();
    v1::UpdateChannelSettingsRequest settings;
    settings.mutable_channel_settings()->set_name(own.tenant + "/channelSettings");
    settings.mutable_channel_settings()->mutable_webhook()->set_url("https://127.0.0.1:9/hook");
    EXPECT_TRUE(workspace.admin->Call(&client::Settings::UpdateChannelSettings, settings).ok());
    v1::CreateTriggerRequest trigger;
    trigger.set_parent(own.tenant);
    trigger.set_trigger_id("by-hook");
    trigger.mutable_trigger()->set_event_type("hook.called");
    trigger.mutable_trigger()->set_survey(own.survey);
    trigger.mutable_trigger()->add_channels(v1::Invitation::CHANNEL_WEBHOOK);
    EXPECT_TRUE(workspace.admin->Call(&client::Triggers::CreateTrigger, trigger).ok());
    v1::PublishEventsRequest publish;
    publish.set_parent(own.tenant);
    *publish.add_events() = testing::MakeEvent(kPerson, 3);
    publish.mutable_events(0)->set_type("hook.called");
    EXPECT_TRUE(workspace.admin->Call(&client::Events::PublishEvents, publish).ok());
    v1::ListOutboxMessagesRequest list;
    list.set_parent(own.tenant);
    const auto messages = workspace.admin->Call(&client::Outbox::ListOutboxMessages, list);
    ASSERT_TRUE(messages.ok()) << messages.status();
    ASSERT_EQ(messages->outbox_messages_size(), 1);
    own.outbox_message = messages->outbox_messages(0).name();
    v1::BacktestTriggerRequest backtest;
    backtest.set_parent(own.tenant);
    backtest.set_name(own.trigger);
    const auto operation = workspace.admin->Call(&client::Triggers::BacktestTrigger, backtest);
    ASSERT_TRUE(operation.ok()) << operation.status();
    own.operation = operation->name();
  }

  // Sends `request` as `credential`. Of submissions whose refusal is part of the answer, that is the status.
  static absl::Status Send(const MethodDescriptor& method, const Message& request, const std::string& credential) {
    grpc::Slice slice(request.SerializeAsString());
    grpc::ByteBuffer buffer(&slice, 1);
    grpc::ByteBuffer reply;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    if (!credential.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", credential));
    grpc::CompletionQueue queue;
    grpc::GenericStub stub(channel_);
    grpc::Status status;
    auto call = stub.PrepareUnaryCall(&context, FullName(method), buffer, &queue);
    call->StartCall();
    call->Finish(&reply, &status, &queue);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    queue.Shutdown();
    return status.ok() ? RefusalIn(method, reply) : client::FromGrpc(status);
  }

  static absl::Status RefusalIn(const MethodDescriptor& method, grpc::ByteBuffer& reply) {
    grpc::Slice slice;
    EXPECT_TRUE(!reply.Valid() || reply.TrySingleSlice(&slice).ok() || reply.DumpToSingleSlice(&slice).ok());
    const std::string bytes(reinterpret_cast<const char*>(slice.begin()), slice.size());
    v1::SubmissionOutcome outcome;
    if (method.name() == "StreamResponses") {
      v1::StreamResponsesResponse response;
      EXPECT_TRUE(response.ParseFromString(bytes));
      outcome = response.outcomes(0);
    } else if (method.name() == "BatchSubmitResponses") {
      v1::BatchSubmitResponsesResponse response;
      EXPECT_TRUE(response.ParseFromString(bytes));
      outcome = response.outcomes(0);
    }
    return {static_cast<absl::StatusCode>(outcome.problem().code()), outcome.problem().message()};
  }

  static std::unique_ptr<testing::ServerProcess> server_;
  static std::vector<std::unique_ptr<testing::Workspace>> workspaces_;
  static std::shared_ptr<grpc::Channel> channel_;
  static Resources acme_;
  static Resources rival_;
};

std::unique_ptr<testing::ServerProcess> IsolationTest::server_;
std::vector<std::unique_ptr<testing::Workspace>> IsolationTest::workspaces_;
std::shared_ptr<grpc::Channel> IsolationTest::channel_;
Resources IsolationTest::acme_;
Resources IsolationTest::rival_;

TEST_F(IsolationTest, NobodyGetsInWithoutAKey) {
  for (const MethodDescriptor* method : AllMethods()) {
    const absl::Status status = Send(*method, *SampleRequest(*method, acme_), "");
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated) << method->full_name() << " " << status;
    EXPECT_EQ(client::Reason(status), "CREDENTIAL_MISSING") << method->full_name();
  }
}

TEST_F(IsolationTest, NobodyGetsInWithAWrongKey) {
  const std::string right = workspaces_[0]->credential;
  std::string wrong_secret = right;
  wrong_secret.back() = wrong_secret.back() == '2' ? '3' : '2';
  for (const std::string& credential : {wrong_secret, std::string("cvk_nothing_nothing"), std::string("cvo_nothing"),
                                        right.substr(0, right.size() - 1), right + "x"}) {
    for (const MethodDescriptor* method : AllMethods()) {
      const absl::Status status = Send(*method, *SampleRequest(*method, acme_), credential);
      EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated) << method->full_name() << " " << status;
      EXPECT_EQ(client::Reason(status), "CREDENTIAL_INVALID") << method->full_name();
    }
  }
}

TEST_F(IsolationTest, EachRoleMayDoWhatItsPolicySaysAndNoMore) {
  int refused = 0;
  for (const v1::ApiKey::Role role :
       {v1::ApiKey::ROLE_EDITOR, v1::ApiKey::ROLE_ANALYST, v1::ApiKey::ROLE_INGEST, v1::ApiKey::ROLE_ADMIN}) {
    const auto credential = testing::MakeKey(*workspaces_[0], role);
    ASSERT_TRUE(credential.ok()) << credential.status();
    for (const MethodDescriptor* method : AllMethods()) {
      const rpc::MethodPolicy* policy = rpc::FindMethodPolicy(FullName(*method));
      ASSERT_NE(policy, nullptr) << method->full_name();
      if (policy->callers.Includes(tenants::Callers::OfRole(role))) continue;
      const absl::Status status = Send(*method, *SampleRequest(*method, acme_), *credential);
      EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied)
          << method->full_name() << " as " << v1::ApiKey::Role_Name(role) << ": " << status;
      EXPECT_EQ(client::Reason(status), "PERMISSION_DENIED") << method->full_name();
      ++refused;
    }
  }
  EXPECT_GT(refused, 60);
}

TEST_F(IsolationTest, ATenantsNamesAreNotThereForAnother) {
  int tried = 0;
  for (const MethodDescriptor* method : AllMethods()) {
    const rpc::MethodPolicy* policy = rpc::FindMethodPolicy(FullName(*method));
    ASSERT_NE(policy, nullptr) << method->full_name();
    if (!policy->callers.Includes(tenants::Callers::kAdmin)) continue;
    for (const std::string& path : NamePaths(*SampleRequest(*method, acme_))) {
      // One field at a time: the other names are the caller's own.
      std::unique_ptr<Message> request = SampleRequest(*method, acme_);
      SetName(*request, path, rival_);
      const absl::Status status = Send(*method, *request, workspaces_[0]->credential);
      if (path == "contacts.name") {
        EXPECT_TRUE(status.ok()) << "a bad item is reported in the answer: " << status;
        continue;
      }
      if (status.code() == absl::StatusCode::kUnimplemented) continue;
      EXPECT_EQ(status.code(), absl::StatusCode::kNotFound)
          << method->full_name() << " with rival's " << path << ": " << status;
      EXPECT_FALSE(absl::StrContains(status.message(), "rival's")) << status;
      ++tried;
    }
  }
  EXPECT_GT(tried, 35);
}

TEST_F(IsolationTest, AnotherTenantsNameLooksLikeOneThatDoesNotExist) {
  Resources nobody = rival_;
  for (std::string* name :
       {&nobody.tenant, &nobody.api_key, &nobody.survey, &nobody.survey_version, &nobody.contact, &nobody.segment,
        &nobody.suppression, &nobody.event, &nobody.trigger, &nobody.decision, &nobody.invitation, &nobody.response,
        &nobody.event_source, &nobody.outbox_message, &nobody.survey_link, &nobody.operation}) {
    name->replace(0, rival_.tenant.size(), "tenants/nobody");
  }
  for (const MethodDescriptor* method : AllMethods()) {
    const rpc::MethodPolicy* policy = rpc::FindMethodPolicy(FullName(*method));
    if (!policy->callers.Includes(tenants::Callers::kAdmin)) continue;
    for (const std::string& path : NamePaths(*SampleRequest(*method, acme_))) {
      if (path == "invitation_token" || path == "contacts.name") continue;
      std::unique_ptr<Message> there = SampleRequest(*method, acme_);
      std::unique_ptr<Message> absent = SampleRequest(*method, acme_);
      SetName(*there, path, rival_);
      SetName(*absent, path, nobody);
      const absl::Status of_there = Send(*method, *there, workspaces_[0]->credential);
      const absl::Status of_absent = Send(*method, *absent, workspaces_[0]->credential);
      EXPECT_EQ(of_there.code(), of_absent.code()) << method->full_name() << " " << path;
      EXPECT_EQ(client::Reason(of_there), client::Reason(of_absent)) << method->full_name() << " " << path;
    }
  }
}

}  // namespace
}  // namespace canvass::isolation
