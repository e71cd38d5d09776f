// The two watches as streams use them: asked for more only when all before was taken.

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/distribution/watching/watch_decisions.h"
#include "server/distribution/watching/watch_invitations.h"
#include "server/mysql/testing/test_database.h"
#include "server/surveys/survey_store.h"

namespace canvass::distribution {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr char kSurvey[] = R"pb(
  definition {
    default_language: "en"
    questions {
      key: "recommend"
      text { key: "en" value: "?" }
      nps {}
    }
  })pb";

// Reads a source as a client does. Lives as long as what it asked for may come.
template <typename Message>
class Reader {
 public:
  explicit Reader(std::unique_ptr<PushSource<Message>> source) : source_(std::move(source)) {}

  // The next messages; none if they do not come within `patience`.
  std::vector<Message> Next(absl::Duration patience = absl::Seconds(10)) {
    if (!asked_) {
      asked_ = true;
      source_->Next([state = state_](absl::StatusOr<std::vector<Message>> messages) {
        absl::MutexLock lock(&state->mutex);
        state->messages = std::move(messages);
      });
    }
    absl::MutexLock lock(&state_->mutex);
    const auto came = [this] { return state_->messages.has_value(); };
    if (!state_->mutex.AwaitWithTimeout(absl::Condition(&came), patience)) return {};
    asked_ = false;
    const absl::StatusOr<std::vector<Message>> messages = *std::exchange(state_->messages, std::nullopt);
    EXPECT_TRUE(messages.ok()) << messages.status();
    return messages.ok() ? *messages : std::vector<Message>();
  }

 private:
  struct State {
    absl::Mutex mutex;
    std::optional<absl::StatusOr<std::vector<Message>>> messages;
  };
  const std::shared_ptr<State> state_ = std::make_shared<State>();
  bool asked_ = false;
  std::unique_ptr<PushSource<Message>> source_;
};

class WatchTest : public ::testing::Test {
 protected:
  using Decisions = Reader<v1::WatchDecisionsResponse>;
  using Invitations = Reader<v1::WatchInvitationsResponse>;

  WatchTest() {
    for (const char* id : {"nps", "closed"}) {
      v1::Survey content;
      EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(kSurvey, &content));
      EXPECT_TRUE(surveys_.Create(scope_, SurveyId(id), content, clock_.Now()).ok());
      EXPECT_TRUE(surveys_.Publish(scope_, SurveyId(id), "", clock_.Now()).ok());
    }
    Change("closed", v1::Survey::STATE_CLOSED);
  }

  void Change(const std::string& id, v1::Survey::State state) {
    const auto changed = surveys_.Change(scope_, SurveyId(id), clock_.Now(), [&](v1::Survey& survey) {
      survey.set_state(state);
      return absl::OkStatus();
    });
    EXPECT_TRUE(changed.ok()) << changed.status();
    catalog_.Forget(scope_, SurveyId(id));
  }

  DecisionKey Decide(absl::string_view contact) {
    DecisionRecord record{.key = {.event = Uuid::V7(clock_.Now(), db_.random()), .trigger = TriggerId("after")},
                          .contact = ContactId(std::string(contact))};
    record.decision.set_outcome(v1::Decision::OUTCOME_SCHEDULED);
    const absl::Status status =
        db_.database().Write(scope_, [&](mysql::Transaction& tx) { return decisions_.Insert(tx, scope_, {record}); });
    EXPECT_TRUE(status.ok()) << status;
    return record.key;
  }

  std::string Invite(absl::string_view contact, absl::Duration due, const std::string& survey = "nps",
                     v1::Invitation::Channel channel = v1::Invitation::CHANNEL_IN_APP) {
    const absl::Time now = clock_.Now();
    NewInvitation invitation{.id = Uuid::V7(now, db_.random()),
                             .survey = SurveyId(survey),
                             .survey_version = 1,
                             .contact = ContactId(std::string(contact)),
                             .schedule_time = now + due,
                             .expire_time = now + due + absl::Hours(24)};
    invitation.content.set_channel(channel);
    const absl::Status status = db_.database().Write(
        scope_, [&](mysql::Transaction& tx) { return invitations_.Insert(tx, scope_, {invitation}); });
    EXPECT_TRUE(status.ok()) << status;
    return absl::StrCat("tenants/acme/invitations/", invitation.id.ToString());
  }

  void Show(const std::string& name) {
    const Uuid id = *Uuid::Parse(name.substr(name.rfind('/') + 1));
    const absl::Status status = db_.database().Write(scope_, [&](mysql::Transaction& tx) -> absl::Status {
      auto locked = invitations_.LockMany(tx, scope_, {id});
      if (!locked.ok()) return locked.status();
      InvitationRecord& record = locked->at(id);
      record.invitation.set_state(v1::Invitation::STATE_DELIVERED);
      return invitations_.UpdateState(tx, scope_, record);
    });
    EXPECT_TRUE(status.ok()) << status;
  }

  absl::StatusOr<std::unique_ptr<DecisionWatch::Source>> Watch(DecisionWatch& watch, const std::string& resume = "") {
    v1::WatchDecisionsRequest request;
    request.set_parent("tenants/-");
    request.set_resume_token(resume);
    return WatchDecisions(watch, scope_, request);
  }

  std::unique_ptr<Invitations> WatchContact(InvitationWatch& watch, absl::string_view contact) {
    v1::WatchInvitationsRequest request;
    request.set_contact(absl::StrCat("tenants/-/contacts/", contact));
    auto source = WatchInvitations(watch, scope_, request);
    EXPECT_TRUE(source.ok()) << source.status();
    return std::make_unique<Invitations>(*std::move(source));
  }

  static std::vector<std::string> Names(const std::vector<v1::WatchInvitationsResponse>& responses) {
    std::vector<std::string> names;
    for (const v1::WatchInvitationsResponse& response : responses) names.push_back(response.invitation().name());
    return names;
  }

  SystemClock clock_;
  mysql::testing::TestDatabase db_{{.clock = &clock_}};
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  surveys::SurveyStore surveys_{db_.database()};
  surveys::SurveyCatalog catalog_{surveys_, clock_};
  contacts::ContactStore contacts_{db_.database()};
  InvitationStore invitations_{db_.database()};
  DecisionStore decisions_{db_.database()};
  InvitationTokens tokens_{"a secret of tests alone, 32 bytes"};
  InAppChannel in_app_{invitations_, catalog_, tokens_, clock_};
};

TEST_F(WatchTest, DecisionsComeAndGoOnBehindAToken) {
  DecisionWatch watch(decisions_, nullptr, clock_);
  auto source = Watch(watch);
  ASSERT_TRUE(source.ok()) << source.status();
  Decisions reader(*std::move(source));
  const DecisionKey ada = Decide("ada");
  const auto first = reader.Next();
  ASSERT_THAT(first, SizeIs(1));
  EXPECT_EQ(first[0].decision().contact(), "tenants/acme/contacts/ada");
  const absl::Status sent = db_.database().Write(scope_, [&](mysql::Transaction& tx) {
    return decisions_.MarkSent(tx, {{.tenant = scope_.tenant(), .key = ada}});
  });
  ASSERT_TRUE(sent.ok()) << sent;
  Decide("bob");
  // Nothing is looked up for a reader that does not read; then all of it comes.
  absl::SleepFor(absl::Seconds(1));
  EXPECT_THAT(reader.Next(), SizeIs(2));
  EXPECT_THAT(reader.Next(absl::Seconds(1)), SizeIs(0));
  source = Watch(watch, first[0].resume_token());
  ASSERT_TRUE(source.ok()) << source.status();
  Decisions again(*std::move(source));
  EXPECT_THAT(again.Next(), SizeIs(2)) << "ada as it is now, and bob";
}

TEST_F(WatchTest, BadRequestsAreRefused) {
  DecisionWatch watch(decisions_, nullptr, clock_);
  EXPECT_EQ(ReasonOf(Watch(watch, "nonsense").status()), v1::ERROR_REASON_INVALID_PAGE_TOKEN);
  v1::WatchDecisionsRequest request;
  request.set_parent("tenants/other");
  EXPECT_TRUE(absl::IsNotFound(WatchDecisions(watch, scope_, request).status()));
  request.set_parent("tenants/-");
  request.add_outcomes(v1::Decision::OUTCOME_SENT);
  request.add_outcomes(static_cast<v1::Decision::Outcome>(77));
  const absl::Status status = WatchDecisions(watch, scope_, request).status();
  ASSERT_THAT(ViolationsOf(status), SizeIs(1));
  EXPECT_EQ(ViolationsOf(status)[0].field, "outcomes[1]");
}

TEST_F(WatchTest, ATenantHasSoManyStreams) {
  DecisionWatch watch(decisions_, nullptr, clock_);
  std::vector<std::unique_ptr<DecisionWatch::Source>> sources;
  for (int i = 0; i < DecisionWatch::kMaxPerTenant; ++i) sources.push_back(*Watch(watch));
  EXPECT_TRUE(absl::IsResourceExhausted(Watch(watch).status()));
  sources.pop_back();
  EXPECT_TRUE(Watch(watch).ok());
}

TEST_F(WatchTest, InvitationsComeWhenTheyAreDueAndOnce) {
  InvitationWatch watch(invitations_, in_app_, contacts_, clock_);
  const std::string due = Invite("ada", -absl::Hours(1));
  const std::string shown = Invite("ada", -absl::Hours(2));
  Show(shown);
  Invite("ada", -absl::Hours(1), "nps", v1::Invitation::CHANNEL_EMAIL);
  Invite("ada", -absl::Hours(48));  // expired
  Invite("bob", -absl::Hours(1));
  const std::string soon = Invite("ada", absl::Seconds(2));
  const auto reader = WatchContact(watch, "ada");
  const auto first = reader->Next();
  ASSERT_THAT(Names(first), ElementsAre(due));
  EXPECT_TRUE(tokens_.Verify(first[0].invitation().token()).ok());
  EXPECT_THAT(Names(reader->Next()), ElementsAre(soon));
  EXPECT_THAT(Names(reader->Next(absl::Seconds(2))), ElementsAre()) << "not shown yet, but pushed";
  // Another device of the same customer is told what nobody was shown.
  Show(due);
  EXPECT_THAT(Names(WatchContact(watch, "ada")->Next()), ElementsAre(soon));
}

TEST_F(WatchTest, InvitationsOfASurveyThatOpensAgainCome) {
  InvitationWatch watch(invitations_, in_app_, contacts_, clock_);
  const std::string waits = Invite("ada", -absl::Hours(1), "closed");
  const auto reader = WatchContact(watch, "ada");
  EXPECT_THAT(Names(reader->Next(absl::Seconds(2))), ElementsAre());
  Change("closed", v1::Survey::STATE_PUBLISHED);
  EXPECT_THAT(Names(reader->Next(absl::Seconds(15))), ElementsAre(waits));
}

TEST_F(WatchTest, ManyContactsAreAskedForTogether) {
  constexpr int kContacts = 1300;
  InvitationWatch watch(invitations_, in_app_, contacts_, clock_);
  std::vector<std::unique_ptr<Invitations>> readers;
  for (int i = 0; i < kContacts; ++i) readers.push_back(WatchContact(watch, absl::StrCat("person-", i)));
  for (const auto& reader : readers) reader->Next(absl::ZeroDuration());
  const std::string first = Invite("person-0", -absl::Seconds(1));
  const std::string last = Invite(absl::StrCat("person-", kContacts - 1), -absl::Seconds(1));
  const int64_t before = db_.Count(
      "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = "
      "'Com_stmt_execute'");
  const absl::Time start = absl::Now();
  EXPECT_THAT(Names(readers.front()->Next()), ElementsAre(first));
  EXPECT_THAT(Names(readers.back()->Next()), ElementsAre(last));
  const int64_t statements = db_.Count(
                                 "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = "
                                 "'Com_stmt_execute'") -
                             before;
  EXPECT_LT(statements, 20 * (1 + absl::ToInt64Seconds(absl::Now() - start)));
}

}  // namespace
}  // namespace canvass::distribution
