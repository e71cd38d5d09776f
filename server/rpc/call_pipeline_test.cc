// The pipeline within a real gRPC server, over a real database.

#include "server/rpc/call_pipeline.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "canvass/v1/event_service.grpc.pb.h"
#include "canvass/v1/response_service.grpc.pb.h"
#include "canvass/v1/survey_service.grpc.pb.h"
#include "server/mysql/testing/test_database.h"
#include "server/rpc/testing/edge_server.h"

namespace canvass::rpc {
namespace {

using testing::Answer;
using testing::EdgeServer;
using testing::RawAnswer;

using SubmitDone = absl::AnyInvocable<void(absl::StatusOr<v1::SubmitResponseResponse>)>;

constexpr char kGetSurvey[] = "/canvass.v1.SurveyService/GetSurvey";
constexpr char kCloseSurvey[] = "/canvass.v1.SurveyService/CloseSurvey";
constexpr char kNextStep[] = "/canvass.v1.SurveyService/NextStep";
constexpr char kSubmit[] = "/canvass.v1.ResponseService/SubmitResponse";
constexpr char kExclude[] = "/canvass.v1.ResponseService/ExcludeResponse";

class CallPipelineTest : public ::testing::Test {
 protected:
  // Handlers that the tests steer.
  void Start(const EdgeServer::Options& options = {}) {
    server_ = std::make_unique<EdgeServer>(db_.database(), clock_, options);
    auto surveys = std::make_unique<RpcService>("canvass.v1.SurveyService", server_->pipeline());
    surveys->Blocking<v1::GetSurveyRequest>(
        "GetSurvey", [this](const Call& call, const v1::GetSurveyRequest& request) -> absl::StatusOr<v1::Survey> {
          ++handled_;
          if (on_get_survey_) return on_get_survey_(call);
          v1::Survey survey;
          survey.set_name(absl::StrCat("tenants/", call.scope().tenant().value(), "/surveys/s"));
          return survey;
        });
    surveys->Blocking<v1::CloseSurveyRequest>("CloseSurvey",
                                              [this](const Call& /*call*/, const v1::CloseSurveyRequest& /*request*/) {
                                                ++handled_;
                                                return absl::StatusOr<v1::Survey>(v1::Survey());
                                              });
    surveys->Blocking<v1::NextStepRequest>(
        "NextStep",
        [this](const Call& /*call*/, const v1::NextStepRequest& /*request*/) {
          ++handled_;
          return absl::StatusOr<v1::Step>(v1::Step());
        },
        [this](const Call& /*call*/, const v1::NextStepRequest& /*request*/) { return in_memory_; });
    auto responses = std::make_unique<RpcService>("canvass.v1.ResponseService", server_->pipeline());
    responses->Asynchronous<v1::SubmitResponseRequest, v1::SubmitResponseResponse>(
        "SubmitResponse", [this](const CallFacts& facts, v1::SubmitResponseRequest request, SubmitDone done) {
          ++handled_;
          if (on_submit_) return on_submit_(std::move(done));
          v1::SubmitResponseResponse response;
          response.set_name(absl::StrCat(facts.scope.tenant().value(), ":", request.request_id()));
          done(std::move(response));
        });
    server_->Add(std::move(surveys));
    server_->Add(std::move(responses));
    server_->Add(std::make_unique<RpcService>("canvass.v1.EventService", server_->pipeline()));
    server_->Start();
    admin_ = server_->MakeKey("acme", v1::ApiKey::ROLE_ADMIN);
  }

  Answer<v1::Survey> GetSurvey(const std::string& credential) {
    return server_->Call<v1::Survey>(kGetSurvey, credential, v1::GetSurveyRequest());
  }
  Answer<v1::Step> NextStep() { return server_->Call<v1::Step>(kNextStep, admin_, v1::NextStepRequest()); }
  Answer<v1::SubmitResponseResponse> Submit(const std::string& credential) {
    v1::SubmitResponseRequest request;
    request.set_request_id("r1");
    return server_->Call<v1::SubmitResponseResponse>(kSubmit, credential, request);
  }

  mysql::testing::TestDatabase db_;
  SystemClock clock_;
  std::function<absl::StatusOr<v1::Survey>(const Call&)> on_get_survey_;
  std::optional<absl::StatusOr<v1::Step>> in_memory_;
  std::function<void(SubmitDone)> on_submit_;
  std::atomic<int> handled_ = 0;
  std::unique_ptr<EdgeServer> server_;
  std::string admin_;
};

TEST_F(CallPipelineTest, AnswersBlockingAndAsynchronousMethods) {
  Start();
  for (int i = 0; i < 3; ++i) {  // first without, then with the key in the cache
    EXPECT_EQ(GetSurvey(admin_).message.name(), "tenants/acme/surveys/s");
    EXPECT_EQ(Submit(admin_).message.name(), "acme:r1");
  }
  EXPECT_EQ(handled_, 6);
}

TEST_F(CallPipelineTest, EveryAnswerHasItsOwnRequestId) {
  Start();
  const std::string first = GetSurvey(admin_).request_id;
  const std::string second = GetSurvey("").request_id;
  EXPECT_EQ(first.size(), 16u);
  EXPECT_EQ(second.size(), 16u);
  EXPECT_NE(first, second);
}

TEST_F(CallPipelineTest, RefusesCallersWithoutARightCredential) {
  Start();
  std::string wrong_secret = admin_;
  wrong_secret.back() = wrong_secret.back() == 'a' ? 'b' : 'a';
  const RawAnswer missing = GetSurvey("");
  EXPECT_EQ(missing.status.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(missing.reason(), v1::ERROR_REASON_CREDENTIAL_MISSING);
  for (const std::string& wrong : {std::string("nonsense"), wrong_secret, std::string("cvo_wrong")}) {
    const RawAnswer answer = GetSurvey(wrong);
    EXPECT_EQ(answer.status.code(), absl::StatusCode::kUnauthenticated);
    EXPECT_EQ(answer.reason(), v1::ERROR_REASON_CREDENTIAL_INVALID);
  }
  EXPECT_EQ(handled_, 0);
}

TEST_F(CallPipelineTest, HoldsEveryRoleToItsMethods) {
  Start();
  const auto may = [&](v1::ApiKey::Role role, const std::string& method) {
    const RawAnswer answer = server_->CallRaw(method, server_->MakeKey("acme", role), grpc::ByteBuffer());
    EXPECT_TRUE(answer.status.ok() || answer.reason() == v1::ERROR_REASON_PERMISSION_DENIED) << answer.status;
    EXPECT_TRUE(answer.status.ok() || answer.status.code() == absl::StatusCode::kPermissionDenied);
    return answer.status.ok();
  };
  for (v1::ApiKey::Role role :
       {v1::ApiKey::ROLE_ADMIN, v1::ApiKey::ROLE_EDITOR, v1::ApiKey::ROLE_ANALYST, v1::ApiKey::ROLE_INGEST}) {
    EXPECT_TRUE(may(role, kGetSurvey)) << role;
    EXPECT_EQ(may(role, kCloseSurvey), role <= v1::ApiKey::ROLE_EDITOR) << role;
    EXPECT_EQ(may(role, kSubmit), role == v1::ApiKey::ROLE_ADMIN || role == v1::ApiKey::ROLE_INGEST) << role;
  }
  EXPECT_EQ(GetSurvey(EdgeServer::operator_credential()).reason(), v1::ERROR_REASON_PERMISSION_DENIED);
}

TEST_F(CallPipelineTest, ASuspendedTenantReadsButDoesNotWrite) {
  Start();
  ASSERT_TRUE(server_->tenants()
                  .Change(TenantId("acme"),
                          [](v1::Tenant& tenant) {
                            tenant.set_state(v1::Tenant::STATE_SUSPENDED);
                            return absl::OkStatus();
                          })
                  .ok());
  EXPECT_TRUE(GetSurvey(admin_).status.ok());
  const RawAnswer write = Submit(admin_);
  EXPECT_EQ(write.status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(write.reason(), v1::ERROR_REASON_TENANT_SUSPENDED);
}

TEST_F(CallPipelineTest, SaysWhatIsWrongWithAMessage) {
  Start();
  std::string bytes =
      "\x22\x04"
      "caf\xe9";  // request_id of SubmitResponseRequest
  grpc::Slice slice(bytes);
  const RawAnswer invalid = server_->CallRaw(kSubmit, admin_, grpc::ByteBuffer(&slice, 1));
  EXPECT_EQ(invalid.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(invalid.reason(), v1::ERROR_REASON_MALFORMED_MESSAGE);
  ASSERT_EQ(ViolationsOf(invalid.status).size(), 1u);
  EXPECT_EQ(ViolationsOf(invalid.status)[0].field, "request_id");

  grpc::Slice large(std::string(5 * 1024 * 1024, 'x'));
  const RawAnswer too_large = server_->CallRaw(kSubmit, admin_, grpc::ByteBuffer(&large, 1));
  EXPECT_EQ(too_large.status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(too_large.reason(), v1::ERROR_REASON_MESSAGE_TOO_LARGE);
  EXPECT_EQ(handled_, 0);
}

TEST_F(CallPipelineTest, HidesFaultsBehindTheRequestId) {
  Start();
  on_get_survey_ = [](const Call&) { return absl::InternalError("secret of the driver"); };
  const RawAnswer answer = GetSurvey(admin_);
  EXPECT_EQ(answer.status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(answer.reason(), v1::ERROR_REASON_INTERNAL);
  EXPECT_NE(answer.status.message().find(answer.request_id), absl::string_view::npos);
  EXPECT_EQ(answer.status.message().find("secret"), absl::string_view::npos);
}

TEST_F(CallPipelineTest, ADroppedCallIsAnswered) {
  Start();
  on_submit_ = [](SubmitDone done) { SubmitDone dropped = std::move(done); };
  EXPECT_EQ(Submit(admin_).status.code(), absl::StatusCode::kInternal);
}

TEST_F(CallPipelineTest, AnswersFromAnotherThread) {
  Start();
  std::vector<std::thread> threads;
  absl::Mutex mutex;
  on_submit_ = [&](SubmitDone done) {
    absl::MutexLock lock(&mutex);
    threads.emplace_back([done = std::move(done)]() mutable {
      absl::SleepFor(absl::Milliseconds(5));
      v1::SubmitResponseResponse response;
      response.set_name("later");
      done(std::move(response));
    });
  };
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Submit(admin_).message.name(), "later");
  for (std::thread& thread : threads) thread.join();
}

TEST_F(CallPipelineTest, ACancelledCallIsSafeToAnswer) {
  Start();
  ASSERT_TRUE(Submit(admin_).status.ok());
  absl::Notification started, finished;
  SubmitDone kept;
  on_submit_ = [&](SubmitDone done) {
    kept = std::move(done);
    started.Notify();
  };
  grpc::ClientContext context;
  testing::SetCredential(context, admin_);
  std::thread caller([&] {
    const RawAnswer answer = server_->CallRaw(context, kSubmit, grpc::ByteBuffer());
    EXPECT_EQ(answer.status.code(), absl::StatusCode::kCancelled);
    finished.Notify();
  });
  started.WaitForNotification();
  context.TryCancel();
  finished.WaitForNotification();
  caller.join();
  EXPECT_EQ(server_->pipeline().in_flight(), 1);
  std::move(kept)(v1::SubmitResponseResponse());
  EXPECT_EQ(server_->pipeline().in_flight(), 0);
  on_submit_ = nullptr;
  EXPECT_TRUE(Submit(admin_).status.ok());
}

TEST_F(CallPipelineTest, ABlockingHandlerSeesTheCancellation) {
  Start();
  absl::Notification started, saw;
  on_get_survey_ = [&](const Call& call) {
    started.Notify();
    while (!call.cancelled()) absl::SleepFor(absl::Milliseconds(1));
    saw.Notify();
    return v1::Survey();
  };
  grpc::ClientContext context;
  testing::SetCredential(context, admin_);
  std::thread caller([&] { server_->CallRaw(context, kGetSurvey, grpc::ByteBuffer()); });
  started.WaitForNotification();
  context.TryCancel();
  EXPECT_TRUE(saw.WaitForNotificationWithTimeout(absl::Seconds(5)));
  caller.join();
}

TEST_F(CallPipelineTest, WorkThatWaitedBeyondItsDeadlineIsNotBegun) {
  Start({.workers = {.threads = 1, .queue_limit = 10}});
  ASSERT_TRUE(GetSurvey(admin_).status.ok());
  handled_ = 0;
  absl::Notification started, go_on;
  on_get_survey_ = [&](const Call&) {
    started.Notify();
    go_on.WaitForNotification();
    return v1::Survey();
  };
  std::thread blocker([&] { GetSurvey(admin_); });
  started.WaitForNotification();
  grpc::ClientContext context;
  testing::SetCredential(context, admin_);
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Milliseconds(50)));
  EXPECT_EQ(server_->CallRaw(context, kGetSurvey, grpc::ByteBuffer()).status.code(),
            absl::StatusCode::kDeadlineExceeded);
  // The server counts the deadline from when the call arrived, which on a busy machine is later.
  absl::SleepFor(absl::Milliseconds(250));
  go_on.Notify();
  blocker.join();
  server_->pipeline().Drain();
  EXPECT_TRUE(server_->pipeline().WaitIdle(absl::Now() + absl::Seconds(5)));
  EXPECT_EQ(handled_, 1);
}

TEST_F(CallPipelineTest, RefusesWhatDoesNotFitTheQueue) {
  Start({.workers = {.threads = 1, .queue_limit = 1}});
  ASSERT_TRUE(GetSurvey(admin_).status.ok());
  absl::Notification started, go_on;
  std::atomic<bool> first = true;
  on_get_survey_ = [&](const Call&) {
    if (first.exchange(false)) started.Notify();
    go_on.WaitForNotification();
    return v1::Survey();
  };
  std::vector<std::thread> callers;
  callers.emplace_back([&] { EXPECT_TRUE(GetSurvey(admin_).status.ok()); });
  started.WaitForNotification();
  callers.emplace_back([&] { EXPECT_TRUE(GetSurvey(admin_).status.ok()); });
  while (server_->pipeline().in_flight() < 2) absl::SleepFor(absl::Milliseconds(1));
  absl::SleepFor(absl::Milliseconds(20));
  const RawAnswer refused = GetSurvey(admin_);
  EXPECT_EQ(refused.status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(refused.reason(), v1::ERROR_REASON_OVERLOADED);
  EXPECT_TRUE(refused.status.GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value());
  EXPECT_TRUE(Submit(admin_).status.ok()) << "an asynchronous method needs no worker";
  go_on.Notify();
  for (std::thread& caller : callers) caller.join();
}

TEST_F(CallPipelineTest, WhatMemorySufficesForNeedsNoWorker) {
  Start({.workers = {.threads = 1, .queue_limit = 1}});
  ASSERT_TRUE(GetSurvey(admin_).status.ok());
  absl::Notification started, go_on;
  on_get_survey_ = [&](const Call&) {
    started.Notify();
    go_on.WaitForNotification();
    return v1::Survey();
  };
  std::thread blocker([&] { EXPECT_TRUE(GetSurvey(admin_).status.ok()); });
  started.WaitForNotification();
  handled_ = 0;
  in_memory_.emplace(v1::Step())->set_progress_percent(7);
  EXPECT_EQ(NextStep().message.progress_percent(), 7);
  in_memory_ = absl::NotFoundError("no such page");
  EXPECT_EQ(NextStep().status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(handled_, 0);
  go_on.Notify();
  blocker.join();
}

TEST_F(CallPipelineTest, WhatMemoryDoesNotSufficeForGoesToAWorker) {
  Start();
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(NextStep().status.ok());  // with the key in the cache, too
  EXPECT_EQ(handled_, 2);
  in_memory_.emplace(v1::Step());
  const grpc::Slice damaged("\xff");
  EXPECT_EQ(server_->CallRaw(kNextStep, admin_, grpc::ByteBuffer(&damaged, 1)).reason(),
            v1::ERROR_REASON_MALFORMED_MESSAGE);
}

TEST_F(CallPipelineTest, BoundsTheCallsInFlight) {
  Start({.max_in_flight = 2});
  ASSERT_TRUE(Submit(admin_).status.ok());
  absl::Mutex mutex;
  std::vector<SubmitDone> kept;
  on_submit_ = [&](SubmitDone done) {
    absl::MutexLock lock(&mutex);
    kept.push_back(std::move(done));
  };
  std::vector<std::thread> callers;
  for (int i = 0; i < 2; ++i) callers.emplace_back([&] { EXPECT_TRUE(Submit(admin_).status.ok()); });
  while (handled_ < 3) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_EQ(Submit(admin_).reason(), v1::ERROR_REASON_OVERLOADED);
  {
    absl::MutexLock lock(&mutex);
    for (SubmitDone& done : kept) done(v1::SubmitResponseResponse());
  }
  for (std::thread& caller : callers) caller.join();
  on_submit_ = nullptr;
  EXPECT_TRUE(Submit(admin_).status.ok());
}

TEST_F(CallPipelineTest, DrainsWhatRunsAndRefusesWhatComes) {
  Start();
  ASSERT_TRUE(Submit(admin_).status.ok());
  absl::Notification started;
  SubmitDone kept;
  on_submit_ = [&](SubmitDone done) {
    kept = std::move(done);
    started.Notify();
  };
  std::thread caller([&] { EXPECT_TRUE(Submit(admin_).status.ok()); });
  started.WaitForNotification();
  server_->pipeline().Drain();
  const RawAnswer refused = Submit(admin_);
  EXPECT_EQ(refused.status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(refused.reason(), v1::ERROR_REASON_SHUTTING_DOWN);
  EXPECT_FALSE(server_->pipeline().WaitIdle(absl::Now() + absl::Milliseconds(20)));
  std::thread finisher([&] {
    absl::SleepFor(absl::Milliseconds(20));
    std::move(kept)(v1::SubmitResponseResponse());
  });
  EXPECT_TRUE(server_->pipeline().WaitIdle(absl::Now() + absl::Seconds(5)));
  finisher.join();
  caller.join();
}

TEST_F(CallPipelineTest, MethodsWithoutAHandlerSaySoBehindTheSameChecks) {
  Start();
  const RawAnswer exclude = server_->CallRaw(kExclude, admin_, grpc::ByteBuffer());
  EXPECT_EQ(exclude.status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(exclude.reason(), v1::ERROR_REASON_NOT_IMPLEMENTED);
  EXPECT_EQ(server_->CallRaw(kExclude, "", grpc::ByteBuffer()).reason(), v1::ERROR_REASON_CREDENTIAL_MISSING);
  EXPECT_EQ(server_->CallRaw(kExclude, server_->MakeKey("acme", v1::ApiKey::ROLE_ANALYST), grpc::ByteBuffer()).reason(),
            v1::ERROR_REASON_PERMISSION_DENIED);
}

TEST_F(CallPipelineTest, StreamsWithoutAHandlerSaySoToo) {
  Start();
  const auto responses = v1::ResponseService::NewStub(server_->channel());
  const auto events = v1::EventService::NewStub(server_->channel());
  for (const std::string& credential : {std::string(), admin_, admin_}) {
    const auto expected = credential.empty() ? v1::ERROR_REASON_CREDENTIAL_MISSING : v1::ERROR_REASON_NOT_IMPLEMENTED;
    grpc::ClientContext export_context, bidi_context;
    if (!credential.empty()) {
      testing::SetCredential(export_context, credential);
      testing::SetCredential(bidi_context, credential);
    }
    const auto reader = responses->ExportResponses(&export_context, v1::ExportResponsesRequest());
    v1::ExportResponsesResponse part;
    EXPECT_FALSE(reader->Read(&part));
    EXPECT_EQ(ReasonOf(testing::FromGrpc(reader->Finish())), expected);
    const auto stream = events->StreamEvents(&bidi_context);
    stream->Write(v1::StreamEventsRequest());
    v1::StreamEventsResponse result;
    EXPECT_FALSE(stream->Read(&result));
    EXPECT_EQ(ReasonOf(testing::FromGrpc(stream->Finish())), expected);
  }
}

TEST_F(CallPipelineTest, RecordsEveryCall) {
  Start();
  GetSurvey(admin_);
  GetSurvey("");
  Submit(admin_);
  server_->Stop();
  const auto calls = server_->calls().all();
  ASSERT_EQ(calls.size(), 3u);
  EXPECT_EQ(calls[0].method, kGetSurvey);
  EXPECT_EQ(calls[0].code, absl::StatusCode::kOk);
  EXPECT_EQ(calls[0].tenant, "acme");
  EXPECT_EQ(calls[1].code, absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(calls[1].tenant, "");
  EXPECT_EQ(calls[2].method, kSubmit);
}

TEST_F(CallPipelineTest, ManyCallersAtOnce) {
  Start({.workers = {.threads = 4, .queue_limit = 10}, .max_in_flight = 20});
  std::atomic<int> good = 0, overloaded = 0, other = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&, i] {
      for (int n = 0; n < 50; ++n) {
        const RawAnswer answer = i % 2 == 0 ? RawAnswer(GetSurvey(admin_)) : RawAnswer(Submit(admin_));
        ++(answer.status.ok() ? good : answer.reason() == v1::ERROR_REASON_OVERLOADED ? overloaded : other);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(good + overloaded, 400);
  EXPECT_EQ(other, 0);
  // An answer is on its way to the caller before the call is over here.
  EXPECT_TRUE(server_->pipeline().WaitIdle(absl::Now() + absl::Seconds(5)));
}

}  // namespace
}  // namespace canvass::rpc
