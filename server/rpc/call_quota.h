// How much may be asked of the server. The pipeline charges every admitted call and releases it when it is answered.
#ifndef CANVASS_SERVER_RPC_CALL_QUOTA_H_
#define CANVASS_SERVER_RPC_CALL_QUOTA_H_

#include <atomic>

#include "absl/status/status.h"
#include "server/rpc/method_policy.h"
#include "tenants/principal.h"

namespace canvass::rpc {

class CallQuota {
 public:
  virtual ~CallQuota() = default;
  // ResourceExhausted with a time after which trying again makes sense if the call must not run. Must not block.
  virtual absl::Status Charge(const tenants::Principal& caller, const MethodPolicy& policy) = 0;
  // Ends what Charge() admitted, with the code the caller sees, so that a failed call can be given back.
  virtual void Release(const tenants::Principal& caller, const MethodPolicy& policy, absl::StatusCode code) = 0;
};

// Bounds how many calls run or wait at the same time, so that memory is bounded. Thread-safe.
class InFlightQuota final : public CallQuota {
 public:
  explicit InFlightQuota(int limit) : limit_(limit) {}
  // ResourceExhausted (OVERLOADED) beyond the limit.
  absl::Status Charge(const tenants::Principal& caller, const MethodPolicy& policy) override;
  void Release(const tenants::Principal& caller, const MethodPolicy& policy, absl::StatusCode code) override;

 private:
  const int limit_;
  std::atomic<int> in_flight_ = 0;
};

// ResourceExhausted (OVERLOADED) with RetryInfo: the server has more to do than it can.
absl::Status OverloadedStatus();

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_CALL_QUOTA_H_
