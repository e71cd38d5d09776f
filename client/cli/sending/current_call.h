// The call that an interrupt must end, where calls follow one another.
//
//   CurrentCall current;
//   const Interrupt interrupt([&current] { current.Cancel(); });
//   current.Set(&context);
//   …
//   current.Set(nullptr);
//
// Thread-safe.
#ifndef CANVASS_CLIENT_CLI_SENDING_CURRENT_CALL_H_
#define CANVASS_CLIENT_CLI_SENDING_CURRENT_CALL_H_

#include <grpcpp/client_context.h>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace canvass::cli {

class CurrentCall {
 public:
  // Where Cancel() came before, this call ends as well.
  void Set(grpc::ClientContext* context) {
    absl::MutexLock lock(&mutex_);
    context_ = context;
    if (cancelled_ && context_ != nullptr) context_->TryCancel();
  }
  void Cancel() {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
    if (context_ != nullptr) context_->TryCancel();
  }

 private:
  absl::Mutex mutex_;
  grpc::ClientContext* context_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_SENDING_CURRENT_CALL_H_
