#include "server/rpc/streams/open_streams.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/error.h"
#include "server/base/log.h"
#include "server/rpc/admission.h"
#include "tenants/principal.h"

namespace canvass::rpc {
namespace {

absl::Status Stopping() {
  return RetryLater(absl::StatusCode::kUnavailable, v1::ERROR_REASON_SHUTTING_DOWN,
                    "the server is stopping; another one goes on with the stream", absl::Milliseconds(100));
}

// A database that does not answer says nothing about the caller.
bool MayGoOn(const absl::Status& status) {
  return !absl::IsUnauthenticated(status) && !absl::IsPermissionDenied(status) && !absl::IsFailedPrecondition(status);
}

}  // namespace

OpenStreams::OpenStreams(tenants::Authenticator& authenticator)
    : authenticator_(authenticator), thread_([this] { Serve(); }) {}

OpenStreams::~OpenStreams() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    wake_.SignalAll();
  }
  thread_.join();
}

void OpenStreams::Add(const std::shared_ptr<CheckedStream>& stream) {
  bool late = false;
  {
    absl::MutexLock lock(&mutex_);
    late = draining_;
    streams_.insert(stream);
  }
  if (late) stream->End(Stopping());
}

void OpenStreams::Remove(const std::shared_ptr<CheckedStream>& stream) {
  absl::MutexLock lock(&mutex_);
  streams_.erase(stream);
}

void OpenStreams::Drain() {
  {
    absl::MutexLock lock(&mutex_);
    draining_ = true;
  }
  const std::vector<std::shared_ptr<CheckedStream>> streams = all();
  for (const std::shared_ptr<CheckedStream>& stream : streams) stream->End(Stopping());
  if (!streams.empty()) Log(LogLevel::kInfo, "the server stops: streams ended", {{"streams", streams.size()}});
}

std::size_t OpenStreams::size() {
  absl::MutexLock lock(&mutex_);
  return streams_.size();
}

void OpenStreams::Serve() {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (!stopping_) wake_.WaitWithTimeout(&mutex_, kInterval);
      if (stopping_) return;
    }
    CheckAll();
  }
}

void OpenStreams::CheckAll() {
  // Thousands of streams may share a key.
  absl::flat_hash_map<std::string, absl::StatusOr<tenants::Principal>> callers;
  for (const std::shared_ptr<CheckedStream>& stream : all()) {
    stream->CutOffIfLate();
    auto caller = callers.find(stream->authorization());
    if (caller == callers.end()) {
      auto found = authenticator_.Authenticate(stream->authorization());
      caller = callers.emplace(stream->authorization(), std::move(found)).first;
    }
    const absl::Status status = caller->second.ok() ? CheckStreamAdmission(*caller->second, stream->policy())  //
                                                    : caller->second.status();
    if (!MayGoOn(status)) stream->End(status);
  }
}

std::vector<std::shared_ptr<CheckedStream>> OpenStreams::all() {
  absl::MutexLock lock(&mutex_);
  return {streams_.begin(), streams_.end()};
}

}  // namespace canvass::rpc
