#include "server/rpc/call_pipeline.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"
#include "server/rpc/admission.h"
#include "server/rpc/call_status.h"

namespace canvass::rpc {
namespace {

// Parsing a larger message would keep a gRPC thread from its other calls.
constexpr std::size_t kMaxInlineBytes = 64 * 1024;
// Whoever sends bad calls shall not fill the disk; the metrics count them all.
constexpr int kMaxRefusalsLoggedPerSecond = 100;

LogLevel LevelOf(const absl::Status& status) {
  if (IsFault(status)) return LogLevel::kError;
  // Everybody gets it at the end, and nobody has to do anything.
  if (ReasonOf(status) == v1::ERROR_REASON_SHUTTING_DOWN) return LogLevel::kDebug;
  if (status.code() == absl::StatusCode::kUnavailable) return LogLevel::kWarning;
  return status.ok() ? LogLevel::kDebug : LogLevel::kInfo;
}

}  // namespace

CallPipeline::CallPipeline(const Parts& parts)
    : parts_(parts), request_id_prefix_(absl::BytesToHexString(parts.random.Bytes(4))), streams_(parts.authenticator) {}

void CallPipeline::Run(CallPtr call) {
  if (absl::Status status = CheckArrival(*call); !status.ok()) return Call::Finish(std::move(call), status);
  auto known = parts_.authenticator.Cached(call->authorization());
  if (!known.has_value()) return OnWorker(std::move(call), Stage::kAuthenticate);
  Authenticated(std::move(call), *std::move(known), MethodHandler::Kind::kAsynchronous);
}

absl::Status CallPipeline::CheckArrival(const Call& call) const {
  if (draining_.load(std::memory_order_relaxed)) {
    return RetryLater(absl::StatusCode::kUnavailable, v1::ERROR_REASON_SHUTTING_DOWN,
                      "the server is stopping; another one will answer", absl::Milliseconds(100));
  }
  return CheckDeadline(call);
}

absl::Status CallPipeline::CheckDeadline(const Call& call) const {
  if (call.cancelled()) {
    return Error(absl::StatusCode::kCancelled, v1::ERROR_REASON_DEADLINE_EXCEEDED, "the caller gave up");
  }
  if (Now() < call.deadline()) return absl::OkStatus();
  return Error(absl::StatusCode::kDeadlineExceeded, v1::ERROR_REASON_DEADLINE_EXCEEDED,
               "the deadline passed before the work began; nothing was done");
}

void CallPipeline::Authenticated(CallPtr call, absl::StatusOr<tenants::Principal> principal,
                                 MethodHandler::Kind thread) {
  if (absl::Status status = Admit(*call, std::move(principal)); !status.ok()) {
    return Call::Finish(std::move(call), status);
  }
  if (thread == MethodHandler::Kind::kBlocking) return Handle(std::move(call));
  const MethodHandler& handler = call->method().handler;
  if (call->request_ == nullptr || call->request_->Length() <= kMaxInlineBytes) {
    if (handler.kind == MethodHandler::Kind::kAsynchronous) return Handle(std::move(call));
    if (handler.from_memory) call = handler.from_memory(std::move(call));
    if (call == nullptr) return;
  }
  OnWorker(std::move(call), Stage::kHandle);
}

absl::Status CallPipeline::Admit(Call& call, absl::StatusOr<tenants::Principal> principal) {
  CANVASS_RETURN_IF_ERROR(principal.status());
  const tenants::Principal& caller = call.principal_.emplace(*std::move(principal));
  CANVASS_RETURN_IF_ERROR(CheckAdmission(caller, call.policy()));
  CANVASS_RETURN_IF_ERROR(parts_.quota.Charge(caller, call.policy()));
  call.charged_ = true;
  return absl::OkStatus();
}

void CallPipeline::Handle(CallPtr call) {
  const MethodHandler& handler = call->method().handler;
  handler.run(std::move(call));
}

void CallPipeline::OnWorker(CallPtr call, Stage stage) {
  // The task owns the call only once the pool has taken it.
  Call* const waiting = call.release();
  const auto task = [this, waiting, stage] {
    CallPtr call(waiting);
    // It may have waited long.
    if (absl::Status status = CheckDeadline(*call); !status.ok()) return Call::Finish(std::move(call), status);
    if (stage == Stage::kHandle) return Handle(std::move(call));
    auto principal = parts_.authenticator.Authenticate(call->authorization());
    Authenticated(std::move(call), std::move(principal), MethodHandler::Kind::kBlocking);
  };
  if (!parts_.workers.TryRun(task)) Call::Finish(CallPtr(waiting), OverloadedStatus());
}

std::string CallPipeline::Begin() {
  in_flight_.fetch_add(1);
  return absl::StrCat(request_id_prefix_,
                      absl::Hex(next_request_id_.fetch_add(1, std::memory_order_relaxed), absl::kZeroPad8));
}

void CallPipeline::End(Call& call, const absl::Status& status) {
  const absl::Status shown = MaskFault(status, call.request_id_);
  Record(call, status, shown);
  if (call.charged_) parts_.quota.Release(*call.principal_, call.policy(), shown.code());
  call.answered_ = true;
  call.context_.AddTrailingMetadata("x-request-id", call.request_id_);
  // From here on the context may be gone.
  std::move(call.answer_)(ToGrpcStatus(shown));
  if (in_flight_.fetch_sub(1) == 1 && draining_) {
    absl::MutexLock lock(&idle_mutex_);
    idle_.SignalAll();
  }
}

void CallPipeline::Record(const Call& call, const absl::Status& status, const absl::Status& shown) {
  const tenants::Principal* const caller = call.principal_.has_value() ? &*call.principal_ : nullptr;
  const absl::string_view tenant =
      caller != nullptr && caller->key.has_value() ? caller->key->scope.tenant().value() : absl::string_view();
  const absl::Duration duration = Now() - call.arrival_;
  parts_.recorder.Record(
      {.method = call.policy().method, .code = shown.code(), .duration = duration, .tenant = tenant});
  const LogLevel level = LevelOf(status);
  if (!LogEnabled(level) || (!shown.ok() && !IsFault(status) && !MayLogRefusal())) return;
  // The text of a status may quote what the caller sent, so only that of a fault, which the caller does not get, is
  // kept.
  Log(level, "call",
      {{"method", call.policy().method.substr(1)},
       {"status", absl::StatusCodeToString(shown.code())},
       {"reason", v1::ErrorReason_Name(ReasonOf(shown))},
       {"duration_ms", absl::ToDoubleMilliseconds(duration)},
       {"tenant", tenant},
       {"key", caller != nullptr && caller->key.has_value() ? caller->key->key_id : ""},
       {"request_id", call.request_id_},
       {"fault", IsFault(status) ? status.message() : ""}});
}

bool CallPipeline::MayLogRefusal() {
  const int64_t second = absl::ToUnixSeconds(Now());
  if (refusals_second_.exchange(second, std::memory_order_relaxed) != second) refusals_logged_ = 0;
  return refusals_logged_.fetch_add(1, std::memory_order_relaxed) < kMaxRefusalsLoggedPerSecond;
}

void CallPipeline::Drain() {
  draining_ = true;
  streams_.Drain();
}

bool CallPipeline::WaitIdle(absl::Time deadline) {
  absl::MutexLock lock(&idle_mutex_);
  while (in_flight_ > 0) {
    if (idle_.WaitWithDeadline(&idle_mutex_, deadline)) return in_flight_ == 0;
  }
  return true;
}

}  // namespace canvass::rpc
