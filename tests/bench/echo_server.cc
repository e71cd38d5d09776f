#include "tests/bench/echo_server.h"

#include <grpcpp/grpcpp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "canvass/v1/response_service.grpc.pb.h"

namespace canvass::bench {
namespace {

class EchoService final : public v1::ResponseService::CallbackService {
 public:
  grpc::ServerUnaryReactor* SubmitResponse(grpc::CallbackServerContext* context, const v1::SubmitResponseRequest*,
                                           v1::SubmitResponseResponse*) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

// Runs in the child until its parent goes away.
[[noreturn]] void Serve(int port_pipe) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  EchoService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (write(port_pipe, &port, sizeof(port)) != sizeof(port)) _exit(1);
  server->Wait();
  _exit(0);
}

}  // namespace

absl::StatusOr<EchoServer> EchoServer::Start() {
  int ends[2];
  if (pipe(ends) != 0) return absl::InternalError("cannot make a pipe");
  const pid_t pid = fork();
  if (pid == 0) Serve(ends[1]);
  close(ends[1]);
  int port = 0;
  const bool started = pid > 0 && read(ends[0], &port, sizeof(port)) == sizeof(port) && port > 0;
  close(ends[0]);
  if (!started) return absl::InternalError("the echo server did not start");
  return EchoServer(pid, port);
}

EchoServer::EchoServer(EchoServer&& other) noexcept : pid_(std::exchange(other.pid_, -1)), port_(other.port_) {}

EchoServer::~EchoServer() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

std::string EchoServer::address() const { return absl::StrCat("127.0.0.1:", port_); }

}  // namespace canvass::bench
