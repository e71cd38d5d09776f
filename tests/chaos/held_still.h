// A process that stands still, as if it hung, for as long as this lives.
//
//   { const HeldStill still(database.pid()); … }
#ifndef CANVASS_TESTS_CHAOS_HELD_STILL_H_
#define CANVASS_TESTS_CHAOS_HELD_STILL_H_

#include <signal.h>
#include <sys/types.h>

namespace canvass::chaos {

class HeldStill {
 public:
  // `pid` must be a process that the test has started, and must outlive this.
  explicit HeldStill(pid_t pid) : pid_(pid) { kill(pid_, SIGSTOP); }
  ~HeldStill() { kill(pid_, SIGCONT); }
  HeldStill(const HeldStill&) = delete;
  HeldStill& operator=(const HeldStill&) = delete;

 private:
  const pid_t pid_;
};

}  // namespace canvass::chaos

#endif  // CANVASS_TESTS_CHAOS_HELD_STILL_H_
