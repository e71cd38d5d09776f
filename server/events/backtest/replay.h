// What one trigger would have done with events of the past, one after the other in the order of their times: the rules
// of triggers/rules, with what it asked before kept in memory.
//
//   Replay replay(setting, trigger, survey, segment, others);
//   if (const Reason reason = replay.Screen(event, state); reason == QUALIFIED) {
//     if (!state.known) replay.Meet(contact, suppressions, state);
//     const Replayed replayed = replay.Decide(event, state);
//   }
//
// An invitation of another trigger counts where it was decided on before: its event is an earlier one, or the same one
// and that trigger comes first. Pure. Not thread-safe, but for Screen where the trigger does not look at history.
#ifndef CANVASS_SERVER_EVENTS_BACKTEST_REPLAY_H_
#define CANVASS_SERVER_EVENTS_BACKTEST_REPLAY_H_

#include <google/protobuf/struct.pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "canvass/v1/contact.pb.h"
#include "canvass/v1/event.pb.h"
#include "canvass/v1/segment.pb.h"
#include "canvass/v1/suppression.pb.h"
#include "server/base/ids.h"
#include "server/events/backtest/other_asks.h"
#include "server/events/backtest/tally.h"
#include "server/settings/settings_catalog.h"
#include "server/triggers/rules/asking.h"
#include "server/triggers/rules/screen.h"
#include "server/triggers/trigger_catalog.h"

namespace canvass::events {

// What holds for a whole backtest. Nothing is owned.
struct ReplaySetting {
  const TenantId* tenant;
  absl::TimeZone time_zone;
  const settings::TenantSettings* settings;
  // The tenant's triggers, for who comes first.
  const triggers::TenantTriggers* triggers;
};

// An event of the past. Nothing is owned.
struct PastEvent {
  Uuid key;
  const ContactId* customer;
  absl::Time time;
  absl::Time receive_time;
  // For Screen alone: the event, of which source, cause and time count, and the facts `event` and `contact`, to which
  // Screen adds `history`, where the trigger looks at it.
  const v1::Event* event = nullptr;
  google::protobuf::Struct* facts = nullptr;
  // Of the customer, for quiet hours: only its time zone is looked at.
  const v1::Contact* zone = nullptr;
};

// What one trigger knows of one customer.
struct CustomerState {
  // Whether the rest is filled in but for `asked`.
  bool known = false;
  // The channel it asks on; if there is none, what becomes of the customer's events.
  Replayed reach;
  // When it asked: only the last time, unless the trigger looks at history.
  absl::InlinedVector<absl::Time, 1> asked;
};

class Replay final : private triggers::AskLimits {
 public:
  // `segment` is null if the trigger names none or it is gone. `others` and `segment` outlive this.
  Replay(const ReplaySetting& setting, triggers::ActiveTrigger trigger, triggers::AskedSurvey survey,
         const v1::Segment* segment, const OtherAsks& others);

  const triggers::ActiveTrigger& trigger() const { return trigger_; }
  bool looks_at_history() const { return looks_at_history_; }
  // Whether segment or condition look at `contact.*`.
  bool looks_at_contact() const { return looks_at_contact_; }

  // QUALIFIED, or why the trigger skips the event by its facts.
  v1::Decision::Reason Screen(const PastEvent& event, const CustomerState& state) const;
  // Fills in `state` for a customer who may be asked.
  void Meet(const v1::Contact& contact, absl::Span<const v1::Suppression> suppressions, CustomerState& state) const;
  // Decides on an event that passed Screen, of a known customer. One that asks counts for later ones.
  Replayed Decide(const PastEvent& event, CustomerState& state);

 private:
  std::optional<absl::Time> WithinInterval(const ContactId& contact, absl::string_view clock, absl::Time due,
                                           absl::Duration interval) const override;
  std::optional<absl::Time> Latest(const ContactId& contact, absl::string_view clock) const override;
  int64_t DueOn(const TriggerId& trigger, int64_t day) const override;
  void Ask(const ContactId& contact, absl::Span<const std::string> clocks, absl::Time due, const TriggerId& trigger,
           int64_t day) override;

  // Whether it was decided on before the event that is being decided on.
  bool CameBefore(const OtherAsk& other) const;

  const ReplaySetting setting_;
  const triggers::ActiveTrigger trigger_;
  const triggers::AskedSurvey survey_;
  const v1::Segment* segment_;
  const OtherAsks& others_;
  const bool looks_at_history_;
  const bool looks_at_contact_;
  // Whether the nth trigger of others_ is asked before this one.
  std::vector<bool> comes_first_;
  absl::flat_hash_map<int64_t, int64_t> due_on_;
  // Of the event that is being decided on.
  CustomerState* deciding_ = nullptr;
  EventPlace place_;
};

}  // namespace canvass::events

#endif  // CANVASS_SERVER_EVENTS_BACKTEST_REPLAY_H_
