// Does the operations of all tenants: every server has one. It claims what nobody works on, runs the function of its
// kind on a thread, keeps the claim and the progress up to date, and writes the outcome.
//
//   OperationRunner runner({.operations = store, …, .functions = {{"BacktestTrigger", Backtest}}}, {});
//   …
//   runner.Stop();      // others begin what it had not finished
//
// An operation whose server dies is begun again by another one when the lease has ended, and so is one that failed
// because the database was away. So a function must have no effects but its result.
//
// Thread-safe; Stop() belongs to one thread.
#ifndef CANVASS_SERVER_OPERATIONS_OPERATION_RUNNER_H_
#define CANVASS_SERVER_OPERATIONS_OPERATION_RUNNER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "canvass/v1/operation.pb.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/base/tenant_scope.h"
#include "server/operations/operation_store.h"
#include "tenants/tenant_directory.h"

namespace canvass::operations {

// How a running function and its runner talk. Thread-safe.
class OperationRun {
 public:
  // Says how much is done. Costs nothing: the runner writes it when it is time to.
  void Report(int64_t done, int64_t total) {
    done_ = done;
    total_ = total;
  }
  // Whether to end soon, with whatever status: it was cancelled, or the server stops. Ask a few times a second.
  bool stopped() const { return stop_ != Stop::kNo; }

 private:
  friend class OperationRunner;
  enum class Stop { kNo, kClaimLost, kServerStops };

  v1::OperationProgress progress() const;

  std::atomic<int64_t> done_ = 0;
  std::atomic<int64_t> total_ = 0;
  std::atomic<Stop> stop_ = Stop::kNo;
};

// Does one operation of a kind: takes its `request` and fills in the result of its kind, nothing else. Blocks.
using OperationFunction = std::function<absl::Status(const TenantScope& scope, const std::string& request,
                                                     OperationRun& run, v1::Operation& result)>;

// All references outlive the runner.
struct RunnerParts {
  OperationStore& operations;
  tenants::TenantDirectory& tenants;
  const Clock& clock;
  Random& random;
  absl::flat_hash_map<std::string, OperationFunction> functions;
};

struct RunnerOptions {
  // Operations at a time.
  int threads = 2;
  absl::Duration lease = absl::Seconds(15);
  // Between looks for work, and between writes of progress.
  absl::Duration poll_interval = absl::Milliseconds(500);
  // Between removals of what was finished long ago.
  absl::Duration sweep_interval = absl::Hours(1);
};

class OperationRunner {
 public:
  OperationRunner(RunnerParts parts, const RunnerOptions& options);
  ~OperationRunner();
  OperationRunner(const OperationRunner&) = delete;
  OperationRunner& operator=(const OperationRunner&) = delete;

  // Tells running functions to end and waits for them. What they had not finished, others begin again.
  void Stop();

 private:
  // One claimed operation on its thread.
  struct Task {
    Task(TenantScope the_scope, ClaimedOperation the_claimed)
        : scope(std::move(the_scope)), claimed(std::move(the_claimed)) {}

    TenantScope scope;
    ClaimedOperation claimed;
    OperationRun run;
    std::thread thread;
    std::atomic<bool> over = false;
  };

  void Dispatch();
  void RenewClaims();
  void JoinFinished();
  void ClaimMore();
  void ClaimOf(const TenantScope& scope);
  void Sweep();
  void Perform(Task& task);
  absl::Status Settle(Task& task, const absl::Status& status, v1::Operation& outcome);

  const RunnerParts parts_;
  const RunnerOptions options_;
  // Claims are made in this name.
  const std::string owner_;
  std::vector<std::string> kinds_;
  // Of the dispatching thread, and of Stop() once that has ended.
  std::list<Task> tasks_;
  absl::Time sweep_time_ = absl::InfinitePast();

  absl::Mutex mutex_;
  absl::CondVar wake_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread dispatcher_;
};

}  // namespace canvass::operations

#endif  // CANVASS_SERVER_OPERATIONS_OPERATION_RUNNER_H_
