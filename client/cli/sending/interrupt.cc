#include "client/cli/sending/interrupt.h"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <utility>

namespace canvass::cli {
namespace {

constexpr char kInterrupted = 'i';
constexpr char kEnd = 'e';

// Where the handler writes; handlers have no other way to know anything.
std::atomic<int> g_pipe = -1;

extern "C" void OnInterrupt(int /*signal*/) {
  // When it cannot be written there is nobody left to tell.
  [[maybe_unused]] const ssize_t written = write(g_pipe.load(), &kInterrupted, 1);
}

}  // namespace

Interrupt::Interrupt(std::function<void()> on_interrupt) : on_interrupt_(std::move(on_interrupt)) {
  if (pipe(pipe_) != 0) std::abort();
  g_pipe = pipe_[1];
  struct sigaction action = {};
  action.sa_handler = OnInterrupt;
  action.sa_flags = SA_RESTART | SA_RESETHAND;
  sigaction(SIGINT, &action, &before_);
  thread_ = std::thread([this] {
    char byte = kEnd;
    if (read(pipe_[0], &byte, 1) != 1 || byte != kInterrupted) return;
    seen_.Notify();
    on_interrupt_();
  });
}

Interrupt::~Interrupt() {
  sigaction(SIGINT, &before_, nullptr);
  [[maybe_unused]] const ssize_t written = write(pipe_[1], &kEnd, 1);
  thread_.join();
  g_pipe = -1;
  close(pipe_[0]);
  close(pipe_[1]);
}

}  // namespace canvass::cli
