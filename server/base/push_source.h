// Where the messages of a stream that the server pushes come from. The stream asks for the next ones only when all
// before were handed to the network, so a slow reader slows its source, and nobody else.
//
//   class Ticks final : public PushSource<v1::Tick> {
//     void Next(Done done) override { … keep it, and call it with one tick or more when there are some … }
//   };
//
// Next() never blocks, and there is one Done at a time. It is called once, on any thread, with one message or more,
// with none where the stream is over, or with the status that ends it. A source that is destroyed drops the one that it
// holds; one that is being called at that moment does no harm. Thread-safe.
#ifndef CANVASS_SERVER_BASE_PUSH_SOURCE_H_
#define CANVASS_SERVER_BASE_PUSH_SOURCE_H_

#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"

namespace canvass {

template <typename Message>
class PushSource {
 public:
  using Done = absl::AnyInvocable<void(absl::StatusOr<std::vector<Message>>)>;

  PushSource() = default;
  virtual ~PushSource() = default;
  PushSource(const PushSource&) = delete;
  PushSource& operator=(const PushSource&) = delete;

  virtual void Next(Done done) = 0;
};

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_PUSH_SOURCE_H_
