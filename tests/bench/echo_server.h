// The reference: a gRPC server that takes the same message and answers at once, SubmitResponse with nothing in it,
// GetQuestionnaire and NextStep with bytes that were prepared by SetReply. It runs in a process of its own, as the
// server under test does.
#ifndef CANVASS_TESTS_BENCH_ECHO_SERVER_H_
#define CANVASS_TESTS_BENCH_ECHO_SERVER_H_

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace canvass::bench {

class EchoServer {
 public:
  // Forks. Call it before the first gRPC call of this process.
  static absl::StatusOr<EchoServer> Start();
  EchoServer(EchoServer&& other) noexcept;
  EchoServer& operator=(EchoServer&&) = delete;
  ~EchoServer();
  std::string address() const;
  // What `method` of SurveyService answers from now on.
  absl::Status SetReply(const std::string& method, const std::string& reply) const;

 private:
  EchoServer(pid_t pid, int port) : pid_(pid), port_(port) {}
  pid_t pid_;
  int port_;
};

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_ECHO_SERVER_H_
