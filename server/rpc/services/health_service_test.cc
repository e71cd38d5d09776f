#include "server/rpc/services/health_service.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpc/health/v1/health.grpc.pb.h"

namespace canvass::rpc {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

class HealthServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&health_);
    server_ = builder.BuildAndStart();
    stub_ = Health::NewStub(grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials()));
  }

  // "NOT_FOUND" for an unknown service.
  std::string Check(const std::string& service) {
    grpc::ClientContext context;
    HealthCheckRequest request;
    request.set_service(service);
    HealthCheckResponse response;
    const grpc::Status status = stub_->Check(&context, request, &response);
    if (status.ok()) return HealthCheckResponse::ServingStatus_Name(response.status());
    return status.error_code() == grpc::StatusCode::NOT_FOUND ? "NOT_FOUND" : status.error_message();
  }

  struct Watch {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<HealthCheckResponse>> reader;
    std::string Next() {
      HealthCheckResponse response;
      return reader->Read(&response) ? HealthCheckResponse::ServingStatus_Name(response.status()) : "end";
    }
  };
  std::unique_ptr<Watch> StartWatch(const std::string& service) {
    auto watch = std::make_unique<Watch>();
    HealthCheckRequest request;
    request.set_service(service);
    watch->reader = stub_->Watch(&watch->context, request);
    return watch;
  }

  HealthService health_{{"canvass.v1.SurveyService"}};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Health::Stub> stub_;
};

TEST_F(HealthServiceTest, ServesOnceItIsTold) {
  EXPECT_EQ(Check(""), "NOT_SERVING");
  health_.StartServing();
  EXPECT_EQ(Check(""), "SERVING");
  EXPECT_EQ(Check("canvass.v1.SurveyService"), "SERVING");
  EXPECT_EQ(Check("canvass.v1.Nothing"), "NOT_FOUND");
  health_.StopServing();
  EXPECT_EQ(Check("canvass.v1.SurveyService"), "NOT_SERVING");
}

TEST_F(HealthServiceTest, WatchesSeeEveryChange) {
  const auto watch = StartWatch("canvass.v1.SurveyService");
  EXPECT_EQ(watch->Next(), "NOT_SERVING");
  health_.StartServing();
  EXPECT_EQ(watch->Next(), "SERVING");
  health_.StartServing();
  health_.StopServing();
  EXPECT_EQ(watch->Next(), "NOT_SERVING");
  const auto unknown = StartWatch("canvass.v1.Nothing");
  EXPECT_EQ(unknown->Next(), "SERVICE_UNKNOWN");
  health_.EndWatches();
  EXPECT_EQ(watch->Next(), "end");
  EXPECT_EQ(watch->reader->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(unknown->Next(), "end");
  EXPECT_EQ(StartWatch("")->Next(), "end") << "new ones end at once";
}

TEST_F(HealthServiceTest, AWatchMayGoAtAnyTime) {
  std::vector<std::thread> watchers;
  for (int i = 0; i < 4; ++i) {
    watchers.emplace_back([&] {
      for (int n = 0; n < 25; ++n) {
        const auto watch = StartWatch("");
        watch->Next();
        watch->context.TryCancel();
        EXPECT_EQ(watch->reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
      }
    });
  }
  for (int n = 0; n < 200; ++n) {
    health_.StartServing();
    health_.StopServing();
  }
  for (std::thread& watcher : watchers) watcher.join();
  health_.EndWatches();
  const absl::Time start = absl::Now();
  server_->Shutdown(absl::ToChronoTime(start + absl::Seconds(5)));
  EXPECT_LT(absl::Now() - start, absl::Seconds(4)) << "no watch holds the server up";
}

}  // namespace
}  // namespace canvass::rpc
