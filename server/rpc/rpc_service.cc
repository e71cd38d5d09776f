#include "server/rpc/rpc_service.h"

#include <grpcpp/impl/codegen/server_callback_handlers.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/log.h"

namespace canvass::rpc {
namespace {

using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using grpc::internal::RpcMethod;

// A service whose tables do not fit the contract is a mistake in the program, found by the first test that starts it.
[[noreturn]] void Misbuilt(absl::string_view what, absl::string_view name) {
  Log(LogLevel::kError, what, {{"name", name}});
  std::abort();
}

const ServiceDescriptor& Describe(absl::string_view name) {
  const ServiceDescriptor* descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(std::string(name));
  if (descriptor == nullptr) Misbuilt("no such service in the contract", name);
  return *descriptor;
}

RpcMethod::RpcType TypeOf(const MethodDescriptor& method) {
  if (method.client_streaming()) {
    return method.server_streaming() ? RpcMethod::BIDI_STREAMING : RpcMethod::CLIENT_STREAMING;
  }
  return method.server_streaming() ? RpcMethod::SERVER_STREAMING : RpcMethod::NORMAL_RPC;
}

// A stream that only ends. It lives until gRPC is done with it.
template <typename Reactor>
class EndedStream final : public Reactor {
 public:
  void OnDone() override { delete this; }
  void OnCancel() override {}
};

// The way to answer through `reactor`, which must live until it is answered.
template <typename Reactor>
Call::Answer AnswerThrough(Reactor* reactor) {
  return [reactor](grpc::Status status) { reactor->Finish(std::move(status)); };
}

MethodHandler NotImplementedHandler(absl::string_view method) {
  auto run = [method](CallPtr call) {
    Call::Finish(std::move(call), Error(absl::StatusCode::kUnimplemented, v1::ERROR_REASON_NOT_IMPLEMENTED,
                                        absl::StrCat(method.substr(1), " is not implemented yet")));
  };
  return {MethodHandler::Kind::kAsynchronous, std::move(run)};
}

}  // namespace

RpcService::RpcService(absl::string_view name, CallPipeline& pipeline)
    : descriptor_(Describe(name)), pipeline_(pipeline), implemented_(descriptor_.method_count(), false) {
  for (int i = 0; i < descriptor_.method_count(); ++i) {
    const MethodPolicy* policy = FindMethodPolicy(absl::StrCat("/", name, "/", descriptor_.method(i)->name()));
    if (policy == nullptr) Misbuilt("no policy row for the method", descriptor_.method(i)->full_name());
    methods_.push_back({policy, NotImplementedHandler(policy->method)});
  }
  for (int i = 0; i < descriptor_.method_count(); ++i) Register(i);
}

// What protoc's plugin generates as WithRawCallbackMethod_*, method by method, done here from the descriptor.
void RpcService::Register(int index) {
  using Bytes = grpc::ByteBuffer;
  using Context = grpc::CallbackServerContext;
  const RpcMethod::RpcType type = TypeOf(*descriptor_.method(index));
  Method* const method = &methods_[index];
  AddMethod(new grpc::internal::RpcServiceMethod(method->policy->method.data(), type, nullptr));
  switch (type) {
    case RpcMethod::NORMAL_RPC:
      return MarkMethodRawCallback(index,
                                   new grpc::internal::CallbackUnaryHandler<Bytes, Bytes>(
                                       [this, method](Context* context, const Bytes* request, Bytes* response) {
                                         // gRPC's own reactor: it needs no thread to tell us that it is done.
                                         grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
                                         pipeline_.Run(std::make_unique<Call>(pipeline_, *method, *context, request,
                                                                              response, AnswerThrough(reactor)));
                                         return reactor;
                                       }));
    case RpcMethod::SERVER_STREAMING:
      return MarkMethodRawCallback(index, new grpc::internal::CallbackServerStreamingHandler<Bytes, Bytes>(
                                              [this, method](Context* context, const Bytes* request) {
                                                return RunPushed(*method, *context, request);
                                              }));
    case RpcMethod::CLIENT_STREAMING:
      return MarkMethodRawCallback(index, new grpc::internal::CallbackClientStreamingHandler<Bytes, Bytes>(
                                              [this, method](Context* context, Bytes* /*response*/) {
                                                return RunStream<grpc::ServerReadReactor<Bytes>>(*method, *context);
                                              }));
    case RpcMethod::BIDI_STREAMING:
      return MarkMethodRawCallback(index, new grpc::internal::CallbackBidiHandler<Bytes, Bytes>(
                                              [this, method](Context* context) { return RunBidi(*method, *context); }));
  }
}

template <typename Reactor>
Reactor* RpcService::RunStream(const Method& method, grpc::CallbackServerContext& context) {
  auto* const reactor = new EndedStream<Reactor>();
  AnsweredStream* const nobody = nullptr;
  pipeline_.Run(std::make_unique<Call>(pipeline_, method, context, nobody, AnswerThrough(reactor)));
  return reactor;
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* RpcService::RunBidi(const Method& method,
                                                                                 grpc::CallbackServerContext& context) {
  if (method.handler.stream == nullptr) {
    return RunStream<grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>>(method, context);
  }
  AnsweredStream* const stream = AnsweredStream::Make(method.handler.stream, pipeline_.streams());
  pipeline_.Run(std::make_unique<Call>(pipeline_, method, context, stream, AnswerThrough(stream)));
  return stream;
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* RpcService::RunPushed(const Method& method,
                                                                  grpc::CallbackServerContext& context,
                                                                  const grpc::ByteBuffer* request) {
  if (!method.handler.pushes) return RunStream<grpc::ServerWriteReactor<grpc::ByteBuffer>>(method, context);
  PushedStream* const stream = PushedStream::Make(pipeline_.streams());
  pipeline_.Run(std::make_unique<Call>(pipeline_, method, context, request, stream, AnswerThrough(stream)));
  return stream;
}

std::vector<std::string> RpcService::NotImplemented() const {
  std::vector<std::string> names;
  for (int i = 0; i < descriptor_.method_count(); ++i) {
    if (!implemented_[i]) names.push_back(descriptor_.method(i)->name());
  }
  return names;
}

void RpcService::Set(absl::string_view method, const google::protobuf::Descriptor* request,
                     const google::protobuf::Descriptor* response, MethodHandler handler) {
  const MethodDescriptor* descriptor = descriptor_.FindMethodByName(std::string(method));
  if (descriptor == nullptr) Misbuilt("no such method in the contract", method);
  if (descriptor->input_type() != request || descriptor->output_type() != response) {
    Misbuilt("the handler's messages are not those of the contract", method);
  }
  methods_[descriptor->index()].handler = std::move(handler);
  implemented_[descriptor->index()] = true;
}

}  // namespace canvass::rpc
