// Responses over a stream, found by a filter, exported, excluded and erased, and what metrics say of it.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cpp/status.h"
#include "tests/conformance/target.h"
#include "tests/process/workspace.h"

namespace canvass::conformance {
namespace {

constexpr int kResponses = 2'500;  // more than may be unanswered
constexpr int kSingle = 1'100;
constexpr int kBad = 7;

class ResponsesTest : public ::testing::Test {
 protected:
  // Sends all of them over one stream and returns what became of each.
  std::vector<v1::SubmissionOutcome> Stream() {
    grpc::ClientContext context;
    EXPECT_TRUE(own_.admin->Prepare(context).ok());
    auto stream = own_.admin->stub<client::Responses>().StreamResponses(&context);
    std::thread writer([&] {
      v1::StreamResponsesRequest message;
      for (int i = 0; i < kResponses; ++i) {
        v1::SubmitResponseRequest& submission = *message.add_submissions();
        submission = testing::MakeSubmission(own_, i);
        submission.set_request_id(absl::StrCat("row-", i));
        if (i == kBad) submission.mutable_response()->mutable_answers(0)->set_score(99);
        // First one at a time, then ever more together.
        if (i >= kSingle && message.submissions_size() < 1 + i / kSingle && i + 1 < kResponses) continue;
        if (!stream->Write(message)) break;
        message.Clear();
      }
      stream->WritesDone();
    });
    std::vector<v1::SubmissionOutcome> outcomes;
    for (v1::StreamResponsesResponse response; stream->Read(&response);) {
      outcomes.insert(outcomes.end(), response.outcomes().begin(), response.outcomes().end());
    }
    writer.join();
    const grpc::Status status = stream->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return outcomes;
  }

  std::set<std::string> Export(const std::string& filter) {
    grpc::ClientContext context;
    EXPECT_TRUE(own_.admin->Prepare(context).ok());
    v1::ExportResponsesRequest request;
    request.set_survey(own_.survey);
    request.set_filter(filter);
    auto stream = own_.admin->stub<client::Responses>().ExportResponses(&context, request);
    std::set<std::string> names;
    for (v1::ExportResponsesResponse part; stream->Read(&part);) {
      for (const v1::Response& response : part.responses()) {
        EXPECT_TRUE(names.insert(response.name()).second) << response.name();
      }
    }
    const grpc::Status status = stream->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return names;
  }

  // How many answers the metric counts.
  int64_t Counted() {
    v1::QueryMetricRequest request;
    request.set_survey(own_.survey);
    request.set_metric(v1::METRIC_NPS);
    request.set_question("recommend");
    const auto nps = own_.admin->Call(&client::Metrics::QueryMetric, request);
    EXPECT_TRUE(nps.ok()) << nps.status();
    return nps.ok() && nps->points_size() > 0 ? nps->points(0).n() : 0;
  }

  const testing::Workspace own_ = NewWorkspace();
};

TEST_F(ResponsesTest, AreStreamedInFoundExportedAndChanged) {
  const std::vector<v1::SubmissionOutcome> first = Stream();
  ASSERT_EQ(first.size(), static_cast<std::size_t>(kResponses));
  const std::vector<v1::SubmissionOutcome> again = Stream();
  ASSERT_EQ(again.size(), first.size());
  for (int i = 0; i < kResponses; ++i) {
    if (i == kBad) {
      EXPECT_EQ(first[i].problem().reason(), v1::ERROR_REASON_INVALID_RESPONSE) << first[i].DebugString();
      continue;
    }
    EXPECT_FALSE(first[i].result().name().empty()) << first[i].DebugString();
    EXPECT_EQ(again[i].result().name(), first[i].result().name());
    EXPECT_TRUE(again[i].result().repeated_call());
  }
  EXPECT_EQ(Export("").size(), first.size() - 1);
  const int64_t counted = Counted();

  v1::ExcludeResponseRequest exclude;
  exclude.set_name(first[0].result().name());
  exclude.set_reason("a test by staff");
  ASSERT_TRUE(own_.admin->Call(&client::Responses::ExcludeResponse, exclude).ok());
  EXPECT_EQ(Counted(), counted - 1);
  EXPECT_EQ(Export("response.excluded = true"), std::set<std::string>{first[0].result().name()});
  v1::ListResponsesRequest list;
  list.set_parent(own_.tenant);
  list.set_filter("response.excluded = true");
  const auto page = own_.admin->Call(&client::Responses::ListResponses, list);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->responses_size(), 1);
  EXPECT_EQ(page->responses(0).exclusion().reason(), "a test by staff");

  v1::DeleteResponseRequest erase;
  erase.set_name(first[0].result().name());
  ASSERT_TRUE(own_.admin->Call(&client::Responses::DeleteResponse, erase).ok());
  EXPECT_EQ(Counted(), counted - 1);
  EXPECT_EQ(Export("").size(), first.size() - 2);
}

TEST_F(ResponsesTest, AreSavedInPartsAndCompleted) {
  v1::SavePartialResponseRequest save;
  save.set_parent(own_.tenant);
  save.set_request_id("checkout-7");
  const v1::SubmitResponseRequest whole = testing::MakeSubmission(own_, 1);
  *save.mutable_response() = whole.response();
  // The latest save arrives first.
  save.mutable_response()->mutable_answers()->DeleteSubrange(0, 1);
  save.set_revision(2);
  ASSERT_TRUE(own_.admin->Call(&client::Responses::SavePartialResponse, save).ok());
  *save.mutable_response() = whole.response();
  save.mutable_response()->mutable_answers()->DeleteSubrange(1, whole.response().answers_size() - 1);
  save.set_revision(1);
  const auto saved = own_.admin->Call(&client::Responses::SavePartialResponse, save);
  ASSERT_TRUE(saved.ok()) << saved.status();
  EXPECT_EQ(saved->revision(), 2);
  v1::GetPartialResponseRequest get;
  get.set_parent(own_.tenant);
  get.set_request_id("checkout-7");
  EXPECT_EQ(own_.admin->Call(&client::Responses::GetPartialResponse, get)->response().answers_size(),
            whole.response().answers_size());
  EXPECT_TRUE(Export("").empty());

  v1::SubmitResponseRequest complete;
  complete.set_parent(own_.tenant);
  complete.set_request_id("checkout-7");
  complete.set_complete_partial(true);
  complete.mutable_response()->set_survey(own_.survey);
  for (int call = 0; call < 2; ++call) {
    const auto stored = own_.admin->Call(&client::Responses::SubmitResponse, complete);
    ASSERT_TRUE(stored.ok()) << stored.status();
    EXPECT_EQ(stored->repeated_call(), call == 1);
  }
  EXPECT_EQ(Export("response.completeness = 1").size(), 1u);
  const auto again = own_.admin->Call(&client::Responses::SavePartialResponse, save);
  EXPECT_EQ(again.status().code(), absl::StatusCode::kAlreadyExists) << again.status();
}

TEST_F(ResponsesTest, ABatchToldToCheckStoresNothing) {
  v1::BatchSubmitResponsesRequest batch;
  batch.set_parent(own_.tenant);
  for (int i = 0; i < 10; ++i) {
    *batch.add_requests() = testing::MakeSubmission(own_, i);
    batch.mutable_requests(i)->set_validate_only(true);
    if (i == 4) batch.mutable_requests(i)->mutable_response()->mutable_answers(0)->set_score(99);
  }
  const auto checked = own_.admin->Call(&client::Responses::BatchSubmitResponses, batch);
  ASSERT_TRUE(checked.ok()) << checked.status();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(checked->outcomes(i).has_problem(), i == 4) << i;
  EXPECT_TRUE(Export("").empty());
}

}  // namespace
}  // namespace canvass::conformance
