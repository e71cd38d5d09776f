// Streams that the server pushes: decisions and in-app invitations, over restarts and revocations.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cpp/status.h"
#include "tests/conformance/target.h"
#include "tests/process/server_process.h"
#include "tests/process/workspace.h"

namespace canvass::conformance {
namespace {

using v1::Decision;

// One stream of decisions.
class Watch {
 public:
  Watch(client::Client& client, const v1::WatchDecisionsRequest& request) {
    EXPECT_TRUE(client.Prepare(context_, {.timeout = absl::Seconds(30)}).ok());
    stream_ = client.stub<client::Decisions>().WatchDecisions(&context_, request);
    stream_->WaitForInitialMetadata();
  }
  ~Watch() { context_.TryCancel(); }

  // The next decision; none at the end.
  std::optional<Decision> Next() {
    v1::WatchDecisionsResponse response;
    if (!stream_->Read(&response)) return std::nullopt;
    resume_token_ = response.resume_token();
    return response.decision();
  }
  // Reads until `outcome` of the event came.
  bool Await(const std::string& event, Decision::Outcome outcome) {
    while (const std::optional<Decision> decision = Next()) {
      if (absl::StrCat(event, "/decisions/after-visit") == decision->name() && decision->outcome() == outcome)
        return true;
    }
    return false;
  }
  // Reads to the end, and why it is one.
  absl::Status End() {
    while (Next().has_value()) {
    }
    return client::FromGrpc(stream_->Finish());
  }
  const std::string& resume_token() const { return resume_token_; }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchDecisionsResponse>> stream_;
  std::string resume_token_;
};

v1::WatchDecisionsRequest RequestOf(const testing::Workspace& own) {
  v1::WatchDecisionsRequest request;
  request.set_parent(own.tenant);
  return request;
}

std::string Publish(const testing::Workspace& own, const std::string& contact, int n = 1) {
  v1::PublishEventsRequest request;
  request.set_parent(own.tenant);
  *request.add_events() = testing::MakeEvent(contact, n);
  const auto response = own.admin->Call(&client::Events::PublishEvents, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? response->results(0).event() : "";
}

std::vector<v1::Invitation> Pending(const testing::Workspace& own, const std::string& contact) {
  v1::ListPendingInvitationsRequest request;
  request.set_contact(absl::StrCat(own.tenant, "/contacts/", contact));
  const auto response = own.admin->Call(&client::Invitations::ListPendingInvitations, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return {response->invitations().begin(), response->invitations().end()};
}

void Show(const testing::Workspace& own, const std::string& invitation) {
  v1::AcknowledgeInvitationRequest request;
  request.set_name(invitation);
  request.set_action(v1::AcknowledgeInvitationRequest::ACTION_SHOWN);
  EXPECT_TRUE(own.admin->Call(&client::Invitations::AcknowledgeInvitation, request).ok());
}

TEST(WatchDecisionsTest, PushesWhatIsDecidedAndWhatBecomesOfIt) {
  const testing::Workspace own = NewWorkspace();
  Watch watch(*own.admin, RequestOf(own));
  const std::string event = Publish(own, "ana");
  ASSERT_TRUE(watch.Await(event, Decision::OUTCOME_SCHEDULED));
  Show(own, Pending(own, "ana").at(0).name());
  ASSERT_TRUE(watch.Await(event, Decision::OUTCOME_SENT));

  v1::WatchDecisionsRequest past = RequestOf(own);
  past.mutable_start_time()->set_seconds(0);
  past.set_trigger(own.trigger);
  past.add_outcomes(Decision::OUTCOME_SENT);
  Watch again(*own.admin, past);
  EXPECT_TRUE(again.Await(event, Decision::OUTCOME_SENT));
}

TEST(WatchDecisionsTest, GoesOnWhereItWasAfterARestart) {
  const auto server = testing::ServerProcess::Start({});
  ASSERT_TRUE(server.ok()) << server.status();
  const auto made = testing::MakeWorkspace((*server)->address(), (*server)->operator_credential(), "acme");
  ASSERT_TRUE(made.ok()) << made.status();
  const testing::Workspace& own = *made;
  v1::WatchDecisionsRequest request = RequestOf(own);
  {
    Watch watch(*own.admin, request);
    ASSERT_TRUE(watch.Await(Publish(own, "ana"), Decision::OUTCOME_SCHEDULED));
    request.set_resume_token(watch.resume_token());
    const absl::Time start = absl::Now();
    EXPECT_EQ((*server)->Stop(), 0);
    EXPECT_LT(absl::Now() - start, absl::Seconds(10)) << "open streams must not hold up a server that stops";
    const absl::Status end = watch.End();
    EXPECT_TRUE(absl::IsUnavailable(end)) << end;
  }
  ASSERT_TRUE((*server)->Restart().ok());
  const auto client = testing::Connect((*server)->address(), own.credential);
  const std::string meanwhile = Publish(own, "bob");
  Watch watch(*client, request);
  EXPECT_TRUE(watch.Await(meanwhile, Decision::OUTCOME_SCHEDULED));
}

TEST(WatchDecisionsTest, EndsWhenItsKeyIsRevoked) {
  const testing::Workspace own = NewWorkspace();
  v1::CreateApiKeyRequest create;
  create.set_parent(own.tenant);
  create.mutable_api_key()->set_role(v1::ApiKey::ROLE_ANALYST);
  const auto key = own.admin->Call(&client::ApiKeys::CreateApiKey, create);
  ASSERT_TRUE(key.ok()) << key.status();
  const auto analyst = testing::Connect(own.address, key->credential());
  Watch watch(*analyst, RequestOf(own));
  v1::RevokeApiKeyRequest revoke;
  revoke.set_name(key->api_key().name());
  ASSERT_TRUE(own.admin->Call(&client::ApiKeys::RevokeApiKey, revoke).ok());
  const absl::Time start = absl::Now();
  const absl::Status end = watch.End();
  EXPECT_TRUE(absl::IsUnauthenticated(end)) << end;
  EXPECT_LT(absl::Now() - start, absl::Seconds(10));
}

TEST(WatchDecisionsTest, EndsWhenItsTenantIsSuspended) {
  const testing::Workspace own = NewWorkspace();
  Watch watch(*own.admin, RequestOf(own));
  v1::SuspendTenantRequest suspend;
  suspend.set_name(own.tenant);
  ASSERT_TRUE(Operator()->Call(&client::Tenants::SuspendTenant, suspend).ok());
  EXPECT_EQ(client::Reason(watch.End()), "TENANT_SUSPENDED");
  EXPECT_EQ(client::Reason(Watch(*own.admin, RequestOf(own)).End()), "TENANT_SUSPENDED");
}

TEST(WatchDecisionsTest, ASlowReaderGetsEverything) {
  const testing::Workspace own = NewWorkspace();
  Watch watch(*own.admin, RequestOf(own));
  constexpr int kCalls = 20;
  constexpr int kEvents = 200;
  for (int call = 0; call < kCalls; ++call) {
    v1::PublishEventsRequest request;
    request.set_parent(own.tenant);
    for (int i = 0; i < kEvents; ++i) {
      *request.add_events() = testing::MakeEvent(absl::StrCat("person-", call * kEvents + i), 1);
    }
    ASSERT_TRUE(own.admin->Call(&client::Events::PublishEvents, request).ok());
  }
  absl::SleepFor(absl::Seconds(2));
  std::set<std::string> names;
  while (names.size() < kCalls * kEvents) {
    const std::optional<Decision> decision = watch.Next();
    ASSERT_TRUE(decision.has_value()) << names.size();
    names.insert(decision->name());
  }
}

class InvitationWatch {
 public:
  InvitationWatch(const testing::Workspace& own, const std::string& contact) {
    EXPECT_TRUE(own.admin->Prepare(context_, {.timeout = absl::Seconds(15)}).ok());
    v1::WatchInvitationsRequest request;
    request.set_contact(absl::StrCat(own.tenant, "/contacts/", contact));
    stream_ = own.admin->stub<client::Invitations>().WatchInvitations(&context_, request);
    stream_->WaitForInitialMetadata();
  }
  ~InvitationWatch() { context_.TryCancel(); }

  v1::Invitation Next() {
    v1::WatchInvitationsResponse response;
    EXPECT_TRUE(stream_->Read(&response));
    return response.invitation();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchInvitationsResponse>> stream_;
};

TEST(WatchInvitationsTest, PushesWhatCanBeAnswered) {
  const testing::Workspace own = NewWorkspace();
  InvitationWatch watch(own, "ana");
  Publish(own, "bob");
  Publish(own, "ana", 1);
  const v1::Invitation pushed = watch.Next();
  EXPECT_EQ(pushed.contact(), absl::StrCat(own.tenant, "/contacts/ana"));
  const auto submitted = own.admin->Call(&client::Responses::SubmitResponse, testing::MakeSubmission(own, pushed, 1));
  EXPECT_TRUE(submitted.ok()) << submitted.status();
  Publish(own, "ana", 2);
  const v1::Invitation second = watch.Next();
  EXPECT_NE(second.name(), pushed.name());
  Show(own, second.name());
  Publish(own, "ana", 3);
  InvitationWatch elsewhere(own, "ana");
  const v1::Invitation third = elsewhere.Next();
  EXPECT_NE(third.name(), pushed.name()) << "it was answered";
  EXPECT_NE(third.name(), second.name()) << "it was shown";
  EXPECT_EQ(watch.Next().name(), third.name());
}

}  // namespace
}  // namespace canvass::conformance
