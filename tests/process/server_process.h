// A real canvassd with its private database in a directory of its own, on free ports of 127.0.0.1.
//
//   auto server = ServerProcess::Start({});
//   Connect((*server)->address(), (*server)->operator_credential());
//   (*server)->Kill();      // as if the machine had lost power to this process
//   (*server)->Restart();   // on the same directory, on the same ports
//
// Not thread-safe. The destructor stops the server and removes a directory that it made.
#ifndef CANVASS_TESTS_PROCESS_SERVER_PROCESS_H_
#define CANVASS_TESTS_PROCESS_SERVER_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace canvass::testing {

struct ServerProcessOptions {
  // Empty: canvassd beside this program.
  std::string binary;
  // Empty: a new directory that is removed at the end.
  std::string data_dir;
  std::vector<std::string> flags;
};

class ServerProcess {
 public:
  // Returns once the server answers. DeadlineExceeded with the end of its log if it does not within 60 seconds.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> Start(ServerProcessOptions options);
  ~ServerProcess();

  // host:port of gRPC.
  std::string address() const;
  int grpc_port() const { return grpc_port_; }
  int http_port() const { return http_port_; }
  const std::string& data_dir() const { return options_.data_dir; }
  const std::string& operator_credential() const { return operator_credential_; }
  pid_t pid() const { return pid_; }
  std::string log() const;

  // SIGTERM, then waits. Returns the exit code, or 128 + the signal that ended it.
  int Stop();
  // SIGKILL, then waits. Its database goes down with it.
  void Kill();
  // Sends SIGKILL to the private database alone.
  absl::Status KillDatabase();
  absl::Status Restart();

 private:
  explicit ServerProcess(ServerProcessOptions options) : options_(std::move(options)) {}
  absl::Status Spawn();
  absl::Status AwaitReady();
  int Wait();

  ServerProcessOptions options_;
  bool owns_data_dir_ = false;
  pid_t pid_ = -1;
  int grpc_port_ = 0;
  int http_port_ = 0;
  std::string operator_credential_;
};

}  // namespace canvass::testing

#endif  // CANVASS_TESTS_PROCESS_SERVER_PROCESS_H_
