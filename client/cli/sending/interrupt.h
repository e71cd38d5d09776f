// Ctrl-C, for commands that run until the user has seen enough: instead of ending the program it calls a function once,
// on a thread of its own. A second one ends the program as ever.
//
//   Interrupt interrupt([&] { context.TryCancel(); });
//   while (stream->Read(&message)) …
//   if (interrupt.seen()) return absl::OkStatus();
//
// One at a time in a process. Thread-safe.
#ifndef CANVASS_CLIENT_CLI_SENDING_INTERRUPT_H_
#define CANVASS_CLIENT_CLI_SENDING_INTERRUPT_H_

#include <csignal>
#include <functional>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace canvass::cli {

class Interrupt {
 public:
  explicit Interrupt(std::function<void()> on_interrupt);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool seen() const { return seen_.HasBeenNotified(); }
  // Sleeps for `duration`, or until the interrupt. True if it came.
  bool SleepOrSeen(absl::Duration duration) const { return seen_.WaitForNotificationWithTimeout(duration); }

 private:
  const std::function<void()> on_interrupt_;
  absl::Notification seen_;
  // The handler, which may do next to nothing, writes a byte that the thread reads.
  int pipe_[2] = {-1, -1};
  struct sigaction before_ = {};
  std::thread thread_;
};

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_SENDING_INTERRUPT_H_
