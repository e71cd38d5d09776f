// A wire that breaks again and again: each connection through it is cut after a number of bytes in one direction, both
// drawn from a seed. What came before the cut is carried, so messages end in their middle.
//
//   FaultProxy proxy("127.0.0.1:7443", {.seed = 7});
//   Connect("unix:" + proxy.socket());
//   proxy.SetCutting(false);   // from now on nothing breaks
//
// Thread-safe.
#ifndef CANVASS_TESTS_CHAOS_FAULT_PROXY_H_
#define CANVASS_TESTS_CHAOS_FAULT_PROXY_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/mysql/testing/proxy.h"

namespace canvass::chaos {

struct FaultProxyOptions {
  uint64_t seed = 1;
  // A cut comes after one byte to so many: every order of magnitude in between is as likely as any other. Answers are
  // shorter than what they answer; with as many bytes some connections would hardly ever be cut.
  std::size_t max_to_server = std::size_t{256} << 10;
  std::size_t max_to_client = std::size_t{4} << 10;
};

class FaultProxy {
 public:
  // `server` as Proxy takes it. Cuts nothing before SetCutting(true).
  FaultProxy(std::string server, FaultProxyOptions options);

  std::string socket() const { return proxy_.socket(); }
  // Connections that are open then are cut as well, after a number of bytes that is drawn anew each time.
  void SetCutting(bool cutting);
  // How many connections were cut.
  int cuts() const { return cuts_; }

 private:
  using Proxy = mysql::testing::Proxy;

  // Where one connection is cut.
  struct Cut {
    Proxy::Way way;
    std::size_t bytes;
  };
  Cut Draw();
  Proxy::Carrier MakeCarrier();

  const FaultProxyOptions options_;
  absl::Mutex mutex_;
  std::mt19937_64 random_ ABSL_GUARDED_BY(mutex_);
  // Counts the calls of SetCutting; odd while it cuts.
  std::atomic<int> phase_ = 0;
  std::atomic<int> cuts_ = 0;
  Proxy proxy_;
};

}  // namespace canvass::chaos

#endif  // CANVASS_TESTS_CHAOS_FAULT_PROXY_H_
