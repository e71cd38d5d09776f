// Counts what one trigger would have done.
//
//   Tally tally(zone);
//   tally.Add({.event_time = …, .outcome = …, .reason = …, .channel = …});
//   tally.WriteTo(rule);
//
// Not thread-safe.
#ifndef CANVASS_SERVER_EVENTS_BACKTEST_TALLY_H_
#define CANVASS_SERVER_EVENTS_BACKTEST_TALLY_H_

#include <cstdint>
#include <map>
#include <utility>

#include "absl/time/time.h"
#include "canvass/v1/backtest.pb.h"
#include "canvass/v1/decision.pb.h"
#include "canvass/v1/invitation.pb.h"

namespace canvass::events {

// What a trigger makes of one event.
struct Replayed {
  v1::Decision::Outcome outcome = v1::Decision::OUTCOME_UNSPECIFIED;
  v1::Decision::Reason reason = v1::Decision::REASON_UNSPECIFIED;
  // Of those that ask.
  v1::Invitation::Channel channel = v1::Invitation::CHANNEL_UNSPECIFIED;

  bool Asks() const { return outcome == v1::Decision::OUTCOME_SCHEDULED || outcome == v1::Decision::OUTCOME_DEFERRED; }
  friend bool operator==(const Replayed&, const Replayed&) = default;
};

class Tally {
 public:
  explicit Tally(const absl::TimeZone& zone) : zone_(zone) {}

  void Add(absl::Time event_time, const Replayed& replayed);
  // Fills in everything but the trigger's name and the customers.
  void WriteTo(v1::BacktestedRule& rule) const;

 private:
  struct Day {
    int64_t events = 0;
    int64_t asked = 0;
    int64_t suppressed = 0;
  };

  const absl::TimeZone zone_;
  int64_t events_ = 0;
  int64_t invitations_ = 0;
  std::map<std::pair<v1::Decision::Outcome, v1::Decision::Reason>, int64_t> counts_;
  std::map<int64_t, Day> days_;
  std::map<v1::Invitation::Channel, int64_t> channels_;
};

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_BACKTEST_TALLY_H_
