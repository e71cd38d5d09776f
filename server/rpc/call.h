// One call between its arrival and its answer: what came, what the pipeline found out, and the way to answer it.
//
// Owned by a CallPtr that wanders from the gRPC thread to a worker or to whoever completes it. Finish() answers; a call
// that is destroyed unanswered is answered with INTERNAL, so none is ever left hanging. Not thread-safe: one owner at a
// time.
#ifndef CANVASS_SERVER_RPC_CALL_H_
#define CANVASS_SERVER_RPC_CALL_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/tenant_scope.h"
#include "server/rpc/method_policy.h"
#include "tenants/principal.h"

namespace canvass::rpc {

class AnsweredStream;
class Call;
class CallPipeline;
class PushedStream;
using CallPtr = std::unique_ptr<Call>;

// What a handler keeps of a call that may be gone before it is answered.
struct CallFacts {
  TenantScope scope;
  absl::Time deadline;
};

// Takes one message of a stream and calls the function once with the answer, on any thread, then or later. Never
// blocks.
using StreamHandler = absl::AnyInvocable<void(const CallFacts&, const grpc::ByteBuffer&,
                                              absl::AnyInvocable<void(absl::StatusOr<grpc::ByteBuffer>)>) const>;

// Decodes, does and answers a call that was admitted.
struct MethodHandler {
  enum class Kind {
    kBlocking,      // only on a worker
    kAsynchronous,  // never blocks: also on a gRPC thread
  };
  Kind kind = Kind::kAsynchronous;
  absl::AnyInvocable<void(CallPtr) const> run = nullptr;
  // What some blocking ones do first, on any thread: answers without blocking, or hands the call back.
  absl::AnyInvocable<CallPtr(CallPtr) const> from_memory = nullptr;
  // Of streams in both directions, whose calls then begin the stream.
  StreamHandler stream = nullptr;
  // Of streams that the server pushes.
  bool pushes = false;
};

// A method of this server. Lives as long as the server.
struct Method {
  const MethodPolicy* policy;
  MethodHandler handler;
};

class Call {
 public:
  using Answer = absl::AnyInvocable<void(grpc::Status)>;

  // A call of one message. `request` and `response` are valid until it is answered.
  Call(CallPipeline& pipeline, const Method& method, grpc::CallbackServerContext& context,
       const grpc::ByteBuffer* request, grpc::ByteBuffer* response, Answer answer);
  // A stream; `stream` is null if nobody serves it.
  Call(CallPipeline& pipeline, const Method& method, grpc::CallbackServerContext& context, AnsweredStream* stream,
       Answer answer)
      : Call(pipeline, method, context, nullptr, kNoResponse, std::move(answer)) {
    stream_ = stream;
  }
  // A stream that the server pushes; `stream` is null if nobody serves it.
  Call(CallPipeline& pipeline, const Method& method, grpc::CallbackServerContext& context,
       const grpc::ByteBuffer* request, PushedStream* stream, Answer answer)
      : Call(pipeline, method, context, request, kNoResponse, std::move(answer)) {
    pushed_stream_ = stream;
  }
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  const Method& method() const { return method_; }
  const MethodPolicy& policy() const { return *method_.policy; }
  // The value of the metadata `authorization`, empty if there is none.
  absl::string_view authorization() const;
  // The client's, or the method's default if the client gave none.
  absl::Time deadline() const { return deadline_; }
  absl::Time arrival() const { return arrival_; }
  bool cancelled() const { return context_.IsCancelled(); }
  const std::string& request_id() const { return request_id_; }

  // Who calls. Only after the pipeline has authenticated the call, which it has when a handler runs.
  const tenants::Principal& principal() const { return *principal_; }
  bool authenticated() const { return principal_.has_value(); }
  // The tenant of the caller. Only for methods that the operator cannot call.
  const TenantScope& scope() const { return principal_->key->scope; }

  // Valid for calls with a message at their beginning.
  const grpc::ByteBuffer& request() const { return *request_; }
  // Valid for calls of one message.
  grpc::ByteBuffer& response() { return *response_; }

  // Valid for streams that a handler serves.
  AnsweredStream* stream() { return stream_; }
  PushedStream* pushed_stream() { return pushed_stream_; }

  // Ends the call on the network, whatever is under way. It must still be finished.
  void TryCancel() { context_.TryCancel(); }

  // Answers the call: with response() if `status` is ok.
  static void Finish(CallPtr call, const absl::Status& status);

 private:
  friend class CallPipeline;
  static constexpr grpc::ByteBuffer* kNoResponse = nullptr;

  CallPipeline& pipeline_;
  const Method& method_;
  grpc::CallbackServerContext& context_;
  const grpc::ByteBuffer* const request_;
  grpc::ByteBuffer* const response_;
  Answer answer_;
  const absl::Time arrival_;
  const absl::Time deadline_;
  const std::string request_id_;
  AnsweredStream* stream_ = nullptr;
  PushedStream* pushed_stream_ = nullptr;
  std::optional<tenants::Principal> principal_;
  bool charged_ = false;
  bool answered_ = false;
};

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_CALL_H_
