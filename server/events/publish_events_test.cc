#include "server/events/publish_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/contacts/merging/merge_contacts.h"
#include "server/events/event.h"
#include "server/events/get_event.h"
#include "server/events/testing/orchestration_house.h"
#include "server/metrics/cell_batch.h"
#include "server/mysql/pool.h"
#include "server/mysql/testing/cutting_proxy.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::events {
namespace {

using mysql::testing::CuttingProxy;
using ::testing::HasSubstr;
using testing::OrchestrationHouse;
using testing::Order;
using testing::Parse;
using ::testing::SizeIs;
using Result = v1::EventResult;

constexpr char kTrigger[] = R"pb(event_type: "order.delivered" survey: "tenants/-/surveys/nps")pb";

class PublishEventsTest : public ::testing::Test {
 protected:
  PublishEventsTest() { house_.PublishSurvey(scope_, "nps", {"event.total", "contact.country"}); }

  absl::Time now() { return db_.clock().Now(); }
  int64_t Count(absl::string_view table) { return db_.Count(absl::StrCat("SELECT COUNT(*) FROM ", table)); }

  mysql::testing::TestDatabase db_;
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  OrchestrationHouse house_{db_.database(), db_.clock(), db_.random()};
};

TEST_F(PublishEventsTest, AnEventLeadsToADecisionAndAnInvitation) {
  house_.MakeContact(scope_, "ada", Parse<v1::Contact>(R"pb(
                       attributes {
                         fields {
                           key: "country"
                           value { string_value: "FR" }
                         }
                       }
                       language: "fr")pb"));
  house_.MakeTrigger(scope_, "after-order", R"pb(event_type: "order.delivered"
                                                 survey: "tenants/-/surveys/nps"
                                                 condition { text: "event.total > 10 AND contact.country = FR" }
                                                 delay { seconds: 3600 })pb");
  const v1::Event event = Order("o-1", "ada", now(), 20);
  const v1::PublishEventsResponse response = house_.MustPublish(scope_, {event});
  ASSERT_THAT(response.results(), SizeIs(1));
  EXPECT_EQ(response.results(0).outcome(), Result::OUTCOME_ACCEPTED);
  EXPECT_EQ(response.results(0).invitations(), 1);
  EXPECT_EQ(response.results(0).event(), EventName(scope_, EventKey("/shop", "o-1")));

  const v1::Decision decision = house_.DecisionOn(scope_, event, "after-order");
  EXPECT_EQ(decision.outcome(), v1::Decision::OUTCOME_SCHEDULED);
  EXPECT_EQ(decision.reason(), v1::Decision::REASON_QUALIFIED);
  EXPECT_EQ(decision.contact(), "tenants/acme/contacts/ada");
  EXPECT_EQ(FromProto(decision.event_time()), now());

  const std::vector<v1::Invitation> invitations = house_.InvitationsOf(scope_, "ada");
  ASSERT_THAT(invitations, SizeIs(1));
  const v1::Invitation& invitation = invitations[0];
  EXPECT_EQ(invitation.name(), decision.invitation());
  EXPECT_EQ(invitation.state(), v1::Invitation::STATE_SCHEDULED);
  EXPECT_EQ(invitation.survey_version(), 1);
  EXPECT_EQ(invitation.event(), response.results(0).event());
  EXPECT_EQ(FromProto(invitation.schedule_time()), now() + absl::Hours(1));
  EXPECT_EQ(FromProto(invitation.expire_time()), now() + absl::Hours(1) + absl::Hours(24 * 30));
  const auto& facts = invitation.facts().fields();
  const auto& about_event = facts.at("event").struct_value().fields();
  const auto& about_contact = facts.at("contact").struct_value().fields();
  EXPECT_EQ(about_event.at("total").number_value(), 20);
  EXPECT_EQ(about_event.at("type").string_value(), "order.delivered");
  EXPECT_EQ(about_event.at("id").string_value(), "o-1");
  EXPECT_EQ(about_contact.at("country").string_value(), "FR");
  EXPECT_EQ(about_contact.at("language").string_value(), "fr");
  EXPECT_EQ(db_.Count("SELECT SUM(total) FROM metric_cells WHERE series = '@stage' AND value = 1"), 1);
}

TEST_F(PublishEventsTest, TheEventIsStoredAsItCame) {
  v1::Event event = Order("o-1", "ada", now() - absl::Hours(5), 12.25);
  const v1::PublishEventsResponse response = house_.MustPublish(scope_, {event});
  v1::GetEventRequest request;
  request.set_name(response.results(0).event());
  const absl::StatusOr<v1::Event> stored = GetEvent(house_.events, scope_, request);
  ASSERT_TRUE(stored.ok()) << stored.status();
  event.set_name(request.name());
  *event.mutable_receive_time() = ToProto(now());
  EXPECT_EQ(stored->DebugString(), event.DebugString());
}

TEST_F(PublishEventsTest, ARepeatedCallIsRecognised) {
  house_.MakeTrigger(scope_, "after-order", kTrigger);
  const std::vector<v1::Event> events = {Order("o-1", "ada", now()), Order("o-2", "bob", now())};
  house_.MustPublish(scope_, events);
  db_.clock().Advance(absl::Hours(1));
  const v1::PublishEventsResponse again = house_.MustPublish(scope_, events);
  for (const Result& result : again.results()) {
    EXPECT_EQ(result.outcome(), Result::OUTCOME_DUPLICATE);
    EXPECT_EQ(result.invitations(), 0);
    EXPECT_FALSE(result.event().empty());
  }
  EXPECT_EQ(Count("events"), 2);
  EXPECT_EQ(Count("decisions"), 2);
  EXPECT_EQ(Count("invitations"), 2);
  EXPECT_EQ(db_.Count("SELECT SUM(total) FROM metric_cells"), 2);
}

TEST_F(PublishEventsTest, NewEventsAmongKnownOnesGoOn) {
  house_.MakeTrigger(scope_, "after-order", kTrigger);
  std::vector<v1::Event> events;
  for (int i = 0; i < 600; ++i) events.push_back(Order(absl::StrCat("o-", i), absl::StrCat("c-", i), now()));
  std::vector<v1::Event> some;
  for (int i = 0; i < 600; i += 7) some.push_back(events[static_cast<std::size_t>(i)]);
  house_.MustPublish(scope_, some);
  const v1::PublishEventsResponse response = house_.MustPublish(scope_, events);
  for (int i = 0; i < 600; ++i) {
    EXPECT_EQ(response.results(i).outcome(), i % 7 == 0 ? Result::OUTCOME_DUPLICATE : Result::OUTCOME_ACCEPTED) << i;
    EXPECT_EQ(response.results(i).invitations(), i % 7 == 0 ? 0 : 1) << i;
  }
  EXPECT_EQ(Count("events"), 600);
  EXPECT_EQ(Count("decisions"), 600);
  EXPECT_EQ(Count("invitations"), 600);
}

TEST_F(PublishEventsTest, OtherContentUnderAKnownIdIsRefused) {
  house_.MustPublish(scope_, {Order("o-1", "ada", now(), 20)});
  const v1::PublishEventsResponse response =
      house_.MustPublish(scope_, {Order("o-1", "ada", now(), 21), Order("o-2", "ada", now())});
  const Result& refused = response.results(0);
  EXPECT_EQ(refused.outcome(), Result::OUTCOME_REFUSED);
  EXPECT_EQ(refused.problem().reason(), v1::ERROR_REASON_EVENT_ID_REUSED);
  EXPECT_EQ(refused.problem().code(), static_cast<int>(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(refused.problem().message(), HasSubstr("o-1"));
  EXPECT_TRUE(refused.event().empty());
  EXPECT_EQ(response.results(1).outcome(), Result::OUTCOME_ACCEPTED);
}

TEST_F(PublishEventsTest, DuplicatesWithinACallAreRecognised) {
  house_.MakeTrigger(scope_, "after-order", kTrigger);
  const v1::PublishEventsResponse response = house_.MustPublish(
      scope_, {Order("o-1", "ada", now(), 20), Order("o-1", "ada", now(), 20), Order("o-1", "ada", now(), 21)});
  EXPECT_EQ(response.results(0).outcome(), Result::OUTCOME_ACCEPTED);
  EXPECT_EQ(response.results(1).outcome(), Result::OUTCOME_DUPLICATE);
  EXPECT_EQ(response.results(2).problem().reason(), v1::ERROR_REASON_EVENT_ID_REUSED);
  EXPECT_EQ(Count("invitations"), 1);
  // With the first of them known under other content, the third is the duplicate.
  house_.MustPublish(scope_, {Order("o-2", "ada", now(), 21)});
  const v1::PublishEventsResponse later =
      house_.MustPublish(scope_, {Order("o-2", "ada", now(), 20), Order("o-2", "ada", now(), 21)});
  EXPECT_EQ(later.results(0).problem().reason(), v1::ERROR_REASON_EVENT_ID_REUSED);
  EXPECT_EQ(later.results(1).outcome(), Result::OUTCOME_DUPLICATE);
}

TEST_F(PublishEventsTest, ABadEventDoesNotStopItsNeighbours) {
  v1::Event bad = Order("o-1", "", now());
  const v1::PublishEventsResponse response = house_.MustPublish(scope_, {bad, Order("o-2", "ada", now())});
  EXPECT_EQ(response.results(0).problem().reason(), v1::ERROR_REASON_INVALID_EVENT);
  ASSERT_THAT(response.results(0).problem().violations(), SizeIs(1));
  EXPECT_EQ(response.results(0).problem().violations(0).field(), "subject");
  EXPECT_EQ(response.results(1).outcome(), Result::OUTCOME_ACCEPTED);
  EXPECT_EQ(Count("events"), 1);
}

TEST_F(PublishEventsTest, CallsHaveALimit) {
  EXPECT_EQ(ReasonOf(house_.Publish(scope_, {}).status()), v1::ERROR_REASON_INVALID_FIELD);
  const std::vector<v1::Event> events(1001, Order("o-1", "ada", now()));
  EXPECT_EQ(ReasonOf(house_.Publish(scope_, events).status()), v1::ERROR_REASON_INVALID_FIELD);
}

TEST_F(PublishEventsTest, TenantsDoNotMeet) {
  const TenantScope other = mysql::testing::MakeScope("other");
  house_.MakeTrigger(scope_, "after-order", kTrigger);
  house_.MustPublish(scope_, {Order("o-1", "ada", now())});
  const v1::PublishEventsResponse response = house_.MustPublish(other, {Order("o-1", "ada", now(), 99)});
  EXPECT_EQ(response.results(0).outcome(), Result::OUTCOME_ACCEPTED);
  EXPECT_EQ(response.results(0).invitations(), 0);
}

TEST_F(PublishEventsTest, EveryTriggerOfTheTypeDecidesOnce) {
  house_.MakeDraft(scope_, "draft");
  house_.PublishSurvey(scope_, "closed");
  house_.CloseSurvey(scope_, "closed");
  house_.MakeTrigger(scope_, "a-yes", kTrigger);
  house_.MakeTrigger(scope_, "b-false", R"pb(event_type: "order.delivered"
                                             survey: "tenants/-/surveys/nps"
                                             condition { text: "event.total > 1000" })pb");
  house_.MakeTrigger(scope_, "c-draft", R"pb(event_type: "order.delivered" survey: "tenants/-/surveys/draft")pb");
  house_.MakeTrigger(scope_, "d-closed", R"pb(event_type: "order.delivered" survey: "tenants/-/surveys/closed")pb");
  house_.MakeTrigger(scope_, "e-other", R"pb(event_type: "ticket.solved" survey: "tenants/-/surveys/nps")pb");
  const v1::Event event = Order("o-1", "ada", now());
  EXPECT_EQ(house_.MustPublish(scope_, {event}).results(0).invitations(), 1);
  // Those that skip it have no rows.
  EXPECT_EQ(Count("decisions"), 1);
  EXPECT_EQ(db_.Count("SELECT SUM(total) FROM skip_counts"), 3);
  EXPECT_EQ(house_.DecisionOn(scope_, event, "a-yes").reason(), v1::Decision::REASON_QUALIFIED);
  const v1::Decision skipped = house_.DecisionOn(scope_, event, "b-false");
  EXPECT_EQ(skipped.outcome(), v1::Decision::OUTCOME_SKIPPED);
  EXPECT_EQ(skipped.reason(), v1::Decision::REASON_CONDITION_FALSE);
  EXPECT_THAT(skipped.explanation(), HasSubstr("event.total was 20"));
  EXPECT_EQ(house_.DecisionOn(scope_, event, "c-draft").reason(), v1::Decision::REASON_SURVEY_NOT_PUBLISHED);
  EXPECT_EQ(house_.DecisionOn(scope_, event, "d-closed").reason(), v1::Decision::REASON_SURVEY_CLOSED);
}

TEST_F(PublishEventsTest, AnImportedEventCanBeAnsweredFromNowOn) {
  house_.MakeTrigger(scope_, "after-order", kTrigger);
  const absl::Time old = now() - absl::Hours(24 * 3000);
  house_.MustPublish(scope_, {Order("o-1", "ada", old)});
  const std::vector<v1::Invitation> invitations = house_.InvitationsOf(scope_, "ada");
  ASSERT_THAT(invitations, SizeIs(1));
  EXPECT_EQ(FromProto(invitations[0].schedule_time()), old);
  EXPECT_EQ(FromProto(invitations[0].expire_time()), now() + absl::Hours(24 * 30));
}

// A COMMIT whose answer is lost is run again, and what had happened is told as if it had been heard.
TEST_F(PublishEventsTest, ALostCommitIsRunAgain) {
  house_.MakeTrigger(scope_, "after-order", kTrigger);
  CuttingProxy proxy(db_.connect_options().socket);
  mysql::PoolOptions options{.connect = db_.connect_options(), .max_connections = 4};
  options.connect.socket = proxy.socket();
  mysql::Database database(std::make_unique<mysql::Pool>(options, db_.clock()), db_.clock());
  OrchestrationHouse far(database, db_.clock(), db_.random());
  int number = 0;
  for (const auto cut : {CuttingProxy::Cut::kAnswer, CuttingProxy::Cut::kRequest}) {
    const std::string first = absl::StrCat("o-", ++number);
    const std::string second = absl::StrCat("o-", ++number);
    house_.MustPublish(scope_, {Order(first, "ada", now())});
    const int cuts = proxy.cuts();
    proxy.CutNextCommit(cut);
    const absl::StatusOr<v1::PublishEventsResponse> response =
        far.Publish(scope_, {Order(first, "ada", now()), Order(second, "bob", now())});
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(proxy.cuts(), cuts + 1);
    EXPECT_EQ(response->results(0).outcome(), Result::OUTCOME_DUPLICATE);
    EXPECT_EQ(response->results(1).outcome(), Result::OUTCOME_ACCEPTED);
    EXPECT_EQ(response->results(1).invitations(), 1);
  }
  EXPECT_EQ(Count("events"), 4);
  EXPECT_EQ(Count("decisions"), 4);
  EXPECT_EQ(Count("invitations"), 4);
  EXPECT_EQ(db_.Count("SELECT SUM(total) FROM metric_cells"), 4);
}

TEST_F(PublishEventsTest, ListsTheLatestFirst) {
  std::vector<v1::Event> events;
  for (int i = 0; i < 25; ++i) {
    // Pairs share a time, so that pages end between events of one time.
    events.push_back(Order(absl::StrCat("o-", i), i % 5 == 0 ? "ada" : "bob", now() - absl::Hours(i / 2)));
  }
  house_.MustPublish(scope_, events);
  v1::ListEventsRequest request;
  request.set_parent("tenants/-");
  request.set_page_size(4);
  std::vector<std::string> ids;
  absl::Time last = absl::InfiniteFuture();
  do {
    const absl::StatusOr<v1::ListEventsResponse> page = ListEvents(house_.events, scope_, request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Event& event : page->events()) {
      EXPECT_LE(FromProto(event.time()), last);
      last = FromProto(event.time());
      ids.push_back(event.id());
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 25U);
  EXPECT_EQ(ids.size(), 25U);

  request.set_page_size(100);
  request.set_subject("ada");
  EXPECT_THAT(ListEvents(house_.events, scope_, request)->events(), SizeIs(5));
  *request.mutable_start_time() = ToProto(now() - absl::Hours(7));
  *request.mutable_end_time() = ToProto(now());
  EXPECT_THAT(ListEvents(house_.events, scope_, request)->events(), SizeIs(3));
  request.set_page_token("nonsense");
  EXPECT_EQ(ReasonOf(ListEvents(house_.events, scope_, request).status()), v1::ERROR_REASON_INVALID_PAGE_TOKEN);
}

TEST_F(PublishEventsTest, ListsTheEventsOfAMergedContactUnderBothIds) {
  house_.MustPublish(scope_, {Order("o-1", "visitor", now()), Order("o-2", "ada", now())});
  v1::MergeContactsRequest merge;
  merge.set_name("tenants/-/contacts/ada");
  merge.set_duplicate("tenants/-/contacts/visitor");
  ASSERT_TRUE(contacts::MergeContacts(house_.contacts, db_.clock(), scope_, merge).ok());
  house_.MustPublish(scope_, {Order("o-3", "visitor", now())});
  v1::ListEventsRequest request;
  request.set_parent("tenants/-");
  for (const char* id : {"ada", "visitor"}) {
    request.set_subject(id);
    EXPECT_THAT(ListEvents(house_.events, scope_, request)->events(), SizeIs(3)) << id;
  }
  request.set_subject("bob");
  EXPECT_THAT(ListEvents(house_.events, scope_, request)->events(), SizeIs(0));
}

}  // namespace
}  // namespace canvass::events
