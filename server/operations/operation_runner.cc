#include "server/operations/operation_runner.h"

#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/log.h"
#include "server/operations/operation.h"

namespace canvass::operations {
namespace {

// Tenants looked at in one round.
constexpr int kMaxTenants = 100;
constexpr std::size_t kOwnerBytes = 8;

// Whether beginning again may help.
bool IsTransient(const absl::Status& status) { return absl::IsUnavailable(status) || absl::IsAborted(status); }

absl::Status NeverEnds() {
  return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
               absl::StrCat("was begun ", kMaxBegins, " times and never came to an end"));
}

}  // namespace

v1::OperationProgress OperationRun::progress() const {
  v1::OperationProgress progress;
  progress.set_done(done_);
  progress.set_total(total_);
  return progress;
}

OperationRunner::OperationRunner(RunnerParts parts, const RunnerOptions& options)
    : parts_(std::move(parts)),
      options_(options),
      owner_(absl::StrCat("runner-", absl::BytesToHexString(parts_.random.Bytes(kOwnerBytes)))) {
  for (const auto& [kind, function] : parts_.functions) kinds_.push_back(kind);
  dispatcher_ = std::thread([this] { Dispatch(); });
}

OperationRunner::~OperationRunner() { Stop(); }

void OperationRunner::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
    wake_.SignalAll();
  }
  if (dispatcher_.joinable()) dispatcher_.join();
  for (Task& task : tasks_) {
    auto expected = OperationRun::Stop::kNo;
    task.run.stop_.compare_exchange_strong(expected, OperationRun::Stop::kServerStops);
  }
  for (Task& task : tasks_) task.thread.join();
  tasks_.clear();
}

void OperationRunner::Dispatch() {
  while (true) {
    RenewClaims();
    JoinFinished();
    ClaimMore();
    Sweep();
    const absl::MutexLock lock(&mutex_);
    if (stopping_) return;
    wake_.WaitWithTimeout(&mutex_, options_.poll_interval);
    if (stopping_) return;
  }
}

void OperationRunner::RenewClaims() {
  for (Task& task : tasks_) {
    if (task.over) continue;
    const absl::StatusOr<bool> held =
        parts_.operations.Renew(task.scope, task.claimed, task.run.progress(), options_.lease);
    // If the database is away, the lease may end; whoever claims next makes this claim worthless, and we find out.
    if (held.ok() && !*held) task.run.stop_ = OperationRun::Stop::kClaimLost;
  }
}

void OperationRunner::JoinFinished() {
  for (auto task = tasks_.begin(); task != tasks_.end();) {
    if (!task->over) {
      ++task;
      continue;
    }
    task->thread.join();
    task = tasks_.erase(task);
  }
}

void OperationRunner::ClaimMore() {
  if (tasks_.size() >= static_cast<std::size_t>(options_.threads)) return;
  const auto waiting = parts_.tenants.WithWaitingOperations(kMaxTenants);
  if (!waiting.ok()) return;
  for (const tenants::TenantEntry& tenant : *waiting) {
    if (tasks_.size() >= static_cast<std::size_t>(options_.threads)) return;
    ClaimOf(tenant.scope);
  }
}

void OperationRunner::ClaimOf(const TenantScope& scope) {
  absl::StatusOr<std::optional<ClaimedOperation>> claimed = parts_.operations.Claim(
      scope, {.owner = owner_, .lease = options_.lease, .kinds = kinds_, .now = parts_.clock.Now()});
  if (!claimed.ok() || !claimed->has_value()) return;
  Task& task = tasks_.emplace_back(scope, **std::move(claimed));
  task.thread = std::thread([this, &task] { Perform(task); });
}

void OperationRunner::Sweep() {
  const absl::Time now = parts_.clock.Now();
  if (now < sweep_time_) return;
  const absl::Time before = now - kKept;
  const auto tenants = parts_.tenants.WithFinishedOperations(before, kMaxTenants);
  if (!tenants.ok()) return;
  for (const tenants::TenantEntry& tenant : *tenants) {
    parts_.operations.RemoveFinished(tenant.scope, before).status().IgnoreError();
  }
  // More of them than one round removes: the next one goes on.
  if (tenants->empty()) sweep_time_ = now + options_.sweep_interval;
}

void OperationRunner::Perform(Task& task) {
  v1::Operation outcome;
  const absl::Status status =
      task.claimed.token > kMaxBegins
          ? NeverEnds()
          : parts_.functions.at(task.claimed.kind)(task.scope, task.claimed.request, task.run, outcome);
  const absl::Status settled = Settle(task, status, outcome);
  if (!settled.ok()) {
    Log(LogLevel::kWarning, "the outcome of an operation could not be written; it is begun again",
        {{"operation", task.claimed.id.ToString()}, {"error", std::string(settled.message())}});
  }
  task.over = true;
  const absl::MutexLock lock(&mutex_);
  wake_.Signal();
}

absl::Status OperationRunner::Settle(Task& task, const absl::Status& status, v1::Operation& outcome) {
  const OperationRun::Stop stop = task.run.stop_;
  if (stop == OperationRun::Stop::kClaimLost) return absl::OkStatus();
  if (!status.ok() && stop == OperationRun::Stop::kServerStops) {
    return parts_.operations.Release(task.scope, task.claimed);
  }
  // Left to the end of its lease, so that the next beginning comes after a pause.
  if (IsTransient(status)) return status;
  outcome.set_state(status.ok() ? v1::Operation::STATE_SUCCEEDED : v1::Operation::STATE_FAILED);
  *outcome.mutable_progress() = task.run.progress();
  if (!status.ok()) {
    outcome.clear_result();
    *outcome.mutable_error() = ProblemOf(status, task.claimed.id);
  }
  return parts_.operations.Finish(task.scope, task.claimed, outcome, parts_.clock.Now()).status();
}

}  // namespace canvass::operations
