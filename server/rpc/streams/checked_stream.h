// A stream that OpenStreams checks again every second, and ends when the server stops or the caller may not go on.
//
// Thread-safe.
#ifndef CANVASS_SERVER_RPC_STREAMS_CHECKED_STREAM_H_
#define CANVASS_SERVER_RPC_STREAMS_CHECKED_STREAM_H_

#include <string>

#include "absl/status/status.h"
#include "server/rpc/call.h"
#include "server/rpc/method_policy.h"

namespace canvass::rpc {

class CheckedStream {
 public:
  virtual ~CheckedStream() = default;

  // Ends it behind what is under way. The first end counts.
  virtual void End(absl::Status status) = 0;
  // Cuts the client off that does not read on to the end of a stream that was ended: at the second call, so that others
  // have the time between the calls to read how it ended.
  virtual void CutOffIfLate() = 0;

  // What the call came with, for checking it again. Only after Remember().
  const std::string& authorization() const { return authorization_; }
  const MethodPolicy& policy() const { return *policy_; }

 protected:
  void Remember(const Call& call) {
    authorization_ = std::string(call.authorization());
    policy_ = &call.policy();
  }

 private:
  std::string authorization_;
  const MethodPolicy* policy_ = nullptr;
};

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_STREAMS_CHECKED_STREAM_H_
