// Events over a stream: each is answered in its order once it is durable.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/conformance/target.h"
#include "tests/process/workspace.h"

namespace canvass::conformance {
namespace {

constexpr int kEvents = 2'500;  // more than may be unanswered

std::vector<v1::EventResult> Send(const testing::Workspace& own, const std::vector<v1::Event>& events,
                                  grpc::Status& status) {
  grpc::ClientContext context;
  EXPECT_TRUE(own.admin->Prepare(context).ok());
  auto stream = own.admin->stub<client::Events>().StreamEvents(&context);
  std::thread writer([&] {
    for (const v1::Event& event : events) {
      v1::StreamEventsRequest request;
      *request.mutable_event() = event;
      if (!stream->Write(request)) return;
    }
    stream->WritesDone();
  });
  std::vector<v1::EventResult> results;
  v1::StreamEventsResponse response;
  while (stream->Read(&response)) results.push_back(response.result());
  writer.join();
  status = stream->Finish();
  return results;
}

TEST(StreamEventsTest, AnswersEveryEventInItsOrder) {
  const testing::Workspace own = NewWorkspace();
  std::vector<v1::Event> events;
  for (int i = 0; i < kEvents; ++i) events.push_back(testing::MakeEvent(absl::StrCat("person-", i % 97), i));
  events[7].clear_type();
  grpc::Status status;
  const std::vector<v1::EventResult> first = Send(own, events, status);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(first.size(), events.size());
  const std::vector<v1::EventResult> again = Send(own, events, status);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(again.size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (i == 7) {
      EXPECT_EQ(first[i].outcome(), v1::EventResult::OUTCOME_REFUSED);
      continue;
    }
    EXPECT_EQ(first[i].outcome(), v1::EventResult::OUTCOME_ACCEPTED) << i << " " << first[i].DebugString();
    EXPECT_EQ(again[i].outcome(), v1::EventResult::OUTCOME_DUPLICATE) << i;
    EXPECT_EQ(again[i].event(), first[i].event()) << i;
  }
}

TEST(StreamEventsTest, AnEmptyStreamEndsWell) {
  const testing::Workspace own = NewWorkspace();
  grpc::Status status;
  EXPECT_TRUE(Send(own, {}, status).empty());
  EXPECT_TRUE(status.ok()) << status.error_message();
}

}  // namespace
}  // namespace canvass::conformance
