// Where the pipeline reports every finished call. The metrics endpoint implements it.
#ifndef CANVASS_SERVER_RPC_CALL_RECORDER_H_
#define CANVASS_SERVER_RPC_CALL_RECORDER_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace canvass::rpc {

struct FinishedCall {
  // "/canvass.v1.ResponseService/SubmitResponse". Points at text that lives as long as the program.
  absl::string_view method;
  // The code the caller sees; the numbers are gRPC's.
  absl::StatusCode code;
  absl::Duration duration;
  // Empty for the operator, and for calls refused before their caller was known.
  absl::string_view tenant;
};

class CallRecorder {
 public:
  virtual ~CallRecorder() = default;
  // Called once per call, on many threads at the same time; must not block.
  virtual void Record(const FinishedCall& call) = 0;
};

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_CALL_RECORDER_H_
