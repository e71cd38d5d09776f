// Clients that open streams and never read: the server holds little for each of them, serves the others, and lets go of
// them when they go.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/process/process_memory.h"
#include "tests/process/server_process.h"
#include "tests/process/workspace.h"

namespace canvass::chaos {
namespace {

constexpr int kResponses = 8'000;
constexpr int kInABatch = 500;
constexpr int kCommentBytes = 2000;
// As many exports as one tenant may have, and of the others enough to see what each costs.
constexpr int kExports = 10;
constexpr int kWatches = 20;
constexpr int kSubmissions = 20;
// What each writer sends without reading what comes back, if it can.
constexpr int kSent = 20'000;
constexpr absl::Duration kFilling = absl::Seconds(4);

class UnreadStreamsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = testing::ServerProcess::Start({});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    auto own = testing::MakeWorkspace(server_->address(), server_->operator_credential(), "chaos");
    ASSERT_TRUE(own.ok()) << own.status();
    own_ = *std::move(own);
  }

  void TearDown() override { Cancel(); }

  v1::SubmitResponseRequest Large(int64_t n) const {
    v1::SubmitResponseRequest request = testing::MakeSubmission(own_, n);
    request.mutable_response()->mutable_answers(3)->set_text(std::string(kCommentBytes, 'x'));
    return request;
  }

  void Fill() {
    for (int first = 0; first < kResponses; first += kInABatch) {
      v1::BatchSubmitResponsesRequest batch;
      batch.set_parent(own_.tenant);
      for (int i = 0; i < kInABatch; ++i) *batch.add_requests() = Large(first + i);
      const auto stored = own_.admin->Call(&client::Responses::BatchSubmitResponses, batch);
      ASSERT_TRUE(stored.ok()) << stored.status();
    }
  }

  // A new context with the credential, which Cancel() ends.
  grpc::ClientContext* NewContext() {
    contexts_.push_back(std::make_unique<grpc::ClientContext>());
    contexts_.back()->AddMetadata("authorization", absl::StrCat("Bearer ", own_.credential));
    return contexts_.back().get();
  }

  void OpenExports() {
    auto& stub = own_.admin->stub<client::Responses>();
    for (int i = 0; i < kExports; ++i) {
      v1::ExportResponsesRequest request;
      request.set_survey(own_.survey);
      exports_.push_back(stub.ExportResponses(NewContext(), request));
    }
  }

  void OpenWatches() {
    auto& stub = own_.admin->stub<client::Responses>();
    for (int i = 0; i < kWatches; ++i) {
      v1::WatchResponsesRequest request;
      request.set_parent(own_.tenant);
      request.mutable_start_time()->set_seconds(absl::ToUnixSeconds(absl::Now()) - 3600);
      watches_.push_back(stub.WatchResponses(NewContext(), request));
    }
  }

  // Each writes until the server takes no more.
  void OpenSubmissions() {
    auto& stub = own_.admin->stub<client::Responses>();
    for (int i = 0; i < kSubmissions; ++i) {
      submissions_.push_back(stub.StreamResponses(NewContext()));
      writers_.emplace_back([this, i, stream = submissions_.back().get()] {
        v1::StreamResponsesRequest request;
        *request.add_submissions() = Large(1);
        for (int n = 0; n < kSent; ++n) {
          request.mutable_submissions(0)->set_request_id(absl::StrCat(i, " ", n));
          if (!stream->Write(request)) break;
          ++sent_;
        }
      });
    }
  }

  void Cancel() {
    for (const auto& context : contexts_) context->TryCancel();
    for (std::thread& writer : writers_) writer.join();
    writers_.clear();
    for (const auto& stream : exports_) stream->Finish();
    for (const auto& stream : watches_) stream->Finish();
    for (const auto& stream : submissions_) stream->Finish();
    exports_.clear();
    watches_.clear();
    submissions_.clear();
    contexts_.clear();
  }

  // How many calls of `method` have ended, as /metrics tells.
  int64_t Ended(const std::string& method) const {
    httplib::Client http("127.0.0.1", server_->http_port());
    const auto metrics = http.Get("/metrics");
    if (!metrics) return -1;
    double sum = 0;
    for (const absl::string_view line : absl::StrSplit(metrics->body, '\n')) {
      if (!absl::StartsWith(line, "canvass_rpc_calls_total{") || !absl::StrContains(line, method)) continue;
      double count = 0;
      if (absl::SimpleAtod(line.substr(line.rfind(' ') + 1), &count)) sum += count;
    }
    return static_cast<int64_t>(sum);
  }

  // What the server holds now, which is then its peak.
  double Memory() const {
    EXPECT_TRUE(testing::ForgetPeak(server_->pid()).ok());
    return Peak();
  }
  double Peak() const {
    const auto memory = testing::MemoryOf(server_->pid());
    EXPECT_TRUE(memory.ok()) << memory.status();
    return memory.ok() ? memory->peak : 0;
  }

  // Others are served while the streams fill what they can.
  void ServeOthers() {
    const double before = Peak();
    const absl::Time end = absl::Now() + kFilling;
    absl::Duration longest;
    while (absl::Now() < end) {
      const absl::Time start = absl::Now();
      const auto stored = own_.admin->Call(&client::Responses::SubmitResponse, testing::MakeSubmission(own_, 1));
      EXPECT_TRUE(stored.ok()) << stored.status();
      longest = std::max(longest, absl::Now() - start);
      absl::SleepFor(absl::Milliseconds(50));
    }
    EXPECT_LT(longest, absl::Seconds(5)) << "others wait for those who do not read";
    RecordProperty("megabytes_before", static_cast<int>(before));
    RecordProperty("megabytes_at_peak", static_cast<int>(Peak()));
    RecordProperty("longest_call_of_others_ms", static_cast<int>(absl::ToInt64Milliseconds(longest)));
  }

  // Whether so many calls of `method` end soon.
  bool AwaitEnd(const std::string& method, int count) const {
    const absl::Time give_up = absl::Now() + absl::Seconds(10);
    while (Ended(method) < count && absl::Now() < give_up) absl::SleepFor(absl::Milliseconds(50));
    return Ended(method) == count;
  }

  std::unique_ptr<testing::ServerProcess> server_;
  testing::Workspace own_;
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts_;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::ExportResponsesResponse>>> exports_;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::WatchResponsesResponse>>> watches_;
  std::vector<std::unique_ptr<grpc::ClientReaderWriter<v1::StreamResponsesRequest, v1::StreamResponsesResponse>>>
      submissions_;
  std::vector<std::thread> writers_;
  std::atomic<int64_t> sent_ = 0;
};

// A stretch of a thousand responses for each; if it were all, it would be 160 MB.
TEST_F(UnreadStreamsTest, ExportsHoldLittle) {
  Fill();
  const double before = Memory();
  OpenExports();
  ServeOthers();
  EXPECT_LT(Peak() - before, 150);
  Cancel();
  EXPECT_TRUE(AwaitEnd("ExportResponses", kExports));
}

// As exports, twice as many.
TEST_F(UnreadStreamsTest, WatchesHoldLittle) {
  Fill();
  const double before = Memory();
  OpenWatches();
  ServeOthers();
  EXPECT_LT(Peak() - before, 150);
  Cancel();
  EXPECT_TRUE(AwaitEnd("WatchResponses", kWatches));
}

// Acknowledgements pile up until the client's window is full, then a thousand messages or half a megabyte of them, then
// what the connection may send ahead.
TEST_F(UnreadStreamsTest, SubmissionsHoldLittle) {
  const double before = Memory();
  OpenSubmissions();
  ServeOthers();
  EXPECT_LT(Peak() - before, 150);
  EXPECT_LT(sent_, int64_t{kSubmissions} * kSent);
  RecordProperty("sent_unread", static_cast<int>(sent_));
  Cancel();
  EXPECT_TRUE(AwaitEnd("StreamResponses", kSubmissions));
}

}  // namespace
}  // namespace canvass::chaos
