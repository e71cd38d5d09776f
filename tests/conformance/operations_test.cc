// A backtest from asking for it to its result, as an operation.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cpp/status.h"
#include "tests/conformance/target.h"

namespace canvass::conformance {
namespace {

using client::Operations;
using client::Reason;
using client::Triggers;

class OperationsTest : public ::testing::Test {
 protected:
  // Events of today, fifty customers, each of them twice.
  void PublishVisits() {
    v1::PublishEventsRequest request;
    request.set_parent(own_.tenant);
    for (int n = 0; n < 100; ++n) {
      v1::Event& event = *request.add_events();
      event = testing::MakeEvent(absl::StrCat("customer-", n % 50), n);
      event.mutable_time()->set_seconds(absl::ToUnixSeconds(absl::Now()) - 3600 + n);
    }
    const auto published = own_.admin->Call(&client::Events::PublishEvents, request);
    ASSERT_TRUE(published.ok()) << published.status();
  }

  v1::BacktestTriggerRequest OncePerCustomer() {
    v1::BacktestTriggerRequest request;
    request.set_parent(own_.tenant);
    v1::Trigger& trigger = *request.mutable_trigger();
    trigger.set_name(own_.trigger);
    trigger.set_event_type("visit.ended");
    trigger.set_survey(own_.survey);
    trigger.add_frequency_caps()->mutable_interval()->set_seconds(86400);
    return request;
  }

  v1::Operation Await(const std::string& name) {
    v1::GetOperationRequest get;
    get.set_name(name);
    absl::StatusOr<v1::Operation> operation = own_.admin->Call(&Operations::GetOperation, get);
    for (int i = 0; i < 200 && operation.ok() && operation->state() == v1::Operation::STATE_RUNNING; ++i) {
      absl::SleepFor(absl::Milliseconds(100));
      operation = own_.admin->Call(&Operations::GetOperation, get);
    }
    EXPECT_TRUE(operation.ok()) << operation.status();
    return operation.ok() ? *operation : v1::Operation();
  }

  testing::Workspace own_ = NewWorkspace();
};

TEST_F(OperationsTest, ABacktestEndsInItsResult) {
  PublishVisits();
  const auto started = own_.admin->Call(&Triggers::BacktestTrigger, OncePerCustomer());
  ASSERT_TRUE(started.ok()) << started.status();
  EXPECT_EQ(started->method(), "BacktestTrigger");
  EXPECT_EQ(started->target(), own_.trigger);
  const v1::Operation done = Await(started->name());
  ASSERT_EQ(done.state(), v1::Operation::STATE_SUCCEEDED) << done.ShortDebugString();
  EXPECT_EQ(done.progress().done(), 100);
  EXPECT_EQ(done.progress().total(), 100);
  const v1::BacktestResult& result = done.backtest();
  EXPECT_EQ(result.candidate().events(), 100);
  EXPECT_EQ(result.candidate().invitations(), 50);
  EXPECT_EQ(result.candidate().customers(), 50);
  EXPECT_EQ(result.in_force().trigger(), own_.trigger);
  EXPECT_EQ(result.in_force().invitations(), 100);
  EXPECT_EQ(result.no_longer_asked(), 50);
  EXPECT_EQ(result.newly_asked(), 0);

  v1::ListOperationsRequest list;
  list.set_parent(own_.tenant);
  const auto listed = own_.admin->Call(&Operations::ListOperations, list);
  ASSERT_EQ(listed->operations_size(), 1);
  EXPECT_EQ(listed->operations(0).name(), started->name());
  EXPECT_FALSE(listed->operations(0).has_backtest());

  v1::CancelOperationRequest cancel;
  cancel.set_name(started->name());
  EXPECT_EQ(own_.admin->Call(&Operations::CancelOperation, cancel)->state(), v1::Operation::STATE_SUCCEEDED)
      << "too late";
}

TEST_F(OperationsTest, ABadTriggerIsRefusedAtOnceWithItsFields) {
  v1::BacktestTriggerRequest request = OncePerCustomer();
  request.mutable_trigger()->set_sample_rate(2);
  request.mutable_trigger()->clear_event_type();
  const absl::Status status = own_.admin->Call(&Triggers::BacktestTrigger, request).status();
  EXPECT_EQ(Reason(status), "INVALID_TRIGGER");
  ASSERT_EQ(client::Violations(status).size(), 2U);
  EXPECT_EQ(client::Violations(status)[0].field, "trigger.event_type");
  EXPECT_EQ(client::Violations(status)[1].field, "trigger.sample_rate");
}

TEST_F(OperationsTest, AreForReaders) {
  const absl::StatusOr<std::string> key = testing::MakeKey(own_, v1::ApiKey::ROLE_ANALYST);
  ASSERT_TRUE(key.ok()) << key.status();
  const auto analyst = testing::Connect(own_.address, *key);
  const auto started = analyst->Call(&Triggers::BacktestTrigger, OncePerCustomer());
  ASSERT_TRUE(started.ok()) << started.status();
  EXPECT_EQ(Await(started->name()).state(), v1::Operation::STATE_SUCCEEDED);
}

}  // namespace
}  // namespace canvass::conformance
