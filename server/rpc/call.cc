#include "server/rpc/call.h"

#include <chrono>
#include <utility>

#include "server/rpc/call_pipeline.h"

namespace canvass::rpc {
namespace {

absl::Time DeadlineOf(const grpc::CallbackServerContext& context, absl::Time arrival, const MethodPolicy& policy) {
  const std::chrono::system_clock::time_point given = context.deadline();
  if (given == std::chrono::system_clock::time_point::max()) return arrival + policy.default_deadline;
  return absl::FromChrono(given);
}

}  // namespace

Call::Call(CallPipeline& pipeline, const Method& method, grpc::CallbackServerContext& context,
           const grpc::ByteBuffer* request, grpc::ByteBuffer* response, Answer answer)
    : pipeline_(pipeline),
      method_(method),
      context_(context),
      request_(request),
      response_(response),
      answer_(std::move(answer)),
      arrival_(pipeline.Now()),
      deadline_(DeadlineOf(context, arrival_, *method.policy)),
      request_id_(pipeline.Begin()) {}

Call::~Call() {
  if (!answered_) pipeline_.End(*this, absl::InternalError("a handler dropped its call without an answer"));
}

absl::string_view Call::authorization() const {
  const auto& metadata = context_.client_metadata();
  const auto found = metadata.find("authorization");
  if (found == metadata.end()) return "";
  return absl::string_view(found->second.data(), found->second.size());
}

void Call::Finish(CallPtr call, const absl::Status& status) { call->pipeline_.End(*call, status); }

}  // namespace canvass::rpc
