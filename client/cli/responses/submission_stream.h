// Sends rows through StreamResponses, however long it takes: at most 1,000 wait for their acknowledgement; a stream
// that ends because the server cannot go on is opened again, with what was not acknowledged first.
//
//   SubmissionStream stream(session, **client, {.next = …, .settle = …, .tick = …});
//   absl::Status status = stream.Run();
//
// Everything is called on the thread that runs it. Ctrl-C ends it: what is sent may still be acknowledged for some
// seconds. Not thread-safe.
#ifndef CANVASS_CLIENT_CLI_RESPONSES_SUBMISSION_STREAM_H_
#define CANVASS_CLIENT_CLI_RESPONSES_SUBMISSION_STREAM_H_

#include <grpcpp/support/sync_stream.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/random/random.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "canvass/v1/response_service.pb.h"
#include "client/cli/responses/import_source.h"
#include "client/cli/sending/current_call.h"
#include "client/cli/sending/interrupt.h"
#include "client/cli/session.h"

namespace canvass::cli {

struct ImportRow {
  ImportRecord record;
  // With an invitation token or a request_id, since it may be sent more than once.
  v1::SubmitResponseRequest request;
  // How often the server wanted it again.
  int tries = 0;
};

struct SubmissionWork {
  // The next row; false at the end.
  std::function<bool(ImportRow&)> next;
  // What became of a row: stored, or refused for good.
  std::function<void(const ImportRow&, const v1::SubmissionOutcome&)> settle;
  // Now and then, to show how far it is.
  std::function<void()> tick;
};

class SubmissionStream {
 public:
  SubmissionStream(Session& session, client::Client& client, SubmissionWork work)
      : session_(session), client_(client), work_(std::move(work)) {}

  // Ok when every row is settled; Cancelled after Ctrl-C; else why the server does not take them, or does not answer
  // for minutes.
  absl::Status Run();

 private:
  using Stream = grpc::ClientReaderWriter<v1::StreamResponsesRequest, v1::StreamResponsesResponse>;

  absl::Status RunOnce(const Interrupt& interrupt);
  // Sends and settles until the stream is over.
  void Pump(Stream& stream, const Interrupt& interrupt);
  void ReadAnswers(Stream& stream);
  // Writes the next rows. False if there are none, or if the stream takes no more.
  bool WriteNext(Stream& stream);
  bool TakeNext(ImportRow& row);
  // Settles what is answered. False once no more answers come.
  bool Settle();
  void SettleOne(v1::SubmissionOutcome outcome);
  // What was not settled is sent again, the first sent first.
  void Rewind();
  // Whether an answer is there, or the end.
  bool HasNews() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !answers_.empty() || answers_end_; }

  Session& session_;
  client::Client& client_;
  const SubmissionWork work_;
  CurrentCall current_;
  absl::BitGen random_;

  // To be sent; sent and not answered; to be sent again with the next stream.
  std::deque<ImportRow> unsent_;
  std::deque<ImportRow> sent_;
  std::deque<ImportRow> again_;
  bool at_end_ = false;
  std::int64_t settled_ = 0;

  absl::Mutex mutex_;
  std::deque<v1::SubmissionOutcome> answers_ ABSL_GUARDED_BY(mutex_);
  bool answers_end_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_RESPONSES_SUBMISSION_STREAM_H_
