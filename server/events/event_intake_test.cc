#include "server/events/event_intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "server/base/error.h"
#include "server/events/testing/orchestration_house.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::events {
namespace {

using testing::OrchestrationHouse;
using testing::Order;
using testing::Parse;
using ::testing::SizeIs;
using Result = v1::EventResult;

// The answers of one stream, in the order in which they came.
class Answers {
 public:
  EventIntake::Done Add(int number) {
    return [this, number](absl::StatusOr<v1::StreamEventsResponse> answer) {
      absl::MutexLock lock(&mutex_);
      numbers_.push_back(number);
      answers_.push_back(std::move(answer));
    };
  }
  std::vector<int> numbers() {
    absl::MutexLock lock(&mutex_);
    return numbers_;
  }
  std::vector<absl::StatusOr<v1::StreamEventsResponse>> all() {
    absl::MutexLock lock(&mutex_);
    return answers_;
  }

 private:
  absl::Mutex mutex_;
  std::vector<int> numbers_ ABSL_GUARDED_BY(mutex_);
  std::vector<absl::StatusOr<v1::StreamEventsResponse>> answers_ ABSL_GUARDED_BY(mutex_);
};

class EventIntakeTest : public ::testing::Test {
 protected:
  EventIntakeTest() {
    house_.PublishSurvey(scope_, "nps");
    house_.MakeTrigger(scope_, "after",
                       "event_type: 'order.delivered' survey: 'tenants/-/surveys/nps' condition { "
                       "text: 'NOT contact.plan = basic' }");
  }

  std::unique_ptr<EventIntake> Make(EventIntakeOptions options = {}) {
    return std::make_unique<EventIntake>(options, house_.events, house_.decider, house_.clock, house_.random);
  }
  v1::StreamEventsRequest Request(absl::string_view id, absl::string_view customer) {
    v1::StreamEventsRequest request;
    *request.mutable_event() = Order(id, customer, db_.clock().Now());
    return request;
  }

  mysql::testing::TestDatabase db_;
  TenantScope scope_ = mysql::testing::MakeScope("acme");
  TenantScope other_ = mysql::testing::MakeScope("other");
  OrchestrationHouse house_{db_.database(), db_.clock(), db_.random()};
};

TEST_F(EventIntakeTest, StreamsShareTransactionsAndKeepEachCustomersOrder) {
  constexpr int kStreams = 4;
  constexpr int kEvents = 300;
  std::vector<Answers> streams(kStreams);
  auto intake = Make({.max_batch = 50});
  std::vector<std::thread> threads;
  for (int s = 0; s < kStreams; ++s) {
    threads.emplace_back([&, s] {
      for (int i = 0; i < kEvents; ++i) {
        const TenantScope& scope = s == 0 ? other_ : scope_;
        const std::string id = absl::StrCat(s, "-", i);
        intake->Submit(scope, Request(id, absl::StrCat("customer-", s)), absl::InfiniteFuture(),
                       streams[static_cast<std::size_t>(s)].Add(i));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  intake->Drain();
  for (int s = 0; s < kStreams; ++s) {
    Answers& stream = streams[static_cast<std::size_t>(s)];
    ASSERT_THAT(stream.numbers(), SizeIs(kEvents));
    const std::vector<int> numbers = stream.numbers();
    EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end())) << s;
    for (const auto& answer : stream.all()) {
      ASSERT_TRUE(answer.ok()) << answer.status();
      EXPECT_EQ(answer->result().outcome(), Result::OUTCOME_ACCEPTED);
      EXPECT_EQ(answer->result().invitations(), s == 0 ? 0 : 1);
    }
  }
  EXPECT_EQ(db_.Count("SELECT COUNT(*) FROM events"), kStreams * kEvents);
  EXPECT_LT(db_.Count("SELECT COUNT(DISTINCT batch_id) FROM events"), kStreams * kEvents / 2);
}

TEST_F(EventIntakeTest, EachEventIsJudgedByWhatWasSaidBeforeIt) {
  const auto contact = [](absl::string_view plan) {
    return Parse<v1::Contact>(
        absl::StrCat("name: 'tenants/-/contacts/ada' attributes { fields { key: 'plan' value { "
                     "string_value: '",
                     plan, "' } } }"));
  };
  Answers answers;
  auto intake = Make({.writers = 1});
  const char* plans[] = {"", "basic", "", "gold", "bad name"};
  for (int i = 0; i < 5; ++i) {
    v1::StreamEventsRequest request = Request(absl::StrCat("o-", i), "ada");
    if (*plans[i] != '\0') *request.mutable_contact() = contact(plans[i]);
    if (i == 4) request.mutable_contact()->set_name("nobody");
    intake->Submit(scope_, std::move(request), absl::InfiniteFuture(), answers.Add(i));
  }
  intake->Drain();
  const auto all = answers.all();
  ASSERT_THAT(all, SizeIs(5));
  const int invitations[] = {1, 0, 0, 1, 1};
  for (std::size_t i = 0; i < 5; ++i) {
    ASSERT_TRUE(all[i].ok()) << all[i].status();
    EXPECT_EQ(all[i]->result().invitations(), invitations[i]) << i;
    EXPECT_EQ(all[i]->has_contact_problem(), i == 4) << i;
  }
}

TEST_F(EventIntakeTest, ABadOrRepeatedEventDoesNotStopItsNeighbours) {
  Answers answers;
  auto intake = Make();
  intake->Submit(scope_, Request("o-1", ""), absl::InfiniteFuture(), answers.Add(0));
  intake->Submit(scope_, Request("o-2", "ada"), absl::InfiniteFuture(), answers.Add(1));
  intake->Submit(scope_, Request("o-2", "ada"), absl::InfiniteFuture(), answers.Add(2));
  intake->Submit(scope_, Request("o-3", "ada"), db_.clock().Now() - absl::Seconds(1), answers.Add(3));
  intake->Drain();
  const auto all = answers.all();
  ASSERT_THAT(all, SizeIs(4));
  EXPECT_EQ(all[0]->result().problem().reason(), v1::ERROR_REASON_INVALID_EVENT);
  EXPECT_EQ(all[1]->result().outcome(), Result::OUTCOME_ACCEPTED);
  EXPECT_EQ(all[2]->result().outcome(), Result::OUTCOME_DUPLICATE);
  EXPECT_EQ(all[3].status().code(), absl::StatusCode::kDeadlineExceeded);
  Answers late;
  intake->Submit(scope_, Request("o-4", "ada"), absl::InfiniteFuture(), late.Add(0));
  EXPECT_EQ(ReasonOf(late.all()[0].status()), v1::ERROR_REASON_SHUTTING_DOWN);
}

TEST_F(EventIntakeTest, WhatIsTooMuchIsRefusedAtOnce) {
  Answers answers;
  auto intake = Make({.max_queued_bytes = 10});
  intake->Submit(scope_, Request("o-1", "ada"), absl::InfiniteFuture(), answers.Add(0));
  ASSERT_THAT(answers.all(), SizeIs(1));
  EXPECT_EQ(ReasonOf(answers.all()[0].status()), v1::ERROR_REASON_OVERLOADED);
}

}  // namespace
}  // namespace canvass::events
