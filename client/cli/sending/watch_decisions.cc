#include "client/cli/sending/watch_decisions.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "client/charts/text_width.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/output/message_json.h"
#include "client/cli/sending/interrupt.h"
#include "client/cpp/status.h"

namespace canvass::cli {
namespace {

constexpr absl::Duration kPause = absl::Seconds(1);

// The attempt that an interrupt must end.
class CurrentCall {
 public:
  void Set(grpc::ClientContext* context) {
    absl::MutexLock lock(&mutex_);
    context_ = context;
    if (cancelled_ && context_ != nullptr) context_->TryCancel();
  }
  void Cancel() {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
    if (context_ != nullptr) context_->TryCancel();
  }

 private:
  absl::Mutex mutex_;
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
};

// For a stream there is no widest text to wait for, so usual widths line most of it up.
std::string Line(const v1::Decision& decision) {
  return absl::StrCat(TimeText(decision.decide_time()), "  ",
                      charts::PadRight(charts::Printable(ShortName(decision.trigger())), 20), "  ",
                      charts::PadRight(charts::Printable(ShortName(decision.contact())), 24), "  ",
                      charts::PadRight(EnumText(*v1::Decision::Outcome_descriptor(), decision.outcome()), 10), "  ",
                      EnumText(*v1::Decision::Reason_descriptor(), decision.reason()), "\n");
}

void Print(Session& session, const v1::Decision& decision) {
  switch (session.out().format()) {
    case Format::kTable:
      return session.out().PrintText(Line(decision));
    case Format::kJson:
      return session.out().PrintText(absl::StrCat(ToJson(decision).dump(), "\n"));
    case Format::kYaml:
      session.out().PrintText("---\n");
      return session.out().PrintAs(decision, "").IgnoreError();
    case Format::kName:
      return session.out().PrintText(absl::StrCat(decision.name(), "\n"));
  }
}

// What became of one stream.
struct End {
  absl::Status status;
  // The server took the call: the same address and key may be tried again.
  bool was_served = false;
};

End ReadStream(Session& session, client::Client& client, CurrentCall& current, v1::WatchDecisionsRequest& request) {
  grpc::ClientContext context;
  End end;
  end.status = client.Prepare(context, {.timeout = absl::InfiniteDuration()});
  if (!end.status.ok()) return end;
  current.Set(&context);
  const auto stream = client.stub<client::Decisions>().WatchDecisions(&context, request);
  v1::WatchDecisionsResponse response;
  while (stream->Read(&response)) {
    Print(session, response.decision());
    request.set_resume_token(response.resume_token());
    request.clear_start_time();
  }
  end.status = client::FromGrpc(stream->Finish());
  current.Set(nullptr);
  // A server that ends a stream says which call it was; a connection that fails does not.
  end.was_served = !request.resume_token().empty() || context.GetServerTrailingMetadata().count("x-request-id") > 0;
  return end;
}

}  // namespace

absl::Status WatchDecisions(Session& session, v1::WatchDecisionsRequest request) {
  const absl::StatusOr<client::Client*> client = session.Connect();
  if (!client.ok()) return client.status();
  CurrentCall current;
  const Interrupt interrupt([&current] { current.Cancel(); });
  const absl::Time start = session.Now();
  bool was_served = false;
  while (true) {
    const End end = ReadStream(session, **client, current, request);
    if (interrupt.seen()) return absl::OkStatus();
    // A stream that lived for a while was served, however it was lost.
    was_served = was_served || end.was_served || session.Now() - start > 2 * kPause;
    if (!absl::IsUnavailable(end.status) || !was_served) return end.status;
    session.out().Note("the connection is lost; going on where it was as soon as a server answers");
    // Without a token to go on from: what was decided since the watch began.
    if (request.resume_token().empty() && !request.has_start_time()) {
      request.mutable_start_time()->set_seconds(absl::ToUnixSeconds(start));
    }
    if (interrupt.SleepOrSeen(kPause)) return absl::OkStatus();
  }
}

}  // namespace canvass::cli
