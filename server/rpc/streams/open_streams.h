// The streams that are open, in whatever direction, kept in order: each is checked again every second, as its call was
// when it came, and all are ended when the server stops, so that clients go on elsewhere.
//
// A stream ends within 2 seconds of the revocation of its key or the suspension of its tenant by a call to this server,
// and within 6 by a call to another: for so long the authenticator believes what it read. Thread-safe. Must outlive the
// streams.
#ifndef CANVASS_SERVER_RPC_STREAMS_OPEN_STREAMS_H_
#define CANVASS_SERVER_RPC_STREAMS_OPEN_STREAMS_H_

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/rpc/streams/checked_stream.h"
#include "tenants/authenticator.h"

namespace canvass::rpc {

class OpenStreams {
 public:
  // Starts the thread that checks. `authenticator` must outlive it.
  explicit OpenStreams(tenants::Authenticator& authenticator);
  ~OpenStreams();
  OpenStreams(const OpenStreams&) = delete;
  OpenStreams& operator=(const OpenStreams&) = delete;

  // A stream that began. After Drain() it is ended at once.
  void Add(const std::shared_ptr<CheckedStream>& stream);
  void Remove(const std::shared_ptr<CheckedStream>& stream);

  // Ends all with Unavailable (SHUTTING_DOWN).
  void Drain();

  std::size_t size();

 private:
  static constexpr absl::Duration kInterval = absl::Seconds(1);

  void Serve();
  void CheckAll();
  std::vector<std::shared_ptr<CheckedStream>> all();

  tenants::Authenticator& authenticator_;
  absl::Mutex mutex_;
  absl::CondVar wake_;
  absl::flat_hash_set<std::shared_ptr<CheckedStream>> streams_ ABSL_GUARDED_BY(mutex_);
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace canvass::rpc

#endif  // CANVASS_SERVER_RPC_STREAMS_OPEN_STREAMS_H_
