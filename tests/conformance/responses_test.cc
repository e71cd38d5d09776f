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
constexpr int kBad = 7;

class ResponsesTest : public ::testing::Test {
 protected:
  // Sends all of them over one stream and returns what became of each.
  std::vector<v1::SubmissionOutcome> Stream() {
    grpc::ClientContext context;
    EXPECT_TRUE(own_.admin->Prepare(context).ok());
    auto stream = own_.admin->stub<client::Responses>().StreamResponses(&context);
    std::thread writer([&] {
      for (int i = 0; i < kResponses; ++i) {
        v1::StreamResponsesRequest request;
        *request.mutable_submission() = testing::MakeSubmission(own_, i);
        request.mutable_submission()->set_request_id(absl::StrCat("row-", i));
        if (i == kBad) request.mutable_submission()->mutable_response()->mutable_answers(0)->set_score(99);
        if (!stream->Write(request)) break;
      }
      stream->WritesDone();
    });
    std::vector<v1::SubmissionOutcome> outcomes;
    for (v1::StreamResponsesResponse response; stream->Read(&response);) outcomes.push_back(response.outcome());
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
