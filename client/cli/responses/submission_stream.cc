#include "client/cli/responses/submission_stream.h"

#include <algorithm>
#include <iterator>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "client/cpp/retry.h"
#include "client/cpp/status.h"

namespace canvass::cli {
namespace {

constexpr std::size_t kWindow = 1000;
// Once the window is full, it is filled again from here on: many rows at a time, not one for each acknowledgement.
constexpr std::size_t kRefill = kWindow / 2;
// So many rows go together into one message.
constexpr int kTogether = 50;
constexpr absl::Duration kTick = absl::Milliseconds(200);
// How long after Ctrl-C what is sent may still be acknowledged.
constexpr absl::Duration kGrace = absl::Seconds(5);
// How long a server may be away.
constexpr absl::Duration kPatience = absl::Minutes(5);
constexpr int kMaxTries = 20;

bool MaySendAgain(absl::StatusCode code) {
  return code == absl::StatusCode::kUnavailable || code == absl::StatusCode::kResourceExhausted ||
         code == absl::StatusCode::kAborted || code == absl::StatusCode::kDeadlineExceeded;
}

}  // namespace

absl::Status SubmissionStream::Run() {
  absl::Notification over;
  const Interrupt interrupt([this, &over] {
    if (!over.WaitForNotificationWithTimeout(kGrace)) current_.Cancel();
  });
  const auto finish = [&over](absl::Status status) {
    over.Notify();
    return status;
  };
  absl::Time last_progress = session_.Now();
  int failures = 0;
  while (true) {
    const std::int64_t before = settled_;
    absl::Status status = RunOnce(interrupt);
    const bool wanted_again = !again_.empty();
    Rewind();
    if (interrupt.seen()) return finish(absl::CancelledError("interrupted"));
    if (status.ok() && at_end_ && unsent_.empty()) return finish(status);
    if (!status.ok() && !MaySendAgain(status.code())) return finish(status);
    const absl::Time now = session_.Now();
    if (settled_ > before) {
      failures = 0;
      last_progress = now;
    }
    if (status.ok()) status = absl::UnavailableError("the server did not answer all rows");
    if (now - last_progress > kPatience) return finish(status);
    if (failures == 0 && !wanted_again)
      session_.out().Note(absl::StrCat(status.message(), "; going on as soon as the server can"));
    const absl::Duration pause = client::Backoff(client::RetryPolicy(), failures++, absl::Uniform(random_, 0.0, 1.0));
    if (interrupt.SleepOrSeen(std::max(pause, client::RetryDelay(status).value_or(pause)))) {
      return finish(absl::CancelledError("interrupted"));
    }
  }
}

absl::Status SubmissionStream::RunOnce(const Interrupt& interrupt) {
  grpc::ClientContext context;
  absl::Status status = client_.Prepare(context, {.timeout = absl::InfiniteDuration()});
  if (!status.ok()) return status;
  current_.Set(&context);
  {
    absl::MutexLock lock(&mutex_);
    answers_.clear();
    answers_end_ = false;
  }
  const std::unique_ptr<Stream> stream = client_.stub<client::Responses>().StreamResponses(&context);
  std::thread reader([this, &stream] { ReadAnswers(*stream); });
  Pump(*stream, interrupt);
  reader.join();
  status = client::FromGrpc(stream->Finish());
  current_.Set(nullptr);
  return status;
}

void SubmissionStream::ReadAnswers(Stream& stream) {
  v1::StreamResponsesResponse response;
  while (stream.Read(&response)) {
    absl::MutexLock lock(&mutex_);
    for (v1::SubmissionOutcome& outcome : *response.mutable_outcomes()) answers_.push_back(std::move(outcome));
  }
  absl::MutexLock lock(&mutex_);
  answers_end_ = true;
}

void SubmissionStream::Pump(Stream& stream, const Interrupt& interrupt) {
  bool writing = true;
  bool full = false;
  while (Settle()) {
    work_.tick();
    full = sent_.size() >= kWindow || (full && sent_.size() > kRefill);
    if (writing && !full) {
      if (!interrupt.seen() && again_.size() < kWindow && WriteNext(stream)) continue;
      writing = false;
      stream.WritesDone();
    }
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(this, &SubmissionStream::HasNews), kTick);
  }
}

bool SubmissionStream::WriteNext(Stream& stream) {
  v1::StreamResponsesRequest message;
  ImportRow row;
  while (message.submissions_size() < kTogether && sent_.size() < kWindow && TakeNext(row)) {
    *message.add_submissions() = row.request;
    sent_.push_back(std::move(row));
    row = ImportRow();
  }
  return message.submissions_size() > 0 && stream.Write(message);
}

bool SubmissionStream::TakeNext(ImportRow& row) {
  if (!unsent_.empty()) {
    row = std::move(unsent_.front());
    unsent_.pop_front();
    return true;
  }
  at_end_ = at_end_ || !work_.next(row);
  return !at_end_;
}

bool SubmissionStream::Settle() {
  std::deque<v1::SubmissionOutcome> answers;
  bool end = false;
  {
    absl::MutexLock lock(&mutex_);
    answers.swap(answers_);
    end = answers_end_;
  }
  for (v1::SubmissionOutcome& outcome : answers) SettleOne(std::move(outcome));
  return !end;
}

void SubmissionStream::SettleOne(v1::SubmissionOutcome outcome) {
  // More answers than rows would be the server's fault; nothing can be done with them.
  if (sent_.empty()) return;
  ImportRow row = std::move(sent_.front());
  sent_.pop_front();
  const bool wanted_again =
      outcome.has_problem() && MaySendAgain(static_cast<absl::StatusCode>(outcome.problem().code()));
  if (wanted_again && ++row.tries < kMaxTries) {
    again_.push_back(std::move(row));
    return;
  }
  ++settled_;
  work_.settle(row, outcome);
}

void SubmissionStream::Rewind() {
  std::move(again_.begin(), again_.end(), std::back_inserter(sent_));
  again_.clear();
  std::move(unsent_.begin(), unsent_.end(), std::back_inserter(sent_));
  unsent_ = std::move(sent_);
  sent_.clear();
  std::sort(unsent_.begin(), unsent_.end(),
            [](const ImportRow& a, const ImportRow& b) { return a.record.number < b.record.number; });
}

}  // namespace canvass::cli
