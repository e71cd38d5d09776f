// The way of every call, in this order: record, deadline, authenticate, tenant state, authorise, charge quota, decode,
// handle, mask faults, status. A function and not an interceptor, because interceptors of C++ servers cannot refuse a
// call.
//
// A call whose key is cached goes through the stages on its gRPC thread, otherwise on a worker; a blocking handler
// runs on a worker, unless the call can be answered from memory (RpcService::Blocking). Errors of the pipeline itself:
//
//   SHUTTING_DOWN       Unavailable          Drain() was called
//   DEADLINE_EXCEEDED   DeadlineExceeded     before the handler began
//   CREDENTIAL_…        Unauthenticated      see tenants/authenticator.h
//   TENANT_SUSPENDED    FailedPrecondition
//   PERMISSION_DENIED   PermissionDenied
//   OVERLOADED          ResourceExhausted    too many calls in flight, or waiting for a worker
//   INTERNAL            Internal             a fault; the message has the request id, the log the rest
//
// Thread-safe. All parts must outlive it. Stop the gRPC server, the workers and whatever completes calls before it
// goes.
#ifndef CANVASS_SERVER_RPC_CALL_PIPELINE_H_
#define CANVASS_SERVER_RPC_CALL_PIPELINE_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/rpc/call.h"
#include "server/rpc/call_quota.h"
#include "server/rpc/call_recorder.h"
#include "server/rpc/streams/open_streams.h"
#include "server/rpc/worker_pool.h"
#include "tenants/authenticator.h"

namespace canvass::rpc {

class CallPipeline {
 public:
  struct Parts {
    tenants::Authenticator& authenticator;
    WorkerPool& workers;
    CallQuota& quota;
    CallRecorder& recorder;
    const Clock& clock;
    Random& random;
  };
  explicit CallPipeline(const Parts& parts);

  // Takes a call from its arrival to its answer.
  void Run(CallPtr call);

  // From now on new calls are refused; those that run go on, except streams that the server pushes: they are ended.
  void Drain();
  // After Drain(): waits until no call is in flight. False if there still was one at `deadline` (of the machine's
  // clock).
  bool WaitIdle(absl::Time deadline);
  OpenStreams& streams() { return streams_; }
  int in_flight() const { return in_flight_; }

 private:
  friend class Call;
  enum class Stage { kAuthenticate, kHandle };

  absl::Time Now() const { return parts_.clock.Now(); }
  absl::Status CheckArrival(const Call& call) const;
  absl::Status CheckDeadline(const Call& call) const;
  // `thread` says which handlers the calling thread may run.
  void Authenticated(CallPtr call, absl::StatusOr<tenants::Principal> principal, MethodHandler::Kind thread);
  absl::Status Admit(Call& call, absl::StatusOr<tenants::Principal> principal);
  void Handle(CallPtr call);
  void OnWorker(CallPtr call, Stage stage);

  // For Call: a call begins, ends.
  std::string Begin();
  void End(Call& call, const absl::Status& status);
  void Record(const Call& call, const absl::Status& status, const absl::Status& shown);
  bool MayLogRefusal();

  const Parts parts_;
  const std::string request_id_prefix_;
  std::atomic<uint64_t> next_request_id_ = 0;
  std::atomic<int> in_flight_ = 0;
  std::atomic<bool> draining_ = false;
  std::atomic<int64_t> refusals_second_ = 0;
  std::atomic<int> refusals_logged_ = 0;
  OpenStreams streams_;
  absl::Mutex idle_mutex_;
  absl::CondVar idle_;
};

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_CALL_PIPELINE_H_
