// Clients that send responses without end and keep the books: by unary calls, by batches and by streams. What fails in
// a way that does not say it never can be stored is sent again, the same; so in the end everything is settled, unless
// the server stays away.
//
//   Load load(workspace, workspace.address, account, {.callers = 16, .streams = 2});
//   …                      // break things
//   load.Stop();           // finishes what is under way
//   EXPECT_THAT(account.Audit(workspace), IsEmpty());
//
// Every tenth answer is wrong and must be refused, without harm to its neighbours. The destructor stops it. Not
// thread-safe.
#ifndef CANVASS_TESTS_CHAOS_LOAD_H_
#define CANVASS_TESTS_CHAOS_LOAD_H_

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/response_service.pb.h"
#include "tests/chaos/account.h"
#include "tests/process/workspace.h"

namespace canvass::chaos {

struct LoadOptions {
  // Clients of each kind, each with a connection of its own.
  int callers = 16;
  int batches = 0;
  int streams = 0;
  // How long a call or a stream waits before it is tried anew.
  absl::Duration patience = absl::Seconds(20);
  // How long Stop() tries to settle what is open.
  absl::Duration settling = absl::Seconds(30);
};

class Load {
 public:
  // Starts it. `address` may be a proxy's. The others must outlive it.
  Load(const testing::Workspace& workspace, const std::string& address, Account& account, LoadOptions options = {});
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  void Stop();

 private:
  using Results = std::vector<absl::StatusOr<v1::SubmitResponseResponse>>;
  // Sends all and returns what is known of the first of them: of none, if the connection broke at once.
  using Send = std::function<Results(absl::Span<const v1::SubmitResponseRequest>)>;

  void Start(const std::string& name, std::size_t window, Send send);
  void Pump(const std::string& name, std::size_t window, const Send& send);
  v1::SubmitResponseRequest Make(const std::string& name, int64_t n) const;
  // False if it is to be sent again.
  bool Settle(const v1::SubmitResponseRequest& request, const absl::StatusOr<v1::SubmitResponseResponse>& result);

  const testing::Workspace& workspace_;
  Account& account_;
  const LoadOptions options_;
  std::atomic<bool> stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace canvass::chaos

#endif  // CANVASS_TESTS_CHAOS_LOAD_H_
