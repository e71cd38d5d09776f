#include "client/cli/operations/follow_operation.h"

#include <algorithm>
#include <csignal>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "canvass/v1/operation_service.pb.h"
#include "client/charts/progress.h"
#include "client/cli/exit_code.h"

namespace canvass::cli {
namespace {

// Between two looks: short at first, as most operations are.
constexpr absl::Duration kFirstInterval = absl::Milliseconds(50);
constexpr absl::Duration kLongestInterval = absl::Milliseconds(500);
// How soon Ctrl-C is noticed.
constexpr absl::Duration kBlink = absl::Milliseconds(50);

volatile std::sig_atomic_t interrupted = 0;

void NoteInterrupt(int) {
  interrupted = 1;
  std::signal(SIGINT, SIG_DFL);
}

// While it lives, Ctrl-C is noted rather than obeyed.
class InterruptGuard {
 public:
  InterruptGuard() {
    interrupted = 0;
    previous_ = std::signal(SIGINT, NoteInterrupt);
  }
  ~InterruptGuard() { std::signal(SIGINT, previous_); }
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
  bool raised() const { return interrupted != 0; }

 private:
  void (*previous_)(int);
};

// What the operation was when it was to be cancelled: it may have finished a moment before.
absl::StatusOr<v1::Operation> Cancel(Session& session, const v1::Operation& operation) {
  v1::CancelOperationRequest request;
  request.set_name(operation.name());
  return session.Call(&client::Operations::CancelOperation, request);
}

// What the user can do about an operation that nobody follows any more.
void TellWhereItIs(Session& session, const v1::Operation& operation) {
  const std::string id = ShortName(operation.name());
  session.out().Note(absl::StrCat("operation ", id, " may still be running: canvass operation get ", id));
}

absl::Status EndOf(const v1::Operation& operation) {
  switch (operation.state()) {
    case v1::Operation::STATE_FAILED:
      return {static_cast<absl::StatusCode>(operation.error().code()), operation.error().message()};
    case v1::Operation::STATE_CANCELLED:
      return NotGood(absl::StrCat("operation ", ShortName(operation.name()), " was cancelled"));
    case v1::Operation::STATE_RUNNING:  // a server is about to stop doing it
      return NotGood(absl::StrCat("operation ", ShortName(operation.name()), " is being cancelled"));
    default:
      return absl::OkStatus();
  }
}

charts::Progress ProgressOf(const v1::Operation& operation, absl::string_view label, absl::Duration elapsed) {
  charts::Progress progress{.label = std::string(label), .done = operation.progress().done(), .elapsed = elapsed};
  if (operation.progress().total() > 0) progress.total = operation.progress().total();
  return progress;
}

}  // namespace

absl::StatusOr<v1::Operation> FollowOperation(Session& session, v1::Operation operation, absl::string_view label) {
  const InterruptGuard interrupt;
  session.BePatient();
  const absl::Time start = session.Now();
  const Terminal& terminal = session.out().terminal();
  charts::ProgressLine line([&](absl::string_view text) { session.out().Tell(text); },
                            {.live = terminal.stderr_is_terminal, .style = terminal.err});
  v1::GetOperationRequest request;
  request.set_name(operation.name());
  absl::Duration interval = kFirstInterval;
  bool cancelled = false;
  while (operation.state() == v1::Operation::STATE_RUNNING && !cancelled) {
    line.Update(ProgressOf(operation, label, session.Now() - start), session.Now());
    for (absl::Duration waited; waited < interval && !interrupt.raised(); waited += kBlink) absl::SleepFor(kBlink);
    interval = std::min(2 * interval, kLongestInterval);
    cancelled = interrupt.raised();
    absl::StatusOr<v1::Operation> now =
        cancelled ? Cancel(session, operation) : session.Call(&client::Operations::GetOperation, request);
    if (!now.ok()) {
      line.Finish(ProgressOf(operation, label, session.Now() - start));
      TellWhereItIs(session, operation);
      return now.status();
    }
    operation = *std::move(now);
  }
  line.Finish(ProgressOf(operation, label, session.Now() - start));
  absl::Status end = EndOf(operation);
  if (!end.ok()) return end;
  return operation;
}

}  // namespace canvass::cli
