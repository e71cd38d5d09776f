#include "server/events/backtest/tally.h"

#include "absl/time/civil_time.h"
#include "server/base/proto_time.h"

namespace canvass::events {

void Tally::Add(absl::Time event_time, const Replayed& replayed) {
  Day& day = days_[LocalDay(event_time, zone_)];
  ++events_;
  ++day.events;
  ++counts_[{replayed.outcome, replayed.reason}];
  if (replayed.outcome == v1::Decision::OUTCOME_SUPPRESSED) ++day.suppressed;
  if (!replayed.Asks()) return;
  ++invitations_;
  ++day.asked;
  ++channels_[replayed.channel];
}

void Tally::WriteTo(v1::BacktestedRule& rule) const {
  rule.set_events(events_);
  rule.set_invitations(invitations_);
  for (const auto& [decided, count] : counts_) {
    v1::BacktestCount& row = *rule.add_counts();
    row.set_outcome(decided.first);
    row.set_reason(decided.second);
    row.set_count(count);
  }
  for (const auto& [number, day] : days_) {
    v1::BacktestDay& row = *rule.add_days();
    row.set_day(absl::FormatCivilTime(DayFromNumber(number)));
    row.set_events(day.events);
    row.set_asked(day.asked);
    row.set_suppressed(day.suppressed);
  }
  for (const auto& [channel, count] : channels_) {
    v1::BacktestChannel& row = *rule.add_channels();
    row.set_channel(channel);
    row.set_invitations(count);
  }
}

}  // namespace canvass::events
