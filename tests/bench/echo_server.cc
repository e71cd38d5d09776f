#include "tests/bench/echo_server.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "canvass/v1/response_service.grpc.pb.h"
#include "canvass/v1/survey_service.grpc.pb.h"

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

constexpr char kSetReply[] = "set-reply";

// Answers without looking at the request: no server can send these bytes with less.
class QuestionnaireEcho final : public v1::SurveyService::WithRawCallbackMethod_GetQuestionnaire<
                                    v1::SurveyService::WithRawCallbackMethod_NextStep<v1::SurveyService::Service>> {
 public:
  grpc::ServerUnaryReactor* GetQuestionnaire(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* reply) override {
    return Answer(*context, *request, questionnaire_, *reply);
  }
  grpc::ServerUnaryReactor* NextStep(grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* reply) override {
    return Answer(*context, *request, step_, *reply);
  }

 private:
  // Replies are set while no other call is under way.
  static grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext& context, const grpc::ByteBuffer& request,
                                          grpc::ByteBuffer& prepared, grpc::ByteBuffer& reply) {
    if (context.client_metadata().count(kSetReply) > 0) prepared = request;
    reply = prepared;
    grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  grpc::ByteBuffer questionnaire_;
  grpc::ByteBuffer step_;
};

// Runs in the child until its parent goes away.
[[noreturn]] void Serve(int port_pipe) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  EchoService service;
  QuestionnaireEcho questionnaires;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  builder.RegisterService(&questionnaires);
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

absl::Status EchoServer::SetReply(const std::string& method, const std::string& reply) const {
  grpc::GenericStub stub(grpc::CreateChannel(address(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.AddMetadata(kSetReply, "1");
  const grpc::Slice slice(reply);
  grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer answer;
  grpc::Status status;
  absl::Notification done;
  stub.UnaryCall(&context, method, {}, &request, &answer, [&](const grpc::Status& result) {
    status = result;
    done.Notify();
  });
  done.WaitForNotification();
  return status.ok() ? absl::OkStatus() : absl::InternalError(status.error_message());
}

}  // namespace canvass::bench
