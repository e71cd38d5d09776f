#include "tests/chaos/load.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cpp/client.h"
#include "client/cpp/status.h"

namespace canvass::chaos {
namespace {

using Request = v1::SubmitResponseRequest;
using Result = absl::StatusOr<v1::SubmitResponseResponse>;

constexpr std::size_t kItems = 50;
constexpr std::size_t kLargestMessage = 7;
constexpr int kWrongEvery = 10;
constexpr int kNoScore = 11;
constexpr absl::Duration kPause = absl::Milliseconds(50);

// Whether it is an error that stays the same however often the response is sent again.
bool IsDefinite(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return true;
    default:
      return false;
  }
}

Result ResultOf(const v1::SubmissionOutcome& outcome) {
  if (outcome.has_problem()) return client::FromProblem(outcome.problem());
  return outcome.result();
}

// Clients that differ in their user agents do not share connections.
std::unique_ptr<client::Client> OwnConnection(const std::string& address, const std::string& credential,
                                              const std::string& name) {
  client::ClientOptions options;
  options.address = address;
  options.credential = credential;
  options.tls.transport = client::Transport::kPlaintext;
  options.user_agent = name;
  return *client::Client::Create(std::move(options));
}

std::vector<Result> SendOne(client::Client& client, absl::Span<const Request> requests, absl::Duration patience) {
  return {client.Call(&client::Responses::SubmitResponse, requests.front(), {.timeout = patience})};
}

std::vector<Result> SendBatch(client::Client& client, const std::string& tenant, absl::Span<const Request> requests,
                              absl::Duration patience) {
  v1::BatchSubmitResponsesRequest batch;
  batch.set_parent(tenant);
  batch.mutable_requests()->Assign(requests.begin(), requests.end());
  const auto answer = client.Call(&client::Responses::BatchSubmitResponses, batch, {.timeout = patience});
  std::vector<Result> results;
  if (!answer.ok()) return results;
  for (const v1::SubmissionOutcome& outcome : answer->outcomes()) results.push_back(ResultOf(outcome));
  return results;
}

// A stream that is opened again after it broke.
class Stream {
 public:
  Stream(std::unique_ptr<client::Client> client, absl::Duration patience)
      : client_(std::move(client)), patience_(patience) {}
  ~Stream() { Close(); }

  std::vector<Result> Send(absl::Span<const Request> requests) {
    std::vector<Result> results;
    if (stream_ == nullptr || absl::Now() > renew_time_) Open();
    bool open = true;
    std::size_t messages = 0;
    for (std::size_t i = 0; open && i < requests.size(); ++messages) {
      v1::StreamResponsesRequest message;
      // Messages of one, two, three, … and again.
      const std::size_t end = std::min(requests.size(), i + 1 + messages % kLargestMessage);
      for (; i < end; ++i) *message.add_submissions() = requests[i];
      open = stream_->Write(message);
    }
    v1::StreamResponsesResponse answer;
    for (; messages > 0 && stream_->Read(&answer); --messages) {
      for (const v1::SubmissionOutcome& outcome : answer.outcomes()) results.push_back(ResultOf(outcome));
    }
    if (!open || results.size() < requests.size()) Close();
    return results;
  }

 private:
  void Open() {
    Close();
    context_ = std::make_unique<grpc::ClientContext>();
    // Each round has at least half of the time for itself.
    renew_time_ = absl::Now() + patience_;
    client_->Prepare(*context_, {.timeout = 2 * patience_}).IgnoreError();
    stream_ = client_->stub<client::Responses>().StreamResponses(context_.get());
  }
  void Close() {
    if (stream_ == nullptr) return;
    context_->TryCancel();
    stream_->Finish();
    stream_.reset();
  }

  const std::unique_ptr<client::Client> client_;
  const absl::Duration patience_;
  absl::Time renew_time_;
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::StreamResponsesRequest, v1::StreamResponsesResponse>> stream_;
};

}  // namespace

Load::Load(const testing::Workspace& workspace, const std::string& address, Account& account, LoadOptions options)
    : workspace_(workspace), account_(account), options_(options) {
  const auto connect = [&](const std::string& name) { return OwnConnection(address, workspace.credential, name); };
  for (int i = 0; i < options.callers; ++i) {
    const std::string name = absl::StrCat("caller-", i);
    Start(name, 1, [this, client = std::shared_ptr(connect(name))](auto requests) {
      return SendOne(*client, requests, options_.patience);
    });
  }
  for (int i = 0; i < options.batches; ++i) {
    const std::string name = absl::StrCat("batch-", i);
    Start(name, kItems, [this, client = std::shared_ptr(connect(name))](auto requests) {
      return SendBatch(*client, workspace_.tenant, requests, options_.patience);
    });
  }
  for (int i = 0; i < options.streams; ++i) {
    const std::string name = absl::StrCat("stream-", i);
    Start(name, kItems, [stream = std::make_shared<Stream>(connect(name), options.patience)](auto requests) {
      return stream->Send(requests);
    });
  }
}

Load::~Load() { Stop(); }

void Load::Stop() {
  stop_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Load::Start(const std::string& name, std::size_t window, Send send) {
  threads_.emplace_back([this, name, window, send = std::move(send)] { Pump(name, window, send); });
}

void Load::Pump(const std::string& name, std::size_t window, const Send& send) {
  std::vector<Request> open;
  absl::Time give_up = absl::InfiniteFuture();
  for (int64_t n = 0; absl::Now() < give_up;) {
    if (stop_) give_up = std::min(give_up, absl::Now() + options_.settling);
    while (!stop_ && open.size() < window) open.push_back(Make(name, n++));
    if (open.empty()) return;
    const Results results = send(open);
    std::vector<Request> again;
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (i >= results.size() || !Settle(open[i], results[i])) again.push_back(std::move(open[i]));
    }
    open = std::move(again);
    if (!open.empty()) absl::SleepFor(kPause);
  }
  for (const Request& request : open) account_.Unknown(request.response());
}

Request Load::Make(const std::string& name, int64_t n) const {
  Request request = testing::MakeSubmission(workspace_, n);
  request.set_request_id(absl::StrCat(name, " ", n));
  request.mutable_response()->mutable_answers(3)->set_text(request.request_id());
  if (n % kWrongEvery == kWrongEvery - 1) request.mutable_response()->mutable_answers(0)->set_score(kNoScore);
  return request;
}

bool Load::Settle(const Request& request, const Result& result) {
  const bool wrong = request.response().answers(0).score() == kNoScore;
  if (!result.ok() && !IsDefinite(result.status())) return false;
  if (result.ok()) {
    account_.Acknowledged(request.response(), result->name());
  } else {
    account_.Failed(request.response());
  }
  if (result.ok() == wrong) {
    account_.Fault(absl::StrCat(request.request_id(),
                                wrong ? " is wrong and was taken" : " was refused: ", result.status().ToString()));
  }
  return true;
}

}  // namespace canvass::chaos
