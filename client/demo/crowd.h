// The customers of a story: their events are published in batches, and each of them then answers on his own. Many at
// once, a bounded number in flight.
#ifndef CANVASS_CLIENT_DEMO_CROWD_H_
#define CANVASS_CLIENT_DEMO_CROWD_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "client/cpp/call_window.h"
#include "client/cpp/client.h"
#include "client/demo/story.h"

namespace canvass::demo {

class Crowd {
 public:
  using Progress = std::function<void(int64_t done, int64_t total)>;

  // All must outlive the crowd.
  Crowd(client::Client& client, const Story& story, int in_flight, const client::CallOptions& call);

  // Publishes the event of every encounter. Returns the first refusal.
  absl::Status PublishEvents(const Progress& progress);

  // Every customer fetches the invitation of the encounter, shows it, and answers. Returns the first refusal.
  absl::Status Answer(const Progress& progress);

  int64_t repeated_events() const { return repeated_events_; }
  int64_t answers() const { return answers_; }
  int64_t repeated_answers() const { return repeated_answers_; }

 private:
  void PublishBatch(std::size_t begin, std::size_t end, const Progress& progress);
  void FetchInvitation(std::size_t index, const Progress& progress);
  void Show(std::size_t index, const v1::Invitation& invitation, const Progress& progress);
  void Submit(std::size_t index, const std::string& token, const Progress& progress);
  void Finish(int64_t count, const Progress& progress);
  void Fail(const absl::Status& status);
  bool failed();

  client::Client& client_;
  const Story& story_;
  const client::CallOptions call_;
  client::CallWindow window_;
  // The name of each encounter's event, once published.
  std::vector<std::string> event_names_;
  std::atomic<int64_t> repeated_events_ = 0;
  std::atomic<int64_t> answers_ = 0;
  std::atomic<int64_t> repeated_answers_ = 0;

  absl::Mutex mutex_;
  int64_t done_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass::demo

#endif  // CANVASS_CLIENT_DEMO_CROWD_H_
