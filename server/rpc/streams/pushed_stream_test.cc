// Streams that the server pushes, through the whole request edge and over a real socket.

#include "server/rpc/streams/pushed_stream.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "canvass/v1/api_key_service.pb.h"
#include "canvass/v1/decision_service.grpc.pb.h"
#include "canvass/v1/tenant_service.pb.h"
#include "server/distribution/watching/push_desk.h"
#include "server/mysql/testing/test_database.h"
#include "server/rpc/services/api_key_service.h"
#include "server/rpc/services/tenant_service.h"
#include "server/rpc/testing/edge_server.h"
#include "server/rpc/testing/relay.h"
#include "tenants/keys/credential.h"

namespace canvass::rpc {
namespace {

using testing::EdgeServer;
using testing::Relay;
using Response = v1::WatchDecisionsResponse;
using Source = PushSource<Response>;

constexpr char kWatch[] = "/canvass.v1.DecisionService/WatchDecisions";
// Longer than anything takes; a test that waits so long has failed.
constexpr absl::Duration kPatience = absl::Seconds(20);

bool Eventually(absl::Duration limit, const std::function<bool()>& holds) {
  for (const absl::Time end = absl::Now() + limit; absl::Now() < end; absl::SleepFor(absl::Milliseconds(5))) {
    if (holds()) return true;
  }
  return holds();
}

// What the tests see of all sources.
struct Told {
  std::atomic<int> sources = 0;
  std::atomic<int> given = 0;
};

// Numbers its messages from 0 and then ends the stream.
class Counting final : public Source {
 public:
  Counting(Told& told, int count, std::size_t bytes) : told_(told), count_(count), padding_(bytes, 'x') {
    ++told_.sources;
  }
  ~Counting() override { --told_.sources; }

  void Next(Done done) override {
    if (next_ >= count_) return done(Error(absl::StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH, "counted"));
    std::vector<Response> messages(3);
    for (Response& message : messages) {
      message.set_resume_token(absl::StrCat(next_++));
      message.mutable_decision()->set_explanation(padding_);
    }
    told_.given += static_cast<int>(messages.size());
    done(std::move(messages));
  }

 private:
  Told& told_;
  const int count_;
  const std::string padding_;
  int next_ = 0;
};

// Has nothing to say.
class Quiet final : public Source {
 public:
  explicit Quiet(Told& told) : told_(told) { ++told_.sources; }
  ~Quiet() override { --told_.sources; }
  void Next(Done done) override { done_ = std::move(done); }

 private:
  Told& told_;
  Done done_;
};

// One stream, as its client sees it.
class Watcher {
 public:
  Watcher(const std::shared_ptr<grpc::Channel>& channel, absl::string_view credential)
      : stub_(v1::DecisionService::NewStub(channel)) {
    testing::SetCredential(context_, credential);
    context_.set_deadline(absl::ToChronoTime(absl::Now() + 2 * kPatience));
    stream_ = stub_->WatchDecisions(&context_, v1::WatchDecisionsRequest());
  }

  // The stream began, or was refused.
  void Wait() { stream_->WaitForInitialMetadata(); }
  std::optional<std::string> Read() {
    Response response;
    if (!stream_->Read(&response)) return std::nullopt;
    return response.resume_token();
  }
  void Cancel() { context_.TryCancel(); }
  // How it ended, behind what is left of it.
  absl::Status End() {
    while (Read().has_value()) {
    }
    return testing::FromGrpc(stream_->Finish());
  }

 private:
  grpc::ClientContext context_;
  const std::unique_ptr<v1::DecisionService::Stub> stub_;
  std::unique_ptr<grpc::ClientReader<Response>> stream_;
};

class PushedStreamTest : public ::testing::Test {
 protected:
  void Start(const EdgeServer::Options& options = {}) {
    server_ = std::make_unique<EdgeServer>(db_.database(), clock_, options);
    auto decisions = std::make_unique<RpcService>("canvass.v1.DecisionService", server_->pipeline());
    decisions->Pushing<v1::WatchDecisionsRequest, Response>(
        "WatchDecisions",
        [this](const Call& call, const v1::WatchDecisionsRequest& /*request*/) { return open_(call); });
    server_->Add(std::move(decisions));
    server_->Add(MakeApiKeyService(server_->pipeline(), server_->rooms()));
    server_->Add(MakeTenantService(server_->pipeline(), server_->rooms()));
    server_->Start();
    admin_ = MakeAdmin("acme");
  }
  void TearDown() override {
    if (server_ == nullptr) return;
    server_->pipeline().Drain();
    server_->Stop();
    // The last call lets go of the pipeline a moment after gRPC has let go of it.
    EXPECT_TRUE(NobodyIsLeft(kPatience));
    EXPECT_EQ(server_->pipeline().streams().size(), 0u);
  }

  std::string MakeAdmin(const std::string& tenant) { return server_->MakeKey(tenant, v1::ApiKey::ROLE_ADMIN); }
  std::unique_ptr<Watcher> Watch(const std::string& credential) {
    auto watcher = std::make_unique<Watcher>(server_->channel(), credential);
    watcher->Wait();
    return watcher;
  }
  bool NobodyIsLeft(absl::Duration limit) {
    return Eventually(limit, [&] { return server_->pipeline().in_flight() == 0 && told_.sources == 0; });
  }
  std::string NameOf(const std::string& tenant, const std::string& credential) {
    return absl::StrCat("tenants/", tenant, "/apiKeys/", *tenants::KeyIdOf(credential));
  }

  mysql::testing::TestDatabase db_;
  SystemClock clock_;
  Told told_;
  std::function<absl::StatusOr<std::unique_ptr<Source>>(const Call&)> open_ = [this](const Call&) {
    return std::make_unique<Quiet>(told_);
  };
  std::unique_ptr<EdgeServer> server_;
  std::string admin_;
};

TEST_F(PushedStreamTest, GivesEveryMessageInItsOrderAndTheSourcesEnd) {
  Start();
  open_ = [&](const Call&) { return std::make_unique<Counting>(told_, 3000, 10); };
  Watcher watcher(server_->channel(), admin_);
  for (int i = 0; i < 3000; ++i) ASSERT_EQ(watcher.Read(), absl::StrCat(i));
  EXPECT_EQ(watcher.Read(), std::nullopt);
  const absl::Status end = watcher.End();
  EXPECT_EQ(end.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ReasonOf(end), v1::ERROR_REASON_ETAG_MISMATCH);
}

TEST_F(PushedStreamTest, AHandlerMayRefuse) {
  Start();
  open_ = [](const Call&) {
    return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_RESOURCE_NOT_FOUND, "no such trigger");
  };
  Watcher watcher(server_->channel(), admin_);
  EXPECT_EQ(ReasonOf(watcher.End()), v1::ERROR_REASON_RESOURCE_NOT_FOUND);
  EXPECT_EQ(ReasonOf(Watcher(server_->channel(), "nonsense").End()), v1::ERROR_REASON_CREDENTIAL_INVALID);
}

TEST_F(PushedStreamTest, ASlowReaderIsWaitedForAndLosesNothing) {
  Start();
  constexpr int kCount = 900;  // 115 MB
  open_ = [&](const Call&) { return std::make_unique<Counting>(told_, kCount, 128 * 1024); };
  const auto slow = Watch(admin_);
  absl::SleepFor(absl::Milliseconds(700));
  const int given = told_.given;
  EXPECT_GT(given, 0);
  EXPECT_LT(given, kCount / 6);
  absl::SleepFor(absl::Milliseconds(500));
  EXPECT_EQ(told_.given, given) << "nothing is looked up for a reader who does not read";

  // One that shares its connection is not held up.
  open_ = [&](const Call&) { return std::make_unique<Counting>(told_, 300, 128 * 1024); };
  const auto fast = Watch(admin_);
  for (int i = 0; i < 300; ++i) ASSERT_EQ(fast->Read(), absl::StrCat(i));
  EXPECT_TRUE(absl::IsAborted(fast->End()));

  for (int i = 0; i < kCount; ++i) ASSERT_EQ(slow->Read(), absl::StrCat(i));
  EXPECT_TRUE(absl::IsAborted(slow->End()));
}

TEST_F(PushedStreamTest, EndsSoonAfterTheCallerMayNotGoOn) {
  Start();
  const std::string revoked = MakeAdmin("acme");
  const std::string suspended = MakeAdmin("beta");
  const auto first = Watch(revoked);
  const auto second = Watch(suspended);
  const auto untouched = Watch(admin_);
  v1::RevokeApiKeyRequest revoke;
  revoke.set_name(NameOf("acme", revoked));
  ASSERT_TRUE(server_->Call<v1::ApiKey>("/canvass.v1.ApiKeyService/RevokeApiKey", admin_, revoke).status.ok());
  v1::SuspendTenantRequest suspend;
  suspend.set_name("tenants/beta");
  ASSERT_TRUE(
      server_->Call<v1::Tenant>("/canvass.v1.TenantService/SuspendTenant", EdgeServer::operator_credential(), suspend)
          .status.ok());
  const absl::Time then = absl::Now();
  EXPECT_EQ(ReasonOf(first->End()), v1::ERROR_REASON_CREDENTIAL_INVALID);
  EXPECT_EQ(ReasonOf(second->End()), v1::ERROR_REASON_TENANT_SUSPENDED);
  EXPECT_LT(absl::Now() - then, absl::Seconds(2));
  EXPECT_EQ(ReasonOf(Watcher(server_->channel(), suspended).End()), v1::ERROR_REASON_TENANT_SUSPENDED);
  EXPECT_EQ(told_.sources, 1) << "others go on";
  untouched->Cancel();
  EXPECT_TRUE(absl::IsCancelled(untouched->End()));
}

TEST_F(PushedStreamTest, EndsAfterAChangeThatAnotherServerMade) {
  Start();
  const auto watcher = Watch(admin_);
  const absl::Time then = absl::Now();
  ASSERT_TRUE(server_->tenants()
                  .Change(TenantId("acme"),
                          [](v1::Tenant& tenant) {
                            tenant.set_state(v1::Tenant::STATE_SUSPENDED);
                            return absl::OkStatus();
                          })
                  .ok());
  EXPECT_EQ(ReasonOf(watcher->End()), v1::ERROR_REASON_TENANT_SUSPENDED);
  EXPECT_LT(absl::Now() - then, absl::Seconds(6));
}

TEST_F(PushedStreamTest, EndsWhenTheServerStops) {
  Start();
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (int i = 0; i < 20; ++i) watchers.push_back(Watch(admin_));
  // One that is admitted, and begins only when all others were ended.
  absl::Notification asked, go_on;
  open_ = [&](const Call&) {
    asked.Notify();
    go_on.WaitForNotification();
    return std::make_unique<Quiet>(told_);
  };
  Watcher late(server_->channel(), admin_);
  asked.WaitForNotification();
  server_->pipeline().Drain();
  go_on.Notify();
  for (const auto& watcher : watchers) {
    const absl::Status end = watcher->End();
    EXPECT_EQ(end.code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(ReasonOf(end), v1::ERROR_REASON_SHUTTING_DOWN);
  }
  EXPECT_EQ(ReasonOf(late.End()), v1::ERROR_REASON_SHUTTING_DOWN);
  EXPECT_TRUE(server_->pipeline().WaitIdle(absl::Now() + kPatience));
}

TEST_F(PushedStreamTest, AReaderWhoDoesNotReadHoldsNobodyUp) {
  Start();
  open_ = [&](const Call&) { return std::make_unique<Counting>(told_, 900, 128 * 1024); };
  const auto slow = Watch(admin_);
  ASSERT_TRUE(Eventually(kPatience, [&] { return told_.given > 0; }));
  absl::SleepFor(absl::Milliseconds(300));
  server_->pipeline().Drain();
  EXPECT_TRUE(server_->pipeline().WaitIdle(absl::Now() + absl::Seconds(4)));
  EXPECT_FALSE(slow->End().ok());
}

TEST_F(PushedStreamTest, ATenantsStreamsAreLimitedAndFreedByWhoGoes) {
  using Desk = distribution::PushDesk<Response, int>;
  Desk desk({.interval = absl::Milliseconds(100), .max_per_tenant = 2}, clock_, [](auto) {});
  Start();
  open_ = [&](const Call& call) { return desk.Open(call.scope(), 0); };
  const auto refused = [&] { return absl::IsResourceExhausted(Watcher(server_->channel(), admin_).End()); };
  Relay relay(server_->port());
  Watcher vanishing(relay.channel(), admin_);
  vanishing.Wait();
  const auto cancelled = Watch(admin_);
  Watcher third(server_->channel(), admin_);
  EXPECT_EQ(ReasonOf(third.End()), v1::ERROR_REASON_OVERLOADED);
  const auto other = Watch(MakeAdmin("beta"));

  const auto in_flight = [&](int count) {
    return Eventually(kPatience, [&] { return server_->pipeline().in_flight() == count; });
  };
  cancelled->Cancel();
  EXPECT_TRUE(in_flight(2));
  const auto in_its_place = Watch(admin_);
  EXPECT_TRUE(refused());
  relay.Cut();
  EXPECT_TRUE(in_flight(2));
  const auto in_place_of_the_other = Watch(admin_);
  EXPECT_TRUE(refused());
  EXPECT_FALSE(vanishing.End().ok());
  for (Watcher* watcher : {in_its_place.get(), in_place_of_the_other.get(), other.get()}) {
    watcher->Cancel();
    EXPECT_TRUE(absl::IsCancelled(watcher->End()));
  }
  EXPECT_TRUE(NobodyIsLeft(kPatience));
}

TEST_F(PushedStreamTest, AClientWhoseNetworkFellSilentIsNoticed) {
  Start({.keepalive = absl::Milliseconds(500)});
  Relay relay(server_->port());
  Watcher watcher(relay.channel(), admin_);
  watcher.Wait();
  ASSERT_EQ(told_.sources, 1);
  // Long enough that the server asked several times, though there was nothing to push.
  absl::SleepFor(absl::Seconds(3));
  EXPECT_EQ(told_.sources, 1) << "who answers, stays";
  relay.FallSilent();
  EXPECT_TRUE(NobodyIsLeft(absl::Seconds(5)));
  relay.Cut();
  EXPECT_FALSE(watcher.End().ok());
}

TEST_F(PushedStreamTest, ManyWhoComeAndGoLeaveNothingBehind) {
  Start();
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&, i] {
      for (int n = 0; n < 100; ++n) {
        Watcher watcher(server_->channel(), admin_);
        // Before it is admitted, while it begins, or once it has begun.
        if (n % 3 == 2) watcher.Wait();
        if (n % 3 == 1) absl::SleepFor(absl::Microseconds(50 * n + 13 * i));
        watcher.Cancel();
        EXPECT_TRUE(absl::IsCancelled(watcher.End()));
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_TRUE(NobodyIsLeft(kPatience));
  EXPECT_TRUE(Eventually(kPatience, [&] { return server_->pipeline().streams().size() == 0; }));
}

}  // namespace
}  // namespace canvass::rpc
