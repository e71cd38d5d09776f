// The client against a real gRPC server on loopback, whose services answer what a test tells them.
#include "client/cpp/client.h"

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <map>
#include <thread>
#include <vector>

#include "client/cpp/build_facts.h"
#include "client/cpp/call_window.h"
#include "client/cpp/status.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace canvass::client {
namespace {

// Answers the statuses it was given one by one, then OK, and remembers what came.
class Script {
 public:
  void Fail(const grpc::Status& status) {
    absl::MutexLock lock(&mutex_);
    failures_.push_back(status);
  }

  grpc::Status Next(const grpc::ServerContext& context) {
    absl::MutexLock lock(&mutex_);
    ++calls_;
    metadata_.clear();
    for (const auto& [key, value] : context.client_metadata()) {
      metadata_.emplace(std::string(key.data(), key.size()), std::string(value.data(), value.size()));
    }
    request_ids_.push_back(metadata_["x-request-id"]);
    if (failures_.empty()) return grpc::Status::OK;
    grpc::Status status = failures_.front();
    failures_.pop_front();
    return status;
  }

  int calls() const {
    absl::MutexLock lock(&mutex_);
    return calls_;
  }
  std::map<std::string, std::string> metadata() const {
    absl::MutexLock lock(&mutex_);
    return metadata_;
  }
  std::vector<std::string> request_ids() const {
    absl::MutexLock lock(&mutex_);
    return request_ids_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::deque<grpc::Status> failures_ ABSL_GUARDED_BY(mutex_);
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, std::string> metadata_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> request_ids_ ABSL_GUARDED_BY(mutex_);
};

class ScriptedSurveys final : public v1::SurveyService::Service {
 public:
  explicit ScriptedSurveys(Script& script) : script_(script) {}
  grpc::Status GetSurvey(grpc::ServerContext* context, const v1::GetSurveyRequest* request,
                         v1::Survey* survey) override {
    survey->set_name(request->name());
    return script_.Next(*context);
  }

 private:
  Script& script_;
};

class ScriptedResponses final : public v1::ResponseService::Service {
 public:
  explicit ScriptedResponses(Script& script) : script_(script) {}
  grpc::Status SubmitResponse(grpc::ServerContext* context, const v1::SubmitResponseRequest* request,
                              v1::SubmitResponseResponse* response) override {
    response->set_name(request->request_id());
    return script_.Next(*context);
  }

 private:
  Script& script_;
};

class ScriptedApiKeys final : public v1::ApiKeyService::Service {
 public:
  explicit ScriptedApiKeys(Script& script) : script_(script) {}
  grpc::Status CreateApiKey(grpc::ServerContext* context, const v1::CreateApiKeyRequest* request,
                            v1::CreateApiKeyResponse* response) override {
    return script_.Next(*context);
  }

 private:
  Script& script_;
};

class ClientTest : public ::testing::Test {
 protected:
  void StartServer(int port = 0) {
    grpc::ServerBuilder builder;
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port), grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&surveys_);
    builder.RegisterService(&responses_);
    builder.RegisterService(&api_keys_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
  }

  std::unique_ptr<Client> Connect(ClientOptions options = {}) {
    options.address = "127.0.0.1:" + std::to_string(port_);
    absl::StatusOr<std::unique_ptr<Client>> client = Client::Create(std::move(options));
    EXPECT_TRUE(client.ok()) << client.status();
    return *std::move(client);
  }

  // Sent back at once, so that gRPC's own retries do not slow the tests: they do not repeat RESOURCE_EXHAUSTED.
  static grpc::Status Overloaded() {
    google::rpc::Status details;
    details.set_code(grpc::StatusCode::RESOURCE_EXHAUSTED);
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_nanos(1'000'000);
    details.add_details()->PackFrom(retry);
    return {grpc::StatusCode::RESOURCE_EXHAUSTED, "the queue is full", details.SerializeAsString()};
  }

  Script script_;
  ScriptedSurveys surveys_{script_};
  ScriptedResponses responses_{script_};
  ScriptedApiKeys api_keys_{script_};
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

v1::GetSurveyRequest Request(absl::string_view name = "tenants/-/surveys/nps") {
  v1::GetSurveyRequest request;
  request.set_name(std::string(name));
  return request;
}

TEST_F(ClientTest, CarriesCredentialAndRequestId) {
  StartServer();
  const auto client = Connect({.credential = "cvk_1_secret", .user_agent = "acme/1"});
  const absl::StatusOr<v1::Survey> survey = client->Call(&Surveys::GetSurvey, Request(), {.request_id = "r-7"});
  ASSERT_TRUE(survey.ok()) << survey.status();
  EXPECT_EQ(survey->name(), "tenants/-/surveys/nps");
  auto metadata = script_.metadata();
  EXPECT_EQ(metadata["authorization"], "Bearer cvk_1_secret");
  EXPECT_EQ(metadata["x-request-id"], "r-7");
  EXPECT_EQ(metadata["user-agent"].rfind("acme/1 canvass-cpp/" + std::string(Version()), 0), 0U)
      << metadata["user-agent"];
}

TEST_F(ClientTest, KeepsTheServersDetails) {
  StartServer();
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  info.set_reason("INVALID_SURVEY");
  details.add_details()->PackFrom(info);
  google::rpc::BadRequest bad;
  for (const char* field : {"a", "b"}) {
    bad.add_field_violations()->set_field(field);
    bad.mutable_field_violations()->rbegin()->set_description("is wrong");
  }
  details.add_details()->PackFrom(bad);
  script_.Fail({grpc::StatusCode::INVALID_ARGUMENT, "a: is wrong", details.SerializeAsString()});
  const auto survey = Connect()->Call(&Surveys::GetSurvey, Request(), {.request_id = "r-8"});
  EXPECT_EQ(survey.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(survey.status().message(), "a: is wrong");
  EXPECT_EQ(Reason(survey.status()), "INVALID_SURVEY");
  const std::vector<Violation> violations = Violations(survey.status());
  ASSERT_EQ(violations.size(), 2U);
  EXPECT_EQ(violations[1].field, "b");
  EXPECT_EQ(violations[1].description, "is wrong");
  EXPECT_EQ(RequestId(survey.status()), "r-8");
  EXPECT_EQ(RetryDelay(survey.status()), std::nullopt);
  EXPECT_EQ(script_.calls(), 1);
}

TEST_F(ClientTest, RepeatsWithTheSameRequestId) {
  StartServer();
  for (int i = 0; i < 3; ++i) script_.Fail(Overloaded());
  const auto client = Connect({.retry = {.initial_backoff = absl::Milliseconds(1)}});
  const auto survey = client->Call(&Surveys::GetSurvey, Request());
  EXPECT_TRUE(survey.ok()) << survey.status();
  const std::vector<std::string> ids = script_.request_ids();
  ASSERT_EQ(ids.size(), 4U);
  EXPECT_FALSE(ids[0].empty());
  for (const std::string& id : ids) EXPECT_EQ(id, ids[0]);
}

TEST_F(ClientTest, RepeatsAsynchronousCalls) {
  StartServer();
  for (int i = 0; i < 3; ++i) script_.Fail(Overloaded());
  const auto client = Connect({.retry = {.initial_backoff = absl::Milliseconds(1)}});
  CallWindow window(1);
  absl::StatusOr<v1::Survey> result = absl::UnknownError("never called");
  window.Enter();
  client->CallAsync(&Surveys::async::GetSurvey, Request(), [&](absl::StatusOr<v1::Survey> survey) {
    result = std::move(survey);
    window.Leave();
  });
  window.WaitUntilEmpty();
  EXPECT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(script_.calls(), 4);
}

TEST_F(ClientTest, GivesASubmissionOneRequestIdForAllAttempts) {
  StartServer();
  script_.Fail(Overloaded());
  const auto client = Connect({.retry = {.initial_backoff = absl::Milliseconds(1)}});
  const auto response = client->Call(&Responses::SubmitResponse, v1::SubmitResponseRequest());
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_FALSE(response->name().empty());
  EXPECT_EQ(script_.calls(), 2);
}

TEST_F(ClientTest, NeverRepeatsWhatMakesSecrets) {
  StartServer();
  script_.Fail(Overloaded());
  const auto key = Connect()->Call(&ApiKeys::CreateApiKey, v1::CreateApiKeyRequest());
  EXPECT_EQ(key.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(script_.calls(), 1);
}

TEST_F(ClientTest, SitsOutARestart) {
  StartServer();
  const auto client = Connect();
  ASSERT_TRUE(client->Call(&Surveys::GetSurvey, Request()).ok());
  server_->Shutdown();
  server_.reset();
  std::thread restart([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    StartServer(port_);
  });
  const auto survey = client->Call(&Surveys::GetSurvey, Request(), {.timeout = absl::Seconds(30)});
  EXPECT_TRUE(survey.ok()) << survey.status();
  restart.join();
}

TEST_F(ClientTest, GivesUpByTheDeadlineWhereThereIsNoServer) {
  StartServer();
  server_->Shutdown();
  server_.reset();
  const auto client = Connect({.timeout = absl::Milliseconds(300)});
  const auto start = std::chrono::steady_clock::now();
  const auto survey = client->Call(&Surveys::GetSurvey, Request());
  EXPECT_TRUE(IsTransient(survey.status())) << survey.status();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST_F(ClientTest, ManyInFlightNeverMoreThanTheWindow) {
  StartServer();
  const auto client = Connect();
  constexpr int kCalls = 2000;
  constexpr int kWindow = 64;
  CallWindow window(kWindow);
  std::atomic<int> in_flight = 0;
  std::atomic<int> most = 0;
  std::atomic<int> succeeded = 0;
  for (int i = 0; i < kCalls; ++i) {
    window.Enter();
    const int now = ++in_flight;
    int seen = most;
    while (now > seen && !most.compare_exchange_weak(seen, now)) {
    }
    client->CallAsync(&Surveys::async::GetSurvey, Request(), [&](const absl::StatusOr<v1::Survey>& survey) {
      if (survey.ok()) ++succeeded;
      --in_flight;
      window.Leave();
    });
  }
  window.WaitUntilEmpty();
  EXPECT_EQ(succeeded, kCalls);
  EXPECT_LE(most, kWindow);
  EXPECT_GT(most, 1);
}

TEST_F(ClientTest, WaitsForCallsInFlightWhenItEnds) {
  StartServer();
  std::atomic<int> answers = 0;
  {
    const auto client = Connect();
    for (int i = 0; i < 20; ++i) {
      client->CallAsync(&Surveys::async::GetSurvey, Request(), [&](const absl::StatusOr<v1::Survey>&) { ++answers; });
    }
  }
  EXPECT_EQ(answers, 20);
}

TEST(StatusTest, AProblemOfABatchIsAStatus) {
  v1::Problem problem;
  problem.set_code(static_cast<int>(absl::StatusCode::kInvalidArgument));
  problem.set_reason(v1::ERROR_REASON_INVALID_EVENT);
  problem.set_message("type: is empty");
  problem.add_violations()->set_field("type");
  const absl::Status status = FromProblem(problem);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Reason(status), "INVALID_EVENT");
  ASSERT_EQ(Violations(status).size(), 1U);
  EXPECT_EQ(Violations(status)[0].field, "type");
}

TEST(ClientOptionsTest, RefusesWhatCannotBeSent) {
  const auto code = [](ClientOptions options) { return Client::Create(std::move(options)).status().code(); };
  EXPECT_EQ(code({.credential = "cvk_1_x\n"}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.address = "nowhere"}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.timeout = absl::ZeroDuration()}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.address = "h:1", .tls = {.ca_file = "/nonexistent/ca.pem"}}), absl::StatusCode::kNotFound);
  EXPECT_EQ(code({.address = "h:1", .tls = {.certificate_file = "/dev/null"}}), absl::StatusCode::kInvalidArgument);
}

TEST(ClientOptionsTest, NeverShowsTheCredential) {
  const absl::Status status = Client::Create({.credential = "cvk_1_secret value"}).status();
  EXPECT_EQ(std::string(status.message()).find("secret"), std::string::npos) << status;
}

}  // namespace
}  // namespace canvass::client
