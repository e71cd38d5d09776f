// Streams whose messages are answered one by one, through the whole request edge and over a real socket.

#include "server/rpc/streams/answered_stream.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "canvass/v1/api_key_service.pb.h"
#include "canvass/v1/response_service.grpc.pb.h"
#include "server/mysql/testing/test_database.h"
#include "server/rpc/services/api_key_service.h"
#include "server/rpc/testing/edge_server.h"
#include "tenants/keys/credential.h"

namespace canvass::rpc {
namespace {

using testing::EdgeServer;
using Request = v1::StreamResponsesRequest;
using Response = v1::StreamResponsesResponse;
using Done = absl::AnyInvocable<void(absl::StatusOr<Response>)>;

// Longer than anything takes; a test that waits so long has failed.
constexpr absl::Duration kPatience = absl::Seconds(20);

// Keeps what comes until the test answers it.
class Kept {
 public:
  void Take(std::string name, Done done) {
    absl::MutexLock lock(&mutex_);
    waiting_.emplace_back(std::move(name), std::move(done));
    ++taken_;
  }

  bool AwaitTaken(int count, absl::Duration patience = kPatience) {
    const auto there = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return taken_ >= count; };
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&there), patience);
  }

  // Answers the last message that waits by its name.
  void AnswerLast() { Answer(false); }
  void AnswerFirst() { Answer(true); }

 private:
  void Answer(bool first) {
    std::pair<std::string, Done> one;
    {
      absl::MutexLock lock(&mutex_);
      one = std::move(first ? waiting_.front() : waiting_.back());
      first ? waiting_.pop_front() : waiting_.pop_back();
    }
    Response response;
    response.add_outcomes()->mutable_result()->set_name(one.first);
    one.second(response);
  }

  absl::Mutex mutex_;
  std::deque<std::pair<std::string, Done>> waiting_ ABSL_GUARDED_BY(mutex_);
  int taken_ ABSL_GUARDED_BY(mutex_) = 0;
};

class Client {
 public:
  Client(const std::shared_ptr<grpc::Channel>& channel, absl::string_view credential)
      : stub_(v1::ResponseService::NewStub(channel)) {
    testing::SetCredential(context_, credential);
    context_.set_deadline(absl::ToChronoTime(absl::Now() + 2 * kPatience));
    stream_ = stub_->StreamResponses(&context_);
  }

  bool Send(const std::string& name, std::size_t padding = 0) {
    Request request;
    request.add_submissions()->set_request_id(name);
    request.mutable_submissions(0)->set_invitation_token(std::string(padding, 'x'));
    return stream_->Write(request);
  }
  void SendNoMore() { stream_->WritesDone(); }
  // Empty at the end.
  std::string Read() {
    Response response;
    return stream_->Read(&response) ? response.outcomes(0).result().name() : "";
  }
  absl::Status End() {
    while (!Read().empty()) {
    }
    return testing::FromGrpc(stream_->Finish());
  }

 private:
  grpc::ClientContext context_;
  const std::unique_ptr<v1::ResponseService::Stub> stub_;
  std::unique_ptr<grpc::ClientReaderWriter<Request, Response>> stream_;
};

class AnsweredStreamTest : public ::testing::Test {
 protected:
  AnsweredStreamTest() : server_(db_.database(), clock_, {}) {
    auto responses = std::make_unique<RpcService>("canvass.v1.ResponseService", server_.pipeline());
    responses->Streaming<Request, Response>("StreamResponses",
                                            [this](const CallFacts& /*facts*/, const Request& request, Done done) {
                                              kept_.Take(request.submissions(0).request_id(), std::move(done));
                                            });
    server_.Add(std::move(responses));
    server_.Add(MakeApiKeyService(server_.pipeline(), server_.rooms()));
    server_.Start();
    admin_ = server_.MakeKey("acme", v1::ApiKey::ROLE_ADMIN);
    client_ = std::make_unique<Client>(server_.channel(), admin_);
  }
  ~AnsweredStreamTest() override {
    server_.pipeline().Drain();
    server_.Stop();
    EXPECT_EQ(server_.pipeline().streams().size(), 0u);
  }

  mysql::testing::TestDatabase db_;
  SystemClock clock_;
  Kept kept_;
  EdgeServer server_;
  std::string admin_;
  std::unique_ptr<Client> client_;
};

TEST_F(AnsweredStreamTest, AnswersInTheOrderOfTheMessages) {
  for (const char* name : {"a", "b", "c"}) ASSERT_TRUE(client_->Send(name));
  client_->SendNoMore();
  ASSERT_TRUE(kept_.AwaitTaken(3));
  for (int i = 0; i < 3; ++i) kept_.AnswerLast();
  for (const char* name : {"a", "b", "c"}) EXPECT_EQ(client_->Read(), name);
  EXPECT_TRUE(client_->End().ok());
}

TEST_F(AnsweredStreamTest, ReadsNoFurtherThanSoManyBytesThatAreNotAnswered) {
  constexpr std::size_t kBytes = AnsweredStream::kMaxUnansweredBytes / 4;
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(client_->Send(absl::StrCat(i), kBytes));
  ASSERT_TRUE(kept_.AwaitTaken(4));
  EXPECT_FALSE(kept_.AwaitTaken(5, absl::Milliseconds(300)));
  kept_.AnswerFirst();
  EXPECT_EQ(client_->Read(), "0");
  EXPECT_TRUE(kept_.AwaitTaken(5));
  client_->SendNoMore();
  for (int i = 1; i < 5; ++i) kept_.AnswerFirst();
  ASSERT_TRUE(kept_.AwaitTaken(6));
  kept_.AnswerFirst();
  EXPECT_TRUE(client_->End().ok());
}

TEST_F(AnsweredStreamTest, WhatWasReadIsAnsweredWhenTheServerStops) {
  for (const char* name : {"a", "b"}) ASSERT_TRUE(client_->Send(name));
  ASSERT_TRUE(kept_.AwaitTaken(2));
  server_.pipeline().Drain();
  EXPECT_FALSE(server_.pipeline().WaitIdle(absl::Now() + absl::Milliseconds(100)));
  for (int i = 0; i < 2; ++i) kept_.AnswerFirst();
  EXPECT_EQ(client_->Read(), "a");
  EXPECT_EQ(client_->Read(), "b");
  EXPECT_EQ(ReasonOf(client_->End()), v1::ERROR_REASON_SHUTTING_DOWN);
  EXPECT_TRUE(server_.pipeline().WaitIdle(absl::Now() + kPatience));
}

TEST_F(AnsweredStreamTest, AClientThatDoesNotReadHoldsNobodyUp) {
  constexpr int kMessages = 600;
  const std::string name(AnsweredStream::kMaxUnansweredBytes / 64, 'n');
  std::thread writer([&] {
    for (int i = 0; i < kMessages && client_->Send(name); ++i) {
    }
  });
  // Answered until the client's window is full of answers that it does not read.
  for (int i = 1; i <= kMessages && kept_.AwaitTaken(i, absl::Seconds(1)); ++i) kept_.AnswerFirst();
  server_.pipeline().Drain();
  EXPECT_TRUE(server_.pipeline().WaitIdle(absl::Now() + absl::Seconds(5)));
  writer.join();
  EXPECT_FALSE(client_->End().ok());
}

TEST_F(AnsweredStreamTest, EndsSoonAfterTheKeyIsRevoked) {
  const std::string other = server_.MakeKey("acme", v1::ApiKey::ROLE_ADMIN);
  Client client(server_.channel(), other);
  ASSERT_TRUE(client.Send("a"));
  ASSERT_TRUE(kept_.AwaitTaken(1));
  v1::RevokeApiKeyRequest revoke;
  revoke.set_name(absl::StrCat("tenants/acme/apiKeys/", *tenants::KeyIdOf(other)));
  ASSERT_TRUE(server_.Call<v1::ApiKey>("/canvass.v1.ApiKeyService/RevokeApiKey", admin_, revoke).status.ok());
  absl::SleepFor(absl::Seconds(2));
  kept_.AnswerFirst();
  EXPECT_EQ(client.Read(), "a") << "it came before";
  EXPECT_EQ(ReasonOf(client.End()), v1::ERROR_REASON_CREDENTIAL_INVALID);
}

}  // namespace
}  // namespace canvass::rpc
