// Responses as the server pushes them: when they are stored, corrected and erased.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "client/cpp/status.h"
#include "tests/conformance/target.h"
#include "tests/process/server_process.h"
#include "tests/process/workspace.h"

namespace canvass::conformance {
namespace {

using Push = v1::WatchResponsesResponse;

// One stream.
class Watch {
 public:
  Watch(client::Client& client, const v1::WatchResponsesRequest& request) {
    EXPECT_TRUE(client.Prepare(context_, {.timeout = absl::Seconds(30)}).ok());
    stream_ = client.stub<client::Responses>().WatchResponses(&context_, request);
    stream_->WaitForInitialMetadata();
  }
  ~Watch() { context_.TryCancel(); }

  // None at the end.
  std::optional<Push> Next() {
    Push push;
    if (!stream_->Read(&push)) return std::nullopt;
    return push;
  }
  // What comes next must be about `name`.
  Push Expect(const std::string& name) {
    const std::optional<Push> push = Next();
    EXPECT_TRUE(push.has_value());
    if (!push.has_value()) return Push();
    EXPECT_EQ(push->response().name(), name);
    return *push;
  }
  // Reads to the end, and why it is one.
  absl::Status End() {
    while (Next().has_value()) {
    }
    return client::FromGrpc(stream_->Finish());
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<Push>> stream_;
};

v1::WatchResponsesRequest RequestOf(const testing::Workspace& own, const std::string& filter = "") {
  v1::WatchResponsesRequest request;
  request.set_parent(own.tenant);
  request.set_filter(filter);
  return request;
}

std::string Submit(const testing::Workspace& own, client::Client& client, int score) {
  v1::SubmitResponseRequest request = testing::MakeSubmission(own, 1);
  for (v1::Answer& answer : *request.mutable_response()->mutable_answers()) {
    if (answer.question() == "recommend") answer.set_score(score);
  }
  const auto submitted = client.Call(&client::Responses::SubmitResponse, request);
  EXPECT_TRUE(submitted.ok()) << submitted.status();
  return submitted.ok() ? submitted->name() : "";
}
std::string Submit(const testing::Workspace& own, int score) { return Submit(own, *own.admin, score); }

void AddTag(const testing::Workspace& own, const std::string& name, const std::string& tag) {
  v1::UpdateResponseRequest request;
  request.mutable_response()->set_name(name);
  request.mutable_response()->add_tags(tag);
  request.mutable_update_mask()->add_paths("tags");
  const auto updated = own.admin->Call(&client::Responses::UpdateResponse, request);
  EXPECT_TRUE(updated.ok()) << updated.status();
}

void Erase(const testing::Workspace& own, const std::string& name) {
  v1::DeleteResponseRequest request;
  request.set_name(name);
  const auto erased = own.admin->Call(&client::Responses::DeleteResponse, request);
  EXPECT_TRUE(erased.ok()) << erased.status();
}

TEST(WatchResponsesTest, PushesWhatIsStoredAndEveryChangeOfIt) {
  const testing::Workspace own = NewWorkspace();
  const testing::Workspace other = NewWorkspace();
  Watch watch(*own.admin, RequestOf(own));
  Submit(other, 3);
  const std::string name = Submit(own, 7);
  const Push stored = watch.Expect(name);
  EXPECT_EQ(stored.response().survey(), own.survey);
  EXPECT_EQ(stored.response().answers_size(), 4);
  EXPECT_FALSE(stored.erased());
  AddTag(own, name, "call back");
  const Push changed = watch.Expect(name);
  ASSERT_EQ(changed.response().tags_size(), 1);
  EXPECT_EQ(changed.response().tags(0), "call back");
  EXPECT_NE(changed.response().etag(), stored.response().etag());
  Erase(own, name);
  const Push erased = watch.Expect(name);
  EXPECT_TRUE(erased.erased());
  EXPECT_EQ(erased.response().answers_size(), 0);
}

TEST(WatchResponsesTest, PushesWhatPassesTheFilterOnceItDoes) {
  const testing::Workspace own = NewWorkspace();
  Watch watch(*own.admin, RequestOf(own, R"(answer.recommend <= 6 OR response.tags:"vip")"));
  const std::string promoter = Submit(own, 10);
  const std::string detractor = Submit(own, 2);
  watch.Expect(detractor);
  AddTag(own, promoter, "vip");
  watch.Expect(promoter);
  const absl::Status bad = Watch(*own.admin, RequestOf(own, "answer.recommend <=")).End();
  EXPECT_TRUE(absl::IsInvalidArgument(bad)) << bad;
}

TEST(WatchResponsesTest, GoesOnWhereItWasAfterARestart) {
  const auto server = testing::ServerProcess::Start({});
  ASSERT_TRUE(server.ok()) << server.status();
  const auto made = testing::MakeWorkspace((*server)->address(), (*server)->operator_credential(), "acme");
  ASSERT_TRUE(made.ok()) << made.status();
  const testing::Workspace& own = *made;
  v1::WatchResponsesRequest request = RequestOf(own);
  {
    Watch watch(*own.admin, request);
    request.set_resume_token(watch.Expect(Submit(own, 1)).resume_token());
    EXPECT_EQ((*server)->Stop(), 0);
    const absl::Status end = watch.End();
    EXPECT_TRUE(absl::IsUnavailable(end)) << end;
  }
  ASSERT_TRUE((*server)->Restart().ok());
  const auto client = testing::Connect((*server)->address(), own.credential);
  const std::string meanwhile = Submit(own, *client, 2);
  Watch watch(*client, request);
  std::optional<Push> push = watch.Next();
  while (push.has_value() && push->response().name() != meanwhile) push = watch.Next();
  EXPECT_TRUE(push.has_value());
}

}  // namespace
}  // namespace canvass::conformance
