// A proto service whose methods go through the call pipeline. Its methods are read from the contract; those without a
// handler answer UNIMPLEMENTED (NOT_IMPLEMENTED), behind the same checks as every other.
//
//   auto service = std::make_unique<RpcService>("canvass.v1.SurveyService", pipeline);
//   service->Blocking<v1::GetSurveyRequest>("GetSurvey", [store](const Call& call, const v1::GetSurveyRequest& request)
//   {
//     return surveys::GetSurvey(*store, call.scope(), request);
//   });
//   builder.RegisterService(service.get());
//
// Set up completely before the gRPC server starts, then constant. Must outlive the server.
#ifndef CANVASS_SERVER_RPC_RPC_SERVICE_H_
#define CANVASS_SERVER_RPC_RPC_SERVICE_H_

#include <google/protobuf/descriptor.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/service_type.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/rpc/admission.h"
#include "server/rpc/call.h"
#include "server/rpc/call_pipeline.h"
#include "server/rpc/message_codec.h"
#include "server/rpc/streams/answered_stream.h"
#include "server/rpc/streams/encoded_source.h"
#include "server/rpc/streams/pushed_stream.h"

namespace canvass::rpc {

class RpcService : public grpc::Service {
 public:
  // `name` is the full name of a service whose generated code is linked in, each of whose methods has a policy row: a
  // program where this is not so does not start.
  RpcService(absl::string_view name, CallPipeline& pipeline);

  // Sets the handler of `method`, absl::StatusOr<Response>(const Call&, const Request&), which may block. For a method
  // that memory mostly suffices for, `from_memory`, std::optional<absl::StatusOr<Response>>(const Call&, const
  // Request&), is asked first; it must not block, and leaves the call to `handler` by saying nullopt.
  template <typename Request, typename Handler, typename FromMemory = std::nullptr_t>
  void Blocking(absl::string_view method, Handler handler, FromMemory from_memory = nullptr);

  // Sets the handler of `method`, void(const CallFacts&, Request, absl::AnyInvocable<void(absl::StatusOr<Response>)>
  // done), which must not block and calls `done` once, on any thread, then or later. The call itself may be gone from
  // then on, so the handler gets a copy of what it needs.
  template <typename Request, typename Response, typename Handler>
  void Asynchronous(absl::string_view method, Handler handler);

  // Sets the handler of a stream in both directions that answers each message, void(const CallFacts&, Request,
  // absl::AnyInvocable<void(absl::StatusOr<Response>)> done), for each of its messages, as for Asynchronous. See
  // streams/answered_stream.h.
  template <typename Request, typename Response, typename Handler>
  void Streaming(absl::string_view method, Handler handler);

  // Sets the handler of a stream that the server pushes, absl::StatusOr<std::unique_ptr<PushSource<Response>>>(const
  // Call&, const Request&), which may block and refuse the call. See streams/pushed_stream.h.
  template <typename Request, typename Response, typename Handler>
  void Pushing(absl::string_view method, Handler handler);

  // The full name, "canvass.v1.SurveyService".
  const std::string& name() const { return descriptor_.full_name(); }

  // The methods that have no handler yet.
  std::vector<std::string> NotImplemented() const;

 private:
  void Register(int index);
  // Answers `call`.
  template <typename Response>
  static void Answer(CallPtr call, const absl::StatusOr<Response>& response);
  template <typename Reactor>
  Reactor* RunStream(const Method& method, grpc::CallbackServerContext& context);
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* RunBidi(const Method& method,
                                                                       grpc::CallbackServerContext& context);
  grpc::ServerWriteReactor<grpc::ByteBuffer>* RunPushed(const Method& method, grpc::CallbackServerContext& context,
                                                        const grpc::ByteBuffer* request);
  // Sets the handler; the message types must be those of the contract.
  void Set(absl::string_view method, const google::protobuf::Descriptor* request,
           const google::protobuf::Descriptor* response, MethodHandler handler);

  const google::protobuf::ServiceDescriptor& descriptor_;
  CallPipeline& pipeline_;
  std::vector<Method> methods_;
  std::vector<bool> implemented_;
};

template <typename Request, typename Handler, typename FromMemory>
void RpcService::Blocking(absl::string_view method, Handler handler, FromMemory from_memory) {
  using Response = typename std::invoke_result_t<const Handler&, const Call&, const Request&>::value_type;
  MethodHandler blocking{MethodHandler::Kind::kBlocking};
  blocking.run = [handler = std::move(handler)](CallPtr call) {
    Request request;
    if (absl::Status status = DecodeMessage(call->request(), request); !status.ok()) {
      return Call::Finish(std::move(call), status);
    }
    const absl::StatusOr<Response> response = handler(std::as_const(*call), std::as_const(request));
    Answer(std::move(call), response);
  };
  if constexpr (!std::is_null_pointer_v<FromMemory>) {
    blocking.from_memory = [from_memory = std::move(from_memory)](CallPtr call) -> CallPtr {
      Request request;
      // What cannot be decoded is answered above.
      if (!DecodeMessage(call->request(), request).ok()) return call;
      const std::optional<absl::StatusOr<Response>> response =
          from_memory(std::as_const(*call), std::as_const(request));
      if (!response.has_value()) return call;
      Answer(std::move(call), *response);
      return nullptr;
    };
  }
  Set(method, Request::descriptor(), Response::descriptor(), std::move(blocking));
}

template <typename Request, typename Response, typename Handler>
void RpcService::Asynchronous(absl::string_view method, Handler handler) {
  auto run = [handler = std::move(handler)](CallPtr call) {
    Request request;
    if (absl::Status status = DecodeMessage(call->request(), request); !status.ok()) {
      return Call::Finish(std::move(call), status);
    }
    const CallFacts facts = {.scope = call->scope(), .deadline = call->deadline()};
    handler(facts, std::move(request), [call = std::move(call)](const absl::StatusOr<Response>& response) mutable {
      Answer(std::move(call), response);
    });
  };
  Set(method, Request::descriptor(), Response::descriptor(), {MethodHandler::Kind::kAsynchronous, std::move(run)});
}

template <typename Response>
void RpcService::Answer(CallPtr call, const absl::StatusOr<Response>& response) {
  const absl::Status status = response.ok() ? EncodeMessage(*response, call->response()) : response.status();
  Call::Finish(std::move(call), status);
}

template <typename Request, typename Response, typename Handler>
void RpcService::Streaming(absl::string_view method, Handler handler) {
  auto begin = [](CallPtr call) {
    AnsweredStream* const stream = call->stream();
    stream->Begin(std::move(call));
  };
  auto serve = [handler = std::move(handler)](const CallFacts& facts, const grpc::ByteBuffer& bytes, auto done) {
    Request request;
    if (absl::Status status = DecodeMessage(bytes, request); !status.ok()) return done(status);
    handler(facts, std::move(request), [done = std::move(done)](absl::StatusOr<Response> response) mutable {
      if (!response.ok()) return done(std::move(response).status());
      grpc::ByteBuffer answer;
      const absl::Status status = EncodeMessage(*response, answer);
      if (!status.ok()) return done(status);
      done(std::move(answer));
    });
  };
  MethodHandler entry{.kind = MethodHandler::Kind::kAsynchronous, .run = std::move(begin)};
  entry.stream = std::move(serve);
  Set(method, Request::descriptor(), Response::descriptor(), std::move(entry));
}

template <typename Request, typename Response, typename Handler>
void RpcService::Pushing(absl::string_view method, Handler handler) {
  MethodHandler entry{.kind = MethodHandler::Kind::kBlocking};
  entry.run = [handler = std::move(handler)](CallPtr call) {
    Request request;
    absl::Status status = DecodeMessage(call->request(), request);
    if (status.ok()) status = CheckStreamAdmission(call->principal(), call->policy());
    if (!status.ok()) return Call::Finish(std::move(call), status);
    absl::StatusOr<std::unique_ptr<PushSource<Response>>> source =
        handler(std::as_const(*call), std::as_const(request));
    if (!source.ok()) return Call::Finish(std::move(call), source.status());
    PushedStream* const stream = call->pushed_stream();
    stream->Begin(std::move(call), std::make_unique<EncodedSource<Response>>(*std::move(source)));
  };
  entry.pushes = true;
  Set(method, Request::descriptor(), Response::descriptor(), std::move(entry));
}

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_RPC_SERVICE_H_
