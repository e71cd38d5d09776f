// Customers asked by hand: in the app, by link and by webhook, from the call to the metric; and what is refused.

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "client/cpp/status.h"
#include "tests/conformance/target.h"
#include "tests/process/server_process.h"

namespace canvass::conformance {
namespace {

using client::Invitations;
using client::Reason;
using client::Responses;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Workspace;

void PutContact(const Workspace& own, const std::string& id) {
  v1::UpsertContactRequest request;
  v1::Contact& contact = *request.mutable_contact();
  contact.set_name(absl::StrCat(own.tenant, "/contacts/", id));
  (*contact.mutable_attributes()->mutable_fields())["plan"].set_string_value("gold");
  const auto stored = own.admin->Call(&client::Contacts::UpsertContact, request);
  ASSERT_TRUE(stored.ok()) << stored.status();
}

v1::CreateInvitationRequest RequestFor(const Workspace& own, const std::string& contact) {
  v1::CreateInvitationRequest request;
  request.set_parent(own.tenant);
  request.mutable_invitation()->set_survey(own.survey);
  request.mutable_invitation()->set_contact(absl::StrCat(own.tenant, "/contacts/", contact));
  return request;
}

v1::Invitation Get(const Workspace& own, const std::string& name) {
  v1::GetInvitationRequest request;
  request.set_name(name);
  const auto invitation = own.admin->Call(&Invitations::GetInvitation, request);
  EXPECT_TRUE(invitation.ok()) << invitation.status();
  return invitation.ok() ? *invitation : v1::Invitation();
}

double ResponseRate(const Workspace& own) {
  v1::QueryMetricRequest request;
  request.set_survey(own.survey);
  request.set_metric(v1::METRIC_RESPONSE_RATE);
  const auto response = own.admin->Call(&client::Metrics::QueryMetric, request);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() && response->points_size() == 1 ? response->points(0).value() : -1;
}

class InviteTest : public ::testing::Test {
 protected:
  InviteTest() { PutContact(own_, "ana"); }

  absl::StatusOr<v1::Invitation> Invite(const v1::CreateInvitationRequest& request) {
    return own_.admin->Call(&Invitations::CreateInvitation, request);
  }
  absl::StatusOr<v1::Invitation> Invite() { return Invite(RequestFor(own_, "ana")); }
  std::vector<v1::Invitation> Pending() {
    v1::ListPendingInvitationsRequest request;
    request.set_contact(absl::StrCat(own_.tenant, "/contacts/ana"));
    const auto response = own_.admin->Call(&Invitations::ListPendingInvitations, request);
    EXPECT_TRUE(response.ok()) << response.status();
    return {response->invitations().begin(), response->invitations().end()};
  }
  void ExpectRefused(const v1::CreateInvitationRequest& request, absl::StatusCode code, const std::string& reason) {
    const auto refused = Invite(request);
    EXPECT_EQ(refused.status().code(), code) << refused.status();
    EXPECT_EQ(Reason(refused.status()), reason) << refused.status();
  }

  Workspace own_ = NewWorkspace();
};

TEST_F(InviteTest, TheAppIsToldAndShowsItAndTheAnswerCounts) {
  grpc::ClientContext context;
  ASSERT_TRUE(own_.admin->Prepare(context, {.timeout = absl::Seconds(15)}).ok());
  v1::WatchInvitationsRequest watch;
  watch.set_contact(absl::StrCat(own_.tenant, "/contacts/ana"));
  const auto stream = own_.admin->stub<Invitations>().WatchInvitations(&context, watch);
  stream->WaitForInitialMetadata();
  v1::CreateInvitationRequest request = RequestFor(own_, "ana");
  v1::Invitation& wanted = *request.mutable_invitation();
  auto& event = *(*wanted.mutable_facts()->mutable_fields())["event"].mutable_struct_value();
  (*event.mutable_fields())["country"].set_string_value("CZ");
  const auto made = Invite(request);
  ASSERT_TRUE(made.ok()) << made.status();
  v1::WatchInvitationsResponse pushed;
  ASSERT_TRUE(stream->Read(&pushed));
  EXPECT_EQ(pushed.invitation().token(), made->token());
  context.TryCancel();
  ASSERT_EQ(Pending().size(), 1u);
  EXPECT_EQ(Pending()[0].token(), made->token());

  v1::AcknowledgeInvitationRequest shown;
  shown.set_name(made->name());
  shown.set_action(v1::AcknowledgeInvitationRequest::ACTION_SHOWN);
  ASSERT_TRUE(own_.admin->Call(&Invitations::AcknowledgeInvitation, shown).ok());
  EXPECT_EQ(ResponseRate(own_), 0);
  const auto submitted = own_.admin->Call(&Responses::SubmitResponse, testing::MakeSubmission(own_, *made, 1));
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  EXPECT_EQ(ResponseRate(own_), 100);
  EXPECT_EQ(Get(own_, made->name()).state(), v1::Invitation::STATE_ANSWERED);
  EXPECT_TRUE(Pending().empty());
  v1::GetResponseRequest get;
  get.set_name(submitted->name());
  const auto response = own_.admin->Call(&Responses::GetResponse, get);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->invitation(), made->name());
  EXPECT_EQ(response->facts().fields().at("event").struct_value().fields().at("country").string_value(), "CZ");
  EXPECT_EQ(response->facts().fields().at("contact").struct_value().fields().at("plan").string_value(), "gold");
}

TEST_F(InviteTest, ALinkIsAnsweredWithoutEverBeingShown) {
  v1::CreateInvitationRequest request = RequestFor(own_, "ana");
  request.mutable_invitation()->set_channel(v1::Invitation::CHANNEL_LINK);
  const auto made = Invite(request);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_THAT(made->url(), ::testing::EndsWith(absl::StrCat("/s/", made->token())));
  EXPECT_TRUE(Pending().empty()) << "it is not for the app";
  const auto submitted = own_.admin->Call(&Responses::SubmitResponse, testing::MakeSubmission(own_, *made, 1));
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  EXPECT_EQ(ResponseRate(own_), 100);
}

TEST_F(InviteTest, EditorsAndProgramsInviteAnalystsDoNot) {
  for (const auto role : {v1::ApiKey::ROLE_EDITOR, v1::ApiKey::ROLE_INGEST}) {
    const auto key = testing::MakeKey(own_, role);
    ASSERT_TRUE(key.ok()) << key.status();
    const auto made =
        testing::Connect(own_.address, *key)->Call(&Invitations::CreateInvitation, RequestFor(own_, "ana"));
    EXPECT_TRUE(made.ok()) << made.status();
  }
  const auto key = testing::MakeKey(own_, v1::ApiKey::ROLE_ANALYST);
  ASSERT_TRUE(key.ok()) << key.status();
  const auto refused =
      testing::Connect(own_.address, *key)->Call(&Invitations::CreateInvitation, RequestFor(own_, "ana"));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(InviteTest, SentTwiceItAsksOnce) {
  v1::CreateInvitationRequest request = RequestFor(own_, "ana");
  request.set_request_id("ticket-7");
  const auto first = Invite(request);
  const auto again = Invite(request);
  ASSERT_TRUE(first.ok() && again.ok()) << first.status() << again.status();
  EXPECT_EQ(again->name(), first->name());
  EXPECT_EQ(Pending().size(), 1u);
  request.mutable_invitation()->set_channel(v1::Invitation::CHANNEL_LINK);
  ExpectRefused(request, absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED");
}

TEST_F(InviteTest, WhatCannotBeIsRefusedAndNothingIsStored) {
  const Workspace other = NewWorkspace();
  PutContact(other, "eve");
  constexpr auto kNotFound = absl::StatusCode::kNotFound;
  constexpr auto kFailed = absl::StatusCode::kFailedPrecondition;
  ExpectRefused(RequestFor(own_, "nobody"), kNotFound, "CONTACT_NOT_FOUND");
  v1::CreateInvitationRequest request = RequestFor(own_, "ana");
  request.mutable_invitation()->set_contact(other.tenant + "/contacts/eve");
  EXPECT_EQ(Invite(request).status().code(), kNotFound);
  request = RequestFor(own_, "ana");
  request.mutable_invitation()->set_survey(other.survey);
  EXPECT_EQ(Invite(request).status().code(), kNotFound);
  request.mutable_invitation()->set_survey(own_.tenant + "/surveys/nothing");
  ExpectRefused(request, kNotFound, "SURVEY_NOT_FOUND");

  v1::CreateSurveyRequest draft;
  draft.set_parent(own_.tenant);
  draft.set_survey_id("draft");
  v1::GetSurveyRequest get;
  get.set_name(own_.survey);
  const auto published = own_.admin->Call(&client::Surveys::GetSurvey, get);
  ASSERT_TRUE(published.ok()) << published.status();
  *draft.mutable_survey()->mutable_definition() = published->definition();
  ASSERT_TRUE(own_.admin->Call(&client::Surveys::CreateSurvey, draft).ok());
  request.mutable_invitation()->set_survey(own_.tenant + "/surveys/draft");
  ExpectRefused(request, kFailed, "SURVEY_NOT_PUBLISHED");

  request = RequestFor(own_, "ana");
  request.mutable_invitation()->mutable_expire_time()->set_seconds(1'750'000'000);
  const auto expired = Invite(request);
  EXPECT_EQ(Reason(expired.status()), "INVALID_INVITATION");
  ASSERT_EQ(client::Violations(expired.status()).size(), 1u);
  EXPECT_EQ(client::Violations(expired.status())[0].field, "invitation.expire_time");

  request = RequestFor(own_, "ana");
  request.mutable_invitation()->set_channel(v1::Invitation::CHANNEL_EMAIL);
  ExpectRefused(request, kFailed, "CONTACT_NOT_REACHABLE");

  v1::CreateSuppressionRequest suppress;
  suppress.set_parent(own_.tenant);
  suppress.mutable_suppression()->set_contact(absl::StrCat(own_.tenant, "/contacts/ana"));
  suppress.mutable_suppression()->set_reason(v1::Suppression::REASON_MANUAL);
  ASSERT_TRUE(own_.admin->Call(&client::Suppressions::CreateSuppression, suppress).ok());
  ExpectRefused(RequestFor(own_, "ana"), kFailed, "CONTACT_OPTED_OUT");

  v1::ListInvitationsRequest list;
  list.set_parent(own_.tenant);
  const auto stored = own_.admin->Call(&Invitations::ListInvitations, list);
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->invitations_size(), 0);
}

TEST_F(InviteTest, ACapHoldsForCallsAndForTriggersAfterwards) {
  v1::UpdateContactPolicyRequest policy;
  policy.mutable_contact_policy()->set_name(own_.tenant + "/contactPolicy");
  v1::FrequencyCap& cap = *policy.mutable_contact_policy()->add_frequency_caps();
  cap.set_scope(v1::FrequencyCap::SCOPE_CONTACT);
  cap.mutable_interval()->set_seconds(14 * 86400);
  ASSERT_TRUE(own_.admin->Call(&client::Settings::UpdateContactPolicy, policy).ok());
  ASSERT_TRUE(Invite().ok());
  const auto capped = Invite();
  EXPECT_EQ(Reason(capped.status()), "FREQUENCY_CAP_REACHED") << capped.status();
  EXPECT_THAT(std::string(capped.status().message()), HasSubstr("within 14 days"));
  v1::CreateInvitationRequest urgent = RequestFor(own_, "ana");
  urgent.set_ignore_frequency_caps(true);
  EXPECT_TRUE(Invite(urgent).ok());

  v1::PublishEventsRequest publish;
  publish.set_parent(own_.tenant);
  *publish.add_events() = testing::MakeEvent("ana", 1);
  // Of today: the visits of MakeEvent are of the past.
  publish.mutable_events(0)->mutable_time()->set_seconds(absl::ToUnixSeconds(absl::Now()));
  const auto published = own_.admin->Call(&client::Events::PublishEvents, publish);
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->results(0).invitations(), 0);
}

// The tenant's system: remembers what it is sent.
class Hook {
 public:
  Hook() {
    server_.Post("/hook", [this](const httplib::Request& request, httplib::Response&) {
      absl::MutexLock lock(&mutex_);
      bodies_.push_back(request.body);
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~Hook() {
    server_.stop();
    thread_.join();
  }
  std::string url() const { return absl::StrCat("http://127.0.0.1:", port_, "/hook"); }
  // Once one came, or after 15 seconds.
  std::vector<std::string> Await() {
    absl::MutexLock lock(&mutex_);
    const auto came = [this] { return !bodies_.empty(); };
    mutex_.AwaitWithTimeout(absl::Condition(&came), absl::Seconds(15));
    return bodies_;
  }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
  absl::Mutex mutex_;
  std::vector<std::string> bodies_ ABSL_GUARDED_BY(mutex_);
};

TEST(InviteByWebhookTest, ItIsSentAndItsPageOpens) {
  Hook hook;
  const auto server =
      testing::ServerProcess::Start({.flags = {"--allow-destinations=127.0.0.1", "--allow-http-destinations"}});
  ASSERT_TRUE(server.ok()) << server.status();
  const auto own = testing::MakeWorkspace((*server)->address(), (*server)->operator_credential(), "acme");
  ASSERT_TRUE(own.ok()) << own.status();
  PutContact(*own, "ana");
  v1::UpdateChannelSettingsRequest settings;
  settings.mutable_channel_settings()->set_name(own->tenant + "/channelSettings");
  settings.mutable_channel_settings()->mutable_webhook()->set_url(hook.url());
  ASSERT_TRUE(own->admin->Call(&client::Settings::UpdateChannelSettings, settings).ok());
  v1::CreateInvitationRequest request = RequestFor(*own, "ana");
  request.mutable_invitation()->set_channel(v1::Invitation::CHANNEL_WEBHOOK);
  const auto made = own->admin->Call(&Invitations::CreateInvitation, request);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_THAT(hook.Await(), ElementsAre(HasSubstr(made->token())));
  v1::Invitation::State state = v1::Invitation::STATE_UNSPECIFIED;
  for (int i = 0; i < 100 && state != v1::Invitation::STATE_DELIVERED; ++i) {
    absl::SleepFor(absl::Milliseconds(50));
    state = Get(*own, made->name()).state();
  }
  EXPECT_EQ(state, v1::Invitation::STATE_DELIVERED);
  const auto page = httplib::Client("127.0.0.1", (*server)->http_port()).Get("/s/" + made->token());
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  EXPECT_THAT(page->body, HasSubstr("recommend"));
}

}  // namespace
}  // namespace canvass::conformance
